"""What was found of a repository, as a file that passes from a window to a terminal: once read, gone."""

import os
import secrets
from pathlib import Path

import msgspec

from app.dossier.repository_look import Looked
from app.reader.repository_read import RepositoryRead
from runner.errors import RunnerError


class _Unread(msgspec.Struct, frozen=True):
    code: str
    detail: str
    context: dict[str, str | int | float]


class _Kept(msgspec.Struct, frozen=True):
    read: tuple[RepositoryRead, ...]
    unread: dict[str, _Unread]
    left: tuple[str, ...]


def put_looked(folder: Path, looked: Looked) -> Path:
    """Writes it for this person's eyes only, and returns where it lies.

    Raises:
        RunnerError: `cli.not_handed_over`.
    """
    unread = {
        name: _Unread(error.code, error.detail, dict(error.context))
        for name, error in looked.unread.items()
    }
    path = folder / f"openness-{secrets.token_hex(8)}.json"
    kept = msgspec.json.encode(_Kept(looked.read, unread, looked.left))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "xb", opener=_private) as file:
            file.write(kept)
    except OSError as error:
        raise RunnerError("cli.not_handed_over", str(error)) from error
    return path


def take_looked(path: Path) -> Looked:
    """Reads what was put there, and removes it.

    Raises:
        RunnerError: `cli.not_handed_over`.
    """
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        path.unlink()
    except (OSError, msgspec.DecodeError) as error:
        raise RunnerError("cli.not_handed_over", str(error)) from error
    unread = {
        name: RunnerError(one.code, one.detail, **one.context) for name, one in kept.unread.items()
    }
    return Looked(read=kept.read, unread=unread, left=kept.left)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
