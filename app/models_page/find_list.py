"""The part "Find": good first models without network, and what the Hub finds."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.models_page.addresses import Kind, Wish, read
from app.models_page.find_bar import FindBar
from app.models_page.finds import (
    Result,
    result_columns,
    result_of_find,
    result_of_first,
    row_of,
)
from app.models_page.first_models import FirstModel, checked_on, first_models, first_texts
from app.models_page.fit import Fit, Room, judge
from app.models_page.hub_desk import FIRST, MORE, Answer, HubDesk
from app.models_page.rows import LazyRow, Row
from app.models_page.shelf import day_words
from app.models_page.table import ModelTable
from app.models_page.trouble import Trouble
from app.theme.looks import Look, set_look
from app.widgets.progress import DelayedProgress
from app.words.translation import translate
from inspector.untrusted import shown
from runner.errors import RunnerError

FOREIGN = "models.foreign_address"


class FindList(QWidget):
    """A field, what narrows, and a table. Owned by: the Models page. Thread: GUI.

    Args:
        mirrors: hosts that stand for the Hub besides its own.
        room: the memory that a model could take now.
        here: repositories that files of this computer came from.
    """

    token_wanted = Signal(object)
    """A token is to be asked for: what is called once there is one."""
    wanted = Signal(object)
    """The page of a repository is wanted: a `Wish`."""

    def __init__(
        self,
        context: AppContext,
        desk: HubDesk,
        room: Callable[[], Room | None],
        here: Callable[[], frozenset[str]],
        mirrors: frozenset[str] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._room = room
        self._here = here
        self._mirrors = mirrors
        self._answer: Answer | None = None
        self._wish: Wish | None = None
        self._results: list[Result] = []
        self.bar = FindBar(context.theme)
        self.table = ModelTable(context.theme, self.tr("Models found"), result_columns())
        self.trouble = Trouble(context.theme)
        self.progress = DelayedProgress(can_stop=True)
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

    def stop(self) -> None:
        """Gives the present search up."""
        self._desk.stop()
        self.progress.end()

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._note, Look.SMALL)
        self._back = QPushButton(self.tr("Good first models"))
        self._reset = QPushButton(self.tr("Show all of them"))
        for button in (self._back, self._reset):
            set_look(button, Look.LINK)
        head = QHBoxLayout()
        head.addWidget(self._note, 1)
        head.addWidget(self._reset)
        head.addWidget(self._back)
        self._why = QFrame()
        self._why_words = QLabel()
        self._why_words.setWordWrap(True)
        self._why_words.setTextFormat(Qt.TextFormat.PlainText)
        self._why_source = QLabel()
        self._why_source.setWordWrap(True)
        self._why_source.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._why_source, Look.SMALL)
        self.open = QPushButton(self.tr("Open its page"))
        foot = QHBoxLayout(self._why)
        foot.setContentsMargins(0, theme.px("space_half"), 0, 0)
        foot.setSpacing(theme.px("space_2"))
        words = QVBoxLayout()
        words.addWidget(self._why_words)
        words.addWidget(self._why_source)
        foot.addLayout(words, 1)
        foot.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.bar)
        column.addWidget(self.trouble)
        column.addWidget(self.progress)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._why)

    def _connect(self) -> None:
        self.bar.asked.connect(self.ask)
        self.bar.filters_changed.connect(self._on_filters)
        self.bar.sort_changed.connect(self._on_sort)
        self.table.opened.connect(self._on_opened)
        self.table.chosen.connect(self._on_chosen)
        self.table.near_end.connect(self._on_near_end)
        self.open.clicked.connect(self._on_open)
        self.trouble.again_wanted.connect(self._on_again)
        self.trouble.token_wanted.connect(lambda: self.token_wanted.emit(self._on_again))
        self.progress.stop_wanted.connect(self.stop)
        self._back.clicked.connect(self._on_back)
        self._reset.clicked.connect(self.bar.clear_filters)
        self._desk.began.connect(self._on_began)
        self._desk.found.connect(self._on_found)
        self._desk.failed.connect(self._on_failed)
        self._context.theme.changed.connect(self._on_filters)

    # ---- searching -------------------------------------------------------------------------------

    def _search(self, wish: Wish, most: int = FIRST) -> None:
        is_new, self._wish = wish != self._wish, wish
        if is_new:
            self._answer = None
            if (known := self._desk.remembered(wish)) is not None:
                # Shown at once, with its date; what the Hub says now takes its place.
                self._take(known)
        self._desk.search(wish, self.bar.sort(), most)

    def _on_began(self, why: str) -> None:
        if self.isVisible() and self._wish is not None:
            self.progress.begin(self.tr("Asking the Hub…"))

    def _on_found(self, answer: Answer) -> None:
        self.progress.end()
        self._take(answer)

    def _on_failed(self, error: RunnerError) -> None:
        self.progress.end()
        if self._wish is None or not self.isVisible():
            return
        self.trouble.again.show()
        self.trouble.tell(error)
        if self._answer is None:
            self._results = []
            self._show(keep=False)

    def _take(self, answer: Answer) -> None:
        is_more = self._answer is not None and self._answer.wish == answer.wish
        self._answer = answer
        here = self._here()
        self._results = [result_of_find(find, here) for find in answer.finds]
        self._show(keep=is_more)

    def _on_near_end(self) -> None:
        answer = self._answer
        if (
            answer is not None
            and answer.is_live
            and answer.may_be_more
            and not self._desk.is_asking
            and self._context.network.allows()
        ):
            self._search(answer.wish, MORE)

    def _on_again(self) -> None:
        self.trouble.hide()
        if self._wish is not None:
            self._search(self._wish)

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
        room, now, filters = self._room(), self._context.clock(), self.bar.filters()
        chosen = self.table.current_row()
        passing = [one for one in self._results if filters.passes(one.candidate(room))]
        rows = [
            LazyRow(result.repository, partial(row_of, result, room, now)) for result in passing
        ]
        self._set_rows(rows, keep=keep)
        if not keep or chosen is None or not self.table.choose(chosen.key):
            self.table.selectRow(0)
        self._reset.setVisible(len(passing) < len(self._results))
        self._back.setVisible(self._wish is not None)
        self._note.setText(self._note_words(passing, room))
        self._on_chosen(self.table.current_row())

    def _set_rows(self, rows: list[LazyRow], *, keep: bool) -> None:
        """Adds to what is shown where that is only longer now: nothing moves under the pointer."""
        known = self.table.rows.keys()
        if keep and known and [row.key for row in rows[: len(known)]] == known:
            self.table.rows.set_rows(rows[: len(known)])
            self.table.rows.add_rows(rows[len(known) :])
        else:
            self.table.rows.set_rows(rows)
            self.table.scrollToTop()

    def _note_words(self, passing: list[Result], room: Room | None) -> str:
        parts = []
        answer = self._answer
        if self._wish is None:
            parts.append(
                self.tr(
                    "Good first models, small to large. Chosen by hand on {day}; read without network."
                ).format(day=checked_on())
            )
        elif answer is None:
            parts.append(self.tr("Nothing is known of this without asking the Hub."))
        elif not answer.finds:
            parts.append(
                self.tr("The Hub finds no model with GGUF files for “{words}”.").format(
                    words=shown(answer.wish.words or answer.wish.author, 80)
                )
            )
        else:
            parts.append(self._found_words(answer))
        hidden = len(self._results) - len(passing)
        if hidden:
            parts.append(self.tr("{count} hidden by what you narrowed to.").format(count=hidden))
        if self.bar.filters().fits:
            unknown = sum(judge(one.need, room) is Fit.UNKNOWN for one in passing)
            if unknown:
                parts.append(
                    self.tr("{count} of unknown size are shown too.").format(count=unknown)
                )
        return " ".join(parts)

    def _found_words(self, answer: Answer) -> str:
        count = len(answer.finds)
        if answer.is_live:
            if count >= MORE:
                text = self.tr("The first {count} models of the Hub; another word shows others.")
                return text.format(count=count)
            if count == 1:
                return self.tr("1 model of the Hub.")
            text = self.tr("{count} models of the Hub.").format(count=count)
            if answer.may_be_more:
                text = self.tr("The first {count} models of the Hub; more come as you scroll.")
                text = text.format(count=count)
            return text
        day = day_words(answer.seen, self._context.clock())
        return self.tr(
            "{count} models as the Hub told of them; the oldest word is of {day}."
        ).format(count=count, day=day)

    def _on_chosen(self, row: Row | None) -> None:
        result = row.item if row is not None and isinstance(row.item, Result) else None
        self._why.setVisible(result is not None)
        if result is None:
            return
        first = result.first
        self._why_words.setVisible(first is not None)
        self._why_source.setText(first_source(first) if first else result.repository)
        if first is not None:
            self._why_words.setText(first.reason)

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


def first_source(first: FirstModel) -> str:
    """Returns for whom a first model is, what others published of it, and where that comes from."""
    texts = first_texts()
    people = ", ".join(texts.people[one] for one in first.people)
    parts = [translate("FindList", "For: {people}.").format(people=people)]
    parts += [
        translate("FindList", "{who}, {date}: {says}.").format(
            who=rated.who, date=rated.date, says=rated.says
        )
        for rated in first.rated
    ]
    parts.append(
        translate(
            "FindList", "{repository}, known from {seen}; not checked against the Hub yet."
        ).format(repository=first.repository, seen=first.seen)
    )
    return " ".join(parts)
