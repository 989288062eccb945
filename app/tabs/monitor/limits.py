"""What this computer itself does with memory and files, as far as it can be looked up cheaply.

Knows no Qt. What can't be looked up is None, which is shown as not known.
"""

import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from resources import table

SWAPS = Path("/proc/swaps")


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    folders: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What was looked up.

    Attributes:
        swap: what memory may be written to; empty where there is none, None where not known.
        is_private: the folder with the chats is closed to other accounts.
        synced: the folder's part that looks like one of a syncing program; empty for none.
        is_superuser: this app runs as the administrator.
    """

    swap: tuple[str, ...] | None
    is_private: bool | None
    synced: str
    is_superuser: bool


def look_around(folder: Path, swaps: Path = SWAPS) -> Surroundings:
    """Looks at this computer and at the folder that the chats are kept in."""
    return Surroundings(
        swap=_swap(swaps),
        is_private=_is_private(folder),
        synced=synced_by(folder),
        is_superuser=hasattr(os, "geteuid") and os.geteuid() == 0,
    )


def synced_by(path: Path) -> str:
    """Returns the folder above a path that a syncing program seems to own; empty for none.

    A name is a guess, and a folder of another name may be synced all the same.
    """
    known = _limits()
    for folder in (path, *path.parents):
        if any(_is_named(folder.name, name) for name in known.folders):
            return str(folder)
        try:
            marked = any((folder / mark).exists() for mark in known.marks)
        except OSError:
            marked = False
        if marked:
            return str(folder)
    return ""


def _is_named(folder: str, name: str) -> bool:
    """Takes a name with something after it too, such as `OneDrive - Example University`."""
    return folder == name or folder.startswith((f"{name} ", f"{name}-"))


def _swap(swaps: Path) -> tuple[str, ...] | None:
    try:
        lines = swaps.read_text().splitlines()[1:]
    except OSError:
        return None
    return tuple(line.split()[0] for line in lines if line.split())


def _is_private(folder: Path) -> bool | None:
    try:
        mode = folder.stat().st_mode
    except OSError:
        return None
    return not mode & (stat.S_IRWXG | stat.S_IRWXO)


@cache
def _limits() -> _Limits:
    read: _Limits = table("monitor/limits.toml", _Limits)
    return read
