"""Saving a report from the window, with a chat that was chosen: real reader, real store."""

import pytest

from app.model.ref import ModelRef
from app.report.button import ReportButton
from app.report.dialog import ReportDialog
from inspector.report.file import read_report
from runner.store.values import Recipe
from tests.support import reports
from tests.support.window import running_parts


@pytest.fixture
def parts(qapp):
    with running_parts(qapp, pages=()) as parts:
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def ref(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text(reports.CARD)
    path = reports.model(folder)
    return ModelRef(path=path, name="Tiny", size_bytes=path.stat().st_size)


def ask(parts, title, file_name):
    chats = parts.context.store.chats
    chat = chats.create(title).result()
    turn = chats.ask(chat.id, None, "Why?", recipe=Recipe(file_name=file_name, seed=3)).result()
    chats.write_answer(turn.id, f"Because of {title}.").result()
    return chat


def test_both_files_are_saved_with_the_chats_that_were_ticked(parts, qtbot, ref, tmp_path):
    ask(parts, "one", "tiny.gguf")
    ask(parts, "two", "tiny.gguf")
    ask(parts, "other", "another.gguf")
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    titles = [box.text() for box in dialog.boxes.values()]
    assert [title.partition(" ")[0] for title in titles] == ["two", "one"]
    list(dialog.boxes.values())[1].setChecked(True)
    target = tmp_path / "out"
    target.mkdir()
    with qtbot.waitSignal(dialog.saved, timeout=30_000) as saved:
        dialog.save_in(target)
        assert dialog.is_working
    (folder,) = saved.args
    assert folder == target / "tiny-report"
    read = read_report((folder / "report.json").read_bytes(), "report.json")
    assert read.is_unchanged
    assert [run.answer for run in read.content.runs] == ["Because of one."]
    assert read.content.weights is not None
    assert read.content.ledger is not None
    assert "Because of one." in (folder / "report.html").read_text()
    assert parts.context.notices.kept[-1].said.title.startswith("Report saved")

    again = ReportDialog(parts.context, ref)
    again.show()
    with qtbot.waitSignal(again.saved, timeout=30_000) as saved:
        again.save_in(target)
    assert saved.args == [target / "tiny-report-2"]


def test_closing_gives_it_up_and_leaves_nothing(parts, qtbot, ref, tmp_path):
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    dialog.save_in(tmp_path)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    assert not list(tmp_path.glob("*-report*"))


def test_the_button_stands_where_there_is_a_whole_file(parts, qtbot, starter_model):
    button = ReportButton(parts.context)
    assert button.isHidden()
    parts.context.models.inspect(ModelRef(path=starter_model, name="starter", fetched_bytes=7))
    assert button.isHidden()
    parts.context.models.inspect(ModelRef(path=starter_model, name="starter"))
    assert not button.isHidden()
    button.deleteLater()
