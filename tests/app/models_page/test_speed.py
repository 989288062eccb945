"""A hundred results arrive: no turn of the event loop is felt.

The bar is a frame of the screen, 16 ms, of the thread's own time; `tests/benchmarks/models_list.py`
takes the figures of the evidence page, turn by turn.
"""

import time

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.find.addresses import read
from app.models_page.hub.hub_desk import Answer
from app.models_page.page import ModelsPage
from app.models_page.table import cell_delegate
from runner.protocol.courier import Find

FRAME_S = 0.016
LICENCES = ("apache-2.0", "mit", "llama3.2", "gemma", "cc-by-nc-4.0", "other", "")


def answer(words: str, count: int = 100) -> Answer:
    finds = tuple(
        Find(
            repository=f"owner-{number}/{words}-{1 + number % 9}B-Instruct-GGUF",
            downloads=9_000 - number,
            likes=number,
            changed="2026-01-02T03:04:05+00:00",
            licence=LICENCES[number % len(LICENCES)],
            tags=("gguf", "en", f"base_model:quantized:somebody/{words}-{number}", "region:us"),
        )
        for number in range(count)
    )
    return Answer(wish=read(words), finds=finds, seen=0.0)


def worked_out(page: ModelsPage) -> list[object]:
    """Returns the rows whose cells have been needed."""
    return [row for row in page.finder.table.rows._rows if hasattr(row, "cells")]


def test_a_hundred_results_are_taken_and_painted_at_once(
    page: ModelsPage,
) -> None:
    page.choose("find")
    page.finder._take(answer("warm"))
    page.finder.table.repaint()
    taken, painted = [], []
    for number in range(5):
        found = answer(f"model{number}")
        page.finder._wish = found.wish
        began = time.thread_time()
        page.finder._take(found)
        taken.append(time.thread_time() - began)
        began = time.thread_time()
        page.finder.table.viewport().repaint()
        painted.append(time.thread_time() - began)
        assert page.finder.table.rows.rowCount() == 100
    assert min(taken) < FRAME_S, taken
    assert min(painted) < FRAME_S, painted


def test_only_rows_that_are_seen_are_worked_out(page: ModelsPage) -> None:
    page.choose("find")
    page.finder._take(answer("many"))
    page.finder.table.viewport().repaint()
    assert 1 <= len(worked_out(page)) <= 40


def test_what_a_painting_has_no_time_for_comes_with_the_next(
    page: ModelsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_delegate, "NEW_TEXTS_S", -1.0)
    page.choose("find")
    page.finder._take(answer("late"))
    table = page.finder.table
    table.viewport().repaint()
    late = table._cells.left_over()
    assert not late.isEmpty()
    # Even here, where no painting ever has time, each brings a few; the list is whole soon.
    # Rows may be made anew meanwhile, once more is known of a file that is here.
    wanted = table.viewport().height() // table.rowHeight(0)
    qtbot.waitUntil(
        lambda: table._cells.left_over().isEmpty() and len(worked_out(page)) >= wanted,
        timeout=10_000,
    )
