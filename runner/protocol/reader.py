"""The reader's messages: jobs on untrusted files and texts, each with a deadline.

A job is named; its arguments and its result are values that the job itself defines
(`app/reader_jobs` joins names to functions of `inspector`). Large results go over the bulk channel.
"""

import msgspec

from runner.protocol.common import Failed, Heartbeat, Hello, Log, Message, Quit, Ready


class Job(Message, frozen=True, tag="job"):
    """Do a job; answered by `result` or `failed`.

    Attributes:
        name: a job of the reader's table.
        arguments: the job's arguments as JSON.
        deadline_s: the parent kills and restarts the reader when this has passed.
    """

    run: int
    name: str
    arguments: msgspec.Raw
    deadline_s: float = 10.0


class Cancel(Message, frozen=True, tag="cancel"):
    """Give up a job at its next chance."""

    run: int


class Progress(Message, frozen=True, tag="progress"):
    """How far a job has come; `total` is 0 where unknown."""

    run: int
    done: int
    total: int = 0


class Result(Message, frozen=True, tag="result"):
    """A job's result as JSON.

    Attributes:
        bulk_bytes: how many bytes of it come over the bulk channel in frames with this run.
    """

    run: int
    value: msgspec.Raw
    bulk_bytes: int = 0


Command = Hello | Quit | Job | Cancel
Event = Ready | Heartbeat | Log | Failed | Progress | Result
