"""Files made to break readers: each is refused with its own reason, or read; quickly, in little memory."""

import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings

from app.words.wording import codes, words
from inspector.errors import InspectorError
from inspector.gguf.model import GgufModel
from tests.inspector.gguf.corpus import Case, cases
from tests.inspector.gguf.memory import Memory
from tests.inspector.gguf.strategies import ggufs

ALL = list(cases())


def read_everything(data: bytes) -> GgufModel:
    """Reads a file as the inspector does: its header, then every value."""
    model = GgufModel([Memory(data)])
    for key in model.metadata:
        model.metadata.preview(key)
        model.metadata.page(key, 0, 50)
        model.metadata.find(key, "a", 5)
    return model


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_crafted_file(case: Case):
    if case.code is None:
        model = read_everything(case.data)
        assert tuple(odd.code for odd in model.oddities) == case.oddities
        return
    with pytest.raises(InspectorError) as caught:
        read_everything(case.data)
    assert caught.value.code == case.code
    told = words(case.code, **caught.value.context)
    assert "…" not in told.title + told.meaning + told.remedy, "a sentence lacks its value"


def test_there_are_enough_shapes():
    assert len(ALL) >= 51
    assert len({case.name for case in ALL}) == len(ALL)
    assert sum(case.code is not None for case in ALL) >= 60


def test_every_reason_has_words_and_a_file():
    reasons = {case.code for case in ALL if case.code}
    assert reasons <= codes()


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=ggufs())
def test_any_file_is_read_or_refused_quickly(data: bytes):
    started = time.process_time()
    code = ""
    try:
        read_everything(data)
    except InspectorError as error:
        code = error.code
    assert time.process_time() - started < 0.2
    assert not code or code in codes()


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_no_allocation_beyond_the_files_length(case: Case):
    tracemalloc.start()
    try:
        read_everything(case.data)
    except InspectorError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 3_000_000 + 6 * len(case.data)
