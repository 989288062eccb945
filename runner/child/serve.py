"""A child's life after its beginning: answer hello, work on one thing at a time, end with its input.

Three threads: this one reads messages, so that a stop is heard while work lasts; one works; one
sends the heartbeat. A fourth takes in bulk frames.
"""

import faulthandler
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from runner.channel.bulk import Buffer, FrameError, FrameKind, frames, read_frame, write_frame
from runner.channel.lines import LineError, LineReader, LineWriter
from runner.child.begin import Beginning
from runner.child.inbox import Inbox
from runner.protocol import PROTOCOL
from runner.protocol.common import Failed, Heartbeat, Hello, Message, Quit, Ready

HEARTBEAT_S = 1.0
LONGEST_WORDS, LARGEST = 20_000, 2**53
"""So much is told of a failure in words and numbers; more fits into no line, or into nobody's head."""

LAST_WORD_S = 1.0
"""How long the present work has to come to an end once the input has closed."""


class Command(Protocol):
    """A request that belongs to a run."""

    @property
    def run(self) -> int:
        """The run's number."""


C = TypeVar("C", bound=Command)


class Task:
    """One piece of work: where it reports to, and whether it is to stop.

    Thread: any.
    """

    def __init__(self, run: int, voice: "Voice", inbox: Inbox) -> None:
        self.run = run
        self._voice = voice
        self._inbox = inbox
        self._stop = threading.Event()

    def send(self, event: Message) -> None:
        """Sends an event."""
        self._voice.send(event)

    def send_frame(self, kind: FrameKind, payload: Buffer) -> None:
        """Sends bulk data of this run."""
        self._voice.send_frames(kind, self.run, payload)

    def stopped(self) -> bool:
        """Says whether this work is to stop."""
        return self._stop.is_set()

    def pause(self, seconds: float) -> bool:
        """Waits that long or until this work is to stop; says whether it is to stop."""
        return self._stop.wait(seconds)

    def stop(self) -> None:
        """Asks this work to stop."""
        self._stop.set()

    def collect(self, kind: FrameKind, size: int) -> bytes:
        """Gathers bulk data that the parent sends for this run.

        Raises:
            RunnerError: if it was stopped, or something else came.
        """
        return self._inbox.collect(kind, self.run, size, self.stopped)


