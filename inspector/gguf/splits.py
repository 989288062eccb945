"""Split sets: one model in several files named `…-00001-of-00003.gguf`."""

import re
from pathlib import Path

from inspector.errors import InspectorError

_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)

MOST_FILES = 512
"""More files than any set known has by a factor of ten; each takes a descriptor."""


def siblings(path: Path) -> tuple[Path, ...]:
    """Returns every file of the set that `path` names, in order; `path` alone if it names none.

    Raises:
        InspectorError: `gguf.split_missing`, or `gguf.split_name` for impossible numbers.
    """
    match = _NAME.fullmatch(path.name)
    if match is None:
        return (path,)
    number, count = int(match["number"]), int(match["count"])
    if not 1 <= number <= count <= MOST_FILES:
        raise InspectorError("gguf.split_name", path=path.name)
    ending = path.name[match.end("count") :]
    names = [f"{match['stem']}-{at:05}-of-{count:05}{ending}" for at in range(1, count + 1)]
    missing = [name for name in names if not path.with_name(name).is_file()]
    if missing and missing != [path.name]:
        raise InspectorError(
            "gguf.split_missing", path=path.name, count=count, missing=", ".join(missing[:3])
        )
    return tuple(path.with_name(name) for name in names)
