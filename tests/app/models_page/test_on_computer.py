"""The models of this computer: listed with facts, adopted where they lie, opened, forgotten."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.dossier.learned import Learned
from app.models_page.page import ModelsPage
from app.models_page.table.rows import Role, RowsModel
from app.window.application import Parts
from inspector.inspection import inspect_file
from runner.session import SessionState
from tests.app.dossier.test_papers import MIT
from tests.support.tiny_model import gguf


def rows(page: ModelsPage) -> list[str]:
    return [row.said for row in page.here.table.rows.rows]


def drop(page: ModelsPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    page.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_the_starter_is_listed_with_what_its_header_says(
    page: ModelsPage, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    qtbot.waitUntil(lambda: "Apache-2.0" in rows(page)[0], timeout=10_000)
    assert "134.5\N{NO-BREAK SPACE}M · Q4_1 llama" in rows(page)[0]
    assert "fits easily" in rows(page)[0]
    assert "1 model" in page.here.foot.total.text()
    qtmodeltester.check(page.here.table.rows)


def test_a_model_whose_process_was_killed_is_loaded_no_more(
    page: ModelsPage, parts: Parts, qtbot: QtBot, starter_model: Path
) -> None:
    context = parts.context
    context.models.open(starter_model)
    qtbot.waitUntil(lambda: context.models.state is SessionState.READY, timeout=30_000)
    qtbot.waitUntil(lambda: page.here.items[0].is_loaded, timeout=10_000)
    os.kill(context.session.child.pid, signal.SIGKILL)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: context.models.state is SessionState.FAILED, timeout=30_000)
    qtbot.waitUntil(lambda: not page.here.items[0].is_loaded, timeout=10_000)
    context.models.unload()
    qtbot.waitUntil(lambda: context.models.state is SessionState.IDLE, timeout=10_000)


def test_what_the_reader_found_is_kept_for_the_next_start(page: ModelsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Apache-2.0" in rows(page)[0], timeout=10_000)
    page.here.facts.write()
    with page.here.facts._writing:
        pass
    from app.models_page.here.file_facts import FactsDesk, _read

    item = page.here.items[0]
    again = FactsDesk(page._context)
    again._kept = _read(page.here.facts._file)
    known = again.of(item.path, item.file.look)
    again.close()
    assert known is not None
    assert known.quantisation == "Q4_1"


def test_a_label_that_the_text_beside_it_contradicts_is_told_of(
    page: ModelsPage, qtbot: QtBot, starter_model: Path, tmp_path: Path
) -> None:
    model = tmp_path / "relabelled" / "m.gguf"
    model.parent.mkdir()
    shutil.copy(starter_model, model)
    drop(page, model)

    def said() -> str:
        table = page.here.table.rows
        at = table.row_of(str(model))
        return table.row(at).said if at >= 0 else ""

    qtbot.waitUntil(lambda: "Licence: Apache-2.0." in said(), timeout=10_000)
    (model.parent / "LICENSE").write_text(MIT)
    page.here.refresh()
    qtbot.waitUntil(lambda: "Licence: Apache-2.0 text differs" in said(), timeout=10_000)
    cell = page.here.table.rows.row(page.here.table.rows.row_of(str(model))).cells[3]
    assert "MIT" in cell.tip


def test_what_the_bar_knows_of_the_loaded_model_the_list_knows_too(
    page: ModelsPage,
    qtbot: QtBot,
    starter_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = tmp_path / "new" / "m.gguf"
    model.parent.mkdir()
    shutil.copy(starter_model, model)
    # The list's own reader has not come to it.
    monkeypatch.setattr(page.here.facts, "_ask", lambda *_: None)
    looked = inspect_file(model)
    drop(page, model)
    table = page.here.table.rows
    qtbot.waitUntil(lambda: table.row_of(str(model)) >= 0, timeout=10_000)
    assert table.row(table.row_of(str(model))).cells[3].text == "not read yet"
    page.take_learned(Learned(path=model, looked=looked))
    assert table.row(table.row_of(str(model))).cells[3].text == "Apache-2.0"


def test_files_that_are_dropped_are_adopted_where_they_lie_and_not_loaded(
    page: ModelsPage, parts: Parts, qtbot: QtBot, tmp_path: Path
) -> None:
    here = tmp_path / "mine-Q4_1.gguf"
    here.write_bytes(gguf())
    before = here.stat()
    drop(page, here, tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: len(rows(page)) == 2, timeout=10_000)
    assert any("mine-Q4_1" in said for said in rows(page))
    assert here.stat().st_mtime_ns == before.st_mtime_ns
    assert parts.context.models.current is None
    assert parts.context.models.inspected is not None
    assert parts.context.models.inspected.path == here


def test_a_file_that_is_gone_is_said_to_be_and_can_be_forgotten(
    page: ModelsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    here = tmp_path / "mine.gguf"
    here.write_bytes(gguf())
    drop(page, here)
    qtbot.waitUntil(lambda: len(rows(page)) == 2, timeout=10_000)
    here.unlink()
    page.here.refresh()
    assert any("no longer there" in said for said in rows(page))
    assert page.here.table.choose(str(here))
    assert page.here.offers.load.isHidden()
    page.here.offers.remove.click()
    qtbot.waitUntil(lambda: len(rows(page)) == 1, timeout=10_000)


def test_everything_has_a_name_and_works_by_keyboard(
    page: ModelsPage, parts: Parts, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(rows(page)), timeout=10_000)
    for button in page.findChildren(QPushButton):
        assert button.text() or button.accessibleName() or not button.isVisible()
    index = page.here.table.rows.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == rows(page)[0]
    page.here.table.setFocus()
    qtbot.keyClick(page.here.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: parts.context.models.inspected is not None, timeout=10_000)


def test_the_path_goes_to_the_clipboard(page: ModelsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(rows(page)), timeout=10_000)
    page.here.offers.copy_place.click()
    assert QGuiApplication.clipboard().text() == page.here.items[0].file.path


def test_rows_that_only_change_keep_the_choice(page: ModelsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(rows(page)), timeout=10_000)
    model: RowsModel = page.here.table.rows
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_rows(list(model.rows))
    assert model.index(0, 0).data(Role.ROW) is model.rows[0]


def test_looking_inside_opens_an_inspector_that_was_closed(page: ModelsPage, parts: Parts) -> None:
    parts.window._body.set_open(False)
    page.here.offers.look.click()
    assert parts.window._body.is_open()


def test_a_row_is_chosen_where_reading_goes_from_right_to_left(page: ModelsPage) -> None:
    table = page.here.table
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        table.clearSelection()
        table.setCurrentIndex(table.rows.index(-1, 0))
        page.here.refresh()
        assert table.current_row() is not None
        assert page.here.offers.isEnabled()
    finally:
        table.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
