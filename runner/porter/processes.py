"""Every process that the porter has started and not waited for yet. Standard library only."""

import os
import selectors
import signal
import time
from collections.abc import Callable

from runner.confine.prctl import KILL
from runner.porter.ending import (
    NOT_STARTED,
    Ending,
    MemoryKills,
    ended,
    judge,
    send_signal,
)
from runner.porter.kinds import Kind
from runner.porter.log import Log
from runner.porter.running import TERMINATE_S, Running
from runner.porter.sealing import Sealing
from runner.porter.spawn import Spawned
from runner.porter.wire import Start

ERRORS_CHUNK = 64 * 1024
MOST_CHUNKS = 16

SEAL_S = 60.0
"""How long a process may take to be sealed, some thousand times what it takes; a front end has no limit."""

Buried = Callable[[Running, int, Ending], None]
"""Called with a process that has ended, its wait status, and what that means."""


class Processes:
    """Keeps processes in mind from their start until they have been waited for.

    Thread: the porter's.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        log: Log,
        memory_kills: MemoryKills,
        sealing: Sealing,
        buried: Buried,
    ) -> None:
        self._selector = selector
        self._log = log
        self._memory_kills = memory_kills
        self._sealing = sealing
        self._buried = buried
        self._running: dict[int, Running] = {}

    def __len__(self) -> int:
        return len(self._running)

    def pids(self) -> list[int]:
        """Returns the ids of the processes that run."""
        return list(self._running)

    @property
    def is_timed(self) -> bool:
        """Whether a process is being ended step by step, or has still to seal itself."""
        return any(
            child.last_step_at or (child.number and not child.proved)
            for child in self._running.values()
        )

    def adopt(
        self,
        kind: Kind,
        started: Spawned,
        number: int,
        request: Start | None = None,
        *,
        keep_ends: bool = True,
        with_token: bool = False,
    ) -> None:
        """Keeps a new process in mind and begins to seal it."""
        reads, writes = (request.readable, request.writable) if request else ((), ())
        paths = " ".join(map(str, (*reads, *(("writes", *writes) if writes else ()))))
        self._log.write(f"start {number} {kind.name} pid {started.pid} reads {paths}".rstrip())
        child = Running(
            number=number,
            kind=kind,
            started=started,
            readable=reads,
            writable=writes,
            kills_before=self._memory_kills.count(),
        )
        if not keep_ends:
            child.give_ends()  # whoever started it reads them
        child.with_token = with_token
        self._running[started.pid] = child
        if child.errors >= 0:
            self._selector.register(
                child.errors, selectors.EVENT_READ, lambda: self._read_errors(child)
            )
        if child.process is not None:
            self._selector.register(child.process, selectors.EVENT_READ, self.wait_for_ended)
        if started.relay is not None:
            started.relay(self._selector)
        self._sealing.begin(child, dict(request.options) if request else {})

    def find(self, number: int) -> Running | None:
        """Returns the process of a number, or None."""
        return next((one for one in self._running.values() if one.number == number), None)

    def give_link(self, kind: str, named: str = "") -> int:
        """Returns the kept end of a process of a kind that is not linked yet, else -1.

        Args:
            kind: the process's.
            named: its number; empty for the newest one's.
        """
        for child in reversed(self._running.values()):
            is_meant = child.kind.name == kind and named in {"", str(child.number)}
            if is_meant and child.link >= 0:
                return child.give_link()
        return -1

    def delivered(self, number: int) -> None:
        """Closes the pipe ends of a process that its front end has received."""
        child = self.find(number)
        if child is not None and child.passed:
            for descriptor in child.give_ends():
                os.close(descriptor)

    def end(self, number: int, *, hard: bool) -> None:
        """Ends a process by a signal; one that has just ended by itself will be reported so."""
        for child in self._running.values():
            if child.number == number:
                child.asked = True
                self._log.write(f"{'kill' if hard else 'terminate'} {number}")
                send_signal(child.pid, KILL if hard else signal.SIGTERM)

    def end_all(self) -> None:
        """Begins to end every process: their input has closed, the ladder does the rest."""
        for child in self._running.values():
            child.drop_ends()
            child.begin_ladder()

    def climb_ladders(self) -> None:
        """Takes the next step with each process that has not sealed itself, or ended, in its time."""
        now = time.monotonic()
        for child in self._running.values():
            late = child.number and not child.proved and now > child.started_at + SEAL_S
            if late and not child.is_late:
                child.is_late = True
                said = f"it was not sealed within {SEAL_S:.0f} s"
                child.tail.add(f"{said}\n".encode())  # what the front end is told of its end
                self._log.write(f"kill {child.number}: {said}")
                send_signal(child.pid, KILL)
        for child in self._running.values():
            if child.last_step_at and now >= child.last_step_at:
                send_signal(child.pid, KILL if child.terminated else signal.SIGTERM)
                child.terminated = True
                child.last_step_at = now + TERMINATE_S

    def wait_for_ended(self) -> None:
        """Waits for the processes that have ended, so that none stays a zombie."""
        for child in list(self._running.values()):
            if (status := ended(child.pid)) is not None:
                self._bury(child, status)

    def _bury(self, child: Running, wait_status: int) -> None:
        del self._running[child.pid]
        for _ in range(MOST_CHUNKS):  # as much as a pipe holds, should somebody still write
            if not self._read_errors(child):
                break
        self._close_errors(child)
        # The ends are passed on once it is sealed; who still has them all never got so far.
        never_ready = bool(child.ends) and not child.passed
        child.drop_ends()
        self._sealing.forget(child)
        if child.process is not None:
            self._selector.unregister(child.process)
            child.process.end()
        kills = self._memory_kills.count() - child.kills_before
        ending = judge(wait_status, asked=child.asked, memory_kills=kills)
        if never_ready and not child.asked:
            ending = Ending(NOT_STARTED, ending.status)
        self._log.write(f"ended {child.number} {child.kind.name}: {ending.kind} {ending.status}")
        self._buried(child, wait_status, ending)

    def _read_errors(self, child: Running) -> bool:
        """Reads what fits into one chunk; says whether there may be more.

        One at a time: whoever writes without end must keep nobody else waiting.
        """
        if child.errors < 0:
            return False
        try:
            data = os.read(child.errors, ERRORS_CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._close_errors(child)
            return False
        child.tail.add(data)
        return True

    def _close_errors(self, child: Running) -> None:
        if child.errors >= 0:
            self._selector.unregister(child.errors)
            os.close(child.errors)
            child.errors = -1
