"""Monitor's rules and words, without a window: every cell has an answer, every code a word."""

from itertools import chain, combinations
from pathlib import Path

import pytest

from app.network.door import DoorState
from app.run_facts import connections, is_enforced
from app.tabs.monitor.limits import look_around, synced_by
from app.tabs.monitor.tries import join
from app.tabs.monitor.who import Condition, See, conditions, who_can_see, who_rules
from app.tabs.monitor.words import (
    limit_rows,
    monitor_words,
    process_words,
    trial_headline,
    trial_rows,
)
from app.window.words_of_states import connection_words, network_words
from app.window.words_of_states import process_words as bar_words
from runner.confine.doors import DoorLabel
from runner.confine.labels import SEEN_TO_BY, Label
from runner.confine.seal import WALLS
from runner.engine import tryout
from runner.porter.record import Record, Seen, Snapshot
from runner.porter.wire import Attempt, Facts, Gone, Looked
from runner.protocol.engine import Try
from tests.runner.confine.test_degrading import proof

EVERY = [
    frozenset(some)
    for some in chain.from_iterable(combinations(Condition, n) for n in range(len(Condition) + 1))
]
ELSEWHERE = ("developer", "quantiser", "hub", "makers")


def facts(kind: str = "engine", label: str = Label.SEALED, **changes: object) -> Facts:
    return Facts(
        **{  # type: ignore[arg-type]
            "number": 1,
            "pid": 10,
            "kind": kind,
            "posture": "no network",
            "label": label,
            **changes,
        }
    )


def snapshot(*labels: Label, outside: int = 0, porter: int = 0, kind: str = "engine") -> Snapshot:
    seen = tuple(
        Seen(facts=facts(kind, label, number=n, pid=10 + n), sockets=1, outside=outside)
        for n, label in enumerate(labels, start=1)
    )
    looked = Looked(number=1, at=1.0, porter=9, sockets={"9": (1, porter)})
    return Snapshot(processes=seen, looked=looked)


def test_an_account_and_a_request_are_told_only_where_both_are_known() -> None:
    fetched = {Condition.FETCHED, Condition.REFUSED, Condition.NONE_OPEN}
    hub, developer = ("hub", "use"), ("developer", "use")
    for more, reasons in (
        (set(), ("hub_fetched", "use_fetched")),
        ({Condition.ON_REQUEST}, ("hub_fetched", "use_fetched")),
        ({Condition.ACCOUNT}, ("hub_fetched_account", "use_fetched")),
        ({Condition.ACCOUNT, Condition.ON_REQUEST}, ("hub_fetched_account", "use_on_request")),
    ):
        cells = who_can_see(frozenset(fetched | more))
        assert (cells[hub].reason, cells[developer].reason) == reasons
        assert cells[hub].answer is See.YES
    # Nothing of it is about what is said to the model.
    assert who_can_see(frozenset(fetched | more))["developer", "prompts"].answer is See.NOT_SENT
    without = who_can_see(frozenset({Condition.ACCOUNT, Condition.ON_REQUEST}))
    assert without[hub].reason == "hub_opened"


def held(shot: Snapshot) -> frozenset[Condition]:
    return conditions(shot, is_starter=True, is_kept=True, is_private=True, is_superuser=False)


def test_nothing_is_claimed_of_what_may_have_gone_out_before_or_past_the_walls() -> None:
    sealed = snapshot(Label.SEALED, Label.NO_NETWORK)
    told = facts("window", openings=("loaded first: /tmp/x.so (LD_PRELOAD)",))
    with_library = Seen(facts=told, sockets=1, outside=0)
    loaded_first = Snapshot(processes=(with_library, sealed.processes[1]), looked=sealed.looked)
    where = ("developer", "prompts")
    assert who_can_see(held(sealed))[where].answer is See.NOT_SENT
    assert who_can_see(held(loaded_first))[where].reason == "preloaded"
    before = who_can_see(held(sealed) | {Condition.WAS_ONLINE})
    assert (before[where].answer, before[where].reason) == (See.UNKNOWN, "was_online")
    assert before["makers", "use"].answer is See.UNKNOWN


