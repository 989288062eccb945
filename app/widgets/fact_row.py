"""Rows of label and value, in two aligned columns, each value with its source as a tooltip."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.theme.looks import Look, set_look
from app.widgets.plain_tip import plain_tip


class FactRows(QWidget):
    """A list of facts: what it is called on the left, what it is on the right.

    Values wrap and can be selected; the label column is as wide as its longest label.
    """

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap * 2)
        self._grid.setVerticalSpacing(gap)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def add(self, label: str, value: str, source: str, *, mono: bool = False) -> QLabel:
        """Adds a fact at the end and returns its value's label.

        Args:
            label: what the fact is; empty for a sentence that takes the whole width.
            value: the fact, or "unknown"; never a mark that has to be explained.
            source: where it comes from and, for an unknown, what would settle it.
            mono: draws it in the mono face, for hashes and keys.
        """
        shown = QLabel(value)
        shown.setTextFormat(Qt.TextFormat.PlainText)
        shown.setWordWrap(True)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        shown.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        if mono:
            set_look(shown, Look.MONO)
        shown.setAccessibleDescription(source)
        shown.setToolTip(plain_tip(source))
        if label:
            name = QLabel(label)
            set_look(name, Look.FAINT)
            name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
            name.setBuddy(shown)
            name.setToolTip(plain_tip(source))
            shown.setAccessibleName(f"{label}: {value}")
            self._grid.addWidget(name, len(self._rows), 0)
            self._grid.addWidget(shown, len(self._rows), 1)
            self._rows.append((name, shown))
        else:
            self._grid.addWidget(shown, len(self._rows), 0, 1, 2)
            self._rows.append((shown, shown))
        return shown

    def change(self, row: int, value: str, source: str) -> None:
        """Changes the value of a row that is shown; what is selected elsewhere stays so.

        Raises:
            IndexError: there is no such row.
        """
        name, shown = self._rows[row]
        shown.setText(value)
        if name is not shown:
            shown.setAccessibleName(f"{name.text()}: {value}")
        shown.setAccessibleDescription(source)
        for part in (name, shown):
            part.setToolTip(plain_tip(source))

    def clear(self) -> None:
        """Takes every fact away."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows.clear()

    def count(self) -> int:
        """How many facts are shown."""
        return len(self._rows)
