"""A home for a test, so that no test ever meets the person's own folders."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDERS = ("CONFIG", "DATA", "CACHE", "STATE")


def live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Points every folder that the app writes to below `home`."""
    for name in FOLDERS:
        patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    patch.setenv("XDG_RUNTIME_DIR", str(runtime))


@contextlib.contextmanager
def passing_home() -> Iterator[Path]:
    """Gives a script a home of its own, which goes with it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        live_in(Path(folder), patch)
        yield Path(folder)
