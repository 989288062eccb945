"""The model that comes along: where its file lies, and what is known of it."""

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from resources import table
from runner.library.paths import is_file


class Starter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts in resources/starter.toml.

    Attributes:
        file: the file's path below a folder of installed packages.
        in_words: what to expect of it, for people.
        questions: three questions worth asking it first.
    """

    schema: int
    name: str
    file: str
    size: int
    sha256: str
    licence: str
    in_words: str
    questions: tuple[str, ...]

    def path(self, folders: Iterable[str] | None = None) -> Path | None:
        """Returns where the file lies; None where the set-up has not put it anywhere.

        The package around it is never imported: it is there for its file alone.
        """
        for folder in sys.path if folders is None else folders:
            path = Path(folder or ".", self.file)
            if is_file(path):
                return path.absolute()
        return None


def starter() -> Starter:
    """Returns the facts about the starter model."""
    facts: Starter = table("starter.toml", Starter)
    return facts
