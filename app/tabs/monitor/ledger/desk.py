"""Reads, checks and exports the ledger for the screen, away from the thread that draws."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from app.context import AppContext
from app.words.ledger import LedgerRow, ledger_rows, ledger_words, moment
from app.words.ledger_chain import head_of_export, verdict
from runner.errors import RunnerError
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Event, Head, Line

MOST_LINES = 2000


class LedgerDesk:
    """What the tab and the window of the ledger ask for.

    Thread: GUI; what takes long is done on a thread of its own and comes by the mailbox.
    """

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._ledger = context.store.ledger

    @property
    def is_kept(self) -> bool:
        """Whether lines are on a disk."""
        return self._ledger.is_kept

    def rows(self, most: int = MOST_LINES) -> tuple[list[LedgerRow], str]:
        """Returns the newest rows, and a sentence about all of them."""
        lines = self._ledger.newest(most)
        rows = ledger_rows(lines, self._context.traffic.under_way)
        return rows, _summary(lines, self._ledger.head().count)

    def check(self, told: Callable[[str, bool], None], export: Path | None = None) -> None:
        """Follows the whole chain; `told` gets the words, and whether all is as it should be.

        Args:
            told: called on the GUI thread.
            export: an earlier export whose head is compared too.
        """
        work = partial(_checked, self._ledger, self._context.clock, export)
        self._context.mailbox.aside("ledger check", work, lambda done: told(*done.result()))

    def export(self, target: Path) -> None:
        """Writes everything: a table where it is called `.csv`, else JSON."""
        work = partial(self._ledger.export, target)
        self._context.mailbox.aside("ledger export", work, partial(self._on_exported, target))

    def _on_exported(self, target: Path, exported: "Future[None]") -> None:
        try:
            exported.result()
        except RunnerError as error:
            self._context.notices.failure(error)
        else:
            done = ledger_words().said["exported"].format(name=target.name)
            self._context.notices.toast(done)


def _checked(ledger: Ledger, clock: Callable[[], float], export: Path | None) -> tuple[str, bool]:
    """Returns a check's words, and whether all is as it should be."""
    earlier: Head | None = None
    if export is not None and (earlier := head_of_export(export)) is None:
        return ledger_words().said["not_an_export"], True
    found = ledger.verify(*([earlier] if earlier else []))
    kept = ledger.settled_head(found.head)
    return verdict(found, clock(), kept=kept, earlier=earlier), not found.problems


def _summary(lines: list[Line], count: int) -> str:
    said = ledger_words().said
    if not lines:
        return said["empty"]
    events = [line.entry.event for line in lines]
    told = said["summary"].format(
        lines=count,
        since=moment(lines[0].at_ms)[:10],
        connections=events.count(Event.CONNECTION),
        refused=events.count(Event.REFUSED),
    )
    if len(lines) < count:
        return f"{told} {said['newest'].format(shown=len(lines))}"
    return told
