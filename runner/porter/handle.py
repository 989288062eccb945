"""One child process as its front end holds it: two channels and how it ends."""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from runner.channel.bulk import (
    Buffer,
    Frame,
    FrameCut,
    FrameError,
    FrameKind,
    frames,
    read_frame,
    write_all,
    write_frame,
)
from runner.channel.lines import LineError, LineReader, encode_line
from runner.errors import RunnerError
from runner.porter.log import plain
from runner.porter.wire import Facts
from runner.protocol import PROTOCOL
from runner.protocol.common import Ended, EndKind, Hello, Log, Quit, Ready, Silent

EventListener = Callable[[msgspec.Struct], None]
FrameListener = Callable[[Frame], None]

PATIENCE_S = 20.0
"""Silence after which a child counts as not answering; its heartbeat comes every second."""

PER_S, BURST = 10_000, 50_000
"""So many messages of a child are taken, and so many at once; one that says more waits. Whoever was taken
over could otherwise say more than its listeners can ever hear, and all of it would be kept for them."""

ASK_S, CLOSE_S, TERMINATE_S = 2.0, 2.0, 3.0
"""How long each step of the stop ladder waits before the next."""


def ignore(_: object) -> None:
    """Takes anything and does nothing."""


def outlive(tell: Callable[..., object], *what: object) -> None:
    """Tells somebody of something; a mistake of theirs is reported, and ends no thread that others need."""
    try:
        tell(*what)
    except Exception:  # noqa: BLE001 - an edge: whoever is told here may be anybody
        sys.excepthook(*sys.exc_info())


