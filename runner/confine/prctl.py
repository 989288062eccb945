"""The process controls that both the porter and its children use."""

import ctypes
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_DUMPABLE = 3
PR_SET_NO_NEW_PRIVS = 38

KILL = 9
"""The signal of that name, which other systems' libraries don't have."""


class RefusalError(OSError):
    """The kernel refused a call; `errno` says why."""


def library() -> ctypes.CDLL:
    """Returns the C library that this process already has."""
    return ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int = 0) -> int:
    """Calls prctl.

    Raises:
        RefusalError: where the kernel refuses.
    """
    result: int = library().prctl(
        ctypes.c_int(option),
        ctypes.c_ulong(value),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
    )
    if result < 0:
        number = ctypes.get_errno()
        raise RefusalError(number, f"prctl {option}")
    return result


def keep_memory_private() -> bool:
    """Closes this process's memory and descriptors to others of the same user, where that works.

    A child without network could otherwise act through its parent: it would write into the
    parent's memory.
    """
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system != "linux":
        return False
    prctl(PR_SET_DUMPABLE, 0)
    return prctl(PR_GET_DUMPABLE) == 0
