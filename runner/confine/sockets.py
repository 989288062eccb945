"""Which sockets a process holds, as the system lists them. Standard library only."""

from pathlib import Path

UNKNOWN = (-1, -1)
LISTENER = "anon_inode:seccomp"


def held(pid: int) -> tuple[int, int]:
    """Counts a process's sockets, and those that are no local ones.

    A local socket stands in the system's list of them; every other one counts as a way out,
    whether or not it is connected. What cannot be read is -1.
    """
    try:
        entries = list(Path(f"/proc/{pid}/fd").iterdir())
        local = _local(pid)
    except OSError:
        return UNKNOWN
    inodes = [inode for entry in entries if (inode := _inode(entry))]
    return len(inodes), sum(inode not in local for inode in inodes)


def listeners(pid: int) -> int:
    """Counts the listeners for refused calls that a process holds; -1 where that cannot be read.

    Whoever holds one decides over the calls of the process that it belongs to.
    """
    try:
        entries = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return -1
    return sum(_target(entry).startswith(LISTENER) for entry in entries)


def _inode(entry: Path) -> str:
    """Returns a socket's number; empty for anything else, or what was closed meanwhile."""
    target = _target(entry)
    return target[len("socket:[") : -1] if target.startswith("socket:[") else ""


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""


def _local(pid: int) -> frozenset[str]:
    """Returns the numbers of the local sockets that this process or the porter can see."""
    found: set[str] = set()
    for place in (f"/proc/{pid}/net/unix", "/proc/self/net/unix"):
        lines = Path(place).read_text(errors="replace").splitlines()[1:]
        found |= {fields[6] for line in lines if len(fields := line.split()) > 6}
    return frozenset(found)
