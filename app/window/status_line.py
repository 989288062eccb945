"""The status line: facts about the running model, each hidden until it is known."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel

LEAST_NEEDED = ("model", "memory", "device", "connections", "speed")
"""What goes first where there is no room for all; the bar names the model too."""

CELLS = ("model", "device", "context", "speed", "memory", "connections")


class StatusLine(QWidget):
    """Cells in a row. It draws what it is told; `StatusFacts` knows what to tell."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Status"))
        set_look(self, Look.STATUS)
        self._row = QHBoxLayout(self)
        self._cells: dict[str, ElidingLabel] = {}
        for key in CELLS:
            if key == "connections":
                self._row.addStretch(1)
            cell = ElidingLabel()
            set_look(cell, Look.STATUS_CELL)
            cell.hide()
            self._cells[key] = cell
            self._row.addWidget(cell)
        self.setMinimumWidth(1)
        self._restyle()
        theme.changed.connect(self._restyle)

    def say(self, key: str, text: str, source: str) -> None:
        """Shows a fact and, as a tooltip, where it comes from; an empty text hides it."""
        cell = self._cells[key]
        if text == cell.text() and source == cell.accessibleDescription():
            return
        cell.setText(text)
        cell.set_tip(source)
        cell.setAccessibleDescription(source)
        self._fit()

    def text(self, key: str) -> str:
        """Returns what a cell says; empty where it is hidden."""
        return self._cells[key].text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again which cells there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shows whole cells only, the needed ones first: half a number would be a wrong one."""
        shown = [key for key in CELLS if self._cells[key].text()]
        for key in LEAST_NEEDED:
            if self._width_of(shown) <= self.width():
                break
            if key in shown:
                shown.remove(key)
        for key, cell in self._cells.items():
            cell.setVisible(key in shown)

    def _width_of(self, shown: list[str]) -> int:
        cells = sum(self._cells[key].sizeHint().width() for key in shown)
        return cells + self._row.spacing() * len(shown) + 2 * self._theme.px("space_2")

    def _restyle(self) -> None:
        edge = self._theme.px("space_2")
        self._row.setContentsMargins(edge, 0, edge, 0)
        self._row.setSpacing(self._theme.px("space_3"))
        self.setFixedHeight(self._theme.px("space_3") + self._theme.px("space_half"))
        self._fit()
