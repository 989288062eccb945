"""Reviews in the store: kept by what the file is, in the backup, and taken over from the old file."""

import json

import msgspec
import pytest

from app.review.openness import (
    OLD_FILE,
    TAKEN_IN,
    Reviews,
    judged_repository,
    take_in_old_file,
)
from inspector.findings.values import Availability, Review, Terms
from runner.errors import RunnerError
from runner.store import Store
from runner.store.judged_file import JudgedFile
from runner.store.reading import open_copy

SHA256 = "ab" * 32
BARE = JudgedFile(name="m.gguf", size=7)
HASHED = JudgedFile(name="m.gguf", size=7, sha256=SHA256)
MOVED = JudgedFile(name="other.gguf", size=7, sha256=SHA256)


def review(part="pretraining-dataset", reason="seen"):
    return Review(
        part=part,
        availability=Availability.PUBLIC,
        terms=Terms.OPEN,
        reason=reason,
        source="https://a",
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "lightwell.sqlite"


@pytest.fixture
def store(path):
    with Store.open(path) as store:
        yield store


def test_a_review_stays_with_the_bytes(store):
    kept = Reviews(store)
    kept.put(BARE, review()).result()
    assert kept.of(HASHED) == (review(),)
    kept.put(HASHED, review(reason="again")).result()
    assert kept.of(MOVED) == (review(reason="again"),)
    assert kept.of(BARE) == (review(reason="again"),)
    assert not kept.of(JudgedFile(name="m.gguf", size=8))
    assert not kept.of(JudgedFile(name="m.gguf", size=7, sha256="cd" * 32))
    kept.take_back(MOVED, "pretraining-dataset").result()
    assert not kept.of(HASHED)


def test_a_repository_has_reviews_of_its_own(store):
    kept = Reviews(store)
    kept.put(judged_repository("a/b"), review()).result()
    assert kept.of(judged_repository("a/b"))
    assert not kept.of(judged_repository("a/c"))


def test_the_backup_carries_them(store, tmp_path, path):
    Reviews(store).put(HASHED, review()).result()
    store.back_up(tmp_path / "backup.lightwell").result()
    Reviews(store).take_back(HASHED, "pretraining-dataset").result()
    store.restore(tmp_path / "backup.lightwell").result()
    assert Reviews(store).of(HASHED) == (review(),)
    copy = open_copy(path)
    assert copy is not None
    with copy:
        assert Reviews(copy).of(HASHED) == (review(),)


def test_there_is_no_copy_of_what_is_not_there(tmp_path):
    assert open_copy(tmp_path / "none.sqlite") is None
    (tmp_path / "other.sqlite").write_bytes(b"not a database, and longer than its head" * 40)
    assert open_copy(tmp_path / "other.sqlite") is None


def old_file(folder, models):
    file = folder / OLD_FILE
    told = {"schema": "lightwell.reviews/1", "models": models}
    file.write_bytes(msgspec.json.encode(told))
    return file


def test_the_old_file_is_taken_in_once_and_what_is_newer_stays(store, path):
    Reviews(store).put(HASHED, review(reason="newer")).result()
    file = old_file(
        path.parent,
        {SHA256: [review(), review("training-code")], "n.gguf, 12 bytes": [review("model-cards")]},
    )
    assert take_in_old_file(store, path.parent) == 2
    assert {one.part: one.reason for one in Reviews(store).of(HASHED)} == {
        "pretraining-dataset": "newer", "training-code": "seen",
    }  # fmt: skip
    assert Reviews(store).of(JudgedFile(name="n.gguf", size=12))
    assert not file.exists()
    assert json.loads((path.parent / TAKEN_IN).read_text())["models"]
    assert take_in_old_file(store, path.parent) == 0


def test_a_damaged_file_is_left_as_it_is(store, path):
    file = path.parent / OLD_FILE
    file.write_bytes(b"{ damaged")
    with pytest.raises(msgspec.DecodeError):
        take_in_old_file(store, path.parent)
    assert file.read_bytes() == b"{ damaged"


def test_a_store_in_memory_takes_nothing(tmp_path):
    old_file(tmp_path, {SHA256: [review()]})
    with Store.in_memory() as store:
        assert take_in_old_file(store, tmp_path) == 0
    assert (tmp_path / OLD_FILE).exists()


def test_an_entry_of_a_later_form_is_left_out(store):
    store.reviews.put(BARE, "training-code", '{"part": 7}').result()
    store.reviews.put(BARE, "model-cards", '{"later": true}').result()
    Reviews(store).put(BARE, review()).result()
    assert Reviews(store).of(BARE) == (review(),)
    with pytest.raises(ValueError, match="characters"):
        store.reviews.put(BARE, "x", "x" * (512 * 1024 + 1))


def test_a_closed_store_says_so(path):
    store = Store.open(path)
    store.close()
    with pytest.raises(RunnerError):
        Reviews(store).put(BARE, review()).result()
