"""The folders of this app. Asking makes none; `make_private` does."""

import os
import sys
from pathlib import Path

APP = "lightwell"
MOVE_NOTE = "models-folder-move.json"
"""Lies among the data while a move of the models folder is not settled."""

HAS_XDG: bool = sys.platform == "linux"

XDG = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "state": ("XDG_STATE_HOME", ".local/state"),
}
"""The XDG rules: the variable that names a folder, and where it is in a home otherwise."""


def config_folder() -> Path:
    """Settings."""
    return _folder("config")


def data_folder() -> Path:
    """What must outlive everything: the database and its backups."""
    return _folder("data")


def cache_folder() -> Path:
    """What can be made again: kept states of sequences, digests of foreign files."""
    return _folder("cache")


def state_folder() -> Path:
    """Logs and the crash file."""
    return _folder("state")


def runtime_folder() -> Path:
    """Sockets; emptied by the system when the person logs out, where the system has such a place.

    Where it has none (a container, a shell of another user) they lie in the cache: platformdirs would
    name a folder in /tmp that anybody could have made before.
    """
    if HAS_XDG:
        place = os.environ.get("XDG_RUNTIME_DIR", "").strip()
        return Path(place, APP) if place else cache_folder() / "run"
    import platformdirs

    return platformdirs.user_runtime_path(APP)


def models_folder() -> Path:
    """Where downloads go unless the settings name another folder."""
    return data_folder() / "models"


def settings_file() -> Path:
    """The settings."""
    return config_folder() / "settings.toml"


def database_file() -> Path:
    """The database."""
    return data_folder() / f"{APP}.sqlite"


def typed(name: str) -> Path:
    """Returns the path that a person typed; a home that nobody has stays as it stands there."""
    return Path(os.path.expanduser(name))  # noqa: PTH111 - a path's own raises for it


def is_there(path: Path) -> bool:
    """Whether something lies there, as far as can be told: a folder may be closed, a drive half gone."""
    return os.path.exists(path)  # noqa: PTH110 - a path's own way raises what the system refuses


def is_file(path: Path) -> bool:
    """Whether a file lies there, as far as can be told."""
    return os.path.isfile(path)  # noqa: PTH113 - as above


def is_folder(path: Path) -> bool:
    """Whether a folder lies there, as far as can be told."""
    return os.path.isdir(path)  # noqa: PTH112 - as above


def make_private(folder: Path) -> Path:
    """Makes the folder and those above it; nobody else may look into what is made.

    The mode that `mkdir` takes is the last folder's alone. With a careless umask those above would be
    open to be written by anybody, who could put another folder in this one's place.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _folder(kind: str) -> Path:
    """Returns a folder of this app; on Linux without platformdirs, which a start would wait for."""
    if HAS_XDG:
        variable, below_home = XDG[kind]
        place = os.environ.get(variable, "").strip()
        return (Path(place) if place else Path.home() / below_home) / APP
    import platformdirs

    named: Path = getattr(platformdirs, f"user_{kind}_path")(APP)
    return named
