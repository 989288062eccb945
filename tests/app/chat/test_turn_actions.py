"""The row of actions below an answer."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.chat.turns.turn_actions import TurnActions
from app.chat.turns.turn_items import Ask
from app.theme.theme import Theme


def test_its_first_word_stands_below_the_answers_first_letter(theme: Theme, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(900, 60)
    row = TurnActions(theme, holder)
    row.setGeometry(0, 0, 900, 40)
    holder.show()
    button = row.button(Ask.COPY_MARKDOWN)
    picture = button.grab().toImage()
    ground = QColor(picture.pixel(picture.width() - 1, picture.height() // 2)).lightness()
    middle = range(picture.height() // 4, picture.height() * 3 // 4)
    inked = [
        x
        for x in range(picture.width())
        if any(abs(QColor(picture.pixel(x, y)).lightness() - ground) > 60 for y in middle)
    ]
    assert inked, "the word is drawn"
    assert button.x() == 0
    assert 0 <= inked[0] - row.lead <= 4
