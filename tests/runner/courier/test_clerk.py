"""What a gate announces becomes lines, each with its reason, and no more of them than there may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.courier import with_gate
from runner.courier.with_gate import GateClerk, Reason
from runner.protocol.common import Ended, EndKind
from runner.protocol.gate import Announce, Passing
from runner.store import Store
from runner.store.ledger_lines import Entry, Event


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with Store.open(tmp_path / "lightwell.sqlite") as store:
        yield store


def entries(store: Store) -> list[Entry]:
    """Waits for what was heard before, and returns all of it."""
    store.database.write(lambda db: None).result(10)
    return [line.entry for line in store.ledger.lines()]


def test_an_end_has_the_reason_of_its_beginning(store: Store) -> None:
    """A connection that is kept open outlasts the errands whose reasons are remembered."""
    given = Reason(who="terminal", why="a download", agent="lightwell/1", account="token")
    reasons = {7: given}
    clerk = GateClerk(store.ledger, lambda errand: reasons.get(errand, Reason(why="none")))
    clerk.hear(Announce(number=1, errand=7, event="connection", host="hub.example"))
    assert len(entries(store)) == 1
    reasons.clear()
    clerk.hear(Announce(number=2, errand=7, event="result", of=1, bytes_down=9))
    begun, ended = entries(store)
    assert (ended.of, ended.bytes_down) == (1, 9)
    for one in (begun, ended):
        assert Reason(who=one.who, why=one.why, agent=one.agent, account=one.account) == given


def test_what_a_gate_that_fell_had_open_has_an_end(store: Store) -> None:
    """It was shown as under way for ever, and its bytes were counted nowhere."""
    clerk = GateClerk(store.ledger, lambda errand: Reason(why="a download"))
    for number in (1, 2, 3):
        clerk.hear(Announce(number=number, errand=7, event="connection", host=f"h{number}"))
        entries(store)
    clerk.hear(Announce(number=4, errand=7, event="result", of=1, bytes_down=9, result="200"))
    clerk.hear(Passing(of=2, bytes_up=3, bytes_down=700))
    # Its line is being written as the gate falls.
    clerk.hear(Announce(number=5, errand=7, event="look-up", host="late"))
    clerk.hear(Ended(kind=EndKind.SIGNAL, number=9))
    entries(store)  # the late one's line, behind which its end is put
    ends = [one for one in entries(store) if one.event is Event.RESULT]
    assert {one.of: (one.bytes_up, one.bytes_down) for one in ends if one.of > 1} == {
        2: (3, 700),
        3: (0, 0),
        5: (0, 0),
    }
    assert [one.result for one in ends] == ["200"] + [with_gate.FELL] * 3
    assert {one.why for one in ends} == {"a download"}


def test_ends_of_nothing_do_not_fill_the_ledger(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(with_gate, "MOST_LINES", 20)
    clerk = GateClerk(store.ledger, lambda errand: Reason())
    clerk.hear(Announce(number=1, errand=7, event="connection", host="hub.example"))
    entries(store)
    for number in range(2, 300):
        clerk.hear(Announce(number=number, errand=7, event="result", of=1))
    written = entries(store)
    assert 20 <= len(written) < 100
    assert written[1].event is Event.RESULT
    assert [entry.result for entry in written].count(with_gate.TOO_MANY) == 1
