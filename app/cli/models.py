"""Which file a command means."""

from pathlib import Path

from app.model.files import is_text
from runner.errors import RunnerError
from runner.library.paths import is_file, is_there, typed
from runner.library.starter import starter


def wanted_file(name: str | None) -> Path:
    """Returns the file that a person named, or the starter model.

    Raises:
        RunnerError: if there is no such file.
    """
    if name is None:
        return starter_file()
    path = typed(name)
    if not is_text(str(path)):
        raise RunnerError("cli.odd_name", path=str(path))
    if not is_there(path):
        raise RunnerError("cli.no_file", path=str(path))
    if not is_file(path):
        raise RunnerError("cli.not_a_file", path=str(path))
    return placed(path)


def placed(path: Path) -> Path:
    """Returns a file's path from the root, where it lies: a link stays a link.

    The Hub's cache has links in a folder with the card, and the bytes under their hash elsewhere.
    """
    return path.parent.resolve() / path.name


def starter_file() -> Path:
    """Returns the starter model's file.

    Raises:
        RunnerError: if it is not installed.
    """
    if (path := starter().path()) is None:
        raise RunnerError("cli.no_starter")
    return path
