"""An engine that was taken over says what is not so: of itself, of its runs, in numbers that fit nowhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.words.wording import words
from runner.errors import RunnerError
from runner.porter.client import PorterClient
from runner.protocol.common import Ended, EndKind, Failed
from runner.protocol.engine import Counted, Loaded, Reading, StateRestored, Tried
from runner.session import SessionState
from tests.support.porter import running_porter
from tests.support.sessions import Driver, driving_loaded

pytestmark = pytest.mark.fault

LOADED: dict[str, Any] = {
    "type": "loaded", "run": "@", "seconds": 1, "context": 8, "context_trained": 8, "layers": 0,
    "layers_offloaded": 0, "devices": [], "template": "file", "template_sha256": "", "sampling": {},
    "threads": 1, "memory_bytes": 5,
}  # fmt: skip
DONE: dict[str, Any] = {
    "type": "done", "run": "@", "reason": "end token", "prompt_tokens": 1, "kept": 0, "evaluated": 1,
    "splits": [1], "tokens": 1, "first_token_s": 1, "total_s": 1, "decode_tps": 5, "threads": 1,
    "context_used": 3,
}  # fmt: skip

UNASKED = (Counted, Failed, Loaded, Reading, StateRestored, Tried)


@pytest.fixture(scope="module")
def porter() -> Iterator[PorterClient]:
    with running_porter() as porter:
        yield porter


@pytest.fixture
def engine(porter: PorterClient, tmp_path: Path) -> Iterator[Driver]:
    with driving_loaded(porter, "lying", tmp_path) as driver:
        yield driver


@pytest.mark.parametrize(
    "lie",
    [
        {"type": "chunk", "run": "@", "text": "a", "tokens": [2**40]},
        {"type": "chunk", "run": "@", "text": "a", "tokens": [-1]},
        {**DONE, "tokens": 2**70},
        {**DONE, "context_used": -7},
        {**DONE, "decode_tps": 1e300},
        {**DONE, "prompt_sha256": "x" * 5000},
        {"type": "reading", "run": "@", "done": -1, "total": 0, "kept": 0},
    ],
    ids=json.dumps,
)
def test_a_number_that_nothing_can_have_ends_the_process(
    engine: Driver, lie: dict[str, Any]
) -> None:
    engine.ask(json.dumps([lie]))
    assert engine.until(Ended).kind is EndKind.PROTOCOL
    engine.until_state(SessionState.FAILED)


def test_names_in_a_failure_are_nobodys_own(engine: Driver) -> None:
    """What is told with a failure fills sentences; no name of it gets in the way of who tells it."""
    odd = {"code": "x", "detail": "y", "self": 1}
    engine.ask(json.dumps([{"type": "failed", "run": "@", "code": "no.such", "context": odd}]))
    failed = engine.until(Failed)
    error = RunnerError(failed.code, failed.detail, **failed.context)
    assert words(error.code, **error.context).title


@pytest.mark.parametrize(
    "lie",
    [
        LOADED,
        {**LOADED, "run": 1},
        {"type": "loading", "run": "@", "fraction": 0.5},
        {"type": "reading", "run": 77, "done": 1, "total": 2, "kept": 0},
        {**DONE, "run": 77},
        {"type": "counted", "run": 77, "tokens": 5},
        {"type": "state_restored", "run": 1, "tokens": 5},
        {"type": "tried", "run": "@", "tries": []},
        {"type": "unloaded", "run": "@"},
        {"type": "failed", "run": 77, "code": "engine.evaluation_failed"},
        {"type": "failed", "run": 0, "code": "engine.evaluation_failed"},
    ],
    ids=json.dumps,
)
def test_what_nobody_asked_for_is_not_heard(engine: Driver, lie: dict[str, Any]) -> None:
    """Of a second `loaded`, connections were counted anew; of another run's end, a next question began."""
    loaded = engine.session.loaded
    text, done = engine.answer(json.dumps([lie]))
    assert text
    assert done.run == engine.session._work
    told = [one for one in engine.seen if isinstance(one, UNASKED) and one.run != done.run]
    assert not told
    assert not [one for one in engine.seen if isinstance(one, Loaded | Tried)]
    assert engine.session.loaded is loaded


def test_a_question_is_answered_once(engine: Driver) -> None:
    run = engine.session.count(text="a b")
    assert engine.until(Counted).tokens == 2
    engine.answer(json.dumps([{"type": "counted", "run": run, "tokens": 5}]))
    assert not [one for one in engine.seen if isinstance(one, Counted)]
