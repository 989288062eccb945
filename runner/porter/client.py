"""A front end's side of the porter: ask for processes, speak to them, hear how they end.

A front end starts nothing itself. `PorterClient.start` returns at once; what is sent to the child
waits until the porter has started it, proved it and passed its pipes.
"""

import contextlib
import itertools
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from runner.channel import packets
from runner.errors import RunnerError
from runner.porter.handle import Child, EventListener, FrameListener, ignore, outlive
from runner.porter.record import Record, Snapshot
from runner.porter.wire import (
    MAX_PACKET_BYTES,
    AddressAnswer,
    Answer,
    Attempt,
    DesktopSaid,
    End,
    Facts,
    Gone,
    Got,
    KeepSecret,
    Look,
    Looked,
    NotDone,
    OpenAddress,
    OpenFolder,
    Refused,
    Request,
    Start,
    Started,
    decode_answer,
    encode,
)
from runner.protocol import engine, reader

if sys.platform == "win32":
    from runner.channel.windows_pipes import opened

FactListener = Callable[[Facts | Attempt | Looked | DesktopSaid], None]
NO_OPTIONS: Mapping[str, str] = {}
MOST_DESCRIPTORS = 4

AnyEvent = engine.Event | reader.Event
"""What a child of any kind may say; a session asks for its own kind's union instead."""


