"""The porter's loop: starts processes, watches them end, and does what its front end may ask.

Standard library only, so that `lightwell` starts at once. One thread: every process is started
from it, because a parent-death signal follows the thread that started the child.
"""

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runner.confine.prctl import keep_memory_private
from runner.porter import spawn
from runner.porter.address import Browser
from runner.porter.ending import NOT_STARTED, Ending, MemoryKills, judge
from runner.porter.front_end import FrontEnd
from runner.porter.kinds import Kind, Table
from runner.porter.log import Log, state_folder
from runner.porter.running import TERMINATE_S, Running
from runner.porter.sealing import Sealing
from runner.porter.wire import (
    AddressAnswer,
    Answer,
    End,
    Gone,
    NotDone,
    OpenAddress,
    Refused,
    Start,
    Started,
    decode_request,
)

MOST_CHILDREN = 16
ERRORS_CHUNK = 64 * 1024
STEP_S = 0.25

FRONT_END, HELPER = 0, -1
"""Numbers of the processes that no front end asked for."""

CONFIRM = "confirm"
"""The kind that asks the person about an address."""

PRIVATE_PORTER = "private porter"
"""The one wall that is the porter's own; the others are in `runner.confine.seal`."""


class Porter:
    """The parent of every process of the app.

    Args:
        table: the kinds of process that may be started.
        walls: names of the walls that processes put up; all that there are where None. Tests take
            single walls away to see the label drop.
        memory_kills: where the system counts kills for want of memory.
        log: where requests and endings are written.
    """

    def __init__(
        self,
        table: Table,
        *,
        walls: frozenset[str] | None = None,
        memory_kills: MemoryKills | None = None,
        log: Log | None = None,
    ) -> None:
        self._table = table
        self._walls = walls
        self._log = Log(state_folder() / "porter.log") if log is None else log
        self._memory_kills = MemoryKills() if memory_kills is None else memory_kills
        self._selector = selectors.DefaultSelector()
        self._running: dict[int, Running] = {}
        self._used_numbers: set[int] = set()
        self._front_end: FrontEnd | None = None
        self._front_end_pid = 0
        self._front_end_status = 0
        self._sealing = Sealing(self._selector, self._log, walls, self._send, self._on_sealed)
        self._browser = Browser(self._log, self._ask_person)

    # ---- life -----------------------------------------------------------------------------------

    def run(self, front_end: str, arguments: Sequence[str] = ()) -> int:
        """Starts a front end, serves it until it ends, and returns its exit status.

        A front end that a signal ended gives 128 and the signal's number, as shells do.
        """
        kind = self._table[front_end]
        spawn.keep_descriptors_private()
        self._keep_private()
        started = spawn.start_front_end(kind, arguments)
        assert started.porter is not None  # noqa: S101 - start_front_end always makes one
        self._front_end_pid = started.pid
        self._log.write(f"start {kind.name} pid {started.pid}")
        self._adopt(kind, started, number=FRONT_END)
        self._loop(started.porter)
        return self._front_end_status

    def serve(self, connection: socket.socket) -> None:
        """Serves a front end that somebody else started, until it closes its socket."""
        spawn.keep_descriptors_private()
        self._keep_private()
        self._loop(connection)

    def _keep_private(self) -> None:
        if self._walls is None or PRIVATE_PORTER in self._walls:
            keep_memory_private()

    def _loop(self, connection: socket.socket) -> None:
        self._front_end = FrontEnd(connection)
        self._selector.register(connection, selectors.EVENT_READ, self._on_request)
        with _signals_as_bytes(self._selector, self._on_signal):
            while self._serving():
                for key, _ in self._selector.select(self._patience()):
                    action: Callable[[], None] = key.data
                    action()
                self._climb_ladders()
                self._watch_room()

    def _serving(self) -> bool:
        return self._front_end is not None or bool(self._running)

    def _patience(self) -> float | None:
        climbing = any(child.last_step_at for child in self._running.values())
        return STEP_S if climbing else None

    def _watch_room(self) -> None:
        if self._front_end is not None:
            wanted = selectors.EVENT_READ
            if self._front_end.behind:
                wanted |= selectors.EVENT_WRITE
            self._selector.modify(self._front_end.connection, wanted, self._on_request)

    # ---- requests -------------------------------------------------------------------------------

    def _on_request(self) -> None:
        front_end = self._front_end
        if front_end is None:
            return
        front_end.flush()
        datagram = front_end.receive()
        if datagram is None:
            self._lose_front_end()
        elif datagram:
            self._answer(front_end, datagram)

    def _answer(self, front_end: FrontEnd, datagram: bytes) -> None:
        number = 0
        try:
            request = decode_request(datagram)
            number = request.number
            match request:
                case Start():
                    self._start(request)
                case End():
                    self._end(request)
                case OpenAddress():
                    self._open(front_end, request)
        except Refused as refusal:
            self._log.write(f"refused {number}: {refusal.code} {refusal.detail}")
            front_end.send(NotDone(number=number, code=refusal.code, detail=refusal.detail))

    def _start(self, request: Start) -> None:
        kind = self._allowed(request)
        try:
            started = spawn.start_child(kind)
        except OSError as error:
            raise Refused("porter.cannot_start", str(error)) from error
        self._used_numbers.add(request.number)
        paths = " ".join(map(str, request.readable))
        self._log.write(f"start {request.number} {kind.name} pid {started.pid} reads {paths}")
        self._adopt(kind, started, number=request.number, request=request)

    def _adopt(
        self,
        kind: Kind,
        started: spawn.Spawned,
        *,
        number: int,
        request: Start | None = None,
        keep_ends: bool = True,
    ) -> None:
        """Keeps a new process in mind and begins to seal it."""
        child = Running(
            number=number,
            pid=started.pid,
            kind=kind,
            readable=request.readable if request else (),
            ends=started.ends if keep_ends else (),
            errors=started.errors,
            seal=started.seal,
            kills_before=self._memory_kills.count(),
        )
        self._running[started.pid] = child
        if child.errors >= 0:
            self._selector.register(
                child.errors, selectors.EVENT_READ, lambda: self._on_errors(child)
            )
        self._sealing.begin(child, dict(request.options) if request else {})

    def _allowed(self, request: Start) -> Kind:
        kind = self._table.get(request.kind)
        if kind is None or kind.front_end:
            raise Refused("porter.unknown_kind", request.kind)
        if request.number in self._used_numbers:
            raise Refused("porter.bad_request", "the number was used before")
        if len(self._running) >= MOST_CHILDREN:
            raise Refused("porter.too_many", str(MOST_CHILDREN))
        if unknown := set(request.options) - kind.options:
            raise Refused("porter.bad_request", f"unknown options {sorted(unknown)}")
        for path in request.readable:
            if not _exists(path):
                raise Refused("porter.no_such_path", str(path))
        return kind

    def _end(self, request: End) -> None:
        child = next((c for c in self._running.values() if c.number == request.number), None)
        if child is None:
            return  # it has just ended, and the front end will read so
        child.asked = True
        self._log.write(f"{'kill' if request.hard else 'terminate'} {child.number}")
        _signal(child.pid, signal.SIGKILL if request.hard else signal.SIGTERM)

    def _open(self, front_end: FrontEnd, request: OpenAddress) -> None:
        self._log.write(f"asked to open {request.url}")
        question = self._browser.ask(request.url)

        def answered() -> None:
            self._selector.unregister(question.answer)
            opened = self._browser.settle(question)
            if self._front_end is not None:
                front_end.send(AddressAnswer(number=request.number, opened=opened))

        self._selector.register(question.answer, selectors.EVENT_READ, answered)

    def _ask_person(self, url: str) -> int:
        """Starts the process that asks the person about an address."""
        kind = self._table[CONFIRM]
        started = spawn.start_helper(kind, [url])
        self._log.write(f"start {kind.name} pid {started.pid}")
        self._adopt(kind, started, number=HELPER, keep_ends=False)
        return started.ends[0]

    # ---- endings --------------------------------------------------------------------------------

    def _on_signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._wait_for_ended()
        elif number in (signal.SIGTERM, signal.SIGHUP) and self._front_end_pid:
            _signal(self._front_end_pid, signal.SIGTERM)

    def _wait_for_ended(self) -> None:
        for child in list(self._running.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._bury(child, status)
        self._browser.wait_for_ended()

    def _bury(self, child: Running, wait_status: int) -> None:
        del self._running[child.pid]
        self._on_errors(child)
        self._close_errors(child)
        started = child.number <= 0 or not child.ends
        child.drop_ends()
        self._sealing.forget(child)
        kills = self._memory_kills.count() - child.kills_before
        ending = judge(wait_status, asked=child.asked, memory_kills=kills)
        if not started and not child.asked:
            ending = Ending(NOT_STARTED, ending.status)
        self._log.write(f"ended {child.number} {child.kind.name}: {ending.kind} {ending.status}")
        if child.pid == self._front_end_pid:
            self._front_end_status = os.waitstatus_to_exitcode(wait_status)
            if self._front_end_status < 0:
                self._front_end_status = 128 - self._front_end_status
            self._lose_front_end()
        else:
            self._send(
                Gone(
                    number=child.number,
                    how=ending.kind,
                    status=ending.status,
                    tail=child.tail.text(),
                )
            )

    def _on_errors(self, child: Running) -> None:
        while child.errors >= 0:
            try:
                data = os.read(child.errors, ERRORS_CHUNK)
            except BlockingIOError:
                return
            if not data:
                self._close_errors(child)
                return
            child.tail.add(data)

    def _close_errors(self, child: Running) -> None:
        if child.errors >= 0:
            self._selector.unregister(child.errors)
            os.close(child.errors)
            child.errors = -1

    def _lose_front_end(self) -> None:
        """Ends every child: their input has closed with the front end, the ladder does the rest."""
        if self._front_end is None:
            return
        self._selector.unregister(self._front_end.connection)
        self._front_end.connection.close()
        self._front_end = None
        for child in self._running.values():
            child.drop_ends()
            child.begin_ladder()

    def _climb_ladders(self) -> None:
        now = time.monotonic()
        for child in self._running.values():
            if not child.last_step_at or now < child.last_step_at:
                continue
            _signal(child.pid, signal.SIGKILL if child.terminated else signal.SIGTERM)
            child.terminated = True
            child.last_step_at = now + TERMINATE_S

    def _send(self, answer: Answer) -> None:
        if self._front_end is not None:
            self._front_end.send(answer)

    def _on_sealed(self, child: Running) -> None:
        """Passes the pipe ends on, now that the process has been proved to be closed off."""
        if self._front_end is None or child.number <= 0:
            return
        self._front_end.send(Started(number=child.number, pid=child.pid), child.ends)
        child.drop_ends()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _signal(pid: int, number: int) -> None:
    """Sends a signal to a child that has not been waited for, so that its pid is still its own."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


@contextlib.contextmanager
def _signals_as_bytes(
    selector: selectors.BaseSelector, on_signal: Callable[[int], None]
) -> Iterator[None]:
    """Turns signals into readable bytes, so that the loop handles them between other events."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    caught = (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

    def arrived() -> None:
        for number in os.read(reading, 4096):
            on_signal(number)

    # Ctrl+C reaches the front end by itself, since both belong to the terminal's group; the handler
    # keeps it from ending the porter first.
    before = {number: signal.signal(number, _noted) for number in caught}
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    selector.register(reading, selectors.EVENT_READ, arrived)
    # A child may have ended before the handler stood.
    on_signal(signal.SIGCHLD)
    try:
        yield
    finally:
        selector.unregister(reading)
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)


def _noted(number: int, frame: object) -> None:
    """Does nothing: the byte in the wake-up pipe is what counts."""
