"""Real documents that lie beside this repository; they are read in place and never copied."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


def shared(name: str) -> Path:
    """Returns a file or folder of the shared data; its absence fails a check and skips elsewhere."""
    path = SHARED / name
    if not path.exists():
        told = f"shared/data/{name} isn't beside this repository"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return path
