"""Asks the reader process for jobs on untrusted files: one at a time, each with a deadline.

One reader is kept warm for a few seconds after the last job. It may read only what it was started for, so a job on other files starts
another one; a job that overruns its deadline loses its process, and the next job gets a new one.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from runner.budget import Budget
from runner.channel.bulk import Frame
from runner.errors import RunnerError
from runner.porter.client import NO_OPTIONS
from runner.porter.handle import Child, EventListener, FrameListener, outlive
from runner.protocol import reader
from runner.protocol.common import Ended, EndKind, Failed, Ready
from runner.protocol.reader import Cancel, Job, Progress, Result

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]

START_S = 10.0
"""How long a reader has to start, on top of the first job's deadline."""

IDLE_S = 8.0
"""How long a reader without work is kept: memory is back ten seconds after an inspection."""

MOST_BULK_BYTES = 256 * 1024 * 1024
"""More than any job sends: a picture, or the beginning of a file."""

MOST_PROGRESS = 500
"""So often a job may say at once how far it has come, and a tenth of it each second; the rest is left out."""

CANCEL_S = 0.5
"""How long a job has to notice that nobody wants it, before its process is ended."""


def at_once(action: Callable[[], None]) -> None:
    """Delivers on the thread that brings the result."""
    action()


class Ticket(msgspec.Struct, eq=False):
    """A job that was asked for.

    Attributes:
        payload: what the job sent over the bulk channel, complete when `done` is called.
    """

    _cancel: Callable[["Ticket"], None]
    payload: bytearray = msgspec.field(default_factory=bytearray)
    _wanted: bool = True

    @property
    def wanted(self) -> bool:
        """Whether the result is still waited for."""
        return self._wanted

    def cancel(self) -> None:
        """Gives the job up; neither `done` nor `failed` is called from now on."""
        self._wanted = False
        self._cancel(self)


class _Asked(msgspec.Struct, eq=False):
    """A job that waits or runs."""

    ticket: Ticket
    run: int
    job: str
    arguments: msgspec.Raw
    shape: Any
    done: Callable[[Any], None]
    failed: Callable[[RunnerError], None]
    progress: Callable[[int, int], None] | None
    deadline_s: float
    readable: frozenset[Path]
    result: Result | None = None
    told: Budget = msgspec.field(default_factory=lambda: Budget(MOST_PROGRESS))

    def let_go(self) -> None:
        """Forgets whom to tell.

        A thread of the client's may hold the job longer than anybody else. What ended on that thread
        with it could be a widget, in the middle of the window's own thread drawing it.
        """
        self.done = self.failed = _nobody
        self.progress = None


class _Place(NamedTuple):
    """A path and what lies there: a process may read that, and not what takes its place later."""

    path: Path
    device: int = 0
    number: int = 0

    @classmethod
    def of(cls, path: Path) -> "_Place":
        """Returns the place as it is now."""
        try:
            seen = path.stat()
        except OSError:
            return cls(path)
        return cls(path, seen.st_dev, seen.st_ino)


class Starter(Protocol):
    """Starts processes: the porter's client, or what stands before it."""

    def start(
        self,
        kind: str,
        *,
        readable: Sequence[Path] = (),
        options: Mapping[str, str] = NO_OPTIONS,
        events: object = ...,
        on_event: EventListener = ...,
        on_frame: FrameListener = ...,
    ) -> Child:
        """See `PorterClient.start`."""


