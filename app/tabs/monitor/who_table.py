"""The table of who can see what: a word a cell, and its reason below on hover, focus or click."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.tabs.monitor.who import Cell, See, who_rules
from app.tabs.monitor.words import clock, monitor_words
from app.theme.looks import Look, set_look
from app.theme.theme import Theme

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class AnswerCell(QLabel):
    """One answer. It can be pointed at, gone to by keys, and chosen by a click."""

    chosen = Signal()
    key_pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)

    def enterEvent(self, event: object) -> None:
        """Shows its reason while it is pointed at."""
        self.chosen.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows its reason when the keyboard comes to it."""
        super().focusInEvent(event)
        self._underline(is_on=True)
        self.chosen.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Gives the mark of the keyboard back."""
        super().focusOutEvent(event)
        self._underline(is_on=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tells the table of an arrow key."""
        if Qt.Key(event.key()) in _STEPS:
            self.key_pressed.emit(event.key())
        else:
            super().keyPressEvent(event)

    def _underline(self, *, is_on: bool) -> None:
        font = self.font()
        font.setUnderline(is_on)
        self.setFont(font)


class WhoTable(QWidget):
    """Parties down, what they could see across.

    One cell at a time is in the order of the tabulator key; the arrow keys go on from there.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rules, words = who_rules(), monitor_words()
        self._parties, self._columns = rules.parties, rules.columns
        self._cells: dict[tuple[str, str], AnswerCell] = {}
        self._reasons: dict[tuple[str, str], str] = {}
        self._current = (self._parties[0], self._columns[0])
        self._shown = self._current
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px("space_1"))
        self._grid.setVerticalSpacing(theme.px("space_1"))
        for place, column in enumerate(self._columns, start=1):
            self._grid.addWidget(_head(words.column[column], words.column_tip[column]), 0, place)
            self._grid.setColumnStretch(place, 3)
        self._grid.setColumnStretch(0, 4)
        for line, party in enumerate(self._parties, start=1):
            self._grid.addWidget(_head(words.party[party], words.party_tip[party]), line, 0)
            for place, column in enumerate(self._columns, start=1):
                self._add_cell((party, column), line, place)
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        set_look(self._reason, Look.SMALL)
        # Room for the longest reason in a narrow panel, so that pointing about moves nothing.
        self._reason.setMinimumHeight(theme.px("space_6") * 2)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(theme.px("space_1"))
        hint = QLabel(words.said["who_hint"])
        hint.setWordWrap(True)
        set_look(hint, Look.SMALL)
        column_layout.addWidget(hint)
        column_layout.addLayout(self._grid)
        column_layout.addWidget(self._reason)

    def show_cells(self, cells: Mapping[tuple[str, str], Cell], counted_at: float) -> None:
        """Shows these answers; the reason that is read stays in sight."""
        words = monitor_words()
        for where, answer in cells.items():
            party, column = where
            reason = words.reason[answer.reason].format(at=clock(counted_at))
            whole = words.said["row"].format(
                party=words.party[party],
                column=words.column[column],
                answer=words.answer[answer.answer],
                reason=reason,
            )
            if self._reasons.get(where) == whole:
                continue
            cell = self._cells[where]
            self._reasons[where] = whole
            if cell.text() != words.answer[answer.answer]:
                cell.setText(words.answer[answer.answer])
                set_look(cell, Look.SMALL if answer.answer is See.UNKNOWN else Look.STATE)
            cell.setAccessibleName(
                f"{words.party[party]}, {words.column[column]}: {words.answer[answer.answer]}"
            )
            cell.setAccessibleDescription(reason)
            cell.setToolTip(words.answer_tip[answer.answer])
        self._reason.setText(self._reasons[self._shown])

    def cell(self, party: str, column: str) -> AnswerCell:
        """Returns the cell of a party and a column."""
        return self._cells[party, column]

    def reason(self) -> str:
        """Returns the reason that is shown."""
        return self._reason.text()

    def _add_cell(self, where: tuple[str, str], line: int, place: int) -> None:
        cell = AnswerCell()
        cell.chosen.connect(partial(self._on_chosen, where))
        cell.key_pressed.connect(partial(self._on_key, where))
        if where == self._current:
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._cells[where] = cell
        self._grid.addWidget(cell, line, place)

    def _on_chosen(self, where: tuple[str, str]) -> None:
        self._shown = where
        self._reason.setText(self._reasons.get(where, ""))
        if self._cells[where].hasFocus():
            self._cells[self._current].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._cells[where].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._current = where

    def _on_key(self, where: tuple[str, str], key: int) -> None:
        down, across = _STEPS[Qt.Key(key)]
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            across = -across
        party = self._parties.index(where[0]) + down
        column = self._columns.index(where[1]) + across
        if 0 <= party < len(self._parties) and 0 <= column < len(self._columns):
            target = self._cells[self._parties[party], self._columns[column]]
            target.setFocus(Qt.FocusReason.OtherFocusReason)


def _head(text: str, tip: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setToolTip(tip)
    label.setAccessibleDescription(tip)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
    set_look(label, Look.SMALL)
    return label
