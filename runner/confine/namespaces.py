"""A network of its own that leads nowhere, and no capability over anything.

Best effort: many containers forbid new namespaces, and the filter of system calls stands without.
"""

import contextlib
import ctypes
import os
import struct
import sys
from pathlib import Path

from runner.confine.prctl import RefusalError, library, prctl
from runner.confine.syscalls import numbers

NEW_USER, NEW_IPC, NEW_NETWORK = 0x10000000, 0x08000000, 0x40000000
PR_DROP_BOUNDING, PR_AMBIENT, AMBIENT_CLEAR = 24, 47, 4
CAPABILITY_VERSION_3 = 0x20080522
MOST_CAPABILITIES = 64


def leave(*, network: bool = True) -> list[str]:
    """Moves this process into user, network and ipc namespaces of its own.

    Must come before any thread exists: the kernel refuses it afterwards.

    Args:
        network: of its own too, which leads nowhere; the gate keeps the system's.

    Returns:
        What is in force, by name.

    Raises:
        RefusalError: where this system does not let it.
    """
    user, group = _this_person()
    spaces = NEW_USER | NEW_IPC | (NEW_NETWORK if network else 0)
    if library().unshare(ctypes.c_int(spaces)) != 0:
        number = ctypes.get_errno()
        raise RefusalError(number, f"unshare: {os.strerror(number)}")
    # The same numbers inside as outside, where the kernel allows it; only cosmetic otherwise.
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return ["user", "network", "ipc"] if network else ["user", "ipc"]


def _this_person() -> tuple[int, int]:
    if sys.platform != "win32":
        return os.getuid(), os.getgid()
    raise RefusalError(0, "no such interface on this system")


def drop_capabilities() -> None:
    """Gives up every capability, those of a new namespace and of the superuser alike."""
    for capability in range(MOST_CAPABILITIES):
        try:
            prctl(PR_DROP_BOUNDING, capability)
        except RefusalError:
            break  # past the last one that this kernel has, or there is nothing to drop
    with contextlib.suppress(RefusalError):
        prctl(PR_AMBIENT, AMBIENT_CLEAR)
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    if library().syscall(ctypes.c_long(numbers()["capset"]), header, bytes(24)) != 0:
        number = ctypes.get_errno()
        raise RefusalError(number, f"capset: {os.strerror(number)}")
