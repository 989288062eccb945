"""The file's chat template, whole, with its Jinja in colours."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from app.context import AppContext
from app.reader import arguments
from app.tabs.look import ModelLook
from app.tabs.weights.template_findings import TemplateFindings
from app.theme.looks import Look, set_look
from app.words.quantities import count_in_words
from app.words.wording import words
from inspector.code_colours import ColouredCode
from inspector.dossier import Dossier
from inspector.inspection import Inspection
from inspector.untrusted import legible
from runner.errors import RunnerError

KEY = "tokenizer.chat_template"
LANGUAGE = "jinja"
COLOUR_DEADLINE_S = 5.0
LARGEST_UNIT = 0xFFFF


class TemplateView(QWidget):
    """Shows how a conversation is turned into the text that the model sees.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._look = look
        self._colours: list[tuple[int, int, str]] = []
        self._offsets: list[int] = [0]
        self._is_shown_of: object = None
        self._told = QLabel()
        self._told.setWordWrap(True)
        set_look(self._told, Look.FAINT)
        self.body = QPlainTextEdit()
        self.body.setReadOnly(True)
        self.body.setAccessibleName(self.tr("Chat template"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        self.findings = TemplateFindings()
        self.findings.line_chosen.connect(self._show_line)
        column.addWidget(self._told)
        column.addWidget(self.findings)
        column.addWidget(self.body, 1)
        context.theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def colours(self) -> int:
        """How many stretches are coloured."""
        return len(self._colours)

    def show_inspection(self, looked: Inspection) -> None:
        """Shows the template of this file, or says that it has none."""
        if looked is self._is_shown_of or self._look.ref is None:
            return
        self._is_shown_of = looked
        self._colours = []
        self.body.clear()
        self.findings.clear()
        has_one = bool(looked.summary.template.value)
        self.body.setVisible(has_one)
        if not has_one:
            self._told.setText(
                self.tr(
                    "The file has no chat template. A conversation is continued as plain text, "
                    "or with a template from its repository."
                )
            )
            return
        self._told.setText(self.tr("Reading the template…"))
        self._look.ask(
            "text",
            arguments.WholeText(path=str(self._look.ref.path), key=KEY),
            str,
            self._on_text,
            self._on_failed,
        )
        self._look.ask(
            "dossier",
            arguments.DossierOf(path=str(self._look.ref.path)),
            Dossier,
            self._on_dossier,
            # The template can be read without; what failed has been said of the text itself.
            lambda error: None,
        )

    def _on_text(self, text: str) -> None:
        told = self.tr("{count} characters from {key} in the file's header.")
        sentences = [told.format(count=count_in_words(len(text)), key=KEY)]
        shown = legible(text)
        if shown != text:
            sentences.append(self.tr("Signs that can't be seen are written as \\u and a number."))
        text = shown
        self._told.setText(" ".join(sentences))
        self._offsets = qt_offsets(text)
        self.body.setPlainText(text)
        self._context.reader.ask(
            "code_colours",
            arguments.CodeText(text, LANGUAGE),
            ColouredCode,
            self._on_colours,
            # Without colours it can still be read.
            lambda error: None,
            deadline_s=COLOUR_DEADLINE_S,
        )

    def _on_dossier(self, found: Dossier) -> None:
        for check in found.templates:
            if check.key == KEY:
                self.findings.show_check(check)

    @Slot(int)
    def _show_line(self, line: int) -> None:
        """Brings a line, counted from 1, into view."""
        block = self.body.document().findBlockByNumber(line - 1)
        if block.isValid():
            self.body.setTextCursor(QTextCursor(block))
            self.body.centerCursor()

    def _on_colours(self, coloured: ColouredCode) -> None:
        self._colours = coloured.ranges
        self._restyle()

    def _on_failed(self, error: RunnerError) -> None:
        said = words(error.code, **error.context)
        self._told.setText(f"{said.title} {said.meaning}")

    def _restyle(self) -> None:
        theme = self._context.theme
        self.body.setFont(theme.mono())
        selections = []
        for start, length, role in self._colours:
            if start < 0 or length < 0 or start + length >= len(self._offsets):
                continue
            selection = QTextEdit.ExtraSelection()
            style = QTextCharFormat()
            style.setForeground(theme.colour(role))
            cursor = QTextCursor(self.body.document())
            cursor.setPosition(self._offsets[start])
            cursor.setPosition(self._offsets[start + length], QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = style
            selections.append(selection)
        self.body.setExtraSelections(selections)


def qt_offsets(text: str) -> list[int]:
    """Returns where each character, and the end, stands in Qt's count of 16-bit units."""
    offsets = [0]
    for sign in text:
        offsets.append(offsets[-1] + (2 if ord(sign) > LARGEST_UNIT else 1))
    return offsets
