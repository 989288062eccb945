"""Results of benches in a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.store import Store
from runner.store.benches import LARGEST_RESULT
from runner.store.judged_file import JudgedFile

SMALL = JudgedFile(name="small.gguf", size=100)
HASHED = JudgedFile(name="small.gguf", size=100, sha256="a" * 64)
OTHER = JudgedFile(name="small.gguf", size=100, sha256="b" * 64)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "lightwell.sqlite")
    yield made
    made.close()


def test_results_belong_to_bytes_and_the_latest_comes_first(store: Store) -> None:
    store.benches.add(SMALL, "one").result()
    store.benches.add(HASHED, "two").result()
    assert [one.entry for one in store.benches.of(HASHED)] == ["two", "one"]
    assert [one.entry for one in store.benches.of(OTHER)] == ["one"]
    assert store.benches.of(JudgedFile(name="other.gguf", size=100)) == []


def test_a_person_changes_and_drops_a_result(store: Store) -> None:
    kept = store.benches.add(HASHED, "one").result()
    store.benches.change(kept.id, "marked").result()
    assert [one.entry for one in store.benches.of(HASHED)] == ["marked"]
    store.benches.forget(kept.id).result()
    assert store.benches.of(HASHED) == []


def test_an_entry_beyond_all_measure_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="characters"):
        store.benches.add(SMALL, "x" * (LARGEST_RESULT + 1))
