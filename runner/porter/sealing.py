"""How the porter tells a process to seal itself, hears of it, and proves it.

Standard library only. Over one socket the porter sends the plan and receives the listener for
refused calls and the process's own report; the process then closes the socket, and the porter
reads the proof from /proc. Only then does the front end get the process's pipes.
"""

import errno
import json
import os
import selectors
import time
from collections.abc import Callable, Mapping

from runner.channel.packets import PacketError
from runner.confine import desktop, doors, judged, labels, local, notify, proof
from runner.confine.prctl import KILL
from runner.confine.preloaded import preloaded
from runner.porter.desktop import Desktop
from runner.porter.ending import send_signal
from runner.porter.kinds import Posture
from runner.porter.log import Log
from runner.porter.running import Running
from runner.porter.wire import Answer, Attempt, DesktopSaid, Facts

CONNECT, LOCAL_SOCKET = "connect", "socket unix"
KINDS, DATAGRAMS = 0xF, 2
"""The bits of a socket's type that say what it is, and the type that needs no connection."""

READING = selectors.EVENT_READ
LOGGED_ATTEMPTS = 1000
"""So many attempts of a process are lines of the log, and each that is a multiple of it."""


class Sealing:
    """Speaks with each process while it seals itself, and listens to the kernel afterwards.

    Args:
        selector: the porter's own; listeners and sockets are registered there.
        log: where proofs are written.
        walls: names of the walls to put up, or None for all.
        desktop: knows whether a window needs the desktop's bus.
        send: passes facts and attempts to the front end.
        sealed: called with each process once it has been proved.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        log: Log,
        walls: frozenset[str] | None,
        desktop: Desktop,
        send: Callable[[Answer], None],
        sealed: Callable[[Running], None],
    ) -> None:
        self.selector, self.log, self.walls = selector, log, walls
        self.desktop, self.send, self.sealed = desktop, send, sealed
        # Now, before any window runs: one could put a display of its own in the place of the person's,
        # and answer there what the porter asks. Not what files name: an earlier one may have written it.
        displays = local.places(os.environ, draws=True, files=False)
        self._displays, self._abstract = local.pinned(displays), local.abstract(displays)
        self._x11 = local.pinned(local.Places(local.x11_names(os.environ)))

    def begin(self, child: Running, options: Mapping[str, str]) -> None:
        """Sends a new process its plan and waits for its report."""
        plan = {
            "kind": child.kind.name,
            "posture": child.kind.posture,
            "parent": os.getpid(),
            "readable": [str(path) for path in child.readable],
            "writable": [str(path) for path in child.writable],
            "options": dict(options),
            "walls": None if self.walls is None else sorted(self.walls),
            "devices": child.kind.devices,
            "data_limit_bytes": child.kind.data_limit_bytes,
            "first_to_die": child.kind.first_to_die,
            "unreadable": str(self.log.path),
            "bus": sorted(local.session_bus(os.environ)),
        }
        assert child.seal is not None  # noqa: S101 - a new process always has its socket
        child.pinned = self._displays if child.kind.draws else frozenset()
        child.seal.setblocking(False)
        child.plan.put(json.dumps(plan).encode())
        self.selector.register(child.seal, READING, lambda: self._on_seal(child))
        self._send_plan(child)

    def _send_plan(self, child: Running) -> None:
        """Sends what there is room for; a process that does not read keeps nobody else waiting."""
        assert child.seal is not None  # noqa: S101 - asked before
        try:
            child.plan.flush()
        except OSError:  # it has already ended, which SIGCHLD reports
            child.plan.forget()
        wanted = READING | selectors.EVENT_WRITE if len(child.plan) else READING
        if self.selector.get_key(child.seal).events != wanted:
            self.selector.modify(child.seal, wanted, lambda: self._on_seal(child))

    def forget(self, child: Running) -> None:
        """Closes what is left of a process that has ended."""
        if child.listener >= 0:
            self.selector.unregister(child.listener)
            os.close(child.listener)
            child.listener = -1
        self._close_socket(child)

    def _on_seal(self, child: Running) -> None:
        if child.seal is None:
            return
        if len(child.plan):
            self._send_plan(child)
        try:
            word = child.words.receive()
        except BlockingIOError:
            return
        except (OSError, PacketError):
            word = None
        if word is None:
            self._close_socket(child)
            self._finish(child)
        elif word.descriptors:
            self._listen(child, word.descriptors[0])
        else:
            child.report = _report(word.data)

    def _close_socket(self, child: Running) -> None:
        child.plan.forget()
        child.words.forget()
        if child.seal is not None:
            self.selector.unregister(child.seal)
            child.seal.close()
            child.seal = None

    def _finish(self, child: Running) -> None:
        if not child.report:
            # It ended, which SIGCHLD reports too, or it broke off the sealing: it may not go on.
            send_signal(child.pid, KILL)
            return
        found = proof.read(
            child.pid,
            child.report,
            listened=child.listener >= 0,
            local_sockets=child.kind.posture is Posture.LOCAL_ONLY,
        )
        child.proved, child.found = True, found
        label = doors.label(child.kind.posture, found)
        self.log.write(f"proof {child.number} {child.kind.name}: {label} {found}")
        self._tell(child, found)
        if child.kind.draws:
            self.tell_desktop(child)
        self.sealed(child)

    def _tell(self, child: Running, found: proof.Proof) -> None:
        """Tells what is in force for a process; again, where that has changed."""
        displays = {**os.environ, "DISPLAY": ""} if child.on_wayland else os.environ
        self.send(
            Facts(
                number=child.number,
                pid=child.pid,
                kind=child.kind.name,
                posture=child.kind.posture,
                label=doors.label(child.kind.posture, found),
                means=labels.means(found),
                missing=(*doors.missing(child.kind.posture, found), *_not_given(child)),
                openings=(
                    *labels.openings(
                        found,
                        desktop.reachable(
                            displays,
                            closed=labels.others_closed(found),
                            draws=child.kind.draws,
                            is_read=self.buses_of(child) != local.Places()
                            and self.desktop.said.is_read is True,
                        ),
                    ),
                    *(f"files below {folder}" for folder in child.writable),
                    *([f"listens on {child.listens}"] if child.listens else []),
                    *(preloaded(os.environ) if child.kind.front_end else ()),
                ),
            )
        )

    def tell_desktop(self, child: Running) -> None:
        """Tells a front end what the desktop says, which it does not ask itself."""
        self.send(
            DesktopSaid(
                number=child.number,
                scheme=self.desktop.said.scheme,
                is_read=self.desktop.said.is_read is True,
                has_bus=self.buses_of(child) != local.Places(),
            )
        )

    def buses_of(self, child: Running) -> local.Places:
        """Returns what a process may reach of the desktop's buses; decided at its start, for good."""
        if child.buses is None:
            child.buses = local.Places()
            if child.kind.draws:
                self.desktop.settle()
                child.buses = self.desktop.places()
                child.pinned |= local.pinned(child.buses)
        return child.buses

    # ---- refused calls --------------------------------------------------------------------------

    def _listen(self, child: Running, listener: int) -> None:
        if child.listener >= 0:
            os.close(listener)  # a process has one listener; a second is a trick
            return
        child.listener = listener
        self.selector.register(listener, selectors.EVENT_READ, lambda: self._on_refused(child))

    def _connect(self, child: Running, call: notify.Call) -> tuple[int, bool]:
        """Connects a front end's socket where it may; returns the error, and whether it counts."""
        descriptor, address, length = call.arguments[:3]
        if not notify.is_waiting(child.listener, call):
            return errno.EPERM, False
        error, name = local.connect(
            child.pid,
            descriptor & 0xFFFFFFFF,
            address,
            length & 0xFFFFFFFF,
            lambda place: self._may_reach(child, place),
        )
        if error == 0:
            self.log.write(f"connected {child.number} {child.kind.name} to {name!r}")
            if name in local.wayland_names(os.environ) and not child.on_wayland:
                child.on_wayland = True
                if child.found is not None:
                    self._tell(child, child.found)
        elif error == errno.EPERM:
            self._note(child, f"a local service: {name!r}")
        return error, error == errno.EPERM and not name.startswith(local.QUIET)

    def _note(self, child: Running, what: str) -> None:
        """Logs what was refused besides the count, so often and no oftener."""
        if child.proved and child.noted < LOGGED_ATTEMPTS:
            child.noted += 1
            self.log.write(f"refused {child.number} {child.kind.name} {what}")

    def _by_a_library(self, child: Running, call: notify.Call) -> bool:
        """Says whether libraries make such a call by themselves, so that it is no attempt."""
        if (thread := judged.whom(call.name, call.arguments)) and _is_thread_of(child.pid, thread):
            return True  # it names one of its own threads, as whoever sets its turns does
        if child.kind.posture is Posture.LOCAL_ONLY and call.name == LOCAL_SOCKET:
            return call.arguments[1] & KINDS == DATAGRAMS  # by which they write to the system's log
        return False

    def _may_reach(self, child: Running, place: local.Place) -> bool:
        """Says whether a process may be connected to what a name led to just now."""
        if child.on_wayland and self._is_x11(place):
            return False  # where there are both, what draws on one of them needs no other
        places = local.places(os.environ, draws=child.kind.draws)
        buses = self.buses_of(child)
        if place.name.startswith("@") and not buses.allow(place.name):
            # Nobody else can take an abstract name at which somebody listens.
            if place.name in self._abstract:
                return places.allow(place.name)
            return _is_input_method(child, place)
        if place.held < 0:
            return places.allow(place.name) or buses.allow(place.name)
        if place.path.startswith(local.own_folders(os.environ)):
            # A link to another service may lie there; who listens is asked of the kernel.
            own = local.own_folders(os.environ)
            ours = os.readlink("/proc/self/exe").removesuffix(local.DELETED)  # noqa: PTH115
            return place.program(own) == ours
        if place.inode in child.pinned:
            return True
        # An input method may have come since, and so may the bus of assistive programs.
        if place.path in local.input_method_names(os.environ):
            return _is_input_method(child, place)
        return buses.allow(place.path)

    def _is_x11(self, place: local.Place) -> bool:
        return place.name in local.x11_names(os.environ) or (
            place.held >= 0 and place.inode in self._x11
        )

    def _on_refused(self, child: Running) -> None:
        if child.listener < 0:
            return
        call = notify.receive(child.listener)
        if call is None:
            return  # it has ended
        counts = True
        if call.name == CONNECT and child.kind.posture is Posture.LOCAL_ONLY:
            if child.connects is None:
                # The first is its own test, before it has run anything foreign.
                child.connects = local.can_look(child.pid)
            if not child.connects:
                # Without its display a window is nothing; that nothing holds it here will show.
                notify.let_go(child.listener, call)
                return
            error, counts = self._connect(child, call)
            told = notify.answer(child.listener, call, error)
        elif _asks_for_input_method(child, call):
            told, counts = notify.answer(child.listener, call, 0), False
        else:
            if self._by_a_library(child, call):
                counts = False
                self._note(child, f"{call.name}, as libraries ask for it")
            told = notify.answer(child.listener, call, errno.EPERM)
        if not told or not counts or not child.proved:
            return  # nothing was refused, or it is still testing its own walls
        child.attempts += 1
        if child.attempts <= LOGGED_ATTEMPTS or child.attempts % LOGGED_ATTEMPTS == 0:
            # A process that tries without end must not push what was written before out of the log.
            self.log.write(
                f"attempt {child.number} {child.kind.name}: {call.name} ({child.attempts})"
            )
        self.send(
            Attempt(
                number=child.number,
                pid=child.pid,
                call=call.name,
                at=time.time(),
                total=child.attempts,
            )
        )


