"""Data and words that an editor may change, and the one loader that reads them.

Everything here is a file: TOML for authored data, Markdown for prose, SVG for pictures, JSON for
what a machine made. Code asks for a file by its path below this folder.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")

_FOLDER = Path(__file__).parent


def resource(name: str) -> Path:
    """Returns the file or folder at `name`, a path with `/` below `resources`.

    The package's data lie beside this file, in a frozen app as well; `importlib.resources` would
    say the same after five milliseconds of a start.
    """
    return _FOLDER / name


def text(name: str) -> str:
    """Returns the text of the file `name`."""
    return resource(name).read_text(encoding="utf-8")


def data(name: str) -> bytes:
    """Returns the bytes of the file `name`."""
    return resource(name).read_bytes()


@cache
def table(name: str, shape: type[T]) -> T:
    """Returns the TOML or JSON file `name` as a value of `shape`, read once.

    Raises:
        msgspec.ValidationError: the file does not have that shape; the message names the place.
        tomllib.TOMLDecodeError: the file is not TOML.
    """
    if name.endswith(".json"):
        return msgspec.json.decode(data(name), type=shape)
    return msgspec.convert(tomllib.loads(text(name)), type=shape)


def names(folder: str, ending: str = "") -> Iterator[str]:
    """Yields the names of the files in `folder` that end with `ending`, sorted."""
    entries = sorted(entry.name for entry in resource(folder).iterdir() if entry.is_file())
    yield from (f"{folder}/{name}" for name in entries if name.endswith(ending))
