"""The Safeguards tab: what stays with a host, the eight, the layers, and who holds each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.claims import readable_for
from app.dossier.papers import safeguards_of
from app.model.ref import ModelRef
from app.tabs.licence.statements import wrapping
from app.tabs.one_report import OneReportTab, Question, kept_texts_of
from app.tabs.safeguards.bench import Bench
from app.tabs.safeguards.row import SafeguardRow
from app.theme.looks import Look, set_look
from app.widgets.segments import Segments
from app.words.safeguards import (
    guards_sentence,
    hosted_sentence,
    not_of_it_sentence,
    not_read_sentence,
    removed_sentences,
    safeguard_texts,
)
from app.words.translation import translate
from inspector.safeguards.values import Level, Safeguard, SafeguardReport


class SafeguardsTab(OneReportTab):
    """Shows what is known of the safeguards of the inspected model as it runs here.

    Thread: GUI.
    """

    key = "safeguards"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.title = translate("SafeguardsTab", "Safeguards")
        self._report: SafeguardReport | None = None
        self._rows: list[SafeguardRow] = []
        self._levels: Segments | None = None
        content = QWidget()
        # A long word must not make the column wider than what is seen.
        content.setMinimumWidth(1)
        self._column = QVBoxLayout(content)
        edge = context.theme.px("space_2")
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(context.theme.px("space_1"))
        self._told = QWidget()
        self._bench = Bench(context)
        self._column.addWidget(self._told)
        self._column.addWidget(self._bench)
        self._column.addStretch(1)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)

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

    def texts(self) -> str:
        """Returns every sentence that is shown."""
        return "\n".join(label.text() for label in self._told.findChildren(QLabel))

    def question(self, ref: ModelRef) -> Question:
        """Returns what the reader is asked about a model's safeguards."""
        return Question(
            job="safeguards",
            asked=safeguards_of(ref.path, kept_texts_of(self._context, ref.path)),
            shape=SafeguardReport,
            readable=readable_for(ref.path),
            waiting=safeguard_texts().said["reading"].format(name=ref.name),
        )

    def on_model(self, ref: ModelRef | None) -> None:
        """Shows what was measured of this model, and forgets what was read of another."""
        self._report = None
        self._bench.show_model(ref)

    def show_report(self, report: SafeguardReport) -> None:
        """Shows what was read."""
        self._report = report
        told = self._tell(report)
        self._column.replaceWidget(self._told, told)
        self._told.hide()
        self._told.deleteLater()
        self._told = told

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
        for said in filter(None, (not_of_it_sentence(report), not_read_sentence(report))):
            column.addWidget(wrapping(said))
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
