"""The ledger only grows, and any change of what it holds shows against an earlier head."""

import csv
import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Entry, Event, Fault, Head, Line, Passing


@pytest.fixture(autouse=True)
def light_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lightwell.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store


def fill(store: Store, lines: int = 6) -> None:
    for number in range(lines):
        entry = Entry(
            event=Event.CONNECTION, who="courier", why="a search", host=f"h{number}", port=443
        )
        store.ledger.add(entry).result(10)


def by_force(store: Store, *statements: str) -> None:
    """Changes the table as somebody would who knows SQLite, past the triggers."""

    def work(db: sqlite3.Connection) -> None:
        for name in ("ledger_is_not_changed", "ledger_is_not_cut"):
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            db.execute(statement)

    store.database.write(work).result(10)


def faults(store: Store, *earlier: Head) -> list[tuple[Fault, int]]:
    return [(problem.fault, problem.number) for problem in store.ledger.verify(*earlier).problems]


def test_a_whole_ledger_has_no_fault(store: Store) -> None:
    assert faults(store) == []
    fill(store)
    found = store.ledger.verify()
    assert found.problems == ()
    assert found.head == store.ledger.head() == store.ledger.kept_head()
    assert [line.entry.host for line in store.ledger.lines(after=2, most=2)] == ["h2", "h3"]


@pytest.mark.parametrize("statement", ["UPDATE ledger SET entry = ''", "DELETE FROM ledger"])
def test_our_own_code_can_not_change_it(store: Store, statement: str) -> None:
    fill(store, 2)
    with pytest.raises(RunnerError):
        store.database.write(lambda db: db.execute(statement)).result(10)
    assert store.ledger.head().count == 2


def test_a_changed_line_shows(store: Store) -> None:
    fill(store)
    by_force(store, "UPDATE ledger SET entry = replace(entry, 'h3', 'x3') WHERE number = 4")
    assert faults(store) == [(Fault.CHANGED, 4)]


@pytest.mark.parametrize("time", ["-1", "99999999999999999", "1e300", "null"])
def test_a_time_that_nothing_can_show_is_a_changed_line(store: Store, time: str) -> None:
    """It ended the command that would have told of the change, and the export."""
    fill(store)
    by_force(
        store,
        f"UPDATE ledger SET entry = json_set(entry, '$.at_ms', json('{time}')) WHERE number = 4",
    )
    assert faults(store) == [(Fault.CHANGED, 4)]
    assert 4 not in [line.number for line in store.ledger.lines()]
    assert store.ledger.as_csv().count("\n") == store.ledger.head().count


@pytest.mark.parametrize("now", [-5.0, 1e15])
def test_whatever_the_clock_says_a_line_can_be_read(store: Store, now: float) -> None:
    ledger = Ledger(store.database, now=lambda: now)
    ledger.add(Entry(event=Event.REFUSED, who="gate")).result(10)
    assert faults(store) == []
    assert len(ledger.lines()) == 1


def test_a_changed_hash_shows(store: Store) -> None:
    fill(store)
    by_force(store, f"UPDATE ledger SET hash = '{'a' * 64}' WHERE number = 4")
    assert faults(store) == [(Fault.CHANGED, 4), (Fault.CHANGED, 5)]


def test_a_removed_line_shows(store: Store) -> None:
    fill(store)
    by_force(store, "DELETE FROM ledger WHERE number = 3")
    assert faults(store) == [(Fault.REMOVED, 3)]


def test_lines_that_were_cut_off_show_against_the_kept_head(store: Store) -> None:
    fill(store)
    by_force(store, "DELETE FROM ledger WHERE number > 4")
    assert faults(store) == [(Fault.CUT, 5)]


def test_everything_removed_shows(store: Store) -> None:
    fill(store)
    by_force(store, "DELETE FROM ledger")
    assert faults(store) == [(Fault.CUT, 1)]


def test_a_rewritten_end_shows_against_the_kept_head(store: Store, tmp_path: Path) -> None:
    fill(store)
    with Store.open(tmp_path / "other" / "x.sqlite") as other:
        fill(other, 3)
        other.ledger.add(Entry(event=Event.BROWSER, host="elsewhere")).result(10)
        with other.database.reading() as db:
            rows = db.execute("SELECT number, entry, hash FROM ledger").fetchall()
    by_force(store, "DELETE FROM ledger")
    store.database.write(
        lambda db: db.executemany("INSERT INTO ledger VALUES (?, ?, ?)", rows)
    ).result(10)
    assert faults(store) == [(Fault.CUT, 5)]