class Voice:
    """Everything that a child says. Thread: any."""

    def __init__(self, beginning: Beginning) -> None:
        self._lines = LineWriter(beginning.control_out)
        self._bulk_out = beginning.bulk_out
        self._bulk_lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Sends a message; ends the process where nobody listens any more."""
        try:
            self._lines.send(message)
        except BrokenPipeError:
            os._exit(0)

    def send_frames(self, kind: FrameKind, run: int, payload: Buffer) -> None:
        """Sends bulk data; ends the process where nobody listens any more."""
        try:
            with self._bulk_lock:
                for frame in frames(kind, run, payload):
                    write_frame(self._bulk_out, frame)
        except BrokenPipeError:
            os._exit(0)


class Server(Generic[C]):
    """Does what a parent asks, one request at a time, in order.

    Args:
        beginning: what `begin` returned.
        decoder: for the messages that may come.
        build: names and versions for `ready`.
        work: carries out one request on the work thread.
        stops: the type of message that stops a run.
        expected: exceptions with a code, a detail and a context, told as `failed`.
        heard: takes messages of the `stops` type at once on the reading thread, instead of
            stopping a run.
    """

    def __init__(
        self,
        beginning: Beginning,
        decoder: "msgspec.json.Decoder[Hello | Quit | C]",
        build: Mapping[str, str],
        work: Callable[[C, Task], None],
        stops: type,
        expected: tuple[type[Exception], ...],
        heard: Callable[[Any], None] | None = None,
    ) -> None:
        self._beginning = beginning
        self._decoder = decoder
        self._build = dict(build)
        self._work = work
        self._stops = stops
        self._expected = expected
        self._heard = heard
        self._voice = Voice(beginning)
        self._inbox = Inbox()
        self._waiting: queue.SimpleQueue[tuple[C, Task] | None] = queue.SimpleQueue()
        self._tasks: dict[int, Task] = {}
        self._lock = threading.Lock()
        self._busy_since = 0.0

    def run(self) -> int:
        """Serves until quit or the end of input; returns the exit status."""
        # One native crash leaves one readable trace on the standard error, which the porter keeps.
        faulthandler.enable(file=sys.stderr, all_threads=False)
        worker = threading.Thread(target=self._work_loop, name="work", daemon=True)
        worker.start()
        for target in (self._heartbeat_loop, self._bulk_loop):
            threading.Thread(target=target, name=target.__name__, daemon=True).start()
        status = self._read_loop()
        self._stop_everything()
        self._waiting.put(None)
        worker.join(LAST_WORD_S)
        return status

    def _read_loop(self) -> int:
        reader = LineReader(self._beginning.control_in, self._decoder)
        try:
            for message in reader:
                if isinstance(message, Quit):
                    return 0
                if isinstance(message, Hello):
                    self._greet()
                elif isinstance(message, self._stops):
                    (self._heard or self._stop_run)(message)
                else:
                    self._take(message)
        except LineError as error:
            print(f"the parent sent what is no message: {error}", file=sys.stderr)  # noqa: T201 - the porter keeps it
            return 1
        return 0

    def _greet(self) -> None:
        kind = self._beginning.kind
        self._voice.send(Ready(protocol=PROTOCOL, kind=kind, build=self._build))

    def _take(self, command: C) -> None:
        task = Task(command.run, self._voice, self._inbox)
        with self._lock:
            self._tasks[command.run] = task
        self._waiting.put((command, task))

    def send(self, message: Message) -> None:
        """Sends a message that belongs to no run. Thread: any."""
        self._voice.send(message)

    def _stop_run(self, message: Command) -> None:
        with self._lock:
            task = self._tasks.get(message.run)
        if task is not None:
            task.stop()

    def _stop_everything(self) -> None:
        with self._lock:
            tasks = list(self._tasks.values())
        for task in tasks:
            task.stop()

    # ---- the other threads ----------------------------------------------------------------------

    def _work_loop(self) -> None:
        while (item := self._waiting.get()) is not None:
            command, task = item
            self._busy_since = time.monotonic()
            try:
                self._work(command, task)
            except self._expected as error:
                self._voice.send(_failed(command.run, error))
            except MemoryError as error:
                self._voice.send(
                    Failed(
                        code="process.out_of_memory", run=command.run, detail=_sayable(str(error))
                    )
                )
            except Exception:  # noqa: BLE001 - the edge of the child: a bug ends one run, told as one
                detail = _sayable(traceback.format_exc())
                self._voice.send(Failed(code="process.bug", run=command.run, detail=detail))
            finally:
                self._busy_since = 0.0
                with self._lock:
                    self._tasks.pop(command.run, None)

    def _heartbeat_loop(self) -> None:
        while True:
            time.sleep(HEARTBEAT_S)
            since = self._busy_since
            self._voice.send(Heartbeat(busy_s=time.monotonic() - since if since else 0.0))

    def _bulk_loop(self) -> None:
        try:
            while (frame := read_frame(self._beginning.bulk_in)) is not None:
                self._inbox.put(frame)
        except FrameError as error:
            print(f"the parent sent what is no frame: {error}", file=sys.stderr)  # noqa: T201 - the porter keeps it
            os._exit(1)
        self._inbox.end()


def _failed(run: int, error: Exception) -> Failed:
    """Turns an expected exception into a message; it has a code, a detail and a context.

    What a hostile file put into its words may be half of a sign, or more than a line can hold.
    """
    context: Mapping[str, str | float] = getattr(error, "context", {})
    return Failed(
        code=getattr(error, "code", "process.bug"),
        run=run,
        detail=_sayable(getattr(error, "detail", str(error))),
        context={name: _holdable(value) for name, value in context.items()},
    )


def _sayable(text: str) -> str:
    return text[:LONGEST_WORDS].encode(errors="replace").decode()


def _holdable(value: str | float) -> str | float:
    if isinstance(value, str):
        return _sayable(value)
    return value if abs(value) < LARGEST else str(value)[:LONGEST_WORDS]  # what is no number, too
