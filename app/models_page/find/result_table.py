"""The table of what was found: narrowed, drawn when first seen, and grown from below."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.models_page.find.filters import ANY, Filters
from app.models_page.find.finds import OPEN, Result, result_columns, row_of
from app.models_page.fit import Room
from app.models_page.table.open_cell import open_groups
from app.models_page.table.rows import LazyRow, Row
from app.models_page.table.table import ModelTable


class ResultTable(ModelTable):
    """Shows results that pass the filters. Owned by: FindList. Thread: GUI.

    Args:
        room: the memory that a model could take now.
        letters: of a repository's fingerprint; None where nobody has looked at it.
    """

    def __init__(
        self,
        context: AppContext,
        title: str,
        room: Callable[[], Room | None],
        letters: Callable[[str], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context.theme, title, result_columns(), parent)
        self._clock = context.clock
        self._room = room
        self._letters = letters
        self._passing: list[Result] = []

    @property
    def passing(self) -> Sequence[Result]:
        """The results that are shown."""
        return self._passing

    def show_results(self, results: Sequence[Result], filters: Filters, *, keep: bool) -> None:
        """Shows results in place of all others.

        Args:
            results: all that were found.
            filters: what a person has narrowed to.
            keep: whether place and choice stay where they can.
        """
        chosen = self.current_row()
        self._passing = self._narrowed(results, filters)
        self._set_rows(self._rows_of(self._passing), keep=keep)
        if not keep or chosen is None or not self.choose(chosen.key):
            self.choose_at(0)
        self._leave_out_unseen()

    def add_results(self, results: Sequence[Result], filters: Filters) -> None:
        """Shows further results below; nothing moves under the pointer."""
        new = self._narrowed(results, filters)
        self._passing += new
        self.rows.add_rows(self._rows_of(new))
        if self.current_row() is None:
            self.choose_at(0)
        self._leave_out_unseen()

    def redraw(self) -> None:
        """Draws the same rows again: more is known of some of them."""
        self._set_rows(self._rows_of(self._passing), keep=True)
        self._leave_out_unseen()

    def _narrowed(self, results: Sequence[Result], filters: Filters) -> list[Result]:
        room = self._room()
        if filters.openness == ANY:
            return [one for one in results if filters.passes(one.candidate(room))]
        return [
            one
            for one in results
            if filters.passes(one.candidate(room, open_groups(self._letters(one.repository))))
        ]

    def _rows_of(self, results: Sequence[Result]) -> list[LazyRow]:
        room, now = self._room(), self._clock()
        return [
            LazyRow(result.repository, partial(self._row, result, room, now)) for result in results
        ]

    def _row(self, result: Result, room: Room | None, now: float) -> Row:
        """Returns a row when it is first seen."""
        return row_of(result, room, now, self._letters(result.repository))

    def _set_rows(self, rows: list[LazyRow], *, keep: bool) -> None:
        """Adds to what is shown where that is only longer now: nothing moves under the pointer."""
        known = self.rows.keys()
        if keep and known and [row.key for row in rows[: len(known)]] == known:
            self.rows.set_rows(rows[: len(known)])
            self.rows.add_rows(rows[len(known) :])
        else:
            self.rows.set_rows(rows)
            self.scrollToTop()

    def _leave_out_unseen(self) -> None:
        """Leaves the fingerprints out where there is none: a column of "not looked at" says nothing."""
        is_any = any(self._letters(one.repository) is not None for one in self._passing)
        self.leave_out(*(() if is_any else (OPEN,)))