def test_every_cell_has_an_answer_and_a_reason_whatever_holds() -> None:
    words, rules = monitor_words(), who_rules()
    for some in EVERY:
        cells = who_can_see(some)
        assert len(cells) == len(rules.parties) * len(rules.columns)
        assert all(cell.reason in words.reason for cell in cells.values())
    used = {rule.reason for rule in rules.rules}
    assert used == set(words.reason), "no reason without a rule, no rule without a reason"


def test_nothing_is_claimed_without_the_wall_and_the_count() -> None:
    """`nothing sent` needs both, for every cell of everybody who is elsewhere."""
    needed = {Condition.REFUSED, Condition.NONE_OPEN}
    against = {Condition.ONLINE, Condition.WAS_ONLINE, Condition.PRELOADED}
    for some in EVERY:
        claimed = {
            where for where, cell in who_can_see(some).items() if cell.answer is See.NOT_SENT
        }
        assert {party for party, _ in claimed} <= set(ELSEWHERE)
        if claimed:
            assert needed <= some
            assert not against & some
        elif needed <= some:
            assert against & some


@pytest.mark.parametrize(
    ("shot", "answer"),
    [
        (snapshot(Label.SEALED, Label.NO_NETWORK), See.NOT_SENT),
        (snapshot(Label.CALLS_REFUSED), See.NOT_SENT),
        (snapshot(Label.SEALED, Label.WATCHED), See.UNKNOWN),
        (snapshot(Label.SEALED, Label.TRIED), See.UNKNOWN),
        (snapshot(Label.SEALED, outside=1), See.UNKNOWN),
        (snapshot(Label.SEALED, outside=-1), See.UNKNOWN),
        (snapshot(Label.SEALED, porter=1), See.UNKNOWN),
        (snapshot(Label.SEALED, kind="gate"), See.UNKNOWN),
        (Snapshot(processes=snapshot(Label.SEALED).processes), See.UNKNOWN),
        (Snapshot(), See.UNKNOWN),
    ],
)
def test_prompts_are_unsent_only_as_far_as_was_read(shot: Snapshot, answer: See) -> None:
    cells = who_can_see(held(shot))
    assert {cells[party, "prompts"].answer for party in ELSEWHERE} == {answer}
    assert cells["you", "prompts"].answer is See.YES
    assert cells["programs", "prompts"].answer is See.COULD


def test_status_line_bar_and_table_say_the_same() -> None:
    shot = snapshot(Label.SEALED, Label.NO_NETWORK)
    assert is_enforced(shot)
    assert connection_words(shot)[0] == "0 connections"
    assert "could open none" in connection_words(shot)[1]
    assert "the kernel refuses" in network_words(DoorState.OFFLINE, shot).tip
    for watched in (snapshot(Label.WATCHED), snapshot(Label.TRIED)):
        assert connection_words(watched)[0] == "0 connections"
        assert "that moment only" in connection_words(watched)[1]
        assert "not proved" in network_words(DoorState.OFFLINE, watched).tip
    assert connection_words(snapshot(Label.SEALED, porter=2))[0] == "2 sockets lead out"
    assert connection_words(Snapshot()) == ("", ""), "what nobody counted is not said"
    assert connections(Snapshot()).open is None


def test_only_sealed_off_has_a_lock_and_the_others_say_what_is_missing() -> None:
    for label in Label:
        one = facts(label=label, missing=("landlock: no Landlock",))
        assert bar_words(one).is_sealed is (label is Label.SEALED)
        (told,) = process_words(Snapshot(processes=(Seen(facts=one),)))
        assert told.is_sealed is (label is Label.SEALED)
        rows = {row.label: row.value for row in told.rows}
        assert rows["Not in force"] == "the rules on files (Landlock) (no Landlock)"
        assert ("What would settle it" in rows) is (label is not Label.SEALED)
    window = facts("window", Label.NO_NETWORK)
    (told,) = process_words(Snapshot(processes=(Seen(facts=window),)))
    assert (
        "writes your chats" in {row.label: row.value for row in told.rows}["What would settle it"]
    )


