"""Judging a claim: verdicts, notes and counts, and that nothing typed is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dossier.claims import CardAsked
from app.review.judgements import decoded
from app.tabs.card.claims.panel import ClaimsPanel
from app.window.application import Parts
from tests.support.claims import WAIT_MS, Shown, file_of, ref


def test_a_count_gets_its_interval_and_is_kept(shown: Shown) -> None:
    panel = shown()
    panel.choose("SAFE-OVER")
    judging = panel.details.judging
    judging._of.setValue(10)
    judging._right.setValue(1)
    assert (
        judging._interval.text()
        == "1 of 10, 95 % interval 2\N{NO-BREAK SPACE}% to 40\N{NO-BREAK SPACE}%"
    )
    kept = panel.judgement("SAFE-OVER")
    assert kept is not None
    assert (kept.right, kept.of) == (1, 10)


def test_a_counts_interval_has_a_line_of_its_own(shown: Shown) -> None:
    panel = shown()
    panel.resize(400, 700)
    panel.choose("SAFE-OVER")
    judging = panel.details.judging
    judging._of.setValue(10)
    judging._right.setValue(1)
    QApplication.processEvents()
    one_line = judging._interval.fontMetrics().lineSpacing()
    assert judging._interval.height() < 2 * one_line
    assert judging._interval.width() >= judging._interval.fontMetrics().horizontalAdvance(
        judging._interval.text()
    )


def test_nothing_of_a_claim_is_cut_beside_its_card(shown: Shown, qtbot: QtBot) -> None:
    """A window of 1,280 pixels leaves the claims less than 300."""
    panel = shown()
    panel.resize(280, 700)
    for claim in ("SAFE-OVER", "CTXLIVE", "LANG", "CTX"):
        panel.choose(claim)
        qtbot.waitUntil(
            lambda: panel.details.width() <= panel._scroll.viewport().width(), timeout=WAIT_MS
        )


def test_a_count_that_can_not_be_is_said_and_stays_as_it_was_typed(shown: Shown) -> None:
    """Whoever types how many were right first must find it there when they come to how many of."""
    panel = shown()
    panel.choose("SAFE-OVER")
    judging = panel.details.judging
    judging._right.setValue(3)
    assert "more" in judging._interval.text()
    judging._buttons["differs"].click()
    assert judging._right.value() == 3
    judging._of.setValue(10)
    kept = panel.judgement("SAFE-OVER")
    assert kept is not None
    assert (kept.right, kept.of) == (3, 10)


@pytest.mark.parametrize("group", ["person", "open"])
def test_a_verdict_moves_neither_the_list_nor_the_details(shown: Shown, group: str) -> None:
    """With a filter on, the claim that was judged left it for a moment, and another one came."""
    panel = shown()
    panel.resize(420, 560)
    panel._choose_filter(group)
    panel.list.setCurrentIndex(panel.filter.index(panel.filter.rowCount() - 2, 0))
    QApplication.processEvents()
    judged = panel.chosen
    assert judged is not None
    details, rows = panel._scroll.verticalScrollBar(), panel.list.verticalScrollBar()
    details.setValue(details.maximum())
    rows.setValue(1)
    before = details.value(), rows.value()
    assert before[0] > 0
    others: list[str] = []
    panel.claim_chosen.connect(others.append)
    judging = panel.details.judging
    place = judging.mapTo(panel, QPoint()).y()
    judging._buttons["differs"].click()
    QApplication.processEvents()
    assert panel.chosen is not None
    assert panel.chosen.id == judged.id
    assert others == []
    assert rows.value() == before[1]
    # What was said may add a line above; what is judged with is where it was.
    assert judging.mapTo(panel, QPoint()).y() == place


def test_the_row_that_was_pressed_is_seen_beside_its_details(shown: Shown, qtbot: QtBot) -> None:
    """The details take room from the list, and took that row with it."""
    panel = shown()
    rows = panel.list
    low = rows.indexAt(QPoint(40, rows.viewport().height() - 30))
    assert low.isValid()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(low).center())
    qtbot.waitUntil(panel._scroll.isVisible, timeout=WAIT_MS)
    QApplication.processEvents()
    assert rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()))


def test_letters_typed_after_a_verdict_begin_the_note(
    shown: Shown, parts: Parts, model: Path, qtbot: QtBot
) -> None:
    """The note stands below the verdicts: a person who has pressed one goes on to say why."""
    panel = shown()
    panel.resize(420, 400)
    panel.activateWindow()
    panel._choose_filter("open")
    panel.choose("FILL")
    button = panel.details.judging._buttons["differs"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(button.hasFocus, timeout=WAIT_MS)
    # The lines that a verdict adds are laid out later.
    QApplication.processEvents()
    note = panel.details.judging._note
    areas = (panel._scroll, panel._whole)

    def is_seen() -> bool:
        foot = note.rect().bottomLeft()
        return all(
            area.viewport().rect().contains(note.mapTo(area.viewport(), foot)) for area in areas
        )

    for area in areas:
        area.verticalScrollBar().setValue(0)
    assert not is_seen()
    qtbot.keyClick(button, "B")
    assert note.hasFocus()
    assert is_seen()
    qtbot.keyClicks(note, "ecause")
    panel.choose("CTX")
    assert stored_note(parts, model, "FILL") == "Because"


@pytest.fixture
def typing(shown: Shown, qtbot: QtBot) -> Callable[[str], ClaimsPanel]:
    """Types into the note of a claim as a person does, and has not paused yet."""

    def begin(claim_id: str) -> ClaimsPanel:
        panel = shown()
        panel.choose(claim_id)
        note = panel.details.judging._note
        panel.activateWindow()
        note.setFocus()
        qtbot.waitUntil(note.hasFocus, timeout=WAIT_MS)
        qtbot.keyClicks(note, "Half a ")
        return panel

    return begin


def note_of(panel: ClaimsPanel, claim_id: str) -> str:
    kept = panel.judgement(claim_id)
    return kept.note if kept is not None else ""


def stored_note(parts: Parts, model: Path, claim_id: str) -> str:
    store = parts.context.store
    store.database.write(lambda db: None).result()
    every = map(decoded, store.claims.of(file_of(parts, model)))
    return next((one.note for one in every if one is not None and one.claim == claim_id), "")


def test_a_note_is_written_on_while_the_list_is_drawn_anew(
    typing: Callable[[str], ClaimsPanel], qtbot: QtBot
) -> None:
    """A pause keeps it, a fingerprint or an answer comes: the keyboard stays in the note."""
    panel = typing("FILL")
    note = panel.details.judging._note
    qtbot.waitUntil(lambda: note_of(panel, "FILL") == "Half a ", timeout=WAIT_MS)
    assert note.hasFocus()
    qtbot.keyClicks(note, "note")
    before = panel.report
    panel._read_again()
    qtbot.waitUntil(lambda: panel.report is not before, timeout=WAIT_MS)
    assert note.hasFocus()
    assert note.textCursor().position() == len("Half a note")
    qtbot.keyClicks(note, " more")
    panel.details.judging.keep_note()
    assert note_of(panel, "FILL") == "Half a note more"


def test_a_note_outlives_a_quick_choice_of_other_claims(
    typing: Callable[[str], ClaimsPanel], qtbot: QtBot, parts: Parts, model: Path
) -> None:
    panel = typing("FILL")
    panel.choose("CTX")
    panel.choose("PARAMS")
    assert panel.details.judging._note.toPlainText() == ""
    assert note_of(panel, "FILL") == "Half a "
    assert (note_of(panel, "CTX"), note_of(panel, "PARAMS")) == ("", "")
    panel._choose_filter("differs")
    panel.choose("FILL")
    assert panel.details.judging._note.toPlainText() == "Half a "
    assert stored_note(parts, model, "FILL") == "Half a "


def test_a_verdict_given_or_taken_away_after_a_note_leaves_it(
    typing: Callable[[str], ClaimsPanel], parts: Parts, model: Path
) -> None:
    panel = typing("FILL")
    for _ in range(2):
        panel.details.judging._buttons["differs"].click()
        assert panel.details.judging._note.toPlainText() == "Half a "
    panel.choose("CTX")
    assert stored_note(parts, model, "FILL") == "Half a "


def test_a_note_is_kept_where_its_window_closes_at_once(
    typing: Callable[[str], ClaimsPanel], parts: Parts, model: Path
) -> None:
    typing("FILL").close()
    assert stored_note(parts, model, "FILL") == "Half a "


def test_a_note_stays_with_its_model_when_another_is_chosen(
    typing: Callable[[str], ClaimsPanel], parts: Parts, model: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = typing("FILL")
    other = tmp_path / "other.gguf"
    shutil.copy(model, other)
    with other.open("ab") as file:
        file.write(b"\0")
    panel.show_model(ref(other))
    qtbot.waitUntil(lambda: panel.report is not None, timeout=WAIT_MS)
    panel.choose("FILL")
    assert panel.details.judging._note.toPlainText() == ""
    panel.show_model(ref(model))
    qtbot.waitUntil(lambda: panel.report is not None, timeout=WAIT_MS)
    assert note_of(panel, "FILL") == "Half a "


def test_a_note_that_is_still_being_written_to_the_disk_is_read_back(
    typing: Callable[[str], ClaimsPanel], parts: Parts, model: Path, qtbot: QtBot
) -> None:
    """Another card and back while the store is busy: what it has not written yet is not lost."""
    panel = typing("FILL")
    busy, free = Event(), Event()

    def hold(_db: object) -> None:
        busy.set()
        free.wait(WAIT_MS / 1000)

    held = parts.context.store.database.write(hold)
    assert busy.wait(WAIT_MS / 1000)
    try:
        panel.show_model(
            ref(model), CardAsked(path=model.with_name("README.md"), name="a/b", place="base_model")
        )
        panel.show_model(ref(model))
        qtbot.waitUntil(lambda: panel.report is not None, timeout=WAIT_MS)
        assert note_of(panel, "FILL") == "Half a "
        panel.choose("FILL")
        panel.details.judging._buttons["differs"].click()
    finally:
        free.set()
        held.result()
    assert stored_note(parts, model, "FILL") == "Half a "
