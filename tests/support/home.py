"""A home for a test, so that no test ever meets the person's own folders."""

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
