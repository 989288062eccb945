"""The Licence tab: what is stated, what that says, four questions, the lineage, what disagrees."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.claims import readable_for
from app.dossier.papers import licences_of
from app.model.ref import ModelRef
from app.tabs.licence.document_view import DocumentView
from app.tabs.licence.policy_view import PolicyView
from app.tabs.licence.statements import StatementsView, wrapping
from app.tabs.one_report import OneReportTab, Question, kept_texts_of
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from app.words.licence import (
    explanation,
    finding_rows,
    heading,
    identified_by,
    licence_texts,
    lineage_rows,
    part_source,
    part_words,
    policy_rows,
    question_rows,
    questions_heading,
    silent_parts,
    told_parts,
)
from app.words.translation import translate
from inspector.licences.names import title_of
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport


class LicenceTab(OneReportTab):
    """Shows what is known of the licences of the inspected model.

    Thread: GUI.
    """

    key = "licence"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.title = translate("LicenceTab", "Licence")
        self._report: LicenceReport | None = None

    @property
    def content(self) -> QWidget | None:
        """What is in the scrolling part; None before anything was shown."""
        return self._scroll.widget()

    @property
    def report(self) -> LicenceReport | None:
        """What is shown; None while it is read, and where it failed."""
        return self._report

    def question(self, ref: ModelRef) -> Question:
        """Returns what the reader is asked about a model's licences."""
        return Question(
            job="licences",
            asked=licences_of(ref.path, kept_texts_of(self._context, ref.path)),
            shape=LicenceReport,
            readable=readable_for(ref.path),
            waiting=self.tr("Reading the licence of {name}…").format(name=ref.name),
        )

    def on_model(self, ref: ModelRef | None) -> None:
        """Forgets what was shown of another model."""
        self._report = None

    def show_report(self, report: LicenceReport) -> None:
        """Shows what was read."""
        self._report = report
        content = self._content(report)
        self._scroll.setWidget(content)
        # After it was given: a scroll area has its content filled.
        content.setAutoFillBackground(False)

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
        for policy in policy_rows(report):
            column.addSpacing(theme.px("space_1"))
            column.addWidget(PolicyView(theme, policy))
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
        self._add_heading(column, questions_heading(report))
        for part in (report.part(Part.WEIGHTS), *told_parts(report)):
            if part.part is not Part.WEIGHTS:
                name = wrapping(part_words(part))
                name.setToolTip(part_source(part))
                name.setAccessibleDescription(part_source(part))
                column.addWidget(name)
            answers = FactRows(gap=self._context.theme.px("space_half"))
            for row in question_rows(part):
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
        label = wrapping(text)
        set_look(label, Look.SMALL)
        label.setContentsMargins(0, self._context.theme.px("space_2"), 0, 0)
        column.addWidget(label)


def _told(text: str, source: str) -> QLabel:
    label = wrapping(text)
    label.setToolTip(source)
    label.setAccessibleDescription(source)
    return label