def test_a_rewrite_of_everything_shows_only_against_a_head_kept_elsewhere(store: Store) -> None:
    """The limit that Monitor has to say."""
    fill(store)
    elsewhere = store.ledger.head()
    by_force(store, "DELETE FROM ledger")
    fill(store, 8)
    assert faults(store) == []
    assert faults(store, elsewhere) == [(Fault.OTHER, 6)]


def test_a_rewrite_of_as_many_lines_shows_against_a_head_kept_elsewhere(store: Store) -> None:
    """The kept head is of the same number, and stood in the place of the one to compare."""
    fill(store)
    elsewhere = store.ledger.head()
    by_force(store, "DELETE FROM ledger")
    store.database.path.with_name("ledger-head.json").unlink()
    store.ledger.add(Entry(event=Event.BROWSER, host="elsewhere")).result(10)
    fill(store, 5)
    assert store.ledger.head().count == elsewhere.count
    assert faults(store) == []
    assert faults(store, elsewhere) == [(Fault.OTHER, 6)]


def test_a_line_behind_the_kept_head_is_no_fault(store: Store, path: Path) -> None:
    """A kill between the commit and the head's file leaves the file one line behind."""
    fill(store, 3)
    beside = path.with_name("ledger-head.json")
    before = beside.read_bytes()
    fill(store, 1)
    beside.write_bytes(before)
    assert faults(store) == []
    beside.write_bytes(b"")
    assert store.ledger.kept_head() is None
    assert faults(store) == []


def test_a_restore_keeps_what_happened(store: Store, tmp_path: Path) -> None:
    fill(store, 2)
    backup = tmp_path / "b.lightwell-backup"
    store.back_up(backup).result(20)
    fill(store, 3)
    before = store.ledger.head()
    store.restore(backup).result(20)
    lines = store.ledger.lines()
    assert [line.entry.event for line in lines] == [Event.CONNECTION] * 5 + [Event.RESTORED]
    assert "2 lines" in lines[-1].entry.result
    assert faults(store, before) == []
    with pytest.raises(RunnerError):
        store.database.write(lambda db: db.execute("DELETE FROM ledger")).result(10)


def test_an_empty_ledger_takes_over_the_one_of_a_backup(store: Store, tmp_path: Path) -> None:
    fill(store, 2)
    head = store.ledger.head()
    backup = tmp_path / "b.lightwell-backup"
    store.back_up(backup).result(20)
    with Store.open(tmp_path / "new" / "lightwell.sqlite") as new:
        new.restore(backup).result(20)
        assert new.ledger.head().count == 3
        assert faults(new, head) == []


def test_another_program_can_check_the_json(store: Store, tmp_path: Path) -> None:
    fill(store)
    target = tmp_path / "ledger.json"
    store.ledger.export(target)
    whole = json.loads(target.read_text())
    before = whole["first"]
    for line in whole["lines"]:
        before = hashlib.sha256(f"{before}\n{line['hashed']}".encode()).hexdigest()
        assert before == line["hash"]
    assert whole["head"] == {"count": 6, "hash": before}


OLDER = (
    "event", "of", "who", "why", "method", "host", "port", "address", "path", "bytes_up", "bytes_down",
    "result",
)  # fmt: skip
"""What an entry had before it said what the courier says of itself, and whether it had a token."""


def test_lines_of_an_older_version_stay_whole_and_new_ones_follow(store: Store) -> None:
    head, rows = Head(), []
    for number in range(1, 4):
        entry = {"event": "connection", "of": 0, "who": "courier", "why": "a search", "port": 443}
        entry |= dict.fromkeys(OLDER[4:6] + OLDER[7:9] + OLDER[11:], "x") | {"bytes_up": 1}
        text = json.dumps({"number": number, "at_ms": number, "entry": entry})
        own = hashlib.sha256(f"{head.hash}\n{text}".encode()).hexdigest()
        head = Head(count=number, hash=own)
        rows.append((number, text, own))
    insert = "INSERT INTO ledger (number, entry, hash) VALUES (?, ?, ?)"
    store.database.write(lambda db: db.executemany(insert, rows)).result(10)
    fill(store, 2)
    assert faults(store, head) == []
    lines = store.ledger.lines()
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert {(line.entry.agent, line.entry.account) for line in lines} == {("", "")}
    table = list(csv.DictReader(io.StringIO(store.ledger.as_csv(), newline="")))
    assert [row["host"] for row in table] == ["x", "x", "x", "h0", "h1"]


