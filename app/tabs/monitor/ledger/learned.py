"""What the Hub learned when a file was downloaded through this app, from the ledger. Knows no Qt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from app.tabs.monitor.words import Row
from app.words.ledger import ledger_words, moment
from app.words.quantities import bytes_in_words
from runner.courier.agent import user_agent
from runner.protocol.courier import Repository
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Event, Line
from runner.store.papers import SAID, Papers
from runner.store.sources import Source

TOKEN = "token"  # noqa: S105 - a word of the ledger's lines
LATE_S = 5.0
"""How long after a file was there its last line may have been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What the Hub learned, for people and for the table of who can see what.

    Attributes:
        with_account: the ledger's lines say that a token of the person's went along.
        is_on_request: the repository was not for everybody, as the Hub said when it was fetched.
    """

    rows: tuple[Row, ...] = ()
    with_account: bool = False
    is_on_request: bool = False


def learned(source: Source | None, ledger: Ledger, papers: Papers, *, has_token: bool) -> Learned:
    """Returns what was kept of a download.

    Args:
        source: where the file came from; None where it did not come through this app.
        ledger: is searched for the repository.
        papers: have what the Hub said of it.
        has_token: the app has a token of the person's for the Hub now; lines of before say nothing of it.
    """
    words = ledger_words().learned
    if source is None:
        return Learned(rows=(sentence(words["none"]),))
    on_request = _is_on_request(source, papers)
    until = (source.fetched + LATE_S) * 1000
    about_it = _named(source.repository)
    lines = [
        line
        for line in ledger.about(source.repository)
        if line.at_ms <= until and about_it.search(line.entry.why)
    ]
    asked = [line for line in lines if line.entry.event is Event.CONNECTION]
    if not asked:
        gone = words["gone"].format(repository=source.repository)
        return Learned(rows=(sentence(gone),), is_on_request=on_request)
    return Learned(
        rows=_rows(source, lines, asked, has_token=has_token),
        with_account=any(line.entry.account == TOKEN for line in asked),
        is_on_request=on_request,
    )


def _named(repository: str) -> re.Pattern[str]:
    """Finds a repository's whole name, in an address too; many are called as another is, and `-GGUF`."""
    return re.compile(rf"(?<![\w.-]){re.escape(repository)}(?![\w-]|\.\w)")


def _is_on_request(source: Source, papers: Papers) -> bool:
    kept = (one for one in papers.of(source.repository, source.commit) if one.name == SAID)
    if (said := next(kept, None)) is None:
        return False
    try:
        return bool(msgspec.json.decode(said.text, type=Repository).gated)
    except msgspec.DecodeError:
        return False  # of a version that kept other things


def sentence(said: str) -> Row:
    """Returns what is said in place of rows; the heading above it says of what."""
    return Row(label="", value=said, source=said)


def _rows(
    source: Source, lines: Sequence[Line], asked: Sequence[Line], *, has_token: bool
) -> tuple[Row, ...]:
    words = ledger_words().learned
    results = [line.entry for line in lines if line.entry.event is Event.RESULT]
    reasons = _each(line.entry.why for line in asked)
    hosts = _each(line.entry.host for line in asked)
    agents = _each(line.entry.agent for line in asked)
    accounts = _each(line.entry.account for line in asked)
    with_token = TOKEN in accounts if accounts else has_token
    first, last = moment(asked[0].at_ms), moment(asked[-1].at_ms)
    values = {
        "address": words["address_value"].format(hosts=", ".join(hosts)),
        "time": words["moment_value" if first == last else "time_value"].format(
            first=first, last=last, requests=len(asked)
        ),
        "files": words["files_value"].format(
            repository=source.repository, commit=source.commit[:12], path=source.path
        ),
        "reasons": "\n".join(reasons),
        "volume": words["volume_value"].format(
            up=bytes_in_words(sum(entry.bytes_up for entry in results)),
            down=bytes_in_words(sum(entry.bytes_down for entry in results)),
        ),
        "agent": words["agent_value"].format(agent=", ".join(agents) or user_agent()),
        "account": words["account_token" if with_token else "account_none"],
    }
    tips = {
        "address": "tip_address",
        "agent": "tip_agent" if agents else "tip_agent_now",
        "account": "tip_account" if accounts else "tip_account_now",
    }
    return tuple(
        Row(
            label=words[key],
            value=value,
            source=words[tips.get(key, "tip_ledger")].format(lines=len(lines)),
        )
        for key, value in values.items()
    )


def _each(said: Iterable[str]) -> list[str]:
    """Returns each text once, in their order; of lines that say nothing, none."""
    return list(dict.fromkeys(filter(None, said)))
