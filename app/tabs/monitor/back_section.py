"""The tab's part on taking a model back: here, upstream when asked, and by its licence."""

from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.network.door import Visit
from app.network.purposes import has_token, purpose
from app.run_facts import connections, is_gated
from app.tabs.monitor.back import legal_rows, technical_rows
from app.tabs.monitor.ledger.learned import Learned, learned, sentence
from app.tabs.monitor.upstream import Answered, upstream_rows
from app.tabs.monitor.upstream_question import UpstreamQuestion
from app.tabs.monitor.words import Row, monitor_words
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from app.words.ledger import ledger_words
from app.words.wording import words
from inspector.licences.report import LicenceReport
from runner.errors import RunnerError
from runner.store.sources import Source


class BackSection(QWidget):
    """What holds the copy here, what has changed upstream, and what the Hub learned.

    Owned by: the Monitor tab. Thread: GUI.

    Attributes:
        learned: what the Hub learned, as far as the search has come.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._source: Source | None = None
        self._visit: Visit | None = None
        self.learned = Learned()
        self._shown: dict[FactRows, tuple[Row, ...]] = {}
        theme, texts = context.theme, monitor_words().upstream
        gap = theme.px("space_1")
        self._back, self._upstream, self._learned_rows = (FactRows(gap=gap) for _ in range(3))
        self.button = QPushButton(texts["ask"])
        self.button.clicked.connect(self.ask)
        self._line = QLabel()
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._line, Look.SMALL)
        heading = QLabel(ledger_words().learned["title"])
        heading.setWordWrap(True)
        set_look(heading, Look.HEADING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        for part in (self._back, self.button, self._line, self._upstream):
            column.addWidget(part)
        column.addSpacing(theme.px("space_2"))
        column.addWidget(heading)
        column.addWidget(self._learned_rows)

    def rows(self) -> tuple[Row, ...]:
        """Returns everything that is said."""
        return tuple(row for rows in self._shown.values() for row in rows)

    @property
    def is_fetched(self) -> bool:
        """Whether the file was downloaded through this app."""
        return self._source is not None

    @property
    def line(self) -> str:
        """What is said of asking upstream."""
        return self._line.text()

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows what is known of this model from now on."""
        self._ref = ref
        if self._visit is not None:
            self._visit.close()
        file = self._context.library.at(ref.path) if ref is not None else None
        self._source = self._context.store.sources.of(file.id) if file is not None else None
        self._fill(self._upstream, ())
        has_source = self._source is not None
        self.button.setVisible(has_source)
        self._say("" if has_source else monitor_words().upstream["no_source"])
        self._learn()

    def refresh(self, licences: LicenceReport | None, *, is_reading: bool) -> None:
        """Looks at the file: seldom, because it asks the disk and the store."""
        if self._ref is None:
            self._fill(self._back, ())
            return
        file = self._context.library.at(self._ref.path)
        sha256 = (file.sha256 if file is not None else "") or self._ref.sha256 or ""
        snapshot = self._context.porter.snapshot()
        counted = connections(snapshot)
        is_closed = counted.is_enforced and counted.open == 0
        rows = (
            *technical_rows(self._ref, sha256, is_closed=is_closed, is_gated=is_gated(snapshot)),
            *legal_rows(licences, is_reading=is_reading),
        )
        self._fill(self._back, rows)

    # ---- upstream -------------------------------------------------------------------------------

    def ask(self) -> None:
        """Asks the Hub what has changed; only ever when the person wants it."""
        source = self._source
        if source is None or self._visit is not None:
            return
        self._say(monitor_words().upstream["asking"])
        about = purpose("changes", repository=source.repository)
        # Set before anything can answer: while online, `go` is called at once.
        visit = self._context.network.use(
            about, partial(self._go, source), partial(self._refused, source)
        )
        self._visit = visit if not visit.is_over else None

    def _go(self, source: Source, visit: Visit) -> None:
        self._visit = visit
        UpstreamQuestion(
            visit, source, self._context.clock(), partial(self._answered, visit, source)
        ).ask()

    def _answered(self, visit: Visit, source: Source, now: Answered) -> None:
        if visit is self._visit:
            self._visit = None
        visit.close()
        if source != self._source:
            return
        papers = self._context.store.papers.of(source.repository, source.commit)
        self._fill(self._upstream, upstream_rows(source, papers, now))
        self._say(words(now.error.code, **now.error.context).title if now.error else "")

    def _refused(self, source: Source, error: RunnerError) -> None:
        self._visit = None
        if source == self._source:
            self._say(words(error.code, **error.context).title)

    # ---- drawing --------------------------------------------------------------------------------

    def _learn(self) -> None:
        """Searches the ledger; no later line changes what was learned then.

        On a thread of its own: a ledger of a hundred thousand lines takes a third of a second.
        """
        ref, source = self._ref, self._source
        self._fill(self._learned_rows, ())
        self.learned = Learned()
        if ref is None:
            return
        store = self._context.store

        def work() -> Learned:
            return learned(source, store.ledger, store.papers, has_token=has_token())

        told = partial(self._on_learned, ref)
        self._context.mailbox.aside("what the Hub learned", work, told)

    def _on_learned(self, ref: ModelRef, done: "Future[Learned]") -> None:
        if ref != self._ref:
            return
        try:
            self.learned = done.result()
        except RunnerError as error:
            self.learned = Learned(rows=(sentence(words(error.code, **error.context).title),))
        self._fill(self._learned_rows, self.learned.rows)

    def _say(self, text: str) -> None:
        self._line.setText(text)
        self._line.setVisible(bool(text))

    def _fill(self, rows: FactRows, now: tuple[Row, ...]) -> None:
        """Draws rows where they differ from what is shown; what is selected stays otherwise."""
        if now == self._shown.get(rows):
            return
        rows.clear()
        for row in now:
            rows.add(row.label, row.value, row.source)
        self._shown[rows] = now
