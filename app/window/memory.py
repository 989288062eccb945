"""How much memory a process has, read where that is cheap."""

import mmap
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """Returns the resident memory of a process; 0 where it cannot be read."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return _asked_of_psutil(pid)


def _asked_of_psutil(pid: int) -> int:
    """Elsewhere than on Linux; imported late because it would lengthen every start."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
