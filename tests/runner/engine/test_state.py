"""Keeping a conversation's state and taking it up again."""

import hashlib

import pytest

from runner.channel.bulk import FrameKind
from runner.engine.llama import state
from runner.errors import RunnerError
from runner.protocol.engine import RestoreState, SaveState
from tests.support.engine import Recorder, ask

QUESTION = ask("Name three rivers of Europe and say where they end.", max_tokens=5, top_logprobs=3)


def save(engine) -> tuple[bytes, int]:
    outlet = Recorder()
    saved = engine.save_state(SaveState(run=1), outlet)
    data = b"".join(payload for kind, payload in outlet.frames if kind is FrameKind.STATE)
    assert len(data) == saved.bytes
    assert hashlib.sha256(data).hexdigest() == saved.sha256
    return data, saved.tokens


def restore(engine, data: bytes, tokens: int) -> int:
    return engine.restore_state(RestoreState(run=1, tokens=tokens, bytes=len(data)), data)


def test_a_kept_state_goes_on_as_if_nothing_had_happened(starter):
    starter.generate(QUESTION, Recorder())
    data, tokens = save(starter)
    expected = Recorder()
    starter.generate(QUESTION, expected)

    starter.generate(ask("Something else"), Recorder())
    assert restore(starter, data, tokens) == tokens
    outlet = Recorder()
    done = starter.generate(QUESTION, outlet)
    assert done.evaluated == 1
    assert outlet.tokens == expected.tokens
    assert outlet.frames == expected.frames


def test_a_state_survives_a_new_load(bench, starter_model):
    engine = bench.load(starter_model, context=2048)
    engine.generate(QUESTION, Recorder())
    data, tokens = save(engine)
    bench.forget().unload()
    engine = bench.load(starter_model, context=1024)
    restore(engine, data, tokens)
    assert engine.generate(QUESTION, Recorder()).evaluated == 1


def test_an_empty_state_can_be_kept(bench, starter_model):
    engine = bench.load(starter_model, context=512)
    data, tokens = save(engine)
    assert tokens == 0
    assert restore(engine, data, 0) == 0


class TestRefused:
    @pytest.fixture
    def kept(self, starter):
        starter.generate(QUESTION, Recorder())
        return save(starter)

    def code(self, engine, data, tokens) -> str:
        with pytest.raises(RunnerError) as caught:
            restore(engine, data, tokens)
        return caught.value.code

    def test_of_another_model(self, bench, kept, tiny_model):
        assert self.code(bench.load(tiny_model), *kept) == "engine.state_of_another_model"

    def test_cut_short_or_of_other_lengths(self, starter, kept):
        data, tokens = kept
        for damaged in (b"", data[:40], data[:-1], data + b"x", b"x" + data[1:]):
            assert self.code(starter, damaged, tokens) == "engine.state_damaged"
        assert self.code(starter, data, tokens + 1) == "engine.state_damaged"

    def test_whose_inner_part_the_library_refuses(self, starter, kept):
        data, tokens = kept
        saved = state.unpack(data)
        broken = state.pack(
            state.SavedState(saved.model, saved.tokens, saved.splits, bytes(len(saved.library)))
        )
        assert self.code(starter, broken, tokens) == "engine.state_refused"
        assert starter.generate(QUESTION, Recorder()).kept == 0

    def test_longer_than_the_context(self, bench, starter_model, kept):
        data, _ = kept
        engine = bench.load(starter_model, context=256)
        saved = state.unpack(data)
        many = state.pack(state.SavedState(saved.model, [1] * 300, [300], bytes(saved.library)))
        assert self.code(engine, many, 300) == "engine.context_full"
