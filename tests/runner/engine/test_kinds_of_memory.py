"""Models that keep a window or a running state: going back never leaves them with half a memory."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.engine.llama import binding
from runner.engine.llama.binding import ContextHandle
from runner.engine.llama.context import EVALUATION
from runner.engine.llama.engine import LlamaEngine
from runner.errors import RunnerError
from runner.protocol.engine import Done
from tests.runner.engine.conftest import Bench
from tests.support.engine import Recorder, ask
from tests.support.random_kinds import WINDOW, write_hybrid, write_recurrent, write_windowed

BEGINNING = " ".join(f"word{index}" for index in range(60))
LONG = BEGINNING + " and so on" * 120
OTHER = BEGINNING + " something else"


@pytest.fixture(scope="module", params=[write_windowed, write_recurrent, write_hybrid])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    write: Callable[[Path], Path] = request.param
    return write(tmp_path_factory.mktemp("kinds") / f"{write.__name__}.gguf")


@pytest.fixture
def engine(bench: Bench, written: Path) -> LlamaEngine:
    return bench.load(written, context=4096)


def answer(engine: LlamaEngine, question: str, **more) -> tuple[Done, list[bytes]]:
    outlet = Recorder()
    done = engine.generate(ask(question, max_tokens=3, top_logprobs=3, **more), outlet)
    return done, [payload for _, payload in outlet.frames]


def test_another_question_with_the_same_beginning_gives_the_logits_of_a_replay(engine) -> None:
    answer(engine, LONG)
    done, frames = answer(engine, OTHER)
    engine._running.context.forget()
    assert answer(engine, OTHER, splits=done.splits)[1] == frames


def test_a_stop_in_a_prompt_leaves_a_memory_that_gives_the_logits_of_a_replay(engine) -> None:
    engine._running.context.forget()
    outlet = Recorder(stop_after=2)
    engine.generate(ask(LONG, max_tokens=3), outlet)
    done, frames = answer(engine, LONG)
    engine._running.context.forget()
    assert answer(engine, LONG, splits=done.splits)[1] == frames


def test_what_is_broken_off_in_the_middle_leaves_nothing_behind(engine, monkeypatch) -> None:
    """Late in the prompt, where a window's ring has come round."""
    context = engine._running.context
    context.forget()
    evaluate, evaluated = context._batch.evaluate, []

    def break_off_the_fifth(handle: ContextHandle, tokens: list[int]) -> int:
        evaluated.append(len(tokens))
        if len(evaluated) == 5:
            engine._flag.raise_()
        return evaluate(handle, tokens)

    monkeypatch.setattr(context, "_limit", lambda token_s: None)  # the same sizes on a busy machine
    context._most = EVALUATION
    monkeypatch.setattr(context._batch, "evaluate", break_off_the_fifth)
    engine.generate(ask(LONG, max_tokens=3), Recorder())
    monkeypatch.undo()
    assert evaluated[4:] == [402], "the last but one was broken off, and none came after"
    done, frames = answer(engine, LONG)
    context.forget()
    assert answer(engine, LONG, splits=done.splits)[1] == frames


def test_where_there_is_no_room_it_is_said_for_how_many_tokens(engine, monkeypatch) -> None:
    """A memory that can't be taken back is emptied first, and nobody's conversation has 0 tokens."""
    context = engine._running.context
    answer(engine, OTHER)
    before = len(context.tokens)
    evaluated = []

    def no_room(handle: ContextHandle, tokens: list[int]) -> int:
        evaluated.append(len(tokens))
        return binding.NO_ROOM

    monkeypatch.setattr(context._batch, "evaluate", no_room)
    with pytest.raises(RunnerError) as caught:
        engine.generate(ask(LONG, max_tokens=3), Recorder())
    assert caught.value.code == "engine.context_full"
    assert 0 < evaluated[0] <= caught.value.context["tokens"] <= before + evaluated[0]


def test_what_is_asked_next_goes_on_from_what_is_held(engine) -> None:
    engine._running.context.forget()
    first, _ = answer(engine, OTHER)
    context = engine._running.context
    held = len(context.tokens)
    assert context.keep([*context.tokens, 300 - 1, 5]) == held == first.context_used


def test_what_a_cache_takes_is_told_before_it_is_made(engine) -> None:
    """Against what the library says of a context of eight times the length."""
    model, log = engine._running.model, engine._log
    log.begin()
    handle = binding.open_context(model._handle, tokens=4096, batch=512, threads=1)
    assert handle is not None
    binding.close_context(handle)
    told = sum(map(float, re.findall(r": size =\s*([\d.]+) MiB", log.all_text()))) * (1 << 20)
    assert told > 0
    assert model.cache.at(4096) == pytest.approx(told, rel=0.1)
    longest = model.cache.longest(model.cache.at(4096))
    assert longest == (None if not model.cache.per_token else pytest.approx(4096, abs=1))


def test_windowed_layers_keep_a_window(bench, tmp_path) -> None:
    engine = bench.load(write_windowed(tmp_path / "windowed.gguf"), context=4096)
    answer(engine, LONG)
    handle = engine._running.context.handle
    held = binding.held(handle)
    assert held > 20 * WINDOW
    assert binding.can_follow(handle, held)
    assert not binding.can_follow(handle, held - 15 * WINDOW)
