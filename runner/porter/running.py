"""What the porter keeps of one running process. Standard library only."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from runner.channel.packets import Inbox, Outbox, Stream
from runner.confine.local import Inode, Places
from runner.confine.proof import Proof
from runner.porter.ending import Tail
from runner.porter.kinds import Kind
from runner.porter.spawn import Spawned

ASK_S, TERMINATE_S = 2.0, 3.0
"""How long a process has to end by itself once its input is closed, and after a terminate."""

LARGEST_REPORT = 64 * 1024


class Running:
    """One process that has not been waited for yet.

    Attributes:
        number: how the front end names it; 0 is the front end itself.
        ends: pipe ends for the front end, which gets them after the proof, and says that it did.
        passed: they are on their way.
        errors: the porter's end of its standard error, -1 once closed.
        seal: the socket of the sealing, None once the child has closed it.
        plan: goes out over it.
        words: come in over it, one with a descriptor.
        listener: the descriptor on which the kernel reports refused calls, -1 without one.
        link: the kept end of its socket, for the process that is to be linked to it; -1 for none.
        listens: the address on which it takes connections; empty for none.
        attempts: refused calls that count; `noted` are lines of the log about those besides.
        process: on Windows, what keeps it and says how it was started.
        connects: the porter makes its local connections; None before the first, which decides.
        buses: what it may reach of the desktop's buses; None until that is decided, once.
        found: what was read of its walls; None before.
        on_wayland: it has drawn there, and needs no other display.
        with_token: it was given the token in the system's keyring.
        pinned: what was behind the names that it may connect to when it was started.
        asked: the porter was asked to end it.
        is_late: it was ended because it did not seal itself in time.
        last_step_at: when the ladder of `end` goes on, 0 while it stands still.
    """

    def __init__(
        self,
        *,
        number: int,
        kind: Kind,
        started: Spawned,
        readable: tuple[Path, ...],
        writable: tuple[Path, ...],
        kills_before: int,
    ) -> None:
        self.number = number
        self.kind = kind
        self.pid = started.pid
        self.ends = started.ends
        self.passed = False
        self.errors = started.errors
        self.seal: Stream | None = started.seal
        self.plan, self.words = Outbox(started.seal), Inbox(started.seal, LARGEST_REPORT, 1)
        self.link, self.listens = started.link, started.listens
        self.process = started.process
        self.readable, self.writable = readable, writable
        self.kills_before = kills_before
        self.report: Mapping[str, object] = {}
        self.listener = -1
        self.attempts = self.noted = 0
        self.with_token = False
        self.proved = False
        self.connects: bool | None = None
        self.buses: Places | None = None
        self.found: Proof | None = None
        self.on_wayland = False
        self.pinned: frozenset[Inode] = frozenset()
        self.asked = False
        self.started_at = time.monotonic()
        self.is_late = False
        self.last_step_at = 0.0
        self.terminated = False
        self.tail = Tail()

    def give_ends(self) -> tuple[int, ...]:
        """Returns the pipe ends, which are the caller's to close from now on."""
        ends, self.ends = self.ends, ()
        return ends

    def pass_ends(self) -> tuple[int, ...]:
        """Returns copies of the pipe ends, which are the caller's to close."""
        self.passed = True
        return tuple(os.dup(end) for end in self.ends)

    def drop_ends(self) -> None:
        """Closes the ends that nobody will get any more."""
        for descriptor in self.give_ends():
            os.close(descriptor)
        if (link := self.give_link()) >= 0:
            os.close(link)

    def give_link(self) -> int:
        """Returns the kept end of its socket, which is the caller's to close from now on."""
        link, self.link = self.link, -1
        return link

    def begin_ladder(self) -> None:
        """Gives the process its time to end by itself; its input is already closed."""
        if not self.last_step_at:
            self.asked = True
            self.last_step_at = time.monotonic() + ASK_S
