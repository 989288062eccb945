"""What a line of the ledger is, and how lines are chained and checked. Nothing here writes."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated

import msgspec

FIRST = "0" * 64
"""What the first line is chained to."""


class Event(StrEnum):
    """What a line tells of; the words on disk are never renamed."""

    CONNECTION = "connection"
    REFUSED = "refused"
    LOOK_UP = "look-up"
    RESULT = "result"
    BROWSER = "browser"
    RESTORED = "restored"
    BROKEN = "broken"
    """The head that was kept is of no line that is there: lines were cut off, or are others."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, or is about to.

    Attributes:
        event: what this is. A `result` closes the line that `of` names.
        of: the number of the line that this one belongs to, 0 where to none.
        who: asked for it: `window`, `terminal`, `browser` for a person's own, `store` for this app
            itself; `courier` in lines from before the first two were told apart.
        why: the reason in words, as the person asked for it.
        method: such as GET; CONNECT where the rest is encrypted and cannot be seen.
        address: the numeric address that the name stands for, where it is known.
        path: with its query, where it could be seen.
        bytes_up: what left this machine, handshakes of the system not counted.
        result: what came of it, such as a status or the reason of a refusal.
        agent: what the courier says of itself with each request.
        account: `token` where the courier had a token of the person's, which it gives to the Hub
            alone; `none` where it had none; empty where neither is known.
    """

    event: Event
    of: int = 0
    who: str = ""
    why: str = ""
    method: str = ""
    host: str = ""
    port: int = 0
    address: str = ""
    path: str = ""
    bytes_up: int = 0
    bytes_down: int = 0
    result: str = ""
    agent: str = ""
    account: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its place in the chain; `at_ms` is milliseconds since 1970."""

    number: int
    at_ms: int
    entry: Entry
    hash: str


class Passing(msgspec.Struct, frozen=True, kw_only=True):
    """How many bytes the connection of a line has had so far; for the screen, never written."""

    number: int
    bytes_up: int
    bytes_down: int


MOST_LINES = 2**63 - 1
"""SQLite counts no further; a head of more lines is from somebody else's hand."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines there are, and the hash of the last: enough to show a later change."""

    count: Annotated[int, msgspec.Meta(ge=0, le=MOST_LINES)] = 0
    hash: str = FIRST


class Fault(StrEnum):
    """What is wrong with a ledger."""

    CHANGED = "changed"
    REMOVED = "removed"
    CUT = "cut"
    OTHER = "other"
    """The lines are whole, and not the ones that the earlier head was of."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A fault and the number of the line where it shows."""

    fault: Fault
    number: int


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the whole ledger found.

    Attributes:
        head: of the lines that are there.
        against: the earlier heads that were compared.
        problems: nothing is wrong where there are none. Somebody who may write here as this user
            can still have written everything anew, this machine's own heads included.
    """

    head: Head
    against: tuple[Head, ...]
    problems: tuple[Problem, ...]


LATEST_MS = 253_402_300_799_999
"""The end of the year 9999; a time beyond can be shown by nothing, and comes from somebody else's hand."""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a line that is hashed, as JSON in this order."""

    number: int
    at_ms: Annotated[int, msgspec.Meta(ge=0, le=LATEST_MS)]
    entry: Entry


Row = tuple[int, str, str]
"""Number, hashed text and hash, as they lie in the table."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Stored).decode


def chained(entry: Entry, at_ms: int, head: Head) -> Row:
    """Returns the row that comes after `head`."""
    number = head.count + 1
    at_ms = min(max(0, at_ms), LATEST_MS)  # whatever the clock says, the line can be read
    text = _encode(Stored(number=number, at_ms=at_ms, entry=entry)).decode()
    return number, text, _hash(head.hash, text)


def line(row: Row) -> Line:
    """Reads a row.

    Raises:
        msgspec.DecodeError: where somebody else has written it.
    """
    number, text, own = row
    stored = _decode(text)
    return Line(number=number, at_ms=stored.at_ms, entry=stored.entry, hash=own)


def readable(rows: Iterable[Row]) -> Iterator[Line]:
    """Reads rows; those that are no lines any more are left to the check to tell."""
    for row in rows:
        try:
            yield line(row)
        except msgspec.DecodeError:
            continue


def check(rows: Iterable[Row], against: tuple[Head, ...]) -> Check:
    """Follows the chain from its first line, and compares earlier heads with it."""
    problems: list[Problem] = []
    # By their numbers, and all of one number: a head that was kept here says nothing for one from elsewhere.
    wanted: dict[int, set[str]] = {}
    for earlier in against:
        if earlier.count:
            wanted.setdefault(earlier.count, set()).add(earlier.hash)
    head = Head()
    for number, text, own in rows:
        if number != head.count + 1:
            problems.append(Problem(fault=Fault.REMOVED, number=head.count + 1))
        elif own != _hash(head.hash, text) or not _is_numbered(text, number):
            problems.append(Problem(fault=Fault.CHANGED, number=number))
        # Goes on from what the line says of itself, so that one change is told once.
        head = Head(count=number, hash=own)
        if wanted.pop(number, {own}) != {own}:
            problems.append(Problem(fault=Fault.OTHER, number=number))
    problems += [Problem(fault=Fault.CUT, number=head.count + 1) for _ in sorted(wanted)[:1]]
    return Check(head=head, against=against, problems=tuple(problems))


def _hash(before: str, text: str) -> str:
    import hashlib  # late: OpenSSL behind it takes two milliseconds of a start

    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _is_numbered(text: str, number: int) -> bool:
    try:
        return _decode(text).number == number
    except msgspec.DecodeError:
        return False
