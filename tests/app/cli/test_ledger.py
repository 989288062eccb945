"""`lightwell ledger`, over a store that a window may have open at the same time."""

import contextlib
import json
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli import ledger
from app.cli.command import Exit
from runner.library import paths
from runner.store import Store
from runner.store.ledger import HEAD_FILE
from runner.store.ledger_lines import Entry, Event
from runner.store.reading import open_copy
from tests.app.cli.test_commands import call


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with a fetch and a refusal in it; it stays open, as a window's does."""
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with Store.open(paths.database_file()) as store:
        add = store.ledger.add
        line = add(Entry(event=Event.CONNECTION, who="courier", why="a test", method="CONNECT",
                         host="hub.example", port=443)).result(10)  # fmt: skip
        add(Entry(event=Event.RESULT, of=line.number, bytes_up=7, bytes_down=9)).result(10)
        add(Entry(event=Event.REFUSED, host="evil.example", port=443, result="no")).result(10)
        yield store


def test_it_shows_the_lines_and_checks_the_chain(store: Store) -> None:
    done = call("ledger")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "CONNECT hub.example  a test  up 7\xa0B, down 9\xa0B" in first
    assert second.endswith("refused: evil.example  no")
    assert "Chain whole" in done.stderr
    assert "lines 3:" in done.stderr


def test_a_line_that_a_window_writes_meanwhile_is_no_fault(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in the kept head and not in the copy, which was then called cut off."""

    def copy_and_write(path: Path) -> Store | None:
        copied = open_copy(path)
        store.ledger.add(Entry(event=Event.BROWSER, host="example.org")).result(10)
        return copied

    monkeypatch.setattr(ledger, "open_copy", copy_and_write)
    said: list[str] = []
    screen = SimpleNamespace(line=said.append, note=said.append, aside=said.append)
    wanted = Namespace(compare=None, export=None, most=9, json=False)
    assert ledger.run(wanted, SimpleNamespace(screen=screen)) is Exit.DONE  # type: ignore[arg-type]
    assert any("lines 3:" in line for line in said)


def test_a_head_that_stayed_behind_is_said(store: Store) -> None:
    """It was said to agree, while a cut of the lines after it would not have shown."""
    beside = paths.database_file().with_name(HEAD_FILE)
    before = beside.read_bytes()
    store.ledger.add(Entry(event=Event.BROWSER, host="example.org")).result(10)
    beside.write_bytes(before)
    done = call("ledger")
    assert done.returncode == 0, done.stderr
    assert "is of line 3: if lines after that were cut off" in done.stderr
    assert "agree" not in done.stderr


def test_it_exports_compares_and_prints_json(store: Store, tmp_path: Path) -> None:
    export = tmp_path / "ledger.json"
    assert call("ledger", "--export", export, "--most", "0").stdout == ""
    store.ledger.add(Entry(event=Event.BROWSER, host="example.org")).result(10)
    done = call("ledger", "--compare", export, "--json")
    told = json.loads(done.stdout)
    assert told["schema"] == "lightwell.ledger/1"
    assert told["head"]["count"] == 4
    assert told["problems"] == []
    assert told["events"][0]["to"] == "your browser: example.org"


def test_a_changed_line_fails(store: Store) -> None:
    with contextlib.closing(sqlite3.connect(paths.database_file())) as db:
        db.execute("DROP TRIGGER ledger_is_not_changed")
        db.execute("UPDATE ledger SET entry = replace(entry, 'hub.', 'bub.') WHERE number = 1")
        db.commit()
    done = call("ledger")
    assert done.returncode == 1
    assert "Line 1 was changed." in done.stderr


def test_nothing_yet_is_said_so() -> None:
    done = call("ledger")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no line yet" in done.stderr
