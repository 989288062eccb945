"""What the desktop says, asked by the porter in a window's stead. Standard library only.

A window needs the desktop's bus for two things: to be read out by a screen reader, and to know
whether the desktop is dark. The second is one question, which the porter puts; only where somebody
has announced the first is the bus open to the window (decision 0163).
"""

import contextlib
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from runner.confine.local import PEER, Places, bus_names, buses, input_method_names, session_bus
from runner.confine.openings import UNIX
from runner.porter.bus import ANSWER, ERROR, NO_START, SIGNAL, BusError, Listener, call, greeting
from runner.porter.portal import (
    BUS,
    BUS_PATH,
    PORTAL,
    PORTAL_PATH,
    SCHEME_PLACE,
    SETTINGS,
    Asker,
)
from runner.values import Value

SCHEME = "LIGHTWELL_SCHEME"
WISH = "LIGHTWELL_DESKTOP_BUS"
"""`open` or `closed`: a person's own word on it."""

ALWAYS_READ = "QT_LINUX_ACCESSIBILITY_ALWAYS_ON"
ASSISTANCE, ASSISTANCE_PATH = "org.a11y.Bus", "/org/a11y/bus"
GET = "org.freedesktop.DBus.Properties.Get"
CHANGES = (
    f"type='signal',sender='{ASSISTANCE}',path='{ASSISTANCE_PATH}'",
    f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{ASSISTANCE}'",
    f"type='signal',sender='{PORTAL}',path='{PORTAL_PATH}',interface='{SETTINGS}'",
)
"""What the porter wants to hear of."""

CHANGED = frozenset({ASSISTANCE, "org.a11y.Status"})
"""The first word of the changes that are asked about again."""

SCHEMES = {1: "dark", 2: "light"}
PATIENCE_S = 0.5
"""How long a front end's own connection to the bus waits for the answers."""


class Said(Value):
    """What is known of the desktop.

    Attributes:
        scheme: `dark` or `light`; empty where it says neither.
        is_read: a screen reader or another assistive program is announced; None where not known.
        reading_bus: names of the bus over which these speak.
    """

    scheme: str = ""
    is_read: bool | None = None
    reading_bus: frozenset[str] = frozenset()


