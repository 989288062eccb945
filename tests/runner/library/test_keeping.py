"""The library's list, its trash, and what a check of the bytes tells."""

import contextlib
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from runner.errors import RunnerError
from runner.library.intention import Intention, MoveNote, Stage
from runner.library.library import Library
from runner.library.trash import DAY_S, Trash
from runner.protocol.courier import RemoteFile
from runner.store import Store
from runner.store.files import FileState, KnownFile, Origin
from runner.store.papers import LISTING
from runner.store.sources import Source


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with Store.open(tmp_path / "lightwell.sqlite") as store:
        yield store


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def library(store: Store, models: Path, tmp_path: Path) -> Library:
    return Library(store, lambda: models, lambda: tmp_path / "notes")


def fetched(store: Store, models: Path, *names: str) -> KnownFile:
    """Puts files there as a fetch leaves them."""
    folder = models / "maker/small-GGUF"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"GGUF" + name.encode())
    known = store.files.adopt(folder / names[0], origin=Origin.DOWNLOADED).result()
    hashes = {name: hashlib.sha256(b"GGUF" + name.encode()).hexdigest() for name in names}
    store.files.record_digests(known, sha256=hashes[names[0]]).result()
    source = Source(
        repository="maker/small-GGUF", revision="main", commit="c", path=names[0],
        sha256=hashes[names[0]],
    )  # fmt: skip
    store.sources.keep(known.id, source).result()
    listing = [
        RemoteFile(path=name, size=1, blob="b", sha256=digest) for name, digest in hashes.items()
    ]
    text = msgspec.json.encode(listing).decode()
    store.papers.keep("maker/small-GGUF", "c", LISTING, text).result()
    return known


def test_a_removed_model_comes_back_with_what_was_known(
    store: Store, library: Library, models: Path
) -> None:
    names = ("big-00001-of-00002.gguf", "big-00002-of-00002.gguf")
    known = fetched(store, models, *names)
    (entry,) = library.entries()
    assert (entry.parts, entry.is_own) == (2, True)
    assert entry.size == 2 * (4 + len(names[0]))
    removed = library.remove(known).result()
    assert removed is not None
    assert library.entries() == []
    assert not list((models / "maker").rglob("*.gguf"))
    assert library.removed() == (removed,)
    again = library.undo(removed).result()
    assert (again.id, again.sha256) == (known.id, known.sha256 or again.sha256)
    (entry,) = library.entries()
    assert entry.source is not None
    assert entry.source.repository == "maker/small-GGUF"
    assert library.removed() == ()


def test_a_model_is_not_put_back_over_another(store: Store, library: Library, models: Path) -> None:
    removed = library.remove(fetched(store, models, "a.gguf")).result()
    assert removed is not None
    removed.path.write_bytes(b"mine")
    with pytest.raises(RunnerError, match=r"library\.place_taken"):
        library.undo(removed)
    assert removed.path.read_bytes() == b"mine"
    assert library.removed() == (removed,)


def test_the_trash_is_emptied_after_a_month(store: Store, library: Library, models: Path) -> None:
    fetched(store, models, "a.gguf")
    path = models / "maker/small-GGUF/a.gguf"
    old = Trash(models, now=lambda: time.time() - 31 * DAY_S).put([path])
    fresh = library.remove(fetched(store, models, "b.gguf")).result()
    assert fresh is not None
    assert library.empty_trash() == old.size
    assert library.removed() == (fresh,)
    assert store.files.at(path) is None


def test_a_check_tells_whether_the_bytes_are_those_that_were_listed(
    store: Store, library: Library, models: Path
) -> None:
    names = ("big-00001-of-00002.gguf", "big-00002-of-00002.gguf")
    known = fetched(store, models, *names)
    right = [hashlib.sha256(b"GGUF" + name.encode()).hexdigest() for name in names]
    assert library.take_check(known, right).matches is True
    wrong = library.take_check(known, [right[0], "0" * 64])
    assert wrong.matches is False
    assert wrong.promised == tuple(right)
    store.files.list()  # written before this was read
    source = store.sources.of(known.id)
    assert source is not None
    opened = models / "own.gguf"
    opened.write_bytes(b"GGUF")
    own = library.open(opened).result()
    assert library.take_check(own, ["1" * 64]).matches is None


def test_a_thousand_models_are_listed_at_once(models: Path) -> None:
    models.mkdir()
    with Store.in_memory() as store:
        library = Library(store, lambda: models)
        for number in range(1000):
            path = models / f"m{number}.gguf"
            path.write_bytes(b"GGUF")
            adopted = store.files.adopt(path)
        adopted.result()
        times = []
        for _ in range(5):
            began = time.perf_counter()
            entries = library.entries()
            times.append(time.perf_counter() - began)
    print(f"{min(times) * 1000:.0f} ms")
    assert len(entries) == 1000
    assert min(times) < 0.2


