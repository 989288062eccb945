"""The porter's loop: does what its front end may ask, and tells it how each process ended.

Standard library only, so that `lightwell` starts at once. One thread: every process is started
from it, because a parent-death signal follows the thread that started the child.
"""

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from runner.channel.packets import Stream
from runner.confine import sockets
from runner.confine.prctl import keep_memory_private
from runner.porter import first
from runner.porter.address import YES, Browser, Question
from runner.porter.desktop import SCHEME, Desktop, without_bus
from runner.porter.ending import Ending, MemoryKills, send_signal
from runner.porter.front_end import FrontEnd
from runner.porter.hubs import TOKEN, TOKEN_VARIABLE, Hubs
from runner.porter.kinds import LINK, Kind, Table
from runner.porter.log import Log, state_folder
from runner.porter.processes import Processes
from runner.porter.running import Running
from runner.porter.sealing import Sealing
from runner.porter.signals import CHILD_ENDED, HUNG_UP, signals_as_bytes
from runner.porter.spawn import Spawned
from runner.porter.wire import (
    AddressAnswer,
    Answer,
    End,
    Gone,
    Got,
    KeepSecret,
    Look,
    Looked,
    NotDone,
    OpenAddress,
    OpenFolder,
    Refused,
    Start,
    Started,
    decode_request,
)

if sys.platform == "win32":
    from runner.porter import windows_child as spawn
    from runner.porter.windows_keyring import Keyring
    from runner.porter.windows_loop import Loop as Selector
else:
    from selectors import DefaultSelector as Selector

    from runner.porter import spawn
    from runner.porter.keyring import Keyring

MOST_PROCESSES = 16
STEP_S = 0.25

FRONT_END, HELPER = 0, -1
"""Numbers of the processes that no front end asked for."""