class PorterClient:
    """The one way for a front end to start a process or to show an address.

    Owned by: the front end's context. Thread: any; listeners are called on the porter's and the
    children's threads and must not block.

    Args:
        connection: the socket to the porter.
        on_fact: called with what is in force for a process, with each refused call, with each
            count of sockets that was asked for, and with what the desktop says.
    """

    def __init__(self, connection: packets.Stream, on_fact: FactListener = ignore) -> None:
        self.on_fact = on_fact
        self._connection = connection
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._numbers = itertools.count(1)
        self._children: dict[int, Child] = {}
        self._addresses: dict[int, Callable[[bool, str], None]] = {}
        self._record = Record()
        self._desktop: DesktopSaid | None = None
        self._desktop_said = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._listen, name="porter", daemon=True)
        self._thread.start()

    @classmethod
    def from_environment(cls, on_fact: FactListener = ignore) -> "PorterClient":
        """Connects a front end that the porter started.

        Raises:
            RunnerError: if no porter started this process.
        """
        descriptor = os.environ.get("LIGHTWELL_PORTER_FD", "")
        if not descriptor.isdecimal():
            raise RunnerError("porter.none", "LIGHTWELL_PORTER_FD is not set")
        return cls(packets.stream_at(int(descriptor)), on_fact)

    def start(
        self,
        kind: str,
        *,
        readable: Sequence[Path] = (),
        writable: Sequence[Path] = (),
        options: Mapping[str, str] = NO_OPTIONS,
        events: object = AnyEvent,
        on_event: EventListener = ignore,
        on_frame: FrameListener = ignore,
    ) -> Child:
        """Asks for a process of a kind of the table.

        Args:
            kind: a name in the table of `app/processes.py`.
            readable: files and folders that the process may read.
            writable: folders that it may write in; only of a kind that writes at all.
            options: settings that the kind knows.
            events: the union of messages that it may send; anything else ends it.
            on_event: called with each message, and at last with `Ended`.
            on_frame: called with each bulk frame.

        Returns:
            The child, at once. Where it cannot be started, `Ended` says so.
        """
        decoder: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(events)
        number = next(self._numbers)
        child = Child(kind, number, decoder, on_event, on_frame, partial(self._end, number))
        with self._lock:
            self._children[number] = child
        self._ask(
            Start(
                number=number,
                kind=kind,
                readable=_absolute(readable),
                writable=_absolute(writable),
                options=options,
            ),
            child,
        )
        return child

    def open_address(
        self, url: str, answered: Callable[[bool, str], None] = lambda opened, code: None
    ) -> None:
        """Asks the porter to show an address; it asks the person first.

        Args:
            url: an http or https address.
            answered: called on the porter's thread with whether it was opened, and the code of
                the error where it could not be.
        """
        self._show(OpenAddress(number=next(self._numbers), url=url), answered)

    def open_folder(
        self, path: Path, answered: Callable[[bool, str], None] = lambda opened, code: None
    ) -> None:
        """Asks the porter to show a folder in the person's file manager; it asks the person first.

        Args:
            path: an absolute path.
            answered: as for `open_address`.
        """
        self._show(OpenFolder(number=next(self._numbers), path=path), answered)

    def keep_secret(
        self, secret: str, answered: Callable[[bool, str], None] = lambda kept, code: None
    ) -> None:
        """Has the porter keep the person's token in the system's keyring; empty for none any more.

        Args:
            secret: the token; no front end can read it back.
            answered: as for `open_address`, with whether it is kept; not where there is no keyring.
        """
        self._show(KeepSecret(number=next(self._numbers), secret=secret), answered)

    def _show(
        self, request: OpenAddress | OpenFolder | KeepSecret, answered: Callable[[bool, str], None]
    ) -> None:
        with self._lock:
            self._addresses[request.number] = answered
        try:
            self._send(request)
        except (OSError, Refused) as error:
            with self._lock:
                self._addresses.pop(request.number, None)
            answered(False, _code_of(error))

    def facts(self) -> list[tuple[Facts, int]]:
        """Returns what is in force for each running process, and its refused calls so far."""
        return [(seen.facts, seen.refused) for seen in self.snapshot().processes]

    def snapshot(self) -> Snapshot:
        """Returns what is known of every process now."""
        return self._record.snapshot(self._heard_at)

    def desktop(self, timeout: float = 0.0) -> DesktopSaid | None:
        """Returns what the desktop says; None where the porter has not told of it in time."""
        self._desktop_said.wait(timeout)
        return self._desktop

    def look(self) -> None:
        """Asks the porter to count the sockets of every process; `on_fact` gets `Looked`."""
        with contextlib.suppress(OSError):  # without the porter nothing is known, and that shows
            self._send(Look(number=next(self._numbers)))

    def close(self) -> None:
        """Lets go of the porter, which ends every process that this front end asked for."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            children = list(self._children.values())
        for child in children:
            child.close_input()
        with contextlib.suppress(OSError):  # the porter has closed its end already
            self._connection.shutdown(socket.SHUT_RDWR)
        if threading.current_thread() is not self._thread:
            self._thread.join()
        self._connection.close()

    # ---- asking ---------------------------------------------------------------------------------

    def _ask(self, request: Start, child: Child) -> None:
        try:
            self._send(request)
        except (OSError, Refused) as error:
            with self._lock:
                self._children.pop(request.number, None)
            child.not_started(_code_of(error), str(error))

    def _end(self, number: int, hard: bool) -> None:
        with contextlib.suppress(OSError):  # the porter is gone, and takes the child with it
            self._send(End(number=number, hard=hard))

    def _send(self, request: Request) -> None:
        data = encode(request)
        if len(data) > MAX_PACKET_BYTES:
            code = "bad_address" if isinstance(request, OpenAddress) else "bad_request"
            raise Refused(f"porter.{code}", f"a request of {len(data)} bytes")
        with self._asking:  # a packet may take several calls
            packets.send(self._connection, data)

    # ---- listening ------------------------------------------------------------------------------

    def _listen(self) -> None:
        inbox = packets.Inbox(self._connection, MAX_PACKET_BYTES * 2, MOST_DESCRIPTORS)
        while True:
            try:
                packet = inbox.receive()
            except (OSError, packets.PacketError):
                break
            if packet is None:
                break
            self._on_answer(decode_answer(packet.data), list(packet.descriptors))
        self._lose_everything()

    def _on_answer(self, answer: Answer, descriptors: list[int]) -> None:
        match answer:
            case Started():
                with contextlib.suppress(OSError):  # the porter is gone, which shows
                    self._send(Got(number=answer.number))
                if sys.platform == "win32":
                    descriptors = [opened(int(handle)) for handle in answer.handles]
                begun = self._children[answer.number]
                begun.with_token = answer.with_token  # before it can be asked for anything
                begun.started(answer.pid, descriptors)
            case NotDone():
                self._refused(answer)
            case Gone():
                self._gone(answer)
            case Facts():
                with self._lock:
                    child = self._children.get(answer.number)
                self._record.keep(answer)
                if child is not None:
                    child.facts = answer
                outlive(self.on_fact, answer)
            case Attempt() | Looked():
                self._record.keep(answer)
                outlive(self.on_fact, answer)
            case DesktopSaid():
                self._desktop = answer
                self._desktop_said.set()
                outlive(self.on_fact, answer)
            case AddressAnswer():
                with self._lock:
                    answered = self._addresses.pop(answer.number, None)
                if answered is not None:
                    outlive(answered, answer.opened, "")

    def _heard_at(self, number: int) -> float:
        child = self._children.get(number)
        return child.heard_at if child is not None else 0.0

    def _refused(self, answer: NotDone) -> None:
        with self._lock:
            child = self._children.pop(answer.number, None)
            answered = self._addresses.pop(answer.number, None)
        if child is not None:
            child.not_started(answer.code, answer.detail)
        if answered is not None:
            outlive(answered, False, answer.code)

    def _gone(self, answer: Gone) -> None:
        with self._lock:
            child = self._children.pop(answer.number, None)
        self._record.forget(answer)
        if child is not None:
            child.gone(answer.how, answer.status, answer.tail)

    def _lose_everything(self) -> None:
        """Reports the end of every child: without the porter none lives on."""
        with self._lock:
            children, self._children = list(self._children.values()), {}
            addresses, self._addresses = list(self._addresses.values()), {}
        for child in children:
            child.gone("asked" if self._closed else "signal", 0 if self._closed else 9, "")
        for answered in addresses:
            outlive(answered, False, "porter.gone")


def _code_of(error: OSError | Refused) -> str:
    return error.code if isinstance(error, Refused) else "porter.gone"


def _absolute(paths: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(Path(os.path.abspath(path)) for path in paths)  # noqa: PTH100 - no symlink is followed
