"""Which names of the Hub become names on this disk; anything doubtful is refused, never mended."""

import re
import unicodedata
from pathlib import Path, PurePosixPath

from runner.courier.stripes import PART
from runner.errors import RunnerError
from runner.store.fetches import FetchFile

INCOMING, TRASH = ".incoming", ".trash"
MODEL = ".gguf"
LONGEST = 200
"""Bytes of one name: file systems take 255, and endings of our own come on top."""

_OWNER_OR_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FORBIDDEN = frozenset('/\\:*?"<>|~')


def check_repository(repository: str) -> None:
    """Lets a name such as `owner/name` pass.

    Raises:
        RunnerError: `fetch.bad_name`.
    """
    parts = repository.split("/")
    if len(parts) != 2 or not all(
        is_plain_name(part) and _OWNER_OR_NAME.fullmatch(part) for part in parts
    ):
        raise RunnerError("fetch.bad_name", name=repository)


def check_file(file: FetchFile) -> None:
    """Lets a model file with a usable name and a hash pass.

    Raises:
        RunnerError: `fetch.bad_name`, `fetch.no_hash`.
    """
    path = PurePosixPath(file.path)
    if (
        str(path) != file.path
        or path.suffix.lower() != MODEL
        or not all(map(is_plain_name, path.parts))
    ):
        raise RunnerError("fetch.bad_name", name=file.path)
    if not re.fullmatch(r"[0-9a-f]{64}", file.sha256) and not re.fullmatch(
        r"[0-9a-f]{40}", file.blob if not file.sha256 else ""
    ):
        raise RunnerError("fetch.no_hash", file.path)


def part_of(folder: Path, file: FetchFile) -> Path:
    """Returns where a file arrives: named by what it must be, so that no two can be mixed up."""
    return folder / INCOMING / f"{file.sha256 or f'blob-{file.blob}'}{PART}"


def is_plain_name(part: str) -> bool:
    """Says whether a name is one on every system, and leads nowhere else."""
    return (
        0 < len(part.encode("utf-8", "surrogatepass")) <= LONGEST
        and not part.startswith((".", " ", "-"))
        and not part.endswith((".", " "))
        and not _RESERVED.fullmatch(part)
        and not _FORBIDDEN & set(part)
        # Control characters, and those that turn the direction of what is written.
        and not any(unicodedata.category(letter)[0] == "C" for letter in part)
    )
