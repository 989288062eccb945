"""Model files are used where they lie; a change or a move does not go unnoticed."""

import os
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.files import FileState, Origin


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "tiny model ü.gguf"
    path.parent.mkdir()
    path.write_bytes(b"GGUF and so on")
    return path


def test_a_file_is_adopted_in_place(store: Store, model: Path):
    before = model.stat()
    known = store.files.adopt(model, origin=Origin.STARTER).result()
    assert (known.path, known.name, known.origin) == (str(model), model.name, Origin.STARTER)
    assert known.state() is FileState.SAME
    assert store.files.at(model) == store.files.by_id(known.id) == known
    assert store.files.adopt(model).result() == known
    assert model.stat().st_mtime_ns == before.st_mtime_ns


def test_digests_hold_until_the_file_changes(store: Store, model: Path):
    known = store.files.adopt(model).result()
    assert store.files.record_digests(known, sha256="aa").result()
    assert store.files.record_digests(known, weights_digest="bb").result()
    measured = store.files.by_id(known.id)
    assert (measured.sha256, measured.weights_digest) == ("aa", "bb")

    model.write_bytes(b"GGUF and something else")
    assert measured.state() is FileState.CHANGED
    changed = store.files.adopt(model).result()
    assert (changed.id, changed.sha256, changed.weights_digest) == (known.id, "", "")
    assert not store.files.record_digests(known, sha256="late").result()
    assert store.files.by_id(known.id).sha256 == ""


def test_a_moved_file_takes_its_record_along(store: Store, model: Path):
    known = store.files.adopt(model).result()
    store.files.record_digests(known, sha256="aa").result()
    moved = model.rename(model.with_name("moved.gguf"))
    assert known.state() is FileState.GONE
    again = store.files.adopt(moved).result()
    assert (again.id, again.path, again.sha256) == (known.id, str(moved), "aa")
    assert len(store.files.list()) == 1


def test_a_second_name_of_the_same_file_is_a_second_record(store: Store, model: Path):
    os.link(model, other := model.with_name("other.gguf"))
    ids = {store.files.adopt(path).result().id for path in (model, other)}
    assert len(ids) == 2


def test_the_latest_used_comes_first(store: Store, model: Path):
    other = model.with_name("other.gguf")
    other.write_bytes(b"GGUF")
    first, second = (store.files.adopt(path).result() for path in (model, other))
    assert [file.id for file in store.files.list()] == [second.id, first.id]
    store.files.used(first.id).result()
    assert [file.id for file in store.files.list()] == [first.id, second.id]


def test_forgetting_a_file_keeps_it_and_the_chats_with_it(store: Store, model: Path):
    known = store.files.adopt(model).result()
    chat = store.chats.create(file_id=known.id).result()
    turn = store.chats.ask(chat.id, None, "q", file_id=known.id).result()
    assert (chat.file_id, turn.file_id) == (known.id, known.id)
    store.files.forget(known.id).result()
    assert model.is_file()
    assert store.chats.chat(chat.id).file_id is None
    assert store.chats.turn(turn.id).file_id is None
    assert store.files.by_id(known.id) is None


def test_what_is_no_file_is_named(store: Store, tmp_path: Path):
    for path, code in (
        (tmp_path / "none.gguf", r"files\.missing"),
        (tmp_path, r"files\.not_a_file"),
        (Path("/dev/null"), r"files\.not_a_file"),
        (tmp_path / "a\0b", r"files\.unreadable"),
        (tmp_path / ("x" * 300), r"files\.unreadable"),
    ):
        with pytest.raises(RunnerError, match=code):
            store.files.adopt(path)


def test_a_name_that_is_no_text_does_not_break_the_list(store: Store, tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.gguf"))
    path.write_bytes(b"GGUF")
    known = store.files.adopt(path).result()
    assert known.name == "\ufffd.gguf"


def test_a_file_takes_the_place_of_one_that_is_gone(store: Store, model: Path, tmp_path: Path):
    place = tmp_path / "elsewhere.gguf"
    place.write_bytes(b"GGUF of earlier")
    gone = store.files.adopt(place).result()
    place.unlink()
    known = store.files.adopt(model).result()
    model.rename(place)
    store.files.relocate(known, place).result()
    at_it = store.files.at(place)
    assert at_it is not None
    assert at_it.id == known.id
    assert store.files.by_id(gone.id) is None
