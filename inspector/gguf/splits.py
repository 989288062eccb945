"""Split sets: one model in several files named `…-00001-of-00003.gguf`."""

import glob
import re
from os.path import isfile
from pathlib import Path

from inspector.errors import InspectorError
from inspector.gguf.ranges import is_beginning, whole_name

_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)

MOST_FILES = 512
"""More files than any set known has by a factor of ten; each takes a descriptor."""


def siblings(path: Path) -> tuple[Path, ...]:
    """Returns every file of the set that `path` names, in order; `path` alone if it names none.

    Of a set whose files were only looked into, their beginnings; where some are missing, `path`
    alone: it was the only one that was looked into.

    Raises:
        InspectorError: `gguf.split_missing`, or `gguf.split_name` for impossible numbers.
    """
    whole = whole_name(path)
    match = _NAME.fullmatch(whole)
    if match is None:
        return (path,)
    number, count = int(match["number"]), int(match["count"])
    if not 1 <= number <= count <= MOST_FILES:
        raise InspectorError("gguf.split_name", path=whole)
    ending = whole[match.end("count") :]
    names = [f"{match['stem']}-{at:05}-of-{count:05}{ending}" for at in range(1, count + 1)]
    if is_beginning(path):
        return _beginnings(path.parent, names) or (path,)
    missing = [name for name in names if not isfile(path.with_name(name))]  # noqa: PTH113
    if missing and missing != [path.name]:
        raise InspectorError(
            "gguf.split_missing", path=path.name, count=count, missing=", ".join(missing[:3])
        )
    return tuple(path.with_name(name) for name in names)


def _beginnings(folder: Path, names: list[str]) -> tuple[Path, ...]:
    """Returns the beginnings of these files; empty where any has none, or more than one."""
    found: list[Path] = []
    for name in names:
        pattern = f"{glob.escape(name[: -len('.gguf')])}.beginning-of-*.gguf"
        beginnings = [path for path in folder.glob(pattern) if whole_name(path) == name]
        if len(beginnings) != 1:
            return ()
        found += beginnings
    return tuple(found)
