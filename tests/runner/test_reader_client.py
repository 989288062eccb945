"""The reader's client against a real reader process, with jobs made for tests."""

import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runner import reader_client
from runner.errors import RunnerError
from runner.protocol import MAX_LINE_BYTES
from runner.reader_client import MOST_PROGRESS, ReaderClient
from tests.support.porter import running_porter

WAIT_S = 20


class Asker:
    """Asks and waits; keeps every answer, so that a second one would show."""

    def __init__(self, client: ReaderClient) -> None:
        self.client = client
        self.answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def start(self, job: str, argument: object, shape: Any = int, **more: Any) -> Any:
        return self.client.ask(job, argument, shape, self.answers.put, self.answers.put, **more)

    def ask(self, job: str, argument: object, shape: Any = int, **more: Any) -> Any:
        self.start(job, argument, shape, **more)
        return self.answers.get(timeout=WAIT_S)


@pytest.fixture
def asker() -> Iterator[Asker]:
    with running_porter() as porter:
        client = ReaderClient(porter, kind="jobs")
        yield Asker(client)
        client.close()


def code(answer: object) -> str:
    assert isinstance(answer, RunnerError)
    return answer.code


def test_a_job_is_done_and_the_reader_stays(asker: Asker) -> None:
    assert asker.ask("double", 21) == 42
    assert asker.ask("double", 4) == 8
    assert asker.client._process == 2, "one drop before the first start, and one start"


def test_progress_comes_in_order(asker: Asker) -> None:
    seen: list[tuple[int, int]] = []
    assert asker.ask("count", 5, progress=lambda done, total: seen.append((done, total))) == 5
    assert seen == [(n, 5) for n in range(1, 6)]


def test_no_more_is_told_of_progress_than_anybody_can_see(asker: Asker) -> None:
    """Ten thousand such messages a second kept the window from everything else."""
    seen: list[int] = []
    begun = time.monotonic()
    assert asker.ask("count", 20_000, progress=lambda done, total: seen.append(done)) == 20_000
    seconds = time.monotonic() - begun
    assert MOST_PROGRESS <= len(seen) <= MOST_PROGRESS * (1 + seconds / 10) + 1
    assert seen == sorted(seen)


def test_bulk_results_arrive_whole(asker: Asker) -> None:
    size = 9 * 1024 * 1024
    ticket = asker.start("bulk", size)
    assert asker.answers.get(timeout=WAIT_S) == size
    assert ticket.payload == bytes(size)


