"""The app's processes, each a line with its label that opens to what was read of it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.tabs.monitor.words import ProcessWords, Row
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.widgets.fact_row import FactRows


class ProcessList(QWidget):
    """Keeps what a person has opened open while processes come and go.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections: dict[int, tuple[CollapsibleSection, FactRows]] = {}
        self._told: dict[int, ProcessWords] = {}
        self._rows: dict[int, tuple[Row, ...]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px("space_1"))

    def show_processes(self, told: Sequence[ProcessWords]) -> None:
        """Shows these processes, in this order."""
        wanted = {one.pid for one in told}
        for pid in [pid for pid in self._sections if pid not in wanted]:
            section, _ = self._sections.pop(pid)
            self._rows.pop(pid, None)
            self._told.pop(pid, None)
            section.hide()
            section.deleteLater()
        for place, one in enumerate(told):
            section, rows = self._section(one, place)
            section.set_title(f"{one.name}: {one.label}")
            section.setToolTip(one.tip)
            if section.is_open() and self._rows.get(one.pid) != one.rows:
                self._fill(one, rows)
            self._told[one.pid] = one

    def section(self, pid: int) -> CollapsibleSection:
        """Returns the section of a process."""
        return self._sections[pid][0]

    def rows(self, pid: int) -> tuple[Row, ...]:
        """Returns what a process's open section shows."""
        return self._rows.get(pid, ())

    def pids(self) -> list[int]:
        """Returns the processes that are shown, in their order."""
        found = {self._column.indexOf(section): pid for pid, (section, _) in self._sections.items()}
        return [found[place] for place in sorted(found)]

    def _section(self, one: ProcessWords, place: int) -> tuple[CollapsibleSection, FactRows]:
        if one.pid in self._sections:
            section, rows = self._sections[one.pid]
            if self._column.indexOf(section) != place:
                self._column.insertWidget(place, section)
            return section, rows
        rows = FactRows(gap=self._theme.px("space_1"))
        section = CollapsibleSection(self._theme, one.name, rows)
        section.toggled.connect(self._on_toggled)
        self._sections[one.pid] = (section, rows)
        self._column.insertWidget(place, section)
        return section, rows

    def _on_toggled(self, is_open: bool) -> None:
        """Fills what has just been opened; what is folded costs nothing."""
        if is_open:
            for pid, (section, rows) in self._sections.items():
                if section.is_open() and pid in self._told:
                    self._fill(self._told[pid], rows)

    def _fill(self, one: ProcessWords, rows: FactRows) -> None:
        before = self._rows.get(one.pid, ())
        if [row.label for row in before] != [row.label for row in one.rows]:
            rows.clear()
            for row in one.rows:
                rows.add(row.label, row.value, row.source)
        else:
            for place, (old, new) in enumerate(zip(before, one.rows, strict=True)):
                if old != new:
                    rows.change(place, new.value, new.source)
        self._rows[one.pid] = one.rows
