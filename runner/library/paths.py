"""The folders of this app. Asking makes none; `make_private` does."""

from pathlib import Path

import platformdirs

APP = "lightwell"


def config_folder() -> Path:
    """Settings."""
    return platformdirs.user_config_path(APP)


def data_folder() -> Path:
    """What must outlive everything: the database and its backups."""
    return platformdirs.user_data_path(APP)


def cache_folder() -> Path:
    """What can be made again: kept states of sequences, digests of foreign files."""
    return platformdirs.user_cache_path(APP)


def state_folder() -> Path:
    """Logs and the crash file."""
    return platformdirs.user_state_path(APP)


def runtime_folder() -> Path:
    """Sockets; emptied by the system when the person logs out, where the system has such a place."""
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


def make_private(folder: Path) -> Path:
    """Makes the folder and those above it; nobody else may look into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
