"""Reads a model file into the system's page cache before the library maps it.

The library maps a file and asks the kernel for all of it in one call, which takes as long as the
disk does and can't be stopped. Read beforehand in small steps, a cold file shows how far it has
come and can be stopped at any time, and the library's call then finds everything there.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

STEP = 4 * 1024 * 1024

GoingOn = Callable[[float], bool]
"""Is told the share that has been read; says whether to go on."""


def warm(path: Path, going_on: GoingOn) -> bool:
    """Reads what is not in memory yet; False if told to stop.

    Does nothing where the system cannot say what is in memory.
    """
    if not hasattr(os, "RWF_NOWAIT"):
        return True
    buffer = bytearray(STEP)
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        for start in range(0, size, STEP):
            if not _in_memory(file.fileno(), start):
                _read(file.fileno(), buffer, start)
                if not going_on(start / size):
                    return False
    return True


def _in_memory(descriptor: int, start: int) -> bool:
    # Both ends of a step are asked: reading ahead brings the beginning of the next one by itself.
    return all(_byte_in_memory(descriptor, place) for place in (start, start + STEP - 1))


def _byte_in_memory(descriptor: int, place: int) -> bool:
    try:
        _read(descriptor, bytearray(1), place, getattr(os, "RWF_NOWAIT", 0))
    except BlockingIOError:
        return False
    except OSError:  # a file system that knows no such question
        return True
    return True


def _read(descriptor: int, into: bytearray, place: int, flags: int = 0) -> None:
    if sys.platform == "linux":
        os.preadv(descriptor, [into], place, flags)
