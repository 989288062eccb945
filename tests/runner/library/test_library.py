"""The library opens files where they lie and knows what to begin with."""

import os
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.library.library import Library
from runner.library.splits import first_of_split, parts_of
from runner.store import Store
from runner.store.files import Origin


@pytest.fixture
def library():
    with Store.in_memory() as store:
        yield Library(store)


def test_the_starter_is_where_a_first_start_begins(library: Library, starter_model: Path):
    assert library.to_begin_with() == (starter_model,)
    known = library.open(starter_model).result()
    assert (known.origin, known.name) == (Origin.STARTER, library.starter.name)


def test_the_last_model_comes_back_while_it_is_there(library: Library, tmp_path: Path):
    last = tmp_path / "last.gguf"
    last.write_bytes(b"GGUF")
    assert library.to_begin_with(str(last)) == (last, library.starter.path())
    last.unlink()
    assert library.to_begin_with(str(last)) == (library.starter.path(),)


def test_a_place_that_can_not_be_looked_at_is_an_empty_one(library: Library, tmp_path: Path):
    """As in a folder that was closed, or on a drive that went away: the system refuses even to look."""
    shut = tmp_path / f"{'x' * 300}-00001-of-00002.gguf"
    with pytest.raises(OSError, match="too long"):
        shut.stat()
    assert library.to_begin_with(str(shut)) == (library.starter.path(),)
    assert parts_of(shut) == [shut]
    second = shut.with_name(shut.name.replace("00001-", "00002-"))
    assert first_of_split(second) == second


def test_a_part_of_a_split_set_opens_the_set(library: Library, tmp_path: Path):
    for part in (1, 2):
        (tmp_path / f"big-0000{part}-of-00002.gguf").write_bytes(b"GGUF")
    first = tmp_path / "big-00001-of-00002.gguf"
    assert library.open(tmp_path / "big-00002-of-00002.gguf").result().path == str(first)
    lonely = tmp_path / "lonely-00002-of-00003.gguf"
    assert first_of_split(lonely) == lonely


def test_a_change_is_noticed(library: Library, tmp_path: Path):
    model = tmp_path / "m.gguf"
    model.write_bytes(b"GGUF")
    known = library.open(model).result()
    library.used(known).result()
    library.record_digests(known, sha256="aa").result()
    assert not library.has_changed(model)
    os.utime(model, ns=(1, 1))
    assert library.has_changed(model)
    library.forget(known).result()
    assert library.list() == []


def test_a_missing_file_is_named_at_once(library: Library, tmp_path: Path):
    with pytest.raises(RunnerError, match=r"files\.missing"):
        library.open(tmp_path / "none.gguf")
