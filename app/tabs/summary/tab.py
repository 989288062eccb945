"""The Summary tab: one strong line, what is odd, and the facts with their sources."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.ref import ModelRef
from app.tabs.dossier_look import DossierLook
from app.tabs.look import ModelLook
from app.tabs.stage import Stage
from app.tabs.summary.dossier_lines import DossierLines
from app.tabs.summary.fingerprints import Fingerprints
from app.tabs.summary.mix_bar import MixBar
from app.tabs.summary.rows import SummaryRows
from app.theme.looks import Look, set_look
from app.widgets.scrolled import scrolled
from app.words.facts import fact_texts, oddity_words
from app.words.summary import FactRow, fingerprint_row, headline, summary_rows
from app.words.translation import translate
from app.words.wording import words
from inspector.inspection import Inspection


class SummaryTab(QWidget):
    """Shows what the inspected file is.

    Thread: GUI.
    """

    key = "summary"

    tab_wanted = Signal(str, str)
    """A line was pressed that leads to this tab; the line's key, or nothing."""

    def __init__(
        self,
        context: AppContext,
        look: ModelLook,
        dossier: DossierLook,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = translate("SummaryTab", "Summary")
        self._context = context
        self._look = look
        self._prints = Fingerprints(context, self)
        self._five = DossierLines(context, dossier)
        self._five.tab_wanted.connect(self.tab_wanted)
        self._build()
        look.changed.connect(self._refresh)
        self._prints.changed.connect(self._show_prints)
        self._prints.progressed.connect(self._on_progressed)
        context.theme.changed.connect(self._refresh)

    def show_model(self, ref: ModelRef | None) -> None:
        """Looks at this model from now on."""
        if ref is None or ref != self._look.ref:
            self._prints.stop()
        self._look.show(ref)
        self._five.expect(ref)
        self._refresh()

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    @property
    def five(self) -> DossierLines:
        """The five lines."""
        return self._five

    @property
    def rows(self) -> SummaryRows:
        """The facts."""
        return self._rows

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_1"))
        self._headline = QLabel()
        self._headline.setWordWrap(True)
        set_look(self._headline, Look.HEADING)
        self._mix = MixBar(theme)
        self._odd = QFrame()
        set_look(self._odd, Look.WARNING)
        odd_column = QVBoxLayout(self._odd)
        self._odd_words = QLabel()
        self._odd_words.setWordWrap(True)
        self._odd_words.setTextFormat(Qt.TextFormat.PlainText)
        odd_column.addWidget(self._odd_words)
        self._odd.hide()
        self._rows = SummaryRows(theme)
        column.addWidget(self._headline)
        column.addWidget(self._mix)
        column.addWidget(self._five)
        column.addWidget(self._odd)
        column.addSpacing(theme.px("space_1"))
        column.addWidget(self._rows)
        column.addLayout(self._hash_line())
        column.addStretch(1)
        self._stage = Stage(theme, scrolled(content))
        self._stage.again_wanted.connect(self._look.read_again)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def _hash_line(self) -> QHBoxLayout:
        self._hash_words = QLabel()
        self._hash_words.setWordWrap(True)
        set_look(self._hash_words, Look.SMALL)
        self._hash_button = QPushButton()
        set_look(self._hash_button, Look.LINK)
        self._hash_button.clicked.connect(self._on_hash_pressed)
        line = QHBoxLayout()
        line.addWidget(self._hash_words, 1)
        line.addWidget(self._hash_button)
        return line

    # ---- showing --------------------------------------------------------------------------------

    def _refresh(self) -> None:
        look = self._look
        if look.error is not None:
            self._stage.fail(look.error)
        elif look.looked is not None:
            self._show(look.looked)
            self._stage.show_content()
            self._prints.show(look.ref)
        elif look.ref is not None:
            self._stage.wait(self.tr("Reading the header of {name}…").format(name=look.ref.name))

    def _show(self, looked: Inspection) -> None:
        self._headline.setText(headline(looked))
        if self._look.ref is not None:
            self._five.show_looked(self._look.ref, looked)
        self._mix.set_types(looked.summary.types)
        sentences = [oddity_words(oddity) for oddity in looked.oddities]
        self._odd.setVisible(bool(sentences))
        self._odd_words.setText("\n".join(sentences))
        groups: dict[str, tuple[FactRow, ...]] = dict(
            summary_rows(looked, is_loaded=self._look.is_loaded)
        )
        groups |= self._print_rows()
        self._rows.show_groups(groups)
        self._show_prints()

    def _print_rows(self) -> Mapping[str, tuple[FactRow, ...]]:
        rows = (
            fingerprint_row("sha256", self._prints.sha256),
            fingerprint_row("weights", self._prints.weights),
        )
        return {fact_texts().groups["prints"]: rows}

    def _show_prints(self) -> None:
        for rows in self._print_rows().values():
            for row in rows:
                self._rows.set_row(row)
        running, error = self._prints.is_running, self._prints.error
        self._hash_button.setVisible(running or not self._prints.sha256.is_known)
        self._hash_button.setText(self.tr("Stop") if running else self.tr("Work them out"))
        self._hash_button.setAccessibleName(
            self.tr("Stop reading the file")
            if running
            else self.tr("Work out the fingerprints of the file")
        )
        if running:
            self._on_progressed(0.0)
        else:
            said = "" if error is None else words(error.code, **error.context).title
            self._hash_words.setText(said)

    def _on_progressed(self, fraction: float) -> None:
        told = fact_texts().said["reading"].format(percent=f"{100 * fraction:.0f}")
        self._hash_words.setText(told)

    def _on_hash_pressed(self) -> None:
        if self._prints.is_running:
            self._prints.stop()
        else:
            self._prints.begin()
