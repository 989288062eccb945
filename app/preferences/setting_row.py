"""A setting on the page: its title, a sentence on it, and what changes it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme


def setting_row(theme: Theme, title: str, meaning: str, *controls: QWidget) -> QHBoxLayout:
    """Returns the line of a setting; the first control is named by the title.

    Args:
        theme: gives the distances.
        title: what is set.
        meaning: what that does, in a sentence or two.
        controls: what changes it, in the order of reading.
    """
    label, sentence = QLabel(title), QLabel(meaning)
    sentence.setWordWrap(True)
    # A folder or a host may be in it, which are not ours to be read as markup.
    sentence.setTextFormat(Qt.TextFormat.PlainText)
    set_look(sentence, Look.SMALL)
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(label)
    texts.addWidget(sentence)
    line = QHBoxLayout()
    line.setSpacing(theme.px("space_1"))
    line.addLayout(texts, 1)
    line.addSpacing(theme.px("space_2"))
    for number, control in enumerate(controls):
        if number == 0:
            control.setAccessibleName(title)
            label.setBuddy(control)
        control.setAccessibleDescription(meaning)
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignTrailing)
    return line
