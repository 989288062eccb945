"""What has changed upstream since a file was downloaded: two answers side by side. Knows no Qt."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.tabs.monitor.words import Row, monitor_words
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.protocol.courier import RemoteFile, Repository
from runner.store.papers import CARD, Paper
from runner.store.sources import Source

GONE = frozenset({"courier.not_found", "courier.disabled"})
CLOSED = frozenset({"courier.gated", "courier.log_in", "courier.forbidden", "courier.bad_token"})
LONGEST = 80
LONGEST_FRONT = 4096
"""How far into a card its front matter is looked for the licence's line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the Hub said now, as far as it was asked.

    Attributes:
        error: why it said nothing, or no more; None where it said everything.
    """

    at: float
    said: Repository | None = None
    files: Sequence[RemoteFile] = ()
    card: str | None = None
    error: RunnerError | None = None


def upstream_rows(source: Source, papers: Sequence[Paper], now: Answered) -> tuple[Row, ...]:
    """Returns what differs between the download and now; what was not kept is not known."""
    texts = monitor_words().upstream
    tip = texts["tip"].format(
        repository=source.repository,
        now=_moment(now.at),
        then=_moment(source.fetched),
        commit=source.commit[:12],
    )
    if now.said is None:
        return (Row(label=texts["there"], value=_not_there(texts, now.error), source=tip),)
    values = {
        "there": texts["is_there" if now.said.commit == source.commit else "has_moved"].format(
            changed=shown(now.said.changed[:10], LONGEST), commit=now.said.commit[:12]
        ),
        "weights": _weights(texts, source, now),
        "card": _card(texts, papers, now),
        "licence": _licence(texts, papers, now.said),
        "access": _access(texts, now.said),
    }
    return tuple(Row(label=texts[key], value=value, source=tip) for key, value in values.items())


def _not_there(texts: Mapping[str, str], error: RunnerError | None) -> str:
    code = error.code if error is not None else ""
    if code in GONE:
        return texts["gone"]
    if code in CLOSED:
        return texts["closed"]
    return texts["not_answered"].format(code=code)


def _weights(texts: Mapping[str, str], source: Source, now: Answered) -> str:
    if not now.files:
        return texts["no_listing"]
    found = next((file for file in now.files if file.path == source.path), None)
    if found is None:
        same = next((file for file in now.files if file.sha256 == source.sha256), None)
        if same is not None:
            return texts["renamed"].format(path=shown(same.path, LONGEST))
        return texts["file_gone"].format(path=shown(source.path, LONGEST))
    if not found.sha256:
        return texts["no_hash"]
    return texts["same_weights" if found.sha256 == source.sha256 else "other_weights"]


def _card(texts: Mapping[str, str], papers: Sequence[Paper], now: Answered) -> str:
    kept = _kept_card(papers)
    if now.card is None:
        return texts["card_not_read"]
    if kept is None:
        return texts["card_not_kept"]
    digest = hashlib.sha256(now.card.encode("utf-8", "replace")).hexdigest()
    if digest == kept.sha256:
        return texts["same_card"]
    return texts["card_taken" if not now.card else "other_card"]


def _licence(texts: Mapping[str, str], papers: Sequence[Paper], said: Repository) -> str:
    kept = _kept_card(papers)
    now = shown(said.licence, LONGEST) or texts["none_named"]
    if kept is None:
        return texts["licence_now"].format(now=now)
    then = shown(licence_of(kept.text), LONGEST) or texts["none_named"]
    if then.casefold() == now.casefold():
        return texts["same_licence"].format(now=now)
    return texts["other_licence"].format(then=then, now=now)


def _access(texts: Mapping[str, str], said: Repository) -> str:
    if said.private:
        return texts["private"]
    return texts["gated"].format(how=shown(said.gated, LONGEST)) if said.gated else texts["public"]


def licence_of(card: str) -> str:
    """Returns what a card's front matter names as its licence; empty where it names none."""
    if not card.startswith("---"):
        return ""
    for line in card[:LONGEST_FRONT].splitlines()[1:]:
        if line.strip() == "---":
            return ""
        key, colon, value = line.partition(":")
        if colon and key.strip() == "license":
            return value.strip().strip("\"'")
    return ""


def _kept_card(papers: Sequence[Paper]) -> Paper | None:
    return next((paper for paper in papers if paper.name == CARD), None)


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