def test_every_code_that_the_porter_may_send_has_words() -> None:
    from runner.confine import labels

    words = monitor_words()
    assert set(WALLS) | {"system"} | set(SEEN_TO_BY) <= set(words.missing)
    assert set(words.missing) == set(words.settle) - {"window"}
    tests = {
        *labels.NETWORK_TESTS,
        *labels.LOCAL_TESTS,
        *labels.ESCAPE_TESTS,
        "parent memory",
        "read",
    }
    assert tests <= set(words.opening), "an attempt that got through is named in words"
    whole = proof(landlock=("files", "programs", "tcp", "scopes"))
    of_a_front_end = {"local services listed", "desktop bus closed"}
    assert set(labels.means(whole)) | of_a_front_end == set(words.means)
    assert (
        set(Label) | set(DoorLabel) | {"unconfined"} == set(words.label) == set(words.label_short)
    )
    assert {one.name for one in tryout.attempts(1)} == set(words.try_)
    assert set(words.party) == set(words.party_tip) == set(who_rules().parties)
    assert set(words.column) == set(words.column_tip) == set(who_rules().columns)


def test_a_try_that_the_porter_did_not_hear_of_says_so() -> None:
    tries = [
        Try(name="tcp4", call="socket IPv4", outcome="EPERM"),
        Try(name="udp4", call="socket IPv4", outcome="EPERM"),
        Try(name="read", call="", outcome="EACCES"),
        Try(name="connect", call="connect", outcome="open"),
    ]
    attempt = Attempt(number=1, pid=2, call="socket IPv4", at=1.0, total=1)
    told = join(tries, [attempt])
    assert [one.attempt for one in told] == [attempt, None, None, None]
    rows = trial_rows(told)
    values = [row.value for row in rows]
    assert values == ["refused, counted", "refused, not counted", "refused", "let through"]
    assert "EPERM" in rows[0].source
    assert "did not tell" in rows[1].source
    assert "1 let through" in trial_headline(told, 1.0)
    assert "3 refused. The kernel told the porter of 1" in trial_headline(told[:3], 1.0)


def test_refused_calls_stay_counted_when_their_process_ends() -> None:
    record = Record()
    record.keep(facts())
    for total in range(1, 101):
        record.keep(Attempt(number=1, pid=10, call="connect", at=total, total=total))
    shot = record.snapshot(lambda number: 0.0)
    assert (shot.processes[0].refused, shot.processes[0].attempts[-1].at) == (100, 100)
    assert len(shot.processes[0].attempts) == 64
    assert shot.processes[0].heard_s == -1
    record.forget(Gone(number=1, how="asked", status=0, tail=""))
    assert record.snapshot(lambda number: 0.0).refused == 100


def test_this_computer_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "chats"
    folder.mkdir(mode=0o700)
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    around = look_around(folder, swaps)
    assert (around.swap, around.is_private, around.synced) == (("/dev/sda2",), True, "")
    folder.chmod(0o755)
    swaps.write_text("Filename Type Size Used Priority\n")
    around = look_around(folder, swaps)
    assert (around.swap, around.is_private) == ((), False)
    around = look_around(tmp_path / "nowhere", tmp_path / "no list")
    assert (around.swap, around.is_private) == (None, None)
    said = {row.label: row.value for row in limit_rows(around, "x")}
    assert said["Swap"] == "not known on this system"
    assert said["Other accounts"].startswith("not known")


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("Dropbox/models", True),
        ("OneDrive - Example University/data", True),
        ("Sync/data", True),
        ("Boxes/data", False),
        ("Synchronous/data", False),
        ("data", False),
    ],
)
def test_synced_folders_are_guessed_by_name(tmp_path: Path, folder: str, found: bool) -> None:
    place = tmp_path / folder
    place.mkdir(parents=True)
    assert bool(synced_by(place)) is found


def test_synced_folders_are_found_by_their_marks(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert synced_by(tmp_path / "a" / "b") == str(tmp_path)
