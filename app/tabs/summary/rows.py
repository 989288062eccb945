"""Rows of label and value under headings, every value with its source, in one aligned grid."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.summary_words import FactRow
from app.theme.looks import Look, set_look
from app.theme.theme import Theme

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading


class SummaryRows(QWidget):
    """A summary's rows. The values of one group can be replaced while the rest stays."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        self._next = 0

    def show_groups(self, groups: Mapping[str, Iterable[FactRow]]) -> None:
        """Shows these groups in place of what was there."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._values.clear()
        self._grid.setHorizontalSpacing(self._theme.px("space_2"))
        self._grid.setVerticalSpacing(self._theme.px("space_half"))
        self._next = 0
        for heading, rows in groups.items():
            self._add_heading(heading)
            for row in rows:
                self._add(row)

    def set_row(self, row: FactRow) -> None:
        """Changes the value of a row that is shown."""
        label = self._values.get(row.key)
        if label is not None:
            self._fill(label, row)

    def value(self, key: str) -> QLabel | None:
        """Returns the label with the value of a row."""
        return self._values.get(key)

    def put_below(self, widget: QWidget) -> None:
        """Adds a widget below the last value."""
        self._grid.addWidget(widget, self._next, 1)
        self._next += 1

    def _add_heading(self, heading: str) -> None:
        label = QLabel(heading)
        set_look(label, Look.SMALL)
        if self._next:
            label.setContentsMargins(0, self._theme.px("space_2"), 0, 0)
        self._grid.addWidget(label, self._next, 0, 1, 2)
        self._next += 1

    def _add(self, row: FactRow) -> None:
        name, value = QLabel(row.label), QLabel()
        set_look(name, Look.FAINT)
        name.setAlignment(_TOP)
        name.setBuddy(value)
        name.setToolTip(row.source)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setWordWrap(True)
        value.setTextInteractionFlags(_SELECTABLE)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        value.setAlignment(_TOP)
        self._grid.addWidget(name, self._next, 0)
        self._grid.addWidget(value, self._next, 1)
        self._values[row.key] = value
        self._fill(value, row)
        self._next += 1

    def _fill(self, label: QLabel, row: FactRow) -> None:
        # A hash has no place to break at; without one it would widen the panel.
        text = "\u200b".join(row.value[at : at + 8] for at in range(0, len(row.value), 8))
        label.setText(text if row.mono and " " not in row.value else row.value)
        label.setToolTip(row.source)
        label.setAccessibleName(f"{row.label}: {row.value}")
        label.setAccessibleDescription(row.source)
        if row.mono:
            set_look(label, Look.MONO)
        elif not row.is_known:
            set_look(label, Look.FAINT)
