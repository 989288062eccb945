"""The Licence tab: what is stated, what that says, four questions, the lineage, what disagrees."""

from pathlib import Path

from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.files import files_of_model, licence_files_of
from app.model.ref import ModelRef
from app.reader import arguments
from app.tabs.licence.document_view import DocumentView
from app.tabs.licence.statements import StatementsView, wrapping
from app.tabs.stage import Stage
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from app.words.licence import (
    explanation,
    finding_rows,
    heading,
    identified_by,
    licence_texts,
    lineage_rows,
    question_rows,
    silent_parts,
)
from app.words.translation import translate
from inspector.licences.names import title_of
from inspector.licences.report import LicenceReport, Part
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 20.0


class LicenceTab(QWidget):
    """Shows what is known of the licences of the inspected model.

    Thread: GUI.
    """

    key = "licence"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = translate("LicenceTab", "Licence")
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._report: LicenceReport | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._stage = Stage(context.theme, self._scroll)
        self._stage.again_wanted.connect(self._read)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model's licences from now on."""
        if ref == self._ref and (self._report is not None or self._ticket is not None):
            return
        self._ref, self._report = ref, None
        self._read()

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    @property
    def content(self) -> QWidget | None:
        """What is in the scrolling part; None before anything was shown."""
        return self._scroll.widget()

    def shows(self, path: Path) -> bool:
        """Whether the file at `path` has been looked at, with or without success."""
        return self._ticket is None and self._ref is not None and self._ref.path == path

    @property
    def report(self) -> LicenceReport | None:
        """What is shown; None while it is read, and where it failed."""
        return self._report

    # ---- reading --------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        ref = self._ref
        if ref is None:
            return
        documents = licence_files_of(ref.path)
        self._ticket = self._context.reader.ask(
            "licences",
            arguments.Licences(path=str(ref.path), documents=tuple(map(str, documents))),
            LicenceReport,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=(*files_of_model(ref.path), *documents),
        )
        self._stage.wait(self.tr("Reading the licence of {name}…").format(name=ref.name))

    def _on_read(self, report: LicenceReport) -> None:
        self._ticket, self._report = None, report
        content = self._content(report)
        self._scroll.setWidget(content)
        # After it was given: a scroll area has its content filled.
        content.setAutoFillBackground(False)
        self._stage.show_content()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self._stage.fail(error)

    # ---- showing --------------------------------------------------------------------------------

    def _content(self, report: LicenceReport) -> QWidget:
        theme, said = self._context.theme, licence_texts().said
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_half"))
        title = wrapping(heading(report))
        set_look(title, Look.HEADING)
        column.addWidget(title)
        for told, source in identified_by(report):
            line = wrapping(told)
            line.setToolTip(source)
            line.setAccessibleDescription(source)
            set_look(line, Look.SMALL)
            column.addWidget(line)
        if why := explanation(report):
            column.addSpacing(theme.px("space_1"))
            column.addWidget(wrapping(why))
        self._add_findings(column, report)
        self._add_statements(column, report)
        self._add_questions(column, report)
        self._add_heading(column, said["lineage"])
        column.addWidget(self._lineage(report))
        for text in report.texts:
            column.addSpacing(theme.px("space_1"))
            column.addWidget(DocumentView(theme, text))
        column.addStretch(1)
        return content

    def _add_findings(self, column: QVBoxLayout, report: LicenceReport) -> None:
        """Adds what to judge: contradictions in one frame, the rest as quiet lines."""
        theme = self._context.theme
        rows = finding_rows(report)
        if not rows:
            return
        column.addSpacing(theme.px("space_1"))
        if any(row.disagrees for row in rows):
            frame = QFrame()
            set_look(frame, Look.WARNING)
            inside = QVBoxLayout(frame)
            for row in rows:
                if row.disagrees:
                    inside.addWidget(_told(row.said, row.source))
            column.addWidget(frame)
        for row in rows:
            if not row.disagrees:
                column.addWidget(_told(row.said, row.source))

    def _add_statements(self, column: QVBoxLayout, report: LicenceReport) -> None:
        """Adds the terms of each licence that we have read; says which we have not."""
        said, weights = licence_texts().said, report.part(Part.WEIGHTS)
        assessed = {one.id: one for one in weights.assessed}
        if assessed:
            self._add_heading(column, said["statements"])
        for licence in weights.licences:
            if licence in assessed:
                several = len(weights.licences) > 1
                column.addWidget(
                    StatementsView(self._context.theme, assessed[licence], named=several)
                )
            else:
                column.addWidget(wrapping(f"{title_of(licence)}: {said['not_assessed']}"))

    def _add_questions(self, column: QVBoxLayout, report: LicenceReport) -> None:
        said = licence_texts().said
        self._add_heading(column, said["questions"])
        answers = FactRows(gap=self._context.theme.px("space_half"))
        for row in question_rows(report.part(Part.WEIGHTS)):
            answers.add(row.title, row.said, row.why)
        column.addWidget(answers)
        if others := silent_parts(report):
            line = wrapping(others)
            set_look(line, Look.SMALL)
            column.addWidget(line)

    def _lineage(self, report: LicenceReport) -> QWidget:
        said = licence_texts().said
        rows = lineage_rows(report)
        if not rows:
            none = wrapping(said["no_lineage"])
            set_look(none, Look.FAINT)
            return none
        lines = FactRows(gap=self._context.theme.px("space_half"))
        for row in rows:
            lines.add(row.relation, f"{row.model}\n{row.said}", row.source)
        lines.add(said["this_file"], heading(report), "")
        return lines

    def _add_heading(self, column: QVBoxLayout, text: str) -> None:
        label = QLabel(text)
        set_look(label, Look.SMALL)
        label.setContentsMargins(0, self._context.theme.px("space_2"), 0, 0)
        column.addWidget(label)


def _told(text: str, source: str) -> QLabel:
    label = wrapping(text)
    label.setToolTip(source)
    label.setAccessibleDescription(source)
    return label
