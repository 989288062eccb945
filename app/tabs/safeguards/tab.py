"""The Safeguards tab: what stays with a host, the eight, the layers, and who holds each."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.claims import readable_for
from app.dossier.papers import safeguards_of
from app.model.ref import ModelRef
from app.tabs.licence.statements import wrapping
from app.tabs.safeguards.bench import Bench
from app.tabs.safeguards.row import SafeguardRow
from app.tabs.stage import Stage
from app.theme.looks import Look, set_look
from app.widgets.segments import Segments
from app.words.safeguards import (
    guards_sentence,
    hosted_sentence,
    removed_sentences,
    safeguard_texts,
)
from app.words.translation import translate
from inspector.safeguards.values import Level, Safeguard, SafeguardReport
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 20.0


class SafeguardsTab(QWidget):
    """Shows what is known of the safeguards of the inspected model as it runs here.

    Thread: GUI.
    """

    key = "safeguards"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = translate("SafeguardsTab", "Safeguards")
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._report: SafeguardReport | None = None
        self._rows: list[SafeguardRow] = []
        self._levels: Segments | None = None
        self._content = QWidget()
        # A long word must not make the column wider than what is seen.
        self._content.setMinimumWidth(1)
        self._column = QVBoxLayout(self._content)
        edge = context.theme.px("space_2")
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(context.theme.px("space_1"))
        self._told = QWidget()
        self._bench = Bench(context)
        self._column.addWidget(self._told)
        self._column.addWidget(self._bench)
        self._column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._content)
        scroll.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self._stage = Stage(context.theme, scroll)
        self._stage.again_wanted.connect(self._read)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model's safeguards from now on."""
        if ref == self._ref and (self._report is not None or self._ticket is not None):
            return
        self._ref, self._report = ref, None
        self._bench.show_model(ref)
        self._read()

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    @property
    def bench(self) -> Bench:
        """What can be measured of the model here."""
        return self._bench

    @property
    def report(self) -> SafeguardReport | None:
        """What is shown; None while it is read, and where it failed."""
        return self._report

    @property
    def rows(self) -> list[SafeguardRow]:
        """A row for each safeguard, the eight first."""
        return self._rows

    @property
    def levels(self) -> Segments | None:
        """The choice of a level of access; None before anything was shown."""
        return self._levels

    def shows(self, path: Path) -> bool:
        """Whether the file at `path` has been looked at, with or without success."""
        return self._ticket is None and self._ref is not None and self._ref.path == path

    def texts(self) -> str:
        """Returns every sentence that is shown."""
        return "\n".join(label.text() for label in self._told.findChildren(QLabel))

    # ---- reading --------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        ref = self._ref
        if ref is None:
            return
        self._ticket = self._context.reader.ask(
            "safeguards",
            safeguards_of(ref.path),
            SafeguardReport,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable_for(ref.path),
        )
        self._stage.wait(safeguard_texts().said["reading"].format(name=ref.name))

    def _on_read(self, report: SafeguardReport) -> None:
        self._ticket, self._report = None, report
        told = self._tell(report)
        self._column.replaceWidget(self._told, told)
        self._told.hide()
        self._told.deleteLater()
        self._told = told
        self._stage.show_content()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self._stage.fail(error)

    # ---- showing --------------------------------------------------------------------------------

    def _tell(self, report: SafeguardReport) -> QWidget:
        theme, texts = self._context.theme, safeguard_texts()
        told = QWidget()
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        first = wrapping(texts.said["heading"])
        set_look(first, Look.HEADING)
        column.addWidget(first)
        column.addWidget(wrapping(hosted_sentence(report)))
        guards, sources = guards_sentence(report)
        if guards:
            line = wrapping(guards)
            line.setToolTip(sources)
            line.setAccessibleDescription(sources)
            column.addWidget(line)
        self._add_removed(column, report)
        system = wrapping(texts.said["of_system"])
        set_look(system, Look.FAINT)
        column.addWidget(system)
        to_bench = QPushButton(texts.said["to_bench"])
        set_look(to_bench, Look.LINK)
        to_bench.clicked.connect(self._show_bench)
        column.addWidget(to_bench, 0, Qt.AlignmentFlag.AlignLeading)
        self._add_levels(column, report)
        self._rows = []
        self._add_rows(column, texts.said["eight"], report.eight, report.level)
        self._add_rows(column, texts.said["layers"], report.layers, report.level)
        rules = wrapping(texts.said["rules"].format(version=report.rules))
        set_look(rules, Look.SMALL)
        column.addWidget(rules)
        return told

    def _add_removed(self, column: QVBoxLayout, report: SafeguardReport) -> None:
        sentences = removed_sentences(report)
        if not sentences:
            return
        frame = QFrame()
        set_look(frame, Look.WARNING)
        inside = QVBoxLayout(frame)
        for sentence, source in sentences:
            line = wrapping(sentence)
            line.setToolTip(source)
            line.setAccessibleDescription(source)
            inside.addWidget(line)
        column.addWidget(frame)

    def _add_levels(self, column: QVBoxLayout, report: SafeguardReport) -> None:
        texts = safeguard_texts()
        self._add_heading(column, texts.said["level"])
        choices = [(level.value, texts.levels[level.value]) for level in Level]
        self._levels = Segments(choices, wraps=True)
        self._levels.setToolTip(texts.said["level_tip"])
        self._levels.choose(report.level.value)
        self._levels.chosen.connect(self._on_level)
        column.addWidget(self._levels)
        here = wrapping(texts.said["here"].format(level=texts.levels[report.level.value]))
        set_look(here, Look.SMALL)
        column.addWidget(here)

    def _add_rows(
        self, column: QVBoxLayout, title: str, safeguards: tuple[Safeguard, ...], level: Level
    ) -> None:
        self._add_heading(column, title)
        for safeguard in safeguards:
            row = SafeguardRow(self._context.theme, safeguard, level)
            self._rows.append(row)
            column.addWidget(row)

    def _add_heading(self, column: QVBoxLayout, text: str) -> None:
        label = QLabel(text)
        set_look(label, Look.SMALL)
        label.setContentsMargins(0, self._context.theme.px("space_1"), 0, 0)
        column.addWidget(label)

    def _show_bench(self) -> None:
        """Scrolls to the bench, which stands below the last row."""
        self._scroll.verticalScrollBar().setValue(self._bench.y())
        self._bench.measure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_level(self, level: str) -> None:
        for row in self._rows:
            row.show_level(Level(level))
