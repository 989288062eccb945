"""Lines of the ledger as rows for people: a result stands with the line that it closes. Knows no Qt."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import msgspec

from app.words.quantities import bytes_in_words
from app.words.wording import LANGUAGE
from inspector.untrusted import shown
from resources import table
from runner.store.ledger_lines import Event, Line

LONGEST = 300
ENCRYPTED = "CONNECT"
USUAL_PORT = ":443"


class LedgerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word by its code, as `resources/texts/en/ledger.toml` has them."""

    said: dict[str, str]
    fault: dict[str, str]
    column: dict[str, str]
    event: dict[str, str]
    who: dict[str, str]
    line: dict[str, str]
    learned: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One event with what came of it.

    Attributes:
        number: of the line that began it.
        to: whom it was with, in words.
        sent, got: bytes in words; empty where none flowed or it is not over.
        tip: everything there is to say of it.
        is_refused: the gate let nothing through.
    """

    number: int
    at: str
    who: str
    why: str
    to: str
    path: str
    sent: str
    got: str
    result: str
    tip: str
    is_refused: bool = False


@cache
def ledger_words() -> LedgerWords:
    """Returns the words."""
    read: LedgerWords = table(f"texts/{LANGUAGE}/ledger.toml", LedgerWords)
    return read


def moment(at_ms: int) -> str:
    """Returns when a line was written, to the second, in the time of this place."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at_ms / 1000))


def day(at: str, today: str) -> str:
    """Returns the day of a moment as a narrow column has room for; nothing for today."""
    date = at.partition(" ")[0]
    if date == today.partition(" ")[0]:
        return ""
    return time.strftime("%d %b %y", time.strptime(date, "%Y-%m-%d"))


def ledger_rows(lines: Iterable[Line], under_way: frozenset[int] = frozenset()) -> list[LedgerRow]:
    """Returns the newest first; a result whose beginning is not among the lines is left out.

    Args:
        lines: the oldest first.
        under_way: the numbers of those whose end is still to come, as far as is known.
    """
    begun: dict[int, Line] = {}
    closed: dict[int, Line] = {}
    for line in lines:
        if line.entry.event is Event.RESULT:
            closed[line.entry.of] = line
        else:
            begun[line.number] = line
    return [
        _row(line, closed.get(number), is_open=number in under_way)
        for number, line in sorted(begun.items(), reverse=True)
    ]


def _row(line: Line, end: Line | None, *, is_open: bool) -> LedgerRow:
    entry, words = line.entry, ledger_words()
    flowed = end is not None and entry.event is Event.CONNECTION
    sent = bytes_in_words(end.entry.bytes_up) if end is not None and flowed else ""
    got = bytes_in_words(end.entry.bytes_down) if end is not None and flowed else ""
    result = _result(line, end, is_open=is_open)
    to = (
        words.event[entry.event]
        .format(
            method=shown(entry.method, LONGEST), host=shown(entry.host, LONGEST), port=entry.port
        )
        .removesuffix(USUAL_PORT)
    )
    who = words.who.get(entry.who, entry.who)
    why, path = shown(entry.why, LONGEST), shown(entry.path, LONGEST)
    return LedgerRow(
        number=line.number,
        at=moment(line.at_ms),
        who=who,
        why=why,
        to=to,
        path=path,
        sent=sent,
        got=got,
        result=result,
        tip=_tip(line, who, why, to, result),
        is_refused=entry.event is Event.REFUSED,
    )


def _result(line: Line, end: Line | None, *, is_open: bool) -> str:
    if end is not None:
        return shown(end.entry.result, LONGEST)
    if line.entry.event in {Event.CONNECTION, Event.LOOK_UP}:
        return ledger_words().said["open" if is_open else "untold"]
    return shown(line.entry.result, LONGEST)


def _tip(line: Line, who: str, why: str, to: str, result: str) -> str:
    entry, words = line.entry, ledger_words().line
    parts = [words["moment"].format(number=line.number, at=moment(line.at_ms)), f"{to}."]
    if why:
        parts.append(words["who"].format(who=who, why=why) + ".")
    if entry.address:
        parts.append(words["address"].format(address=entry.address))
    if entry.event is Event.CONNECTION and entry.method == ENCRYPTED:
        parts.append(words["unseen"])
    if result:
        parts.append(f"{result}.")
    parts.append(words["hash"].format(hash=line.hash))
    return "\n".join(parts)
