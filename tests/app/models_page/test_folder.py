"""The models folder: opened through the porter, moved with everything in it, and moved back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.page import ModelsPage
from app.notices import Notice
from app.window.application import Parts
from runner.errors import RunnerError
from runner.library.paths import models_folder
from tests.app.models_page.test_keeping import own, told
from tests.support.tiny_model import gguf

PATIENCE_MS = 20_000


@pytest.fixture
def elsewhere(page: ModelsPage, tmp_path: Path):
    """A folder to move to; the settings name none afterwards."""
    yield tmp_path / "other disk" / "models"
    page._context.settings.change("models", folder="")


def is_current(page: ModelsPage, path: Path) -> bool:
    """Whether this is the model in use; what waits for it must not be given None, which ends a wait."""
    current = page._context.models.current
    return current is not None and current.path == path


def last_notice(page: ModelsPage) -> Notice:
    return page._context.notices.kept[-1]


def test_everything_moves_and_goes_back(page: ModelsPage, qtbot: QtBot, elsewhere: Path) -> None:
    item, models = own(page), page._context.models
    models.open(item.path)
    qtbot.waitUntil(
        lambda: is_current(page, item.path) and models.loaded is not None,
        timeout=PATIENCE_MS,
    )
    dialog = page.here.ask_move(elsewhere)
    assert dialog is not None
    dialog.move_all.click()
    here = elsewhere / "somebody/small-GGUF/small-Q4_1.gguf"
    qtbot.waitUntil(lambda: not page.here.mover.is_moving, timeout=PATIENCE_MS)
    assert here.read_bytes() == gguf(), told(page)
    assert not item.path.exists()
    assert page._context.settings.current.models.folder == str(elsewhere)
    assert [one.path for one in page.here.items if one.is_own] == [here]
    assert not (page._context.library._notes() / "models-folder-move.json").exists()
    # The loaded model is loaded again, from where it lies now.
    qtbot.waitUntil(lambda: is_current(page, here), timeout=PATIENCE_MS)

    undo = last_notice(page).actions[0]
    undo.run()
    qtbot.waitUntil(lambda: not page.here.mover.is_moving, timeout=PATIENCE_MS)
    assert item.path.read_bytes() == gguf(), told(page)
    assert page._context.settings.current.models.folder == str(models_folder())
    item.path.unlink()
    item.path.parent.rmdir()


def test_a_model_that_was_opened_meanwhile_stays_open(
    page: ModelsPage, qtbot: QtBot, elsewhere: Path, starter_model: Path
) -> None:
    item, models, mover = own(page), page._context.models, page.here.mover
    models.open(item.path)
    qtbot.waitUntil(lambda: is_current(page, item.path), timeout=PATIENCE_MS)
    plan = mover.plan(elsewhere)
    assert plan.loaded == item.path
    models.open(starter_model)
    qtbot.waitUntil(lambda: is_current(page, starter_model), timeout=PATIENCE_MS)
    mover.start(plan)
    qtbot.waitUntil(lambda: not mover.is_moving, timeout=PATIENCE_MS)
    assert not item.path.exists(), told(page)
    assert mover._reload is None
    assert is_current(page, starter_model)
    last_notice(page).actions[0].run()
    qtbot.waitUntil(lambda: not mover.is_moving, timeout=PATIENCE_MS)
    item.path.unlink()
    item.path.parent.rmdir()


def test_what_stands_in_the_way_is_said_and_nothing_is_moved(
    page: ModelsPage, parts: Parts, qtbot: QtBot, elsewhere: Path
) -> None:
    item = own(page)
    (elsewhere / "somebody").mkdir(parents=True)
    page.here.mover.start(page.here.mover.plan(elsewhere))
    assert not page.here.offers.isEnabled()
    page.repository.download_wanted.emit(None, None)
    assert "The models folder is being moved" in told(page)
    with pytest.raises(RunnerError, match=r"models\.folder_moving"):
        parts._queue()  # what a terminal's errand is given
    qtbot.waitUntil(lambda: not page.here.mover.is_moving, timeout=PATIENCE_MS)
    assert "nothing is written over" in told(page)
    assert page._context.settings.current.models.folder == ""
    assert page.here.offers.isEnabled()
    assert item.path.is_file()
    item.path.unlink()
    item.path.parent.rmdir()


def test_only_new_downloads_may_go_elsewhere(page: ModelsPage, elsewhere: Path) -> None:
    dialog = page.here.ask_move(elsewhere)
    assert dialog is not None
    assert dialog.move_all.isHidden()
    dialog.only_new.click()
    assert page.downloads.folder() == elsewhere


def test_a_folder_is_opened_through_the_porter(
    page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def open_folder(path: Path, answered: Callable[[bool, str], None]) -> None:
        asked.append(path)
        answered(False, "porter.no_file_manager")

    monkeypatch.setattr(page._context.porter, "open_folder", open_folder)
    page.here.offers.open_folder.click()
    assert asked == [page.here.items[0].path.parent]
    page._context.mailbox._drain()
    assert "No file manager" in told(page)
