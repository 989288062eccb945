"""What a use of the network is for, in words: what is asked, what leaves, to whom. Knows no Qt."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from app.network import mirror
from resources import table
from runner.gate.hosts import hosts

HUB = "huggingface.co"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A use of the network, as a person is asked about it.

    Attributes:
        kind: a table of `texts/en/network.toml`.
        what: what happens if the answer is yes.
        sends: what leaves this computer.
        why: the reason in words, as the ledger keeps it.
        host: the host that is asked first.
        learns: what that host learns besides.
        who: asks, where that is not whoever is asked; `terminal` beside an open window.
    """

    kind: str
    what: str
    sends: str
    why: str
    host: str
    learns: str
    who: str = ""


class PurposeTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one kind of use."""

    what: str
    sends: str
    why: str


class QuestionTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the question, in the window and on the terminal."""

    title: str
    sent: str
    to: str
    learned: str
    learns: str
    learns_who: str
    source: str
    once: str
    online: str
    no: str
    after: str
    terminal: str


class NetworkTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word about going online."""

    question: QuestionTexts
    purpose: dict[str, PurposeTexts]


@cache
def network_texts() -> NetworkTexts:
    """Returns the words about going online."""
    read: NetworkTexts = table("texts/en/network.toml", NetworkTexts)
    return read


def hub_host(environment: Mapping[str, str] = os.environ) -> str:
    """Returns the Hub that is asked: the usual one, or another that the person has set."""
    endpoint = hosts(environment).endpoint
    if endpoint is None:
        return HUB
    host, port = endpoint
    return host if port == 443 else f"{host}:{port}"


def has_token() -> bool:
    """Says whether requests carry a token of the person's, which names their account."""
    return mirror.sends_token()


def purpose(kind: str, **fields: object) -> Purpose:
    """Returns a use of the network in words.

    Args:
        kind: a table of `texts/en/network.toml`.
        fields: what its sentences name, such as the repository.
    """
    texts = network_texts()
    said = texts.purpose[kind]
    host = hub_host()
    learns = texts.question.learns_who if has_token() else texts.question.learns
    return Purpose(
        kind=kind,
        what=said.what.format(**fields),
        sends=said.sends.format(**fields),
        why=said.why.format(**fields),
        host=host,
        learns=learns.format(host=host),
    )
