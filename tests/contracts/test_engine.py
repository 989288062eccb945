"""What every engine does, as its front end sees it: one suite for echo and for llama.cpp.

Both are real processes, sealed as always, behind the real channels.
"""

import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.channel.bulk import Frame, FrameKind
from runner.errors import RunnerError
from runner.porter.client import PorterClient
from runner.protocol import logprobs
from runner.protocol.common import Failed
from runner.protocol.engine import (
    Chunk,
    Counted,
    Reading,
    Role,
    Said,
    Sampling,
    StateRestored,
    StopReason,
)
from runner.session import SessionState, StateKept
from tests.support.porter import running_porter
from tests.support.sessions import Driver

QUESTION = "Count from one to ten, please, in words."
CONTEXT = 256


@pytest.fixture(scope="module")
def porter() -> Iterator[PorterClient]:
    with running_porter() as porter:
        yield porter


@pytest.fixture(scope="module", params=["echo", "engine"])
def loaded(
    request: pytest.FixtureRequest, porter: PorterClient, starter_model: Path
) -> Iterator[Driver]:
    driver = Driver(porter, request.param)
    driver.load(starter_model, context=CONTEXT)
    yield driver
    driver.session.unload()


@pytest.fixture
def engine(loaded: Driver, starter_model: Path) -> Driver:
    """A loaded engine in a fresh state of mind, whatever the test before did to it."""
    if loaded.session.state is not SessionState.READY:
        loaded.load(starter_model, context=CONTEXT)
    return loaded


def tokens_of(engine: Driver) -> list[int]:
    return [token for event in engine.seen if isinstance(event, Chunk) for token in event.tokens]


def blocks_of(engine: Driver) -> list[logprobs.LogprobBlock]:
    frames = [event for event in engine.seen if isinstance(event, Frame)]
    assert {frame.kind for frame in frames} <= {FrameKind.LOGPROBS}
    return [logprobs.decode(frame.payload) for frame in frames]


def test_it_says_what_it_loaded(engine: Driver) -> None:
    loaded = engine.session.loaded
    assert loaded is not None
    assert loaded.context == CONTEXT
    assert loaded.context_trained >= CONTEXT
    assert loaded.template == "file"
    assert loaded.memory_bytes > 0


def test_the_likeliest_answer_repeats(engine: Driver) -> None:
    first = engine.answer(QUESTION, max_tokens=8)
    second = engine.answer(QUESTION, max_tokens=8, seed=99)
    assert first[0] == second[0] != ""
    assert first[1].prompt_sha256 == second[1].prompt_sha256


def test_a_seed_repeats_and_another_one_differs(engine: Driver) -> None:
    warm = Sampling(temperature=1.5, top_k=0, top_p=1, min_p=0)
    answers = [
        engine.answer(QUESTION, sampling=warm, seed=seed, max_tokens=12)[0] for seed in (7, 7, 8)
    ]
    assert answers[0] == answers[1] != answers[2]


def test_it_keeps_to_the_limit_of_tokens(engine: Driver) -> None:
    _, done = engine.answer(QUESTION, max_tokens=5)
    assert (done.reason, done.tokens) == (StopReason.TOKEN_LIMIT, 5)
    assert len(tokens_of(engine)) == 5


def test_it_ends_before_a_stop_text(engine: Driver) -> None:
    text, _ = engine.answer(QUESTION, max_tokens=12)
    stop = text.split()[2]
    shorter, done = engine.answer(QUESTION, max_tokens=12, stop=[stop, "never said"])
    assert (done.reason, done.stop_text) == (StopReason.STOP_TEXT, stop)
    assert shorter == text[: text.index(stop)]


def test_the_previous_turn_is_kept(engine: Driver) -> None:
    text, first = engine.answer(QUESTION, max_tokens=6)
    history = [Said(Role.USER, QUESTION), Said(Role.ASSISTANT, text)]
    _, second = engine.answer("And now to five.", *history, max_tokens=3)
    assert second.kept >= first.prompt_tokens - 1
    assert second.evaluated == second.prompt_tokens - second.kept < second.prompt_tokens / 2


def test_reading_is_reported_to_its_end(engine: Driver) -> None:
    _, done = engine.answer("Something else entirely: what is a tree?", max_tokens=2)
    readings = [event for event in engine.seen if isinstance(event, Reading)]
    assert readings[-1].done == readings[-1].total == done.prompt_tokens
    assert [r.done for r in readings] == sorted(r.done for r in readings)


def test_it_stops_when_asked_and_goes_on_afterwards(engine: Driver) -> None:
    question = (
        "!slow 50 " + "word " * 60 if engine.session._kind == "echo" else "Tell a long story."
    )
    engine.ask(question)
    engine.until(Chunk)
    begun = time.monotonic()
    engine.session.stop()
    assert engine.session.state is SessionState.STOPPING
    _, done = engine.rest()
    assert done.reason is StopReason.STOPPED
    # The bar of 300 ms is measured alone, in tests/benchmarks; this machine may be busy.
    assert time.monotonic() - begun < 2
    assert engine.answer(QUESTION, max_tokens=3)[1].tokens == 3