class PipeWriter:
    """Writes to a pipe on a thread of its own, so that a slow child never stops the caller.

    Thread: any.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: queue.SimpleQueue[Callable[[int], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def open(self, descriptor: int) -> None:
        """Starts to write what waits."""
        self._thread = threading.Thread(
            target=self._write, args=(descriptor,), name=self._name, daemon=True
        )
        self._thread.start()

    def put(self, action: Callable[[int], None]) -> None:
        """Adds one write."""
        self._queue.put(action)

    def close(self) -> None:
        """Closes the pipe once everything before has been written."""
        self._queue.put(None)

    def join(self) -> None:
        """Waits until the pipe is closed."""
        if self._thread is not None:
            self._thread.join()

    def _write(self, descriptor: int) -> None:
        try:
            while (action := self._queue.get()) is not None:
                action(descriptor)
        except OSError:
            pass  # the child is gone; `Ended` tells
        finally:
            os.close(descriptor)


class Child:
    """A process that the porter started for this front end.

    Owned by: a session. Thread: any; listeners are called on the child's two reading threads and
    must not block.

    Args:
        kind: its name in the table.
        number: how the porter names it.
        decoder: for the messages that it may send.
        on_event: called with each message, with `Silent`, and at last with `Ended`.
        on_frame: called with each frame.
        end: asks the porter to end it; hard means to kill.
    """

    def __init__(
        self,
        kind: str,
        number: int,
        decoder: msgspec.json.Decoder[msgspec.Struct],
        on_event: EventListener,
        on_frame: FrameListener,
        end: Callable[[bool], None],
    ) -> None:
        self.kind = kind
        self.number = number
        self.pid = 0
        self.with_token = False
        self.facts: Facts | None = None
        self.heard_at = 0.0
        self.on_event = on_event
        self.on_frame = on_frame
        self._decoder = decoder
        self._end = end
        self._encoder = msgspec.json.Encoder()
        self._control = PipeWriter(f"{kind} control out")
        self._bulk = PipeWriter(f"{kind} bulk out")
        self._gone = threading.Event()
        self._finished = threading.Event()
        self._ended = Ended(kind=EndKind.NOT_STARTED)
        self._broken = ""
        self._stopping = False
        self._lock = threading.Lock()
        self.send(Hello(protocol=PROTOCOL))

    # ---- talking --------------------------------------------------------------------------------

    def send(self, message: msgspec.Struct) -> None:
        """Sends a message; it waits where the child has not started yet.

        Raises:
            RunnerError: if the message is longer than the child accepts.
        """
        try:
            line = encode_line(message, self._encoder)
        except LineError as error:
            raise RunnerError("process.message_too_long", str(error)) from error
        self._control.put(lambda descriptor: write_all(descriptor, line))

    def send_bulk(self, frame: Frame) -> None:
        """Sends one frame; its payload must not change until it has been written."""
        self._bulk.put(lambda descriptor: write_frame(descriptor, frame))

    def send_payload(self, kind: FrameKind, run: int, payload: Buffer) -> None:
        """Sends a payload of any length as frames."""
        for frame in frames(kind, run, payload):
            self.send_bulk(frame)

    # ---- ending ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Ends the child step by step: ask, close, terminate, kill. Returns at once."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
        threading.Thread(target=self._climb, name=f"{self.kind} ladder", daemon=True).start()

    def close_input(self) -> None:
        """Closes the child's input once everything before has been written; it ends by that."""
        with self._lock:
            self._stopping = True
        self._control.close()

    def kill(self) -> None:
        """Ends the child at once."""
        with self._lock:
            self._stopping = True
        self._end(True)

    def break_off(self, reason: str) -> None:
        """Ends a child that does not keep to the protocol: nothing more of it is believed."""
        self._broken = self._broken or reason
        self._end(True)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until the child has ended and `Ended` has been reported; says whether it has."""
        return self._finished.wait(timeout)

    def _climb(self) -> None:
        self.send(Quit())
        if self._finished.wait(ASK_S):
            return
        self._control.close()
        if self._finished.wait(CLOSE_S):
            return
        self._end(False)
        if self._finished.wait(TERMINATE_S):
            return
        self._end(True)

    # ---- called by the porter's client ----------------------------------------------------------

    def started(self, pid: int, descriptors: Sequence[int]) -> None:
        """Takes the pipes of the running process and begins to read."""
        to_child, from_child, bulk_to_child, bulk_from_child = descriptors
        self.pid = pid
        self._control.open(to_child)
        self._bulk.open(bulk_to_child)
        bulk = threading.Thread(
            target=self._read_bulk, args=(bulk_from_child,), name=f"{self.kind} bulk", daemon=True
        )
        bulk.start()
        threading.Thread(
            target=self._read_control, args=(from_child, bulk), name=f"{self.kind}", daemon=True
        ).start()

    def not_started(self, code: str, detail: str) -> None:
        """Reports that the process does not exist."""
        self._finish(Ended(kind=EndKind.NOT_STARTED, tail=f"{code}: {detail}"))

    def gone(self, how: str, status: int, tail: str) -> None:
        """Takes from the porter how the process ended; the reading thread reports it last."""
        self._ended = Ended(kind=EndKind(how), number=status, tail=tail)
        # Where the porter itself is gone, the child may be there still: this ends it.
        self._control.close()
        self._gone.set()
        if not self.pid:
            self._finish(self._ended)

    # ---- reading --------------------------------------------------------------------------------

    def _read_control(self, descriptor: int, bulk: threading.Thread) -> None:
        reader = LineReader(descriptor, self._decoder, PATIENCE_S, self._on_silence)
        budget, before = float(BURST), time.monotonic()
        try:
            for message in reader:
                self.heard_at = time.monotonic()
                budget = min(BURST, budget + (self.heard_at - before) * PER_S) - 1
                before = self.heard_at
                if budget < 0:
                    time.sleep(-budget / PER_S)
                if isinstance(message, Ready) and message.protocol != PROTOCOL:
                    raise LineError(f"the child speaks protocol {message.protocol}")
                if isinstance(message, Log):
                    message = Log(level=plain(message.level), text=plain(message.text))
                outlive(self.on_event, message)
        except LineError as error:
            self.break_off(str(error))
        finally:
            os.close(descriptor)
        bulk.join()
        self._gone.wait()
        self._control.close()
        self._bulk.close()
        self._control.join()
        self._bulk.join()
        ended = self._ended
        if self._broken:
            ended = Ended(kind=EndKind.PROTOCOL, tail=f"{self._broken}\n{ended.tail}".strip())
        elif self._stopping:
            ended = Ended(kind=EndKind.ASKED, tail=ended.tail)
        self._finish(ended)

    def _read_bulk(self, descriptor: int) -> None:
        try:
            while (frame := read_frame(descriptor)) is not None:
                outlive(self.on_frame, frame)
        except FrameCut as error:
            # As a process is killed; one that is there still keeps to no protocol.
            if not self._gone.wait(CLOSE_S):
                self.break_off(str(error))
        except FrameError as error:
            self.break_off(str(error))
        finally:
            os.close(descriptor)

    def _on_silence(self, seconds: float) -> None:
        outlive(self.on_event, Silent(seconds=seconds))

    def _finish(self, ended: Ended) -> None:
        outlive(self.on_event, ended)
        self._finished.set()
