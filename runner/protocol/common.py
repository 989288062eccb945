"""Messages that every child understands, and those that the parent makes about a child."""

from enum import StrEnum

import msgspec


class Message(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """A line on a control channel; its tag is its name in lower case."""


class Hello(Message, frozen=True, tag="hello"):
    """Parent to child, first of all: the protocol that the parent speaks."""

    protocol: int


class Quit(Message, frozen=True, tag="quit"):
    """Parent to child: finish and end by yourself."""


class Ready(Message, frozen=True, tag="ready"):
    """Child to parent, in answer to hello: sealed, imported, waiting for work.

    Attributes:
        kind: engine, reader, and so on.
        build: name and version of what does the work, such as `llama.cpp` to its commit.
    """

    protocol: int
    kind: str
    build: dict[str, str]


class Heartbeat(Message, frozen=True, tag="heartbeat"):
    """Child to parent every second: alive; `busy_s` is how long the present work has lasted."""

    busy_s: float = 0.0


class Log(Message, frozen=True, tag="log"):
    """Child to parent: a line for the log file."""

    level: str
    text: str


class Failed(Message, frozen=True, tag="failed"):
    """Child to parent: a request did not succeed; `run` is 0 where it belongs to none."""

    code: str
    run: int = 0
    detail: str = ""
    context: dict[str, str | int | float] = {}


class Silent(Message, frozen=True, tag="silent"):
    """Made by the parent: nothing has come for that long, not even a heartbeat."""

    seconds: float


class EndKind(StrEnum):
    """How a process ended."""

    ASKED = "asked"
    EXIT = "exit"
    SIGNAL = "signal"
    OUT_OF_MEMORY = "out of memory"
    PROTOCOL = "protocol"
    NOT_STARTED = "not started"


class Ended(Message, frozen=True, tag="ended"):
    """Made by the parent, never by the child: the process is gone and has been waited for.

    Attributes:
        number: exit status for `exit`, signal number for `signal` and `out of memory`, else 0.
        tail: the last lines it wrote to its standard error, control characters removed.
    """

    kind: EndKind
    number: int = 0
    tail: str = ""