def test_a_reader_that_sends_without_end_is_ended(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window kept all of it until the job's time was over."""
    monkeypatch.setattr("runner.reader_client.MOST_BULK_BYTES", 9 * 1024 * 1024)
    ticket = asker.start("bulk", 64 * 1024 * 1024)
    assert code(asker.answers.get(timeout=WAIT_S)) == "reader.bad_result"
    assert len(ticket.payload) <= 9 * 1024 * 1024
    assert asker.ask("double", 4) == 8


def test_failures_keep_their_code_and_context(asker: Asker) -> None:
    answer = asker.ask("fail", "gguf.truncated")
    assert code(answer) == "gguf.truncated"
    assert answer.context == {"path": "/some/where"}
    assert answer.detail == "as asked"


@pytest.mark.parametrize("size", [0, MAX_LINE_BYTES])
def test_a_failure_in_words_that_no_line_can_hold_is_told_in_others(
    asker: Asker, size: int
) -> None:
    """It ended the thread that does the work, and the process went on without ever answering again."""
    answer = asker.ask("fail in odd words", size)
    assert code(answer) == "gguf.truncated"
    assert answer.detail.startswith("half ? a sign")
    assert answer.context == {"path": "odd ? name", "bytes": str(2**70)}
    assert asker.ask("double", 4) == 8


@pytest.mark.parametrize(
    ("job", "argument", "expected"),
    [
        ("nonesuch", 1, "reader.unknown_job"),
        ("double", "two", "reader.bad_arguments"),
        ("bug", 0, "process.bug"),
        ("memory", 2**30, "process.out_of_memory"),
        ("crash", 0, "reader.crashed"),
    ],
)
def test_a_failed_job_is_one_error_and_the_next_one_works(
    asker: Asker, job: str, argument: object, expected: str
) -> None:
    assert code(asker.ask(job, argument)) == expected
    assert asker.ask("double", 1) == 2


def test_a_result_of_another_shape_is_refused(asker: Asker) -> None:
    assert code(asker.ask("environment", 1, int)) == "reader.bad_result"


def test_an_overrun_costs_the_process_and_the_next_job_gets_another(asker: Asker) -> None:
    assert asker.ask("double", 1) == 2
    answer = asker.ask("wait", 30, str, deadline_s=0.3)
    assert code(answer) == "reader.too_slow"
    assert asker.ask("double", 2) == 4


def test_a_cancelled_job_answers_nothing_and_makes_room(asker: Asker) -> None:
    asker.ask("double", 1)
    ticket = asker.start("wait", 30.0, str)
    waiting = asker.start("double", 5)
    ticket.cancel()
    assert asker.answers.get(timeout=WAIT_S) == 10
    assert waiting.wanted
    assert asker.answers.empty()


def test_a_job_that_waits_can_be_cancelled(asker: Asker) -> None:
    asker.start("wait", 0.2, str)
    asker.start("double", 5).cancel()
    asker.start("double", 6)
    assert [asker.answers.get(timeout=WAIT_S) for _ in range(2)] == ["waited", 12]


def test_another_file_means_another_reader(asker: Asker, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    assert asker.ask("read", str(tmp_path / "one"), str, readable=[tmp_path / "one"]) == "one"
    assert asker.ask("read", str(tmp_path / "two"), str, readable=[tmp_path / "two"]) == "two"


def test_a_file_that_took_another_s_place_is_read(asker: Asker, tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_text("before")
    assert asker.ask("read", str(file), str, readable=[file]) == "before"
    (tmp_path / "new").write_text("after")
    (tmp_path / "new").replace(file)
    assert asker.ask("read", str(file), str, readable=[file]) == "after"


def test_a_reader_without_work_goes_after_a_while(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_client, "IDLE_S", 0.2)
    assert asker.ask("double", 1) == 2
    child = asker.client._child
    assert child is not None
    assert child.wait(WAIT_S)
    assert asker.client._child is None
    assert asker.ask("double", 3) == 6


def test_a_path_that_is_gone_is_said(asker: Asker, tmp_path: Path) -> None:
    answer = asker.ask("read", "x", str, readable=[tmp_path / "nonesuch"])
    assert code(answer) == "reader.not_started"
    assert "porter.no_such_path" in answer.detail
    assert asker.ask("double", 2) == 4


def test_what_no_line_can_hold_fails_and_keeps_nobody_waiting(asker: Asker) -> None:
    """Two cards of signs that take six each on the way: whoever asked met an exception instead."""
    answer = asker.ask("double", "\x01" * (MAX_LINE_BYTES // 6))
    assert code(answer) == "process.message_too_long"
    assert asker.ask("double", 4) == 8


def test_a_start_that_no_packet_can_hold_takes_nothing_from_the_next_job(
    asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its failure began the next job, whose process and deadline it then took for its own."""
    many = [tmp_path / f"{number:05}-{'x' * 200}" for number in range(1000)]
    assert asker.ask("wait", 0.0, str)
    asker.start("wait", 0.5, str)
    monkeypatch.setattr(reader_client, "START_S", 0.3)
    asker.start("double", 2, readable=many)
    asker.start("wait", 60, str, deadline_s=0.3)
    told = [asker.answers.get(timeout=WAIT_S) for _ in range(3)]
    monkeypatch.undo()
    assert [told[0], code(told[1]), code(told[2])] == [
        "waited",
        "reader.not_started",
        "reader.too_slow",
    ]
    assert asker.ask("double", 4) == 8


def test_who_fails_to_hear_keeps_nobody_else_from_hearing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ended the thread that hears of every process: nothing that was asked for later was answered."""
    failed: queue.SimpleQueue[object] = queue.SimpleQueue()
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: failed.put(str(error)))

    def fail(answer: object) -> None:
        raise ValueError(code(answer) if isinstance(answer, RunnerError) else "told")

    with running_porter() as porter:
        client, refused = ReaderClient(porter, kind="jobs"), ReaderClient(porter, kind="nonesuch")
        client.ask("double", 1, int, fail, fail)
        behind = Asker(client)
        behind.start("double", 3)
        assert failed.get(timeout=WAIT_S) == "told", "on the thread of the process"
        refused.ask("double", 1, int, fail, fail)
        assert failed.get(timeout=WAIT_S) == "reader.not_started", "on the porter's"
        assert behind.answers.get(timeout=WAIT_S) == 6
        assert Asker(client).ask("double", 4) == 8
        assert Asker(ReaderClient(porter, kind="jobs")).ask("double", 5) == 10


def test_answers_go_through_the_given_door() -> None:
    inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    answers: list[int] = []
    with running_porter() as porter:
        client = ReaderClient(porter, inbox.put, kind="jobs")
        client.ask("double", 8, int, answers.append, pytest.fail)
        call = inbox.get(timeout=WAIT_S)
        assert answers == []
        call()
        assert answers == [16]
        client.close()


def test_an_answer_on_its_way_is_not_handed_over_after_the_end() -> None:
    """Whoever asked may be gone by then: a dialog that was closed, a page of a window."""
    on_its_way: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    with running_porter() as porter:
        client = ReaderClient(porter, on_its_way.put, kind="jobs")
        asker = Asker(client)
        asker.start("double", 21)
        deliver = on_its_way.get(timeout=WAIT_S)
        client.close()
        deliver()
    assert asker.answers.empty()


def test_no_thread_of_the_clients_holds_whom_it_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancelled timer ends in its own time; a dialog that it held to the end took the window along."""
    monkeypatch.setattr(threading.Timer, "cancel", lambda timer: None)
    on_its_way: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    with running_porter() as porter:
        client = ReaderClient(porter, on_its_way.put, kind="jobs")
        told = Told()
        client.ask("double", 21, int, told.done, told.failed)
        on_its_way.get(timeout=WAIT_S)()
        assert told.answer == 42
        given_up = Told()
        client.ask("wait", 5.0, int, given_up.done, given_up.failed).cancel()
        waits = Told()
        client.ask("double", 4, int, waits.done, waits.failed).cancel()
        gone = [weakref.ref(one) for one in (told, given_up, waits)]
        del told, given_up, waits
        assert [one() for one in gone] == [None, None, None]
        client.close()


class Told:
    """As a dialog that has asked."""

    def __init__(self) -> None:
        self.answer = 0

    def done(self, answer: int) -> None:
        self.answer = answer

    def failed(self, error: RunnerError) -> None:
        raise error


def test_the_environment_is_short_and_without_secrets(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = asker.ask("environment", 1, dict[str, str])
    assert len(environment) <= 10
    assert not [name for name in environment if "TOKEN" in name or "PROXY" in name.upper()]
    assert environment["GGML_NO_BACKTRACE"] == "1"
