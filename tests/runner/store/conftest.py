"""A real database in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "lightwell.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store