@pytest.mark.parametrize("far", [False, True])
def test_the_folder_moves_with_what_is_known(
    store: Store, library: Library, models: Path, tmp_path: Path, *, far: bool
) -> None:
    known = fetched(store, models, "a.gguf")
    library.remove(fetched(store, models, "b.gguf"))
    told: list[tuple[int, int]] = []
    with contextlib.ExitStack() as stack:
        shm = stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm"))  # another disk
        new = (Path(shm) if far else tmp_path) / "new/place"
        assert library.move_folder(new, lambda *way: told.append(way), lambda: False)
        moved = store.files.at(new / "maker/small-GGUF/a.gguf")
        assert moved is not None
        assert (moved.id, moved.sha256, moved.state()) == (
            known.id,
            known.sha256 or moved.sha256,
            FileState.SAME,
        )
        assert moved.sha256
        assert not list(models.rglob("*.gguf"))
        (removed,) = Library(store, lambda: new).removed()
        assert removed.path == new / "maker/small-GGUF/b.gguf"
        assert bool(told) is far


def test_a_move_that_is_given_up_or_can_not_be_changes_nothing(
    store: Store, library: Library, models: Path, tmp_path: Path
) -> None:
    fetched(store, models, "a.gguf")
    before = sorted(map(str, models.rglob("*")))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as shm:
        assert not library.move_folder(Path(shm, "new"), lambda *_: None, lambda: True)
        assert not list(Path(shm, "new").iterdir())
    for new, code in (
        (models / "inside", "library.folder_inside"),
        (tmp_path / "taken", "library.name_taken"),
    ):
        (tmp_path / "taken/maker").mkdir(parents=True, exist_ok=True)
        with pytest.raises(RunnerError, match=code):
            library.move_folder(new, lambda *_: None, lambda: False)
    assert sorted(map(str, models.rglob("*"))) == before


def test_what_fails_once_everything_is_there_takes_no_move_back(
    store: Store, library: Library, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models are in the new folder then; a move that counts as failed would lose sight of them."""

    def refuse(*_: object) -> None:
        raise PermissionError("what was copied can't be removed")

    fetched(store, models, "a.gguf")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as shm:
        new = Path(shm, "new")
        with monkeypatch.context() as patch:
            patch.setattr("runner.library.relocation.remove_copied", refuse)
            assert library.move_folder(new, lambda *_: None, lambda: False)
        assert store.files.at(new / "maker/small-GGUF/a.gguf") is not None

    shutil.rmtree(models)
    fetched(store, models, "b.gguf")
    write = MoveNote.write

    def write_no_end(note: MoveNote, intention: Intention) -> None:
        if intention.stage is Stage.MOVED:
            raise RunnerError("files.disk_full")
        write(note, intention)

    monkeypatch.setattr(MoveNote, "write", write_no_end)
    new = tmp_path / "near"
    assert library.move_folder(new, lambda *_: None, lambda: False)
    assert store.files.at(new / "maker/small-GGUF/b.gguf") is not None


@pytest.mark.parametrize("far", [False, True])
def test_a_kill_at_any_step_of_a_move_leaves_the_setting_right(
    store: Store, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, far: bool
) -> None:
    """Each system call that changes a name is the last one of a try; the next start settles it."""
    known = fetched(store, models, "a.gguf", "b.gguf")
    (models / "other").mkdir()
    (models / "other/c.gguf").write_bytes(b"GGUFc")
    content = {path.relative_to(models): path.read_bytes() for path in models.rglob("*.gguf")}
    folder, outcomes = models, set()
    calls = ["rename", "unlink", "rmdir", "open"]
    real = {name: getattr(Path, name) for name in calls}
    with contextlib.ExitStack() as stack:
        shm = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm")))
        for last in range(1, 26 if far else 7):
            new = (shm if folder.is_relative_to(tmp_path) and far else tmp_path) / f"to{last}"
            library = Library(store, partial(Path, folder), lambda: tmp_path / "notes")
            left = last

            def until(name: str) -> Callable[..., Any]:
                def call(path: Path, *rest: Any, **named: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left < 0:
                        raise KeyboardInterrupt
                    return real[name](path, *rest, **named)

                return call

            with monkeypatch.context() as patch:
                for name in calls:
                    patch.setattr(Path, name, until(name))
                with contextlib.suppress(KeyboardInterrupt):
                    library.move_folder(new, lambda *_: None, lambda: False)
            set_to: list[Path] = []
            again = Library(store, partial(Path, folder), lambda: tmp_path / "notes")
            again.settle_move(set_to.append)
            outcomes.add(bool(set_to))
            kept, other = (new, folder) if set_to else (folder, new)
            assert not list(other.rglob("*.gguf")), last
            assert {p.relative_to(kept): p.read_bytes() for p in kept.rglob("*.gguf")} == content
            entry = store.files.by_id(known.id)
            assert entry is not None
            assert entry.state() is FileState.SAME, last
            assert entry.path.startswith(str(kept))
            assert not list((tmp_path / "notes").glob("*.json"))
            folder = kept
    assert outcomes == {True, False} if far else True in outcomes
