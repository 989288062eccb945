"""Which processes a porter has, for tests that do something to one of them."""

import contextlib
from pathlib import Path

KINDS = ("gate", "courier", "downloading")


def children(porter: int) -> dict[str, int]:
    """Returns the porter's processes by their kind, those that run as themselves already."""
    found = {}
    for pid in Path(f"/proc/{porter}/task/{porter}/children").read_text().split():
        with contextlib.suppress(OSError):  # it has just ended
            command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            found |= {kind: int(pid) for kind in KINDS if kind in command}
    return found
