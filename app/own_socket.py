"""Sockets below this person's own folder, where a window listens. Knows no Qt."""

import errno
import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.channel import packets
from runner.library.paths import make_private

if sys.platform == "win32":
    from runner.channel import windows_door

    Connection = windows_door.Connection
    Listener = windows_door.Listener
else:
    Connection = socket.socket
    Listener = socket.socket

LONGEST_NAME = 107 if sys.platform == "linux" else 103
"""Linux has 108 bytes for a socket's name, others 104; and programs put a zero at its end."""


def make_own(folder: Path) -> None:
    """Makes the folder where it is missing.

    Raises:
        OSError: it can't be made, or another person could write to it.
    """
    make_private(folder)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or _is_anothers(seen):
        raise PermissionError(f"{folder} is not this person's alone")


def listening_at(path: Path, most_waiting: int) -> Listener:
    """Returns a socket that takes connections; what lies there is left over from an earlier start.

    Raises:
        OSError: the folder is not this person's alone, or can't be used.
    """
    if sys.platform == "win32":
        return Listener(path)
    else:
        listener = packets.stream()
        listener.setblocking(False)
        try:
            make_own(path.parent)
            path.unlink(missing_ok=True)
            with short_name(path) as name:
                listener.bind(name)
            listener.listen(most_waiting)
        except OSError:
            listener.close()
            raise
        return listener


def knock_at(path: Path, said: bytes, timeout_s: float | None = None) -> Connection:
    """Says something to who listens there; returns the connection.

    Raises:
        OSError: nobody listens, or does not take it in time.
    """
    speaker = _connected(path, timeout_s)
    try:
        packets.send(speaker, said)
    except OSError:
        speaker.close()
        raise
    return speaker


if sys.platform == "win32":

    def _connected(path: Path, timeout_s: float | None) -> Connection:
        speaker = windows_door.knocked(path, timeout_s)
        speaker.settimeout(timeout_s)
        return speaker

else:

    def _connected(path: Path, timeout_s: float | None) -> Connection:
        speaker = packets.stream()
        try:
            speaker.settimeout(timeout_s)
            with short_name(path) as name:
                speaker.connect(name)
        except OSError:
            speaker.close()
            raise
        return speaker


def _is_anothers(folder: os.stat_result) -> bool:
    """Says whether another person owns a folder, or could write to it.

    Windows closes what lies in a person's own folders to others, and shows no such rights here.
    """
    if sys.platform == "win32":
        return False
    else:
        return folder.st_uid != os.getuid() or bool(folder.st_mode & 0o022)


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Yields a name of a socket that the system has room for.

    One that had to be shortened leads through a descriptor of this process, which the porter, who connects
    in a front end's stead, knows how to follow (`runner.confine.local`).
    """
    if len(os.fsencode(path)) <= LONGEST_NAME:
        yield str(path)
    elif sys.platform == "linux":
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}/{path.name}"
        finally:
            os.close(descriptor)
    else:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(path))
