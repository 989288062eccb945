"""Sets of files that are one model: named `name-00001-of-00003.gguf` and on."""

import re
from pathlib import Path

from runner.library.paths import is_file

_PART = re.compile(
    r"(?P<stem>.+)-(?P<part>\d{5})-of-(?P<parts>\d{5})(?P<ending>\.gguf)", re.IGNORECASE
)


def first_of_split(path: Path) -> Path:
    """Returns the first file of the split set that `path` belongs to; `path` where it does not.

    The first file stands for the model.
    """
    match = _PART.fullmatch(path.name)
    if match is None or int(match["part"]) == 1:
        return path
    first = path.with_name(f"{match['stem']}-00001-of-{match['parts']}{match['ending']}")
    return first if is_file(first) else path


def is_later_part(path: Path) -> bool:
    """Whether a file is named as the second or a later one of a set."""
    match = _PART.fullmatch(path.name)
    return match is not None and int(match["part"]) != 1


def parts_of(path: Path) -> list[Path]:
    """Returns the files of a set by its first one, in order, those that are there; else `path`."""
    match = _PART.fullmatch(path.name)
    if match is None:
        return [path]
    parts = int(match["parts"])
    names = (
        f"{match['stem']}-{number:05}-of-{match['parts']}{match['ending']}"
        for number in range(1, min(parts, 99_999) + 1)
    )
    return [part for name in names if is_file(part := path.with_name(name))] or [path]
