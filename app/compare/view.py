"""A comparison on screen: the fingerprints, one part of the stack in all of them, and the lines."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.compare.table import CompareTable
from app.context import AppContext
from app.tabs.openness.beside import legend
from app.tabs.openness.fingerprint import FingerprintView
from app.theme.looks import Look
from app.widgets.collapsible import CollapsibleSection
from app.widgets.flow_layout import FlowLayout
from app.widgets.plain_label import plain_label
from app.widgets.scrolled import scrolled
from app.words.compare import Section, counts_words, part_line, sections
from inspector.comparison import Comparison, How, Side, compare

OPEN = frozenset({How.DIFFERS.value, "verdicts", "licences"})
"""Sections that are unfolded at first."""


class ComparisonView(QWidget):
    """Draws one comparison.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sides: tuple[Side, ...] = ()
        self._found: Comparison | None = None
        self._part_table: CompareTable | None = None
        self.pictures: list[FingerprintView] = []
        self.sections: dict[str, CollapsibleSection] = {}
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        edge = context.theme.px("space_2")
        self._column.setContentsMargins(0, edge, edge, edge)
        self._column.setSpacing(context.theme.px("space_2"))
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(self._content))
        context.theme.changed.connect(self._redraw)

    @property
    def found(self) -> Comparison | None:
        """What is shown."""
        return self._found

    @property
    def sides(self) -> tuple[Side, ...]:
        """The models that are shown."""
        return self._sides

    def show_sides(self, sides: Sequence[Side]) -> None:
        """Sets these beside each other."""
        self._sides, self._found = tuple(sides), compare(sides)
        self._redraw()

    def part_text(self) -> str:
        """Returns what is shown of the part that is chosen."""
        return self._part_table.text() if self._part_table is not None else ""

    # ---- drawing ---------------------------------------------------------------------------------

    def _redraw(self) -> None:
        found = self._found
        if found is None:
            return
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.sections = {}
        self._column.addWidget(plain_label(counts_words(found)))
        self._column.addWidget(self._fingerprints(found))
        self._column.addWidget(legend(self._context.theme))
        self._part = QWidget()
        column = QVBoxLayout(self._part)
        column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._part)
        self._show_part(self.pictures[0].current)
        for section in sections(found):
            self._column.addWidget(self._section(section, found.names))
        self._column.addStretch(1)
        self._settling.start()

    def _fingerprints(self, found: Comparison) -> QWidget:
        """Returns the fingerprints; side by side where there is room, and else below each other."""
        theme, line = self._context.theme, QWidget()
        flow = FlowLayout(line, gap=theme.px("space_3"))
        differ = [one.part for one in found.parts if one.how is How.DIFFERS]
        self.pictures = []
        for side in self._sides:
            place = QWidget()
            column = QVBoxLayout(place)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.px("space_half"))
            picture = FingerprintView(theme)
            picture.show_profile(side.profile)
            picture.setMinimumWidth(picture.sizeHint().width())
            picture.mark(differ, dims=False)
            picture.chosen.connect(self._show_part)
            name = plain_label(side.name, Look.HEADING)
            column.addWidget(name)
            column.addWidget(picture)
            self.pictures.append(picture)
            flow.addWidget(place)
        return line

    def _section(self, section: Section, names: Sequence[str]) -> QWidget:
        """Returns a heading over its lines, which are made when it is opened."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        title = f"{section.title} ({len(section.lines)})"
        fold = CollapsibleSection(self._context.theme, title, body)
        fold.toggled.connect(partial(self._on_folded, column, section, names))
        fold.set_open(section.key in OPEN)
        self.sections[section.key] = fold
        return fold

    def _on_folded(
        self,
        column: QVBoxLayout,
        section: Section,
        names: Sequence[str],
        is_open: bool,
    ) -> None:
        if is_open and not column.count():
            column.addWidget(CompareTable(self._context.theme, names, section.lines))
        self._settling.start()

    def _show_part(self, part: str) -> None:
        """Shows one part of the stack in all models, and chooses its tile in each picture."""
        found = self._found
        if found is None:
            return
        for picture in self.pictures:
            if picture.current != part:
                picture.blockSignals(True)
                picture.choose(part)
                picture.blockSignals(False)
        column = self._part.layout()
        if column is None:
            return
        while (item := column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._part_table = None
        line = next((one for one in found.parts if one.part == part), None)
        if line is None:
            words = self.tr("This app's or this machine's: it is the same whatever the model.")
            column.addWidget(plain_label(words, Look.FAINT))
        else:
            self._part_table = CompareTable(self._context.theme, found.names, [part_line(line)])
            column.addWidget(self._part_table)
        self._settling.start()

    def _settle(self) -> None:
        """Has the column measured anew: Qt keeps heights of texts that were measured while hidden."""
        for layout in self._content.findChildren(QLayout):
            layout.invalidate()
        width = self._content.width()
        self._content.resize(width, max(self.height(), self._column.totalHeightForWidth(width)))
        QCoreApplication.postEvent(self._content, QEvent(QEvent.Type.LayoutRequest))