def _is_input_method(child: Running, place: local.Place) -> bool:
    """Says whether it is where an input method says that it listens, and whether one does."""
    named = place.path in local.input_method_names(os.environ)
    # Not by its whole name: it lies in another folder on another system.
    ours = named and os.path.basename(place.program()) == local.INPUT_METHOD  # noqa: PTH119
    return child.kind.draws and ours


def _asks_for_input_method(child: Running, call: notify.Call) -> bool:
    """Says whether a window asks if the input method runs, as Qt's plugin does before it connects.

    It asks by a signal that is none and that reaches nobody; the porter answers, and sends nothing.
    """
    if not child.kind.draws or call.name != "kill" or call.arguments[1] & 0xFFFFFFFF:
        return False
    return local.is_input_method(call.arguments[0] & 0xFFFFFFFF)


def _is_thread_of(pid: int, thread: int) -> bool:
    return os.path.exists(f"/proc/{pid}/task/{thread}")  # noqa: PTH110 - as little as possible


def _not_given(child: Running) -> tuple[str, ...]:
    """Says what a process could not be started in."""
    return (
        (f"container: {child.process.missing}",) if child.process and child.process.missing else ()
    )


def _report(word: bytes) -> Mapping[str, object]:
    """Returns what a process says of its walls; nothing where that can't be read, which ends it."""
    try:
        report = json.loads(word)
    except (ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}
