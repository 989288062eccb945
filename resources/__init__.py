"""Data and words that an editor may change, and the one loader that reads them.

Everything here is a file: TOML for authored data, Markdown for prose, SVG for pictures, JSON for
what a machine made. Code asks for a file by its path below this folder.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def resource(name: str) -> Traversable:
    """Returns the file or folder at `name`, a path with `/` below `resources`."""
    return files("resources").joinpath(*name.split("/"))


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
