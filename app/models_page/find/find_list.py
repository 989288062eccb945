"""The part "Find": good first models without network, and what the Hub finds."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.models_page.find.addresses import Kind, Wish, read
from app.models_page.find.chosen_line import ChosenLine
from app.models_page.find.filters import ANY
from app.models_page.find.find_bar import FindBar
from app.models_page.find.find_words import (
    answer_words,
    first_words,
    hidden_words,
    unasked_words,
    unknown_fit_words,
)
from app.models_page.find.finds import (
    Result,
    result_of_find,
    result_of_first,
)
from app.models_page.find.first_models import first_models
from app.models_page.find.result_table import ResultTable
from app.models_page.fit import Room
from app.models_page.hub.hub_desk import Answer, HubDesk
from app.models_page.hub.hub_part import HubPart
from app.models_page.table.rows import Row
from app.theme.looks import Look, set_look
from inspector.untrusted import shown
from runner.errors import RunnerError

FOREIGN = "models.foreign_address"
OF_A_SEARCH = {
    "courier.log_in": "models.search_log_in",
    "courier.forbidden": "models.search_refused",
    "courier.gated": "models.search_refused",
    "courier.not_found": "models.no_search",
    "courier.rate_limited": "models.search_wait",
}
"""What an answer means to a search: it names no repository, which the usual sentences speak of."""


class FindList(HubPart):
    """A field, what narrows, and a table. Owned by: the Models page. Thread: GUI.

    Args:
        mirrors: hosts that stand for the Hub besides its own.
        room: the memory that a model could take now.
        here: repositories that files of this computer came from.
        letters: of a repository's fingerprint; None where nobody has looked at it.
    """

    wanted = Signal(object)
    """The page of a repository is wanted: a `Wish`."""

    def __init__(
        self,
        context: AppContext,
        desk: HubDesk,
        room: Callable[[], Room | None],
        here: Callable[[], frozenset[str]],
        letters: Callable[[str], str | None],
        mirrors: frozenset[str] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, desk, room, parent)
        self._here = here
        self._mirrors = mirrors
        self._answer: Answer | None = None
        self._wish: Wish | None = None
        self._results: list[Result] = []
        self.bar = FindBar(context.theme)
        self.table = ResultTable(context, self.tr("Models found"), room, letters)
        self._build()
        self._connect()
        self.show_first()

    # ---- what the page asks ----------------------------------------------------------------------

    @property
    def results(self) -> tuple[Result, ...]:
        """Everything that was found, narrowed or not."""
        return tuple(self._results)

    def ask(self, text: str) -> None:
        """Looks up what was typed, pasted or handed over."""
        wish = read(text, self._mirrors)
        self.trouble.hide()
        if wish.kind is Kind.NOTHING:
            self.show_first()
        elif wish.kind is Kind.FOREIGN:
            self.trouble.again.hide()
            self.trouble.tell(RunnerError(FOREIGN, text=shown(text, 200)))
        elif wish.kind in {Kind.REPOSITORY, Kind.FILE}:
            self.wanted.emit(wish)
        else:
            self._search(wish)

    def show_first(self) -> None:
        """Shows the good first models."""
        self._desk.stop()
        self.progress.end()
        self._answer = self._wish = None
        here = self._here()
        self._results = [result_of_first(one, here) for one in first_models()]
        self._show(keep=False)

    def again(self) -> None:
        """Asks again: for more where there is something already, else for the same."""
        self._clear_trouble(self.table)
        if self._can_go_on():
            self._on_more()
        elif self._wish is not None:
            self._search(self._wish)

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._note, Look.SMALL)
        self._back = QPushButton(self.tr("Good first models"))
        self._reset = QPushButton(self.tr("Show all of them"))
        self.more = QPushButton(self.tr("Show more"))
        self.more.setToolTip(self.tr("Asks the Hub for the models that come after these."))
        head = QHBoxLayout()
        head.addWidget(self._note, 1)
        for button in (self.more, self._reset, self._back):
            set_look(button, Look.LINK)
            head.addWidget(button)
        self.about = ChosenLine(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.bar)
        column.addWidget(self.trouble)
        column.addWidget(self.progress)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.about)

    def _connect(self) -> None:
        self.bar.asked.connect(self.ask)
        self.bar.results_wanted.connect(self.table.setFocus)
        self.bar.filters_changed.connect(self._on_filters)
        self.bar.sort_changed.connect(self._on_sort)
        self.table.opened.connect(self._on_opened)
        self.table.chosen.connect(self._on_chosen)
        self.table.near_end.connect(self._on_near_end)
        self.about.open_wanted.connect(self._on_open)
        self._back.clicked.connect(self._on_back)
        self._reset.clicked.connect(self.bar.clear_filters)
        self.more.clicked.connect(self._on_more)
        self._desk.found.connect(self._on_found)
        self._context.theme.changed.connect(self._on_filters)

    # ---- searching -------------------------------------------------------------------------------

    def _search(self, wish: Wish) -> None:
        is_new, self._wish = wish != self._wish, wish
        if is_new:
            self._answer = None
            if (known := self._desk.remembered(wish)) is not None:
                # Shown at once, with its date; what the Hub says now takes its place.
                self._take(known)
        self._desk.search(wish, self.bar.sort())

    def _on_began(self, why: str) -> None:
        if self.isVisible() and self._wish is not None:
            self.progress.begin(self.tr("Asking the Hub…"))

    def _on_found(self, answer: Answer) -> None:
        self.progress.end()
        self.trouble.hide()
        self._take(answer)

    def _on_failed(self, error: RunnerError) -> None:
        self.progress.end()
        if self._wish is None or not self.isVisible():
            return
        self.trouble.again.show()
        code = OF_A_SEARCH.get(error.code, error.code)
        self.trouble.tell(RunnerError(code, error.detail, **error.context))
        if self._answer is None:
            self._results = []
            self._show(keep=False)

    def _take(self, answer: Answer) -> None:
        """Shows an answer; what stands on the screen already stays as it is."""
        before, self._answer = self._answer, answer
        here = self._here()
        if before is not None and answer.finds[: len(before.finds)] == before.finds:
            new = [result_of_find(find, here) for find in answer.finds[len(before.finds) :]]
            self._results += new
            self.table.add_results(new, self.bar.filters())
            self._tell()
            return
        is_more = before is not None and before.wish == answer.wish
        self._results = [result_of_find(find, here) for find in answer.finds]
        self._show(keep=is_more)

    def _on_near_end(self) -> None:
        if self._can_go_on() and not self._desk.is_asking and self._context.network.allows():
            self._on_more()

    def _can_go_on(self) -> bool:
        return self._answer is not None and self._answer.is_live and self._answer.may_be_more

    def _on_more(self) -> None:
        if self._answer is not None and self._can_go_on():
            self._desk.search_on(self._answer, self.bar.sort())

    def _on_sort(self, _: str) -> None:
        if self._wish is not None:
            self._search(self._wish)

    def _on_back(self) -> None:
        self.bar.field.clear()
        self.trouble.hide()
        self.show_first()

    # ---- showing ---------------------------------------------------------------------------------

    def _on_filters(self) -> None:
        self._show(keep=True)

    def _show(self, *, keep: bool) -> None:
        """Shows all results anew, narrowed."""
        self.table.show_results(self._results, self.bar.filters(), keep=keep)
        self._tell()
        self._on_chosen(self.table.current_row())

    def redraw(self) -> None:
        """Draws the rows again: more is known of some of them."""
        if not self.isVisible():
            return
        if self.bar.filters().openness != ANY:
            self._show(keep=True)
        else:
            self.table.redraw()

    def _tell(self) -> None:
        """Says what is shown, and offers what can be done about what is not."""
        hidden = len(self._results) - len(self.table.passing)
        self._reset.setVisible(hidden > 0)
        self._back.setVisible(self._wish is not None)
        self.more.setVisible(self._can_go_on())
        if self._wish is None:
            parts = [first_words()]
        elif self._answer is None:
            # Where something went wrong, that is said above.
            parts = [] if self.trouble.said() else [unasked_words()]
        else:
            parts = [answer_words(self._answer, self._context.clock())]
        parts.append(hidden_words(hidden))
        if self.bar.filters().fits:
            parts.append(unknown_fit_words(self.table.passing, self._room()))
        self._note.setText(" ".join(part for part in parts if part))

    def _on_chosen(self, row: Row | None) -> None:
        result = row.item if row is not None and isinstance(row.item, Result) else None
        self.about.show_result(result)

    def _on_opened(self, row: Row) -> None:
        self.table.choose(row.key)
        self._on_open()

    def _on_open(self) -> None:
        row = self.table.current_row()
        result = row.item if row is not None else None
        if isinstance(result, Result):
            quant = result.first.quantisation if result.first else ""
            self.wanted.emit(
                Wish(kind=Kind.REPOSITORY, repository=result.repository, quantisation=quant)
            )