class ReaderClient:
    """The front end's door to the reader.

    Owned by: the front end's context. Thread: any; `done`, `failed` and `progress` are called
    through `deliver`.

    Args:
        porter: starts the reader.
        deliver: takes each call to make; the window passes its mailbox's `post`.
        kind: the reader's name in the table of processes.
    """

    def __init__(self, porter: Starter, deliver: Deliver = at_once, kind: str = "reader") -> None:
        self._porter = porter
        self._deliver = deliver
        self._kind = kind
        self._lock = threading.RLock()
        self._waiting: deque[_Asked] = deque()
        self._current: _Asked | None = None
        self._child: Child | None = None
        self._allowed: frozenset[_Place] = frozenset()
        self._process = 0
        self._ready = False
        self._run = 0
        self._timer: threading.Timer | None = None
        self._closed = False

    def ask(
        self,
        job: str,
        arguments: object,
        shape: type[T],
        done: Callable[[T], None],
        failed: Callable[[RunnerError], None],
        *,
        progress: Callable[[int, int], None] | None = None,
        deadline_s: float = 10.0,
        readable: Sequence[Path] = (),
    ) -> Ticket:
        """Asks for a job; exactly one of `done` and `failed` follows, unless it is cancelled.

        Args:
            job: a name in the reader's table.
            arguments: a struct or a mapping, encoded as JSON.
            shape: the type that the result is checked against.
            done: called with the result.
            failed: called with the error, whose code has words.
            progress: called with how much is done, and of how much (0 where unknown).
            deadline_s: after this the reader is ended and the job has failed.
            readable: files and folders that the job needs.
        """
        ticket = Ticket(self._cancel)
        with self._lock:
            self._run += 1
            asked = _Asked(
                ticket=ticket,
                run=self._run,
                job=job,
                arguments=msgspec.Raw(msgspec.json.encode(arguments)),
                shape=shape,
                done=done,
                failed=failed,
                progress=progress,
                deadline_s=deadline_s,
                readable=frozenset(path.absolute() for path in readable),
            )
            self._waiting.append(asked)
            self._advance()
        return ticket

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        with self._lock:
            return not self._has_work()

    def close(self) -> None:
        """Ends the reader; jobs that wait are dropped, and answers on their way are not handed over."""
        with self._lock:
            self._closed = True
            for asked in [*([self._current] if self._current else []), *self._waiting]:
                asked.let_go()
            self._waiting.clear()
            self._current = None
            self._drop_child()

    def stop(self, code: str) -> None:
        """Ends the process; what runs and what waits has failed with `code`.

        The next job starts another process.
        """
        with self._lock:
            given_up = [*([self._current] if self._current else []), *self._waiting]
            self._waiting.clear()
            self._current = None
            self._drop_child()
        for asked in given_up:
            error = RunnerError(code, asked.job)
            self._deliver_last(asked, partial(asked.failed, error))

    # ---- one job after the other ----------------------------------------------------------------

    def _advance(self) -> None:
        """Starts the next job where none runs."""
        while self._current is None and self._waiting and not self._closed:
            asked = self._waiting.popleft()
            if not asked.ticket.wanted:
                continue
            self._current = asked
            child = self._child_for(asked.readable)
            if self._current is not asked:
                continue  # the start failed at once, and the next job's turn has come within that
            patience_s = asked.deadline_s + (0.0 if self._ready else START_S)
            self._set_timer(patience_s, partial(self._overrun, asked))
            job = Job(
                run=asked.run,
                name=asked.job,
                arguments=asked.arguments,
                deadline_s=asked.deadline_s,
            )
            try:
                child.send(job)
            except RunnerError as error:  # no line can hold it, and nothing was sent
                self._fail(asked, error)

    def _child_for(self, readable: frozenset[Path]) -> Child:
        """Returns a reader that may read these paths, a fresh one where the present may not."""
        places = frozenset(_Place.of(path) for path in readable)
        if self._child is not None and places <= self._allowed:
            return self._child
        self._drop_child()
        self._process += 1
        process = self._process
        self._allowed = places
        child = self._porter.start(
            self._kind,
            readable=sorted(readable),
            events=reader.Event,
            on_event=lambda message: self._hear(process, message),
            on_frame=lambda frame: self._take(process, frame),
        )
        if process == self._process:  # else it is over already, and another may be there
            self._child = child
        return child

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        self._process += 1
        self._ready = False
        self._allowed = frozenset()
        self._stop_timer()
        if child is not None:
            child.kill()

    def _cancel(self, ticket: Ticket) -> None:
        with self._lock:
            for waiting in self._waiting:
                if waiting.ticket is ticket:
                    waiting.let_go()
            asked = self._current
            if asked is not None and asked.ticket is ticket:
                asked.let_go()
                if self._child is not None:
                    self._child.send(Cancel(run=asked.run))
                    self._set_timer(CANCEL_S, partial(self._overrun, asked))

    # ---- deadlines ------------------------------------------------------------------------------

    def _set_timer(self, seconds: float, action: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = threading.Timer(seconds, action)
        self._timer.daemon = True
        self._timer.name = "reader deadline"
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _overrun(self, asked: _Asked) -> None:
        with self._lock:
            if asked is self._current:
                self._drop_child()
                error = RunnerError("reader.too_slow", asked.job, seconds=asked.deadline_s)
                self._fail(asked, error)

    def _rest(self) -> None:
        with self._lock:
            if not self._has_work():
                self._drop_child()

    def _has_work(self) -> bool:
        return self._current is not None or bool(self._waiting)

    # ---- hearing, on the reader's threads -------------------------------------------------------

    def _hear(self, process: int, message: msgspec.Struct) -> None:
        with self._lock:
            if process != self._process:
                return
            if isinstance(message, Ready):
                self._ready = True
            elif isinstance(message, Ended):
                self._child = None
                self._drop_child()
                if self._current is not None:
                    self._fail(self._current, _ending(message))
            elif self._current is not None and getattr(message, "run", 0) == self._current.run:
                self._hear_of_job(self._current, message)

    def _hear_of_job(self, asked: _Asked, message: msgspec.Struct) -> None:
        if isinstance(message, Progress):
            progress = asked.progress
            if progress is not None and asked.ticket.wanted and asked.told.take():
                far = partial(progress, message.done, message.total)
                self._deliver(partial(self._if_wanted_still, asked, far))
        elif isinstance(message, Failed):
            self._fail(asked, RunnerError(message.code, message.detail, **message.context))
        elif isinstance(message, Result):
            asked.result = message
            self._finish(asked)

    def _take(self, process: int, frame: Frame) -> None:
        with self._lock:
            asked = self._current
            if process != self._process or asked is None or frame.run != asked.run:
                return
            if len(asked.ticket.payload) + len(frame.payload) > MOST_BULK_BYTES:
                # Nobody knows beforehand how much a job sends; one that was taken over has no end.
                self._drop_child()
                self._fail(asked, RunnerError("reader.bad_result", "it sends without end"))
                return
            asked.ticket.payload.extend(frame.payload)
            self._finish(asked)

    def _finish(self, asked: _Asked) -> None:
        """Delivers the result once both the word and the bulk data have come, in any order."""
        if asked.result is None or len(asked.ticket.payload) < asked.result.bulk_bytes:
            return
        try:
            value = msgspec.json.decode(asked.result.value, type=asked.shape)
        except msgspec.DecodeError as error:
            self._drop_child()
            self._fail(asked, RunnerError("reader.bad_result", str(error)))
            return
        self._end_job(asked, lambda: asked.done(value))

    def _fail(self, asked: _Asked, error: RunnerError) -> None:
        self._end_job(asked, lambda: asked.failed(error))

    def _end_job(self, asked: _Asked, action: Callable[[], None]) -> None:
        self._current = None
        self._stop_timer()
        self._deliver_last(asked, action)
        self._advance()
        if not self._has_work() and self._child is not None:
            self._set_timer(IDLE_S, self._rest)

    def _deliver_last(self, asked: _Asked, action: Callable[[], None]) -> None:
        def hand_over() -> None:
            try:
                self._if_wanted_still(asked, action)
            finally:
                asked.let_go()

        outlive(self._deliver, hand_over)  # others wait behind this one

    def _if_wanted_still(self, asked: _Asked, action: Callable[[], None]) -> None:
        # On its way, it may be overtaken by a cancel, or by the end of whoever asked.
        if asked.ticket.wanted and not self._closed:
            action()


def _nobody(_: object) -> None:
    """Hears what nobody waits for any more."""


def _ending(ended: Ended) -> RunnerError:
    """Says in an error how a reader ended in the middle of a job."""
    if ended.kind is EndKind.OUT_OF_MEMORY:
        return RunnerError("reader.out_of_memory", ended.tail)
    if ended.kind is EndKind.NOT_STARTED:
        return RunnerError("reader.not_started", ended.tail)
    return RunnerError("reader.crashed", ended.tail, how=ended.kind.value, number=ended.number)
