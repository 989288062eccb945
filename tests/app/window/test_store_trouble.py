"""The window over a file with chats that can't be used: what it says, and what it leaves alone."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.window import store_trouble
from app.window.application import Parts
from app.window.notice_area import NoticeArea
from runner.errors import RunnerError
from runner.library import paths
from runner.store import Store
from runner.store.backup import ENDING
from tests.app.window.conftest import PAGES
from tests.support.window import running_parts


def damaged(path: Path) -> None:
    path.write_bytes(b"no database at all " * 300)


def from_the_future(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 4207")
    connection.close()


def of_another_program(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()


@pytest.fixture
def path() -> Path:
    """The app's own database, with one chat in it."""
    path = paths.database_file()
    with Store.open(path) as store:
        store.chats.create("before").result()
    return path


@contextmanager
def opened(qapp: QApplication, store: Store, problem: RunnerError | None) -> Iterator[Parts]:
    with running_parts(qapp, store=store, pages=PAGES) as parts:
        assert problem is not None
        parts.tell_of_store(problem)
        parts.window.show()
        yield parts
    qapp.setStyleSheet("")


def wait(condition: Callable[[], object]) -> None:
    for _ in range(400):
        if condition():
            return
        QTest.qWait(10)
    pytest.fail("waited in vain")


def buttons(parts: Parts) -> list[QPushButton]:
    area = parts.window.findChild(NoticeArea)
    assert isinstance(area, NoticeArea)
    return area.banners()[0].buttons


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (damaged, "window.store_damaged"),
        (from_the_future, "store.newer"),
        (of_another_program, "store.not_ours"),
    ],
)
def test_it_is_said_and_the_file_is_left_alone(
    qapp: QApplication, path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    spoil(path)
    before = path.read_bytes()
    with opened(qapp, *Store.open_or_memory(path)) as parts:
        (notice,) = parts.notices.kept
        assert notice.code == code
        said = f"{notice.said.title} {notice.said.meaning} {notice.said.remedy}"
        assert "memory only" in said
        assert "…" not in said
        assert notice.said.remedy
        assert len(buttons(parts)) == (2 if code == "window.store_damaged" else 0)
        parts.context.store.chats.create("asked meanwhile").result()
    assert path.read_bytes() == before


def test_another_process_has_it(qapp: QApplication, path: Path) -> None:
    with Store.open(path):
        with pytest.raises(RunnerError) as refused:
            Store.open_or_memory(path)
        with opened(qapp, Store.in_memory(), refused.value) as parts:
            said = parts.notices.kept[0].said
            assert str(os.getpid()) in said.meaning
            assert "keeps nothing" in said.meaning


@pytest.mark.parametrize(
    ("code", "told"),
    [("store.disk_full", "window.store_disk_full"), ("store.read_only", "store.read_only")],
)
def test_a_full_disk_and_a_folder_that_is_read_only(
    qapp: QApplication, path: Path, monkeypatch: pytest.MonkeyPatch, code: str, told: str
) -> None:
    def refuse(_: object) -> None:
        raise RunnerError(code, path=str(path), free_mb=0)

    # The real ones, on file systems of their own, are in tests/runner/store.
    monkeypatch.setattr("runner.store.store.open_for_writing", refuse)
    with opened(qapp, *Store.open_or_memory(path)) as parts:
        (notice,) = parts.notices.kept
        assert notice.code == told
        assert "memory only" in notice.said.meaning
        assert [chat.title for chat in parts.context.store.chats.list()] == ["before"]


def test_a_backup_takes_the_damaged_files_place(
    qapp: QApplication, path: Path, tmp_path: Path
) -> None:
    backup = path.with_name(f"mine{ENDING}")
    with Store.open(path) as store:
        store.back_up(backup).result()
    assert store_trouble.latest_backup(path.parent) == backup
    damaged(path)
    before = path.read_bytes()
    with opened(qapp, *Store.open_or_memory(path)) as parts:
        trouble = parts._trouble
        assert trouble is not None
        bad = tmp_path / f"bad{ENDING}"
        bad.write_bytes(backup.read_bytes()[:-9])
        trouble.restore(bad)
        wait(lambda: parts.notices.kept[-1].code == "backup.not_one")
        assert path.read_bytes() == before
        trouble.restore(backup)
        wait(lambda: parts.notices.kept[-1].code == "window.store_restored")
        assert buttons(parts)[0].text() == "Start Lightwell again"
        assert not parts.starts_again
        buttons(parts)[0].click()
        assert parts.starts_again
        assert not parts.window.isVisible()
    with Store.open(path) as store:
        assert [chat.title for chat in store.chats.list()] == ["before"]
    (kept,) = path.parent.glob(f"{path.stem}.damaged-*{path.suffix}")
    assert kept.read_bytes() == before


def test_an_empty_file_is_begun_and_the_damaged_one_kept(qapp: QApplication, path: Path) -> None:
    damaged(path)
    before = path.read_bytes()
    with opened(qapp, *Store.open_or_memory(path)) as parts:
        buttons(parts)[1].click()
        wait(lambda: parts.notices.kept[-1].code == "window.store_emptied")
        (kept,) = path.parent.glob(f"{path.stem}.damaged-*{path.suffix}")
        assert kept.read_bytes() == before
        assert str(kept) in parts.notices.kept[-1].said.meaning
    with Store.open(path) as store:
        assert store.chats.list() == []


def test_a_dialog_that_is_left_brings_the_notice_back(qapp: QApplication, path: Path) -> None:
    damaged(path)
    with opened(qapp, *Store.open_or_memory(path)) as parts:
        buttons(parts)[0].click()
        dialog = parts.window.findChild(store_trouble.QFileDialog)
        assert dialog is not None
        dialog.reject()
        assert len(buttons(parts)) == 2


def test_a_home_that_may_not_be_written_is_told_of_once(qapp: QApplication, tmp_path: Path) -> None:
    in_the_way = tmp_path / "in the way"
    in_the_way.write_text("a file where a folder should be made")
    problem = RunnerError("store.read_only", path=str(tmp_path / "chats.db"))
    with opened(qapp, Store.in_memory(), problem) as parts:
        settings = parts.context.settings
        settings.path = in_the_way / "settings.toml"
        settings.change("running", context=2048)
        QTest.qWait(200)
        (notice,) = parts.notices.kept
        assert notice.code == "store.read_only"
        assert "settings" in notice.said.meaning
