"""What a front end can still reach by local sockets, as codes for Monitor. Standard library only.

A window needs its display, what types into it, and, where a screen reader is announced, the
desktop's bus (decision 0163); whether that is open, its own test tells. The others are listed because
a local socket is all that it takes to use them.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from runner.confine.local import input_method_names

DISPLAY_X11, DISPLAY_WAYLAND = "display (X11)", "display (Wayland)"
INPUT_METHOD, ASSISTANCE = "input method", "accessibility bus"
SYSTEM_BUS = "system bus"

SYSTEM_BUS_SOCKET = Path("/run/dbus/system_bus_socket")
SERVICES = {"container service": Path("/run/docker.sock"), "name service": Path("/run/nscd/socket")}


ALLOWED = frozenset({DISPLAY_X11, DISPLAY_WAYLAND, INPUT_METHOD, ASSISTANCE})
"""What a front end that draws may connect to where the porter makes its connections."""


def reachable(
    environment: Mapping[str, str],
    *,
    closed: bool = False,
    draws: bool = True,
    is_read: bool = False,
) -> tuple[str, ...]:
    """Names what listens on a local socket here and would answer a process of this person.

    Args:
        environment: the porter's own.
        closed: it was proved that other places are refused.
        draws: the front end opens windows.
        is_read: it may reach the bus of assistive programs, and these are announced.
    """
    allowed = ALLOWED if draws else frozenset()
    found = {
        DISPLAY_X11: bool(environment.get("DISPLAY")),
        DISPLAY_WAYLAND: bool(environment.get("WAYLAND_DISPLAY")),
        INPUT_METHOD: bool(input_method_names(environment)),
        ASSISTANCE: is_read,
        SYSTEM_BUS: _may_write(SYSTEM_BUS_SOCKET),
        "key agent": bool(environment.get("SSH_AUTH_SOCK")),
        **{name: _may_write(path) for name, path in SERVICES.items()},
    }
    return tuple(name for name, there in found.items() if there and (name in allowed or not closed))


def _may_write(path: Path) -> bool:
    try:
        return path.is_socket() and os.access(path, os.W_OK)
    except OSError:
        return False
