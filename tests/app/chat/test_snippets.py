"""A line that tells what a search found shows the word that was found."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from app.chat.chats.chat_list_delegate import snippet_pieces
from runner.store.values import MARK_END, MARK_START

FOUND = f"{MARK_START}lighthouse{MARK_END}"


@pytest.mark.parametrize("room", [120, 200, 400])
def test_a_word_at_the_end_of_a_long_passage_is_seen(qapp, room: int) -> None:
    plain, bold = QFont("Inter"), QFont("Inter")
    bold.setBold(True)
    plain, bold = QFontMetrics(plain), QFontMetrics(bold)
    passage = "many words that stand before it and fill the line " * 3 + FOUND + " and after it"
    pieces = snippet_pieces(passage, room, plain, bold)
    width = sum((bold if match else plain).horizontalAdvance(text) for text, match in pieces)
    assert width <= room + plain.averageCharWidth()
    assert [text for text, match in pieces if match] == ["lighthouse"]
    assert pieces[0][0].startswith("…")


def test_a_word_near_the_beginning_keeps_what_stands_before_it(qapp) -> None:
    metrics = QFontMetrics(QFont("Inter"))
    pieces = snippet_pieces(f"the {FOUND} keeper", 400, metrics, metrics)
    assert pieces == [("the ", False), ("lighthouse", True), (" keeper", False)]
