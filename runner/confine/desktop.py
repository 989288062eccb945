"""What a front end can still reach by local sockets, as codes for Monitor. Standard library only.

A window needs its display and, for screen readers and the system's colours, the desktop's bus. On
most desktops that bus also starts programs, so it is an opening and is shown as one (decision
0012). The others are listed because a local socket is all that it takes to use them.
"""

import os
from collections.abc import Mapping
from pathlib import Path

DISPLAY_X11, DISPLAY_WAYLAND = "display (X11)", "display (Wayland)"
DESKTOP_BUS, SYSTEM_BUS = "desktop bus", "system bus"

SYSTEM_BUS_SOCKET = Path("/run/dbus/system_bus_socket")
SERVICES = {"container service": Path("/run/docker.sock"), "name service": Path("/run/nscd/socket")}


ALLOWED = frozenset({DISPLAY_X11, DISPLAY_WAYLAND, DESKTOP_BUS})
"""What a front end may connect to where the porter makes its connections."""


def reachable(environment: Mapping[str, str], *, closed: bool = False) -> tuple[str, ...]:
    """Names what listens on a local socket here and would answer a process of this person.

    Args:
        environment: the porter's own.
        closed: it was proved that other places are refused.
    """
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    found = {
        DISPLAY_X11: bool(environment.get("DISPLAY")),
        DISPLAY_WAYLAND: bool(environment.get("WAYLAND_DISPLAY")),
        DESKTOP_BUS: bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))
        or (runtime != "" and _may_write(Path(runtime) / "bus")),
        SYSTEM_BUS: _may_write(SYSTEM_BUS_SOCKET),
        "key agent": bool(environment.get("SSH_AUTH_SOCK")),
        **{name: _may_write(path) for name, path in SERVICES.items()},
    }
    return tuple(name for name, there in found.items() if there and (name in ALLOWED or not closed))


def _may_write(path: Path) -> bool:
    try:
        return path.is_socket() and os.access(path, os.W_OK)
    except OSError:
        return False
