"""What `lightwell ledger` does: works on a copy, so that an open window is no hindrance."""

import time
from argparse import Namespace
from pathlib import Path

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk
from app.words.ledger import ledger_rows, ledger_words
from app.words.ledger_chain import head_of_export, verdict
from runner.errors import RunnerError
from runner.library import paths
from runner.store import Store
from runner.store.ledger import HEAD_FILE, head_at, settled_at
from runner.store.ledger_lines import Head
from runner.store.reading import open_copy

SCHEMA = "lightwell.ledger/1"


def run(wanted: Namespace, desk: Desk) -> int:
    """Prints the newest events and what the check of the whole chain found.

    The exit code is 1 where a line was changed, removed or cut off.
    """
    database = paths.database_file()
    beside = database.with_name(HEAD_FILE)
    # First: of lines that a window writes meanwhile, the copy would seem to be cut off.
    kept = head_at(beside)
    store = open_copy(database) or Store.in_memory()
    try:
        return _show(wanted, desk, store, kept, beside)
    finally:
        store.close()


def _show(wanted: Namespace, desk: Desk, store: Store, kept: Head | None, beside: Path) -> int:
    ledger, screen = store.ledger, desk.screen
    earlier = _earlier(wanted.compare)
    if wanted.export:
        ledger.export(paths.typed(wanted.export).absolute())
    check = ledger.verify(*(head for head in (kept, earlier) if head is not None))
    words = verdict(check, time.time(), kept=settled_at(beside, check.head), earlier=earlier)
    rows = ledger_rows(ledger.newest(2 * max(0, wanted.most)))[: wanted.most]
    if wanted.json:
        screen.json(
            {
                "schema": SCHEMA,
                "head": msgspec.to_builtins(check.head),
                "problems": msgspec.to_builtins(check.problems),
                "events": [{name: getattr(row, name) for name in FIELDS} for row in rows],
            }
        )
    else:
        for row in reversed(rows):
            flowed = f"  up {row.sent}, down {row.got}" if row.sent else ""
            why = f"  {row.why}" if row.why else ""
            screen.line(f"{row.at}  {row.to}{why}{flowed}  {row.result}")
        screen.note(words)
        screen.aside(ledger_words().said["limit"])
    return Exit.FAILED if check.problems else Exit.DONE


FIELDS = ("number", "at", "who", "why", "to", "path", "sent", "got", "result")


def _earlier(export: str | None) -> Head | None:
    if export is None:
        return None
    head = head_of_export(paths.typed(export))
    if head is None:
        raise RunnerError("files.not_an_export", export, path=export)
    return head