def test_a_spreadsheet_calculates_nothing(store: Store, tmp_path: Path) -> None:
    store.ledger.add(Entry(event=Event.BROWSER, host="=cmd()", path='a,"b"\nc')).result(10)
    target = tmp_path / "ledger.csv"
    store.ledger.export(target)
    (row,) = csv.DictReader(io.StringIO(target.read_text(), newline=""))
    assert row["host"] == "'=cmd()"
    assert row["path"] == 'a,"b"\nc'
    assert row["time"].endswith("Z")


def test_a_store_in_memory_keeps_no_ledger() -> None:
    with Store.in_memory() as store:
        assert not store.ledger.is_kept


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger WHERE number > 2",
        "DELETE FROM ledger",
        "UPDATE ledger SET hash = lower(hex(zeroblob(32))) WHERE number = 4",
    ],
)
def test_the_next_line_says_what_the_kept_head_shows(store: Store, statement: str) -> None:
    """The next line's head takes the kept one's place: what was cut off showed nowhere any more."""
    fill(store, 4)
    kept = store.ledger.kept_head()
    assert kept is not None
    by_force(store, statement)
    told: list[Line | Passing] = []
    store.ledger.when_added(told.append)
    fill(store, 2)
    broken, *after = store.ledger.newest(3)
    assert [one.entry.event for one in after] == [Event.CONNECTION] * 2
    assert (broken.entry.event, broken.entry.who) == (Event.BROKEN, "store")
    assert f"4 lines was kept, {kept.hash}" in broken.entry.result
    assert told == [broken, *after], "it is on the screen at once"


@pytest.mark.parametrize("beside", ["count beyond everything", "pipe"])
def test_whatever_lies_in_the_kept_heads_place_the_ledger_goes_on(
    store: Store, path: Path, beside: str
) -> None:
    """A count that no table can hold refused every line from then on, and a pipe was waited for."""
    fill(store, 1)
    place = path.with_name("ledger-head.json")
    if beside == "pipe":
        place.unlink()
        os.mkfifo(place)
    else:
        place.write_text('{"count": 9223372036854775808, "hash": "x"}')
    assert store.ledger.kept_head() is None
    fill(store, 1)
    assert events(store) == ["connection"] * 2
    assert store.ledger.kept_head() == store.ledger.head()


def test_a_listener_that_fails_keeps_nobody_waiting(store: Store) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("on purpose")

    store.ledger.when_added(fail)
    fill(store, 1)


def test_what_a_kept_head_shows_is_said_once_where_no_other_can_be_kept(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line that came had another before it that said so, for as long as the disk was full."""

    def refuse(*_: object) -> None:
        raise RunnerError("files.disk_full")

    fill(store, 4)
    by_force(store, "DELETE FROM ledger WHERE number > 2")
    with monkeypatch.context() as full:
        full.setattr("runner.store.ledger.write_whole", refuse)
        fill(store, 2)
        Ledger(store.database).add(Entry(event=Event.CONNECTION, host="of another start")).result(
            10
        )
        assert events(store) == ["connection"] * 2 + ["broken"] + ["connection"] * 3
        by_force(store, "DELETE FROM ledger WHERE number > 2")
        fill(store, 2)
        assert events(store) == ["connection"] * 2 + ["broken"] + ["connection"] * 2, (
            "it was cut off"
        )
    fill(store, 1)
    by_force(store, "DELETE FROM ledger WHERE number > 5")
    fill(store, 1)
    assert events(store)[-2:] == ["broken", "connection"], "of another head"


def events(store: Store) -> list[str]:
    return [str(line.entry.event) for line in store.ledger.lines()]


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_line_in_a_file_that_is_gone_is_none(
    store: Store, path: Path, tmp_path: Path, *, is_replaced: bool
) -> None:
    """Nothing leaves for it: SQLite goes on writing into a file that has no name any more."""
    fill(store, 1)
    path.rename(tmp_path / "elsewhere")
    if is_replaced:
        path.write_bytes(b"")
    with pytest.raises(RunnerError) as refused:
        fill(store, 1)
    assert refused.value.code == "store.moved_away"
    path.unlink(missing_ok=True)
    (tmp_path / "elsewhere").rename(path)
    fill(store, 1)
    assert store.ledger.head().count == 2