PORT, LAST_PORT = "port", 65535
"""The option that says on which port a service listens."""

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
        self._selector = Selector()
        self._used_numbers: set[int] = set()
        self._front_end: FrontEnd | None = None
        self._front_end_pid = 0
        self._front_end_status = 0
        self._desktop = Desktop(self._selector, self._log.write, os.environ, self._on_desktop)
        self._sealing = Sealing(
            self._selector, self._log, walls, self._desktop, self._send, self._on_sealed
        )
        self._processes = Processes(
            self._selector,
            self._log,
            MemoryKills() if memory_kills is None else memory_kills,
            self._sealing,
            self._on_buried,
        )
        self._browser = Browser(self._log, self._ask_person)
        self._hubs = Hubs(os.environ)
        self._keyring = Keyring(self._selector, os.environ)
        self._held: dict[str, list[Start]] = {}

    # ---- life -----------------------------------------------------------------------------------

    def run(self, front_end: str, arguments: Sequence[str] = ()) -> int:
        """Starts a front end, serves it until it ends, and returns its exit status."""
        self._close_off()
        return self.run_started(front_end, spawn.start_front_end(self._table[front_end], arguments))

    def run_started(self, front_end: str, started: Spawned) -> int:
        """Serves a front end that was started, until it ends, and returns its exit status.

        It waits for its plan until here, so that nothing of it runs beside an open porter. One that
        a signal ended gives 128 and the signal's number, as shells do.
        """
        self._close_off()
        kind = self._table[front_end]
        assert started.porter is not None  # noqa: S101 - start_front_end always makes one
        self._front_end_pid = started.pid
        self._processes.adopt(kind, started, FRONT_END)
        if kind.draws:
            # While it closes itself off, the answers are on their way.
            self._desktop.begin()
        self._loop(started.porter)
        return self._front_end_status

    def serve(self, connection: Stream) -> None:
        """Serves a front end that somebody else started, until it closes its socket."""
        self._close_off()
        self._loop(connection)

    def _close_off(self) -> None:
        """Keeps this process's memory and descriptors to itself."""
        first.keep_descriptors_private()
        if self._walls is None or PRIVATE_PORTER in self._walls:
            keep_memory_private()

    def _loop(self, connection: Stream) -> None:
        self._front_end = FrontEnd(connection)
        self._selector.register(connection, selectors.EVENT_READ, self._on_request)
        with signals_as_bytes(self._selector, self._on_signal):
            self._on_signal(CHILD_ENDED)  # of one that ended before anybody listened
            while self._serving():
                for key, _ in self._selector.select(STEP_S if self._processes.is_timed else None):
                    action: Callable[[], None] = key.data
                    action()
                self._processes.climb_ladders()
                self._watch_room()
        self._desktop.close()

    def _serving(self) -> bool:
        return self._front_end is not None or len(self._processes) > 0

    def _watch_room(self) -> None:
        if self._front_end is not None:
            wanted = 0 if self._front_end.crowded else selectors.EVENT_READ
            if self._front_end.behind:
                wanted |= selectors.EVENT_WRITE
            self._selector.modify(self._front_end.connection, wanted, self._on_request)

    def _on_signal(self, number: int) -> None:
        if number == CHILD_ENDED:
            self._processes.wait_for_ended()
            self._browser.wait_for_ended()
            self._keyring.wait_for_ended()
        elif number in (signal.SIGTERM, HUNG_UP) and self._front_end_pid:
            send_signal(self._front_end_pid, signal.SIGTERM)

    # ---- requests -------------------------------------------------------------------------------

    def _on_request(self) -> None:
        front_end = self._front_end
        if front_end is None:
            return
        front_end.flush()
        packet = front_end.receive()
        if packet is None:
            self._lose_front_end()
        elif packet:
            self._answer(packet)

    def _answer(self, packet: bytes) -> None:
        number = 0
        try:
            request = decode_request(packet)
            number = request.number
            match request:
                case Start():
                    self._start(request)
                case End():
                    self._forget_held(number)
                    self._processes.end(request.number, hard=request.hard)
                case Got():
                    self._processes.delivered(number)
                case OpenAddress():
                    self._log.write(f"asked to open {request.url}")
                    self._when_answered(number, self._browser.ask(request.url))
                case OpenFolder():
                    self._log.write(f"asked to open {request.path}")
                    self._when_answered(number, self._browser.ask_folder(request.path))
                case KeepSecret():
                    self._keyring.keep(
                        request.secret,
                        lambda kept, _: self._send(AddressAnswer(number=number, opened=kept)),
                    )
                case Look():
                    self._look(request)
        except Refused as refusal:
            number = number or refusal.number
            self._log.write(f"refused {number}: {refusal.code} {refusal.detail}")
            self._send(NotDone(number=number, code=refusal.code, detail=refusal.detail))

    def _start(self, request: Start) -> None:
        kind = self._allowed(request)
        if place := self._hubs.to_ask(request.options):
            self._hold(place, request)
            return
        besides = self._hubs.variables(request.options)
        if TOKEN in request.options:
            self._keyring.look_up(
                lambda _, token: self._start_with(request, {**besides, TOKEN_VARIABLE: token})
            )
        else:
            self._spawn(kind, request, besides)

    def _start_with(self, request: Start, besides: Mapping[str, str]) -> None:
        """Starts what had to wait for the keyring."""
        try:
            self._spawn(self._allowed(request), request, besides)
        except Refused as refusal:
            self._send(NotDone(number=request.number, code=refusal.code, detail=refusal.detail))

    def _spawn(self, kind: Kind, request: Start, besides: Mapping[str, str]) -> None:
        try:
            link, listens = self._socket_of(kind, request.options)
            files = (request.readable, request.writable)
            started = spawn.start_child(kind, link, listens, besides, files)
        except OSError as error:
            raise Refused("porter.cannot_start", str(error)) from error
        self._used_numbers.add(request.number)
        with_token = bool(besides.get(TOKEN_VARIABLE))
        self._processes.adopt(kind, started, request.number, request, with_token=with_token)

    def _hold(self, place: str, request: Start) -> None:
        """Lets a start wait until the person has said whether that Hub may be used."""
        if place in self._held:
            if len(self._held[place]) >= MOST_PROCESSES:
                raise Refused("porter.too_many", str(MOST_PROCESSES))
            self._held[place].append(request)
            return
        if self._held:
            # One at a time, as of addresses: nobody is to be buried in questions.
            raise Refused("porter.busy_asking", "another question waits for an answer")
        try:
            answer = self._ask_person(place)
        except OSError as error:
            raise Refused("porter.cannot_ask", str(error)) from error
        self._log.write(f"asks whether {place} may be used")
        self._held[place] = [request]

        def answered() -> None:
            self._selector.unregister(answer)
            agreed = os.read(answer, 16).strip() == YES
            os.close(answer)
            self._log.write(f"{'agreed to' if agreed else 'declined'} {place}")
            if agreed:
                self._hubs.agree(place)
            for held in self._held.pop(place):
                self._go_on(held, agreed=agreed)

        self._selector.register(answer, selectors.EVENT_READ, answered)

    def _forget_held(self, number: int) -> None:
        """Drops a start that nobody waits for any more; the question stays until it is answered."""
        for place, held in self._held.items():
            if any(one.number == number for one in held):
                self._held[place] = [one for one in held if one.number != number]
                self._send(NotDone(number=number, code="porter.hub_declined", detail="given up"))

    def _go_on(self, held: Start, *, agreed: bool) -> None:
        try:
            if not agreed:
                raise Refused("porter.hub_declined", "the person said no")
            self._start(held)
        except Refused as refusal:
            self._send(NotDone(number=held.number, code=refusal.code, detail=refusal.detail))

    def _socket_of(self, kind: Kind, options: Mapping[str, str]) -> tuple[int, str]:
        """Returns the socket that a process of this kind is started with, and where it listens."""
        if kind.listens:
            port = options.get(PORT, "0")
            if not port.isdecimal() or int(port) > LAST_PORT:
                raise Refused("porter.bad_request", "no port")
            return spawn.listening(int(port))
        if not kind.link_to:
            return -1, ""
        link = self._processes.give_link(kind.link_to, options.get(LINK, ""))
        if link < 0:
            raise Refused("porter.no_link", kind.link_to)
        return link, ""

    def _allowed(self, request: Start) -> Kind:
        kind = self._table.get(request.kind)
        if kind is None or kind.front_end:
            raise Refused("porter.unknown_kind", request.kind)
        if request.number in self._used_numbers:
            raise Refused("porter.bad_request", "the number was used before")
        if len(self._processes) >= MOST_PROCESSES:
            raise Refused("porter.too_many", str(MOST_PROCESSES))
        if unknown := set(request.options) - kind.options - ({LINK} if kind.link_to else set()):
            raise Refused("porter.bad_request", f"unknown options {sorted(unknown)}")
        if request.writable and not kind.writes:
            raise Refused("porter.bad_request", f"{kind.name} writes nothing")
        for path in (*request.readable, *request.writable):
            if not _exists(path):
                raise Refused("porter.no_such_path", str(path))
        return kind

    def _when_answered(self, number: int, question: Question) -> None:
        def answered() -> None:
            self._selector.unregister(question.answer)
            opened = self._browser.settle(question)
            self._send(AddressAnswer(number=number, opened=opened))

        self._selector.register(question.answer, selectors.EVENT_READ, answered)

    def _look(self, request: Look) -> None:
        """Counts sockets: not only at the start of a process, and this one's own too."""
        own = os.getpid()
        pids = [own, *self._processes.pids()]
        counted = {str(pid): sockets.held(pid) for pid in pids}
        self._send(Looked(number=request.number, at=time.time(), porter=own, sockets=counted))

    def _ask_person(self, place: str) -> int:
        """Starts the process that asks the person about an address or a folder."""
        kind = self._table[CONFIRM]
        # It has no way to the porter, so it is told at its start; a terminal has asked nothing yet.
        self._desktop.begin()
        self._desktop.settle()
        said = {SCHEME: self._desktop.said.scheme}
        if not self._desktop.is_open:
            said |= without_bus(os.environ)
        started = spawn.start_helper(kind, [place], said)
        self._processes.adopt(kind, started, HELPER, keep_ends=False)
        return started.ends[0]

    # ---- telling the front end ------------------------------------------------------------------

    def _send(self, answer: Answer) -> None:
        if self._front_end is not None:
            self._front_end.send(answer)

    def _on_sealed(self, child: Running) -> None:
        """Passes the pipe ends on, now that the process has been proved to be closed off."""
        if self._front_end is not None and child.number > FRONT_END:
            started = Started(number=child.number, pid=child.pid, with_token=child.with_token)
            self._front_end.send(started, child.pass_ends())

    def _on_desktop(self) -> None:
        """Tells the front end what the desktop says now."""
        front_end = self._processes.find(FRONT_END)
        if front_end is not None and front_end.proved:
            self._sealing.tell_desktop(front_end)

    def _on_buried(self, child: Running, wait_status: int, ending: Ending) -> None:
        if child.pid == self._front_end_pid:
            status = os.waitstatus_to_exitcode(wait_status)
            self._front_end_status = status if status >= 0 else 128 - status
            self._lose_front_end()
        else:
            tail = child.tail.text()
            gone = Gone(number=child.number, how=ending.kind, status=ending.status, tail=tail)
            self._send(gone)

    def _lose_front_end(self) -> None:
        """Ends everything: without its front end no process has work."""
        if self._front_end is not None:
            self._selector.unregister(self._front_end.connection)
            self._front_end.close()
            self._front_end = None
            self._processes.end_all()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