def without_bus(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns variables that have libraries not even try a closed bus, and say nothing about it.

    A try that comes all the same is an attempt, and counted.
    """
    rules = environment.get("QT_LOGGING_RULES", "")
    return {
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "NO_AT_BRIDGE": "1",
        "QT_LOGGING_RULES": f"{rules};qt.qpa.theme.dbus=false;qt.qpa.theme.gnome=false".strip(";"),
    }


class Desktop:
    """Asks the session bus, and goes on listening for changes.

    Thread: the porter's.

    Args:
        selector: the porter's own.
        note: writes a line into the porter's log.
        environment: the porter's own.
        changed: called after what is known has changed.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        note: Callable[[str], None],
        environment: Mapping[str, str],
        changed: Callable[[], None],
    ) -> None:
        self.said = Said()
        self._selector = selector
        self._note = note
        self._environment = environment
        self._changed = changed
        self._bus: socket.socket | None = None
        self._asker: Asker | None = None
        self._listener = Listener()
        self._asked: dict[int, str] = {}
        self._number = 0
        self._found: dict[str, object] = {}

    @property
    def is_open(self) -> bool:
        """Whether a window may use the bus: it is read out over it, or types over it.

        Where the desktop has not said, it may: a window that a screen reader can't reach is worse
        than one more opening, which is shown.
        """
        wish = self._environment.get(WISH, "")
        if wish in {"open", "closed"}:
            return wish == "open"
        if self._environment.get(ALWAYS_READ) == "1" or self.said.is_read is not False:
            return True
        return not input_method_names(self._environment).isdisjoint(session_bus(self._environment))

    def places(self) -> Places:
        """Returns what a window may reach besides its display: the buses, or nothing."""
        return buses(self._environment, self.said.reading_bus) if self.is_open else Places()

    def begin(self) -> None:
        """Asks; the answers come by the selector."""
        if self._bus is None and not self._connect():
            self._know(is_read=False)

    def settle(self, seconds: float = PATIENCE_S) -> None:
        """Waits until it is known whether the window is read out, or for so long."""
        until = time.monotonic() + seconds
        while self._bus is not None and self.said.is_read is None:
            with selectors.DefaultSelector() as waiting:
                waiting.register(self._bus, selectors.EVENT_READ)
                if not waiting.select(max(0.0, until - time.monotonic())):
                    self._note("the desktop's bus did not answer in time")
                    return
            self._on_word()

    def close(self) -> None:
        """Lets go of the bus."""
        if self._asker is not None:
            self._selector.unregister(self._asker.answer)
            self._asker.stop()
            self._asker = None
        if self._bus is not None:
            self._selector.unregister(self._bus)
            self._bus.close()
            self._bus = None

    def _connect(self) -> bool:
        bus = reach(self._environment, self._note)
        if bus is None:
            return False
        bus.setblocking(False)
        self._bus, self._listener = bus, Listener()
        self._selector.register(bus, selectors.EVENT_READ, self._on_word)
        self._ask("hello", BUS, BUS_PATH, f"{BUS}.Hello")
        for rule in CHANGES:
            self._ask("", BUS, BUS_PATH, f"{BUS}.AddMatch", rule)
        self._ask_all()
        self._ask_portal()
        return True

    def _ask_portal(self) -> None:
        """Has the portal asked; it tells of changes by itself."""
        self._found.pop("scheme", None)
        if self._asker is None:
            try:
                self._asker = Asker(lambda: reach(self._environment, lambda line: None))
            except OSError as error:
                self._note(f"the portal is not asked: {error}")
                return
            self._selector.register(self._asker.answer, selectors.EVENT_READ, self._on_portal)

    def _on_portal(self) -> None:
        if self._asker is None:
            return  # the bus has gone, which was heard of in the same turn of the loop
        self._selector.unregister(self._asker.answer)
        said, self._asker = self._asker.hear(), None
        if "scheme" not in self._found:  # a change that came meanwhile is newer
            self._learn("scheme", said)

    def _ask_all(self) -> None:
        status = "org.a11y.Status"
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            self._ask(name, ASSISTANCE, ASSISTANCE_PATH, GET, status, name, flags=NO_START)

    def _ask(self, what: str, *words: str, flags: int = 0) -> None:
        if self._bus is None:
            return
        self._number += 1
        self._asked[self._number] = what
        destination, path, method, *texts = words
        try:
            self._bus.sendall(call(self._number, destination, path, method, *texts, flags=flags))
        except OSError:
            self._lose("it takes nothing more")

    def _on_word(self) -> None:
        if self._bus is None:
            return  # it was let go of in the same turn of the loop, by who waited for its answer
        try:
            data = self._bus.recv(64 * 1024)
            messages = self._listener.take(data) if data else None
        except BlockingIOError:
            return
        except (OSError, BusError) as error:
            self._lose(str(error))
            return
        if messages is None:
            self._lose("it has closed")
            return
        before = self.said
        for message in messages:
            if message.kind == SIGNAL:
                if message.values[:2] == SCHEME_PLACE:
                    self._hear("scheme", message.values[2] if message.values[2:] else None)
                elif message.value in CHANGED:
                    self._ask_all()
            elif message.kind in (ANSWER, ERROR):
                what = self._asked.pop(message.reply_to, "")
                self._hear(what, message.value if message.kind == ANSWER else None)
        if self.said != before:
            self._changed()

    def _learn(self, what: str, value: object) -> None:
        before = self.said
        self._hear(what, value)
        if self.said != before:
            self._changed()

    def _hear(self, what: str, value: object) -> None:
        self._found[what] = value
        if what == "scheme":
            self.said = Said(
                SCHEMES.get(value if isinstance(value, int) else 0, ""),
                self.said.is_read,
                self.said.reading_bus,
            )
        elif what == "address":
            self._know(is_read=True, address=value if isinstance(value, str) else "")
        elif what in {"IsEnabled", "ScreenReaderEnabled"}:
            if not {"IsEnabled", "ScreenReaderEnabled"} <= set(self._found):
                return
            if self._found["IsEnabled"] is True or self._found["ScreenReaderEnabled"] is True:
                self._ask("address", ASSISTANCE, ASSISTANCE_PATH, f"{ASSISTANCE}.GetAddress")
            else:
                self._know(is_read=False)

    def _know(self, *, is_read: bool, address: str = "") -> None:
        self.said = Said(self.said.scheme, is_read, frozenset(bus_names(address)))

    def _lose(self, why: str) -> None:
        self._note(f"the desktop's bus is gone: {why}")
        with contextlib.suppress(OSError):
            self.close()
        if self.said.is_read is None:
            self._know(is_read=False)


def reach(environment: Mapping[str, str], note: Callable[[str], None]) -> socket.socket | None:
    """Connects to the session's bus and says who is there; None where there is no bus to be trusted.

    Args:
        environment: says where the bus is.
        note: hears of a place that is none.
    """
    for name in sorted(session_bus(environment)):
        bus = socket.socket(UNIX, socket.SOCK_STREAM)
        bus.setblocking(False)
        try:
            bus.connect(name.replace("@", "\0", 1) if name.startswith("@") else name)
            if is_a_front_end(bus):
                # It could say where a bus of assistive programs is, and press the button of the
                # porter's own question over that.
                raise PermissionError(f"a window listens at {name}")
            bus.sendall(greeting(_own_number()))
        except PermissionError as refused:
            note(f"no desktop's bus: {refused}")
            bus.close()
        except OSError:
            bus.close()
        else:
            return bus
    return None


def is_a_front_end(connection: socket.socket) -> bool:
    """Says whether a window or terminal of this app listens at the other end, as far as can be told.

    It runs this interpreter, or hides what it runs, and can gain no privileges; no bus is like that.
    """
    if not PEER:
        return False
    listener = connection.getsockopt(socket.SOL_SOCKET, PEER, 12)
    place = Path(f"/proc/{int.from_bytes(listener[:4], sys.byteorder)}")
    try:
        if "NoNewPrivs:\t1" not in (place / "status").read_text():
            return False
    except OSError:
        return False  # a system that shows no processes, or it has ended
    try:
        return (place / "exe").readlink() == Path("/proc/self/exe").readlink()
    except OSError:
        return True


def _own_number() -> int:
    """Returns this person's number; a system without such numbers has no such bus either."""
    number: int = getattr(os, "getuid", int)()
    return number
