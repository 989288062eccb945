"""A real database in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.store import Store


@pytest.fixture(autouse=True)
def light_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ballast that a hundred tests can afford; children that tests start have the real one."""
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "lightwell.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store
