"""Rows of label and value under headings, every value with its source, in one aligned grid."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.theme.looks import Look, set_look, set_plain
from app.theme.theme import Theme
from app.widgets.plain_tip import plain_tip
from app.words.summary import FactRow
from app.words.translation import translate

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_COLUMNS_FIT = 6
"""Two columns need this many times the largest space."""

_Line = tuple[QLabel, QWidget | None]
"""A label and its value; a heading has none."""

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
        self._lines: dict[str, _Line] = {}
        self._copied: dict[str, str] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._is_stacked = False

    def show_groups(self, groups: Mapping[str, Iterable[FactRow]]) -> None:
        """Shows these groups in place of what was there; what is in both stays where it stands."""
        had, self._lines = self._lines, {}
        for heading, rows in groups.items():
            key = f"# {heading}"
            self._lines[key] = had.get(key) or self._heading(
                heading, is_first=len(self._lines) == 0
            )
            for row in rows:
                self._lines[row.key] = had.get(row.key) or self._new(row)
                self._lines[row.key][0].setText(row.label)
                self._lines[row.key][0].setToolTip(plain_tip(row.source))
                self._fill(self._values[row.key], row)
        for key in had.keys() - self._lines.keys():
            self._drop(key, had[key])
        if list(had) != list(self._lines):
            self._arrange()

    def set_row(self, row: FactRow) -> None:
        """Changes the value of a row that is shown."""
        label = self._values.get(row.key)
        if label is not None:
            self._fill(label, row)

    def value(self, key: str) -> QLabel | None:
        """Returns the label with the value of a row."""
        return self._values.get(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks whether two columns still fit."""
        super().resizeEvent(event)
        if self._wants_stack() != self._is_stacked:
            self._arrange()

    def _wants_stack(self) -> bool:
        return self.width() < _COLUMNS_FIT * self._theme.px("space_6")

    def _arrange(self) -> None:
        """Puts every label into its place."""
        self._is_stacked = self._wants_stack()
        while self._grid.takeAt(0) is not None:
            pass
        half = self._theme.px("space_half")
        self._grid.setHorizontalSpacing(self._theme.px("space_2"))
        self._grid.setVerticalSpacing(half)
        line = 0
        for name, value in self._lines.values():
            if value is None:
                self._grid.addWidget(name, line, 0, 1, 2)
            elif self._is_stacked:
                self._grid.addWidget(name, line, 0, 1, 2)
                line += 1
                self._grid.addWidget(value, line, 0, 1, 2)
            else:
                self._grid.addWidget(name, line, 0)
                self._grid.addWidget(value, line, 1)
            line += 1

    def _heading(self, heading: str, *, is_first: bool) -> _Line:
        label = QLabel(heading, self)
        set_look(label, Look.SMALL)
        if not is_first:
            label.setContentsMargins(0, self._theme.px("space_2"), 0, 0)
        label.show()
        return label, None

    def _new(self, row: FactRow) -> _Line:
        name, value = QLabel(row.label, self), QLabel(self)
        set_look(name, Look.FAINT)
        name.setAlignment(_TOP)
        name.setBuddy(value)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setWordWrap(True)
        value.setTextInteractionFlags(_SELECTABLE)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        value.setAlignment(_TOP)
        self._values[row.key] = value
        whole = self._with_button(row, value) if row.mono else value
        name.show()
        whole.show()
        return name, whole

    def _drop(self, key: str, line: _Line) -> None:
        for part in line:
            if part is not None:
                part.hide()
                part.deleteLater()
        self._values.pop(key, None)
        self._buttons.pop(key, None)
        self._copied.pop(key, None)

    def _with_button(self, row: FactRow, value: QLabel) -> QWidget:
        """Puts a button beside a hash that copies it as it is, without the breaks of its label."""
        value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        button = QToolButton()
        button.setIcon(self._theme.icon("copy"))
        button.setToolTip(translate("SummaryRows", "Copy {label}").format(label=row.label))
        button.setAccessibleName(button.toolTip())
        set_look(button, Look.ICON)
        button.clicked.connect(lambda: self._copy(row.key))
        self._buttons[row.key] = button
        whole = QWidget(self)
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(self._theme.px("space_half"))
        line.addWidget(value, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    def copy_button(self, key: str) -> QToolButton | None:
        """Returns the button that copies the value of a row; None where it has none."""
        return self._buttons.get(key)

    def _copy(self, key: str) -> None:
        QGuiApplication.clipboard().setText(self._copied.get(key, ""))

    def _fill(self, label: QLabel, row: FactRow) -> None:
        if row.key in self._buttons:
            self._copied[row.key] = row.value
            self._buttons[row.key].setVisible(row.is_known)
        # A hash has no place to break at; without one it would widen the panel.
        text = "\u200b".join(row.value[at : at + 8] for at in range(0, len(row.value), 8))
        label.setText(text if row.mono and " " not in row.value else row.value)
        label.setToolTip(plain_tip(row.source))
        label.setAccessibleName(f"{row.label}: {row.value}")
        label.setAccessibleDescription(row.source)
        if not row.is_known:
            set_look(label, Look.FAINT)
        elif row.mono:
            set_look(label, Look.MONO)
        else:
            set_plain(label)
