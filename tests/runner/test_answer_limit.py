"""An engine that was taken over gets no more of the app than an answer can have."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.answer_limit import LEAST_BYTES, MOST_BYTES, MOST_TOKENS, AnswerLimit
from runner.awaited import MOST_ANSWERS, MOST_PASSING
from runner.budget import Budget
from runner.channel.bulk import Frame
from runner.porter.client import PorterClient
from runner.protocol.common import Ended, EndKind, Failed
from runner.protocol.engine import Chunk, Counted, Reading
from runner.session import SessionState
from tests.support.porter import running_porter
from tests.support.sessions import Driver, driving_loaded

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def porter() -> Iterator[PorterClient]:
    with running_porter() as porter:
        yield porter


@pytest.fixture
def engine(porter: PorterClient, tmp_path: Path) -> Iterator[Driver]:
    with driving_loaded(porter, "endless", tmp_path) as driver:
        yield driver


def arrived(engine: Driver) -> list[Chunk]:
    """Waits until the engine is gone, and returns what of its answer came before."""
    failed = engine.until(Failed)
    assert (failed.code, failed.run) == ("engine.endless", engine.session._work)
    chunks = [event for event in engine.seen if isinstance(event, Chunk)]
    engine.seen.clear()
    ended = engine.until(Ended)
    assert ended.kind is EndKind.PROTOCOL
    assert not [event for event in engine.seen if isinstance(event, Chunk)], "nothing after it"
    engine.until_state(SessionState.FAILED)
    return chunks


@pytest.mark.parametrize("how", ["words", "nothing"])
def test_no_more_tokens_are_taken_than_were_asked_for(engine: Driver, how: str) -> None:
    engine.ask(how, max_tokens=100)
    chunks = arrived(engine)
    assert len(chunks) == AnswerLimit.of(100, 4096).tokens
    if how == "words":
        text = "".join(chunk.text for chunk in chunks)
        assert text.split()[:100] == [f"word{number}" for number in range(100)], "none is lost"


def test_without_a_wish_the_context_is_the_limit(engine: Driver) -> None:
    engine.ask("words")
    assert len(arrived(engine)) == AnswerLimit.of(0, 4096).tokens


def test_no_more_text_is_taken_than_tokens_can_have(engine: Driver) -> None:
    engine.ask("long")
    size = sum(len(chunk.text) for chunk in arrived(engine))
    assert 4096 * 200 < size <= AnswerLimit.of(0, 4096).text_bytes


def test_frames_that_nobody_asked_for_reach_nobody(engine: Driver) -> None:
    engine.ask("probabilities")
    engine.until(Failed)
    engine.until(Ended)
    assert [event for event in engine.seen if isinstance(event, Chunk)]
    assert not [event for event in engine.seen if isinstance(event, Frame)]


def test_of_how_far_it_has_read_no_more_is_told_than_anybody_can_see(engine: Driver) -> None:
    """Ten thousand such messages a second kept the window from everything else."""
    engine.ask("reading")
    for _ in range(100):
        engine.until(Reading)
    time.sleep(0.5)  # in which it says some thousands more
    engine.session.unload()
    engine.until_state(SessionState.IDLE)
    told = [event for event in engine.seen if isinstance(event, Reading)]
    assert len(told) <= 2 * MOST_PASSING


def test_answers_to_what_nobody_asked_end_it(engine: Driver) -> None:
    engine.ask("counts")
    assert engine.until(Failed).code == "engine.endless"
    assert engine.until(Ended).kind is EndKind.PROTOCOL
    assert sum(isinstance(event, Counted) for event in engine.seen) <= 2 * MOST_ANSWERS


def test_a_budget_comes_back_with_time() -> None:
    now = [0.0]
    budget = Budget(1000, lambda: now[0])
    assert [budget.take() for _ in range(1001)].count(False) == 1
    now[0] = 0.5
    assert [budget.take() for _ in range(100)].count(True) == 50
    now[0] = 1000.0
    assert [budget.take() for _ in range(2000)].count(True) == 1000


def test_a_state_that_never_ends_is_given_up(engine: Driver) -> None:
    engine.session.save_state(most_bytes=1_000_000)
    ended = engine.until(Ended)
    assert ended.kind is EndKind.PROTOCOL
    assert "more than it was asked for" in ended.tail


def test_it_starts_again_afterwards(engine: Driver) -> None:
    engine.ask("words", max_tokens=10)
    arrived(engine)
    engine.session.restart()
    engine.until_state(SessionState.READY)
    assert engine.answer("hello there")[0] == "hello there"


def test_pieces_of_no_answer_reach_nobody(engine: Driver) -> None:
    """What an engine says unasked, such as after an answer's end, is kept for no one."""
    engine.answer("hello")
    engine.seen.clear()
    engine.session._hear(engine.session._process, Chunk(run=engine.session._work, text="more"))
    engine.session.count(text="a b")
    engine.until(Counted)
    assert not [event for event in engine.seen if isinstance(event, Chunk)]


def test_a_limit_is_what_was_asked_for_or_fits() -> None:
    assert AnswerLimit.of(0, 2**40).tokens < MOST_TOKENS + 100, "whatever an engine says of itself"
    assert AnswerLimit.of(0, 2**40).text_bytes == MOST_BYTES
    assert AnswerLimit.of(5000, 4096).tokens == AnswerLimit.of(0, 4096).tokens
    small = AnswerLimit.of(1, 4096)
    assert small.text_bytes >= LEAST_BYTES
    assert small.take(Chunk(run=1, text="\U0001f600" * 1000, tokens=[1]))
    assert not small.take_frame(1), "no probabilities were asked for"
    assert AnswerLimit.of(10, 4096, 5).take_frame(10 * 5 * 8)