def test_probabilities_come_for_each_token(engine: Driver) -> None:
    _, done = engine.answer(QUESTION, max_tokens=6, top_logprobs=4)
    # The bulk channel and the control channel keep no order between them.
    while sum(len(memoryview(block.tokens)) for block in blocks_of(engine)) < done.tokens:
        engine.until(Frame)
    blocks = blocks_of(engine)
    taken = [token for block in blocks for token in array("i", memoryview(block.tokens).tobytes())]
    assert taken == tokens_of(engine)
    assert len(taken) == done.tokens
    assert [block.first for block in blocks] == sorted(block.first for block in blocks)
    for block in blocks:
        logs = array("f", memoryview(block.top_logprobs).tobytes())
        assert block.top == 4
        assert all(value <= 0 for value in logs)
        assert list(logs[:4]) == sorted(logs[:4], reverse=True)
        assert array("i", memoryview(block.top_tokens).tobytes())[0] == taken[block.first]


def test_forced_tokens_are_taken(engine: Driver) -> None:
    engine.answer(QUESTION, max_tokens=6)
    forced = [*tokens_of(engine)[3:5], tokens_of(engine)[0]]
    engine.answer(QUESTION, max_tokens=5, forced=forced)
    assert tokens_of(engine)[:3] == forced


def test_it_counts_as_it_reads(engine: Driver) -> None:
    _, done = engine.answer(QUESTION, max_tokens=1)
    engine.session.count(said=[Said(Role.USER, QUESTION)])
    assert engine.until(Counted).tokens == done.prompt_tokens
    engine.session.count(text="one two three")
    assert 3 <= engine.until(Counted).tokens <= 4


def test_a_full_context_is_a_reason_of_its_own(engine: Driver) -> None:
    engine.answer(QUESTION, max_tokens=6)
    forced = tokens_of(engine)[1:3] * CONTEXT
    _, done = engine.answer("word " * (CONTEXT - 60), forced=forced)
    assert done.reason is StopReason.CONTEXT_FULL
    assert CONTEXT - 1 <= done.context_used <= CONTEXT


def test_a_question_longer_than_the_context_is_refused(engine: Driver) -> None:
    engine.ask("word " * (CONTEXT + 10))
    failed = engine.until(Failed)
    assert failed.code == "engine.context_full"
    engine.until_state(SessionState.READY)
    assert engine.answer(QUESTION, max_tokens=2)[1].tokens == 2


def test_a_state_survives_the_process(engine: Driver, starter_model: Path) -> None:
    text, done = engine.answer(QUESTION, max_tokens=5)
    engine.session.save_state()
    kept = engine.until(StateKept)
    engine.load(starter_model, context=CONTEXT)
    engine.session.restore_state(kept.state, kept.tokens)
    assert engine.until(StateRestored).tokens == kept.tokens
    history = [Said(Role.USER, QUESTION), Said(Role.ASSISTANT, text)]
    _, later = engine.answer("And backwards?", *history, max_tokens=3)
    assert later.kept >= done.prompt_tokens - 1


def test_a_damaged_state_is_refused(engine: Driver) -> None:
    engine.answer(QUESTION, max_tokens=2)
    engine.session.save_state()
    kept = engine.until(StateKept)
    for damaged in (kept.state[:-7], b"\0" * 64, kept.state[:3]):
        engine.session.restore_state(damaged, kept.tokens)
        assert engine.until(Failed).code.startswith("engine.state_")
    assert engine.session.state is SessionState.READY
    assert engine.answer(QUESTION, max_tokens=2)[1].tokens == 2


def test_nothing_is_answered_before_a_load(porter: PorterClient) -> None:
    driver = Driver(porter, "echo")
    with pytest.raises(RunnerError, match=r"engine\.not_ready"):
        driver.ask("Hello?")


@pytest.mark.parametrize("kind", ["echo", "engine"])
@pytest.mark.parametrize(
    "name", ["nonesuch.gguf", f"{'x' * 300}.gguf"], ids=["gone", "not to be seen"]
)
def test_a_missing_file_is_named(
    porter: PorterClient, kind: str, name: str, tmp_path: Path
) -> None:
    """So is one that the system refuses to look for: the session stood there loading for ever."""
    driver = Driver(porter, kind)
    driver.session.load(tmp_path / name)
    failed = driver.until(Failed)
    assert (failed.code, failed.context["path"]) == ("engine.file_missing", str(tmp_path / name))
    assert driver.session.state is SessionState.FAILED


@pytest.mark.parametrize("kind", ["echo", "engine"])
def test_a_load_is_stopped_at_once(porter: PorterClient, kind: str, starter_model: Path) -> None:
    driver = Driver(porter, kind)
    begun = time.monotonic()
    driver.session.load(starter_model)
    driver.session.stop()
    assert driver.until(Failed).code == "engine.stopped"
    assert driver.session.state is SessionState.IDLE
    assert time.monotonic() - begun < 0.3
    driver.load(starter_model, context=CONTEXT)
    driver.session.unload()
