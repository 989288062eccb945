"""The gate's messages: it says what is about to happen, and waits until that is on the disk."""

from runner.protocol.common import Failed, Heartbeat, Hello, Log, Message, Quit, Ready


class Announce(Message, frozen=True, tag="announce"):
    """Gate to parent: a line for the ledger; answered by `written`.

    Attributes:
        number: the gate's own number of the announcement.
        errand: what the courier was asked to do, as the parent numbered it.
        event: a `runner.store.ledger_lines.Event`; the other fields are those of an `Entry`.
        of: the announcement that this one belongs to, 0 where to none.
    """

    number: int
    errand: int
    event: str
    of: int = 0
    method: str = ""
    host: str = ""
    port: int = 0
    address: str = ""
    path: str = ""
    bytes_up: int = 0
    bytes_down: int = 0
    result: str = ""


class Passing(Message, frozen=True, tag="passing"):
    """Gate to parent: how many bytes a connection has had so far; `of` is its announcement.

    No line of the ledger: it is for the screen alone, and the result's line has the last count.
    """

    of: int
    bytes_up: int
    bytes_down: int


class Written(Message, frozen=True, tag="written"):
    """Parent to gate: the line is on the disk; or it could not be written, and nothing may leave."""

    run: int
    done: bool


Command = Hello | Quit | Written
Event = Ready | Heartbeat | Log | Failed | Announce | Passing
