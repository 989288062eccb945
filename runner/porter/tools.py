"""Finds the desktop's programs that the porter runs. Standard library only.

The porter is confined by nothing, and a window that was taken over can write the person's files: a
program of that name in a folder of theirs could be its own. Only what the system's owner has put there
is run.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

SUPERUSER = 0


def find(name: str, environment: Mapping[str, str]) -> str | None:
    """Returns where a program lies that no process of the person's could have put there, or None.

    On Windows there is none: nothing here would tell whose a file is.
    """
    if os.name != "posix":
        return None
    for folder in environment.get("PATH", os.defpath).split(os.pathsep):
        path = shutil.which(name, path=folder) if folder else None
        if path is not None and is_firm(Path(path)):
            return path
    return None


def is_firm(path: Path) -> bool:
    """Says whether a file, and each folder on the way to it, is the superuser's alone to change."""
    try:
        whole = path.resolve(strict=True)
        return all(_is_superusers(place) for place in (whole, *whole.parents, *path.parents))
    except OSError:
        return False


def _is_superusers(place: Path) -> bool:
    seen = place.stat()
    return seen.st_uid == SUPERUSER and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
