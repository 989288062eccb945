"""A limit on how much more address space this process may take while untrusted work lasts."""

import mmap
import sys
from types import TracebackType
from typing import Self

if sys.platform != "win32":
    import resource


class MemoryLimit:
    """Lets the process grow by some bytes at most within its block; then Python has no memory.

    The limit is the kernel's and holds for every thread, so the block must be short, and nothing
    that can't bear a failed allocation may run beside it: the engine computes nothing meanwhile.
    Where the kernel's numbers can't be read or set, there is no limit, and `in_force` says so.
    """

    def __init__(self, bytes_more: int) -> None:
        self._more = bytes_more
        self._before: tuple[int, int] | None = None

    @property
    def in_force(self) -> bool:
        """Says whether the limit could be set."""
        return self._before is not None

    def __enter__(self) -> Self:
        used = _address_space()
        if used and sys.platform != "win32":
            soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            limit = used + self._more
            if soft == resource.RLIM_INFINITY or soft > limit:
                try:
                    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
                    self._before = (soft, hard)
                except (OSError, ValueError):
                    self._before = None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before and sys.platform != "win32":
            resource.setrlimit(resource.RLIMIT_AS, self._before)


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0
