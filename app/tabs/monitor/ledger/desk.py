"""Reads, checks and exports the ledger for the screen, away from the thread that draws."""

import threading
from collections.abc import Callable
from pathlib import Path

from app.context import AppContext
from app.words.ledger import LedgerRow, ledger_rows, ledger_words, moment
from app.words.ledger_chain import head_of_export, verdict
from runner.errors import RunnerError
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
        return ledger_rows(lines), _summary(lines, self._ledger.head().count)

    def check(self, told: Callable[[str, bool], None], export: Path | None = None) -> None:
        """Follows the whole chain; `told` gets the words, and whether all is as it should be.

        Args:
            told: called on the GUI thread.
            export: an earlier export whose head is compared too.
        """

        def work() -> None:
            earlier: Head | None = None
            if export is not None and (earlier := head_of_export(export)) is None:
                self._context.mailbox.post(lambda: told(ledger_words().said["not_an_export"], True))
                return
            found = self._ledger.verify(*([earlier] if earlier else []))
            words = verdict(
                found,
                self._context.clock(),
                has_kept=self._ledger.kept_head() is not None,
                earlier=earlier,
            )
            self._context.mailbox.post(lambda: told(words, not found.problems))

        threading.Thread(target=work, name="ledger check", daemon=True).start()

    def export(self, target: Path) -> None:
        """Writes everything: a table where it is called `.csv`, else JSON."""

        def work() -> None:
            post, notices = self._context.mailbox.post, self._context.notices
            try:
                self._ledger.export(target)
            except RunnerError as failure:
                error = failure
                post(lambda: notices.failure(error))
            else:
                done = ledger_words().said["exported"].format(name=target.name)
                post(lambda: notices.toast(done))

        threading.Thread(target=work, name="ledger export", daemon=True).start()


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
