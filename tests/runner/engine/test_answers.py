"""Answers of the real starter model: drawing, ending, keeping the prefix, replaying."""

import hashlib
import itertools
import math
import time

import msgspec
import numpy as np
import pytest

from runner.errors import RunnerError
from runner.protocol import logprobs
from runner.protocol.engine import (
    Chunk,
    Count,
    Generate,
    Log,
    Reading,
    Role,
    Said,
    Sampling,
    StopReason,
)
from tests.support.engine import GREEDY, Recorder, ask

LONG = "Tell me about the history of the river Seine. " * 56
SHORT = LONG[: 46 * 6]


class TestAnAnswer:
    def test_comes_in_whole_characters_with_every_token(self, starter):
        outlet = Recorder()
        done = starter.generate(ask("Name three rivers.", max_tokens=24), outlet)
        assert outlet.text
        assert len(outlet.tokens) == done.tokens == 24
        assert "�" not in outlet.text
        assert done.reason is StopReason.TOKEN_LIMIT
        assert done.decode_tps > 0
        assert 0 < done.first_token_s <= done.total_s

    def test_follows_the_seed(self, starter):
        texts = []
        for seed in (5, 5, 6):
            outlet = Recorder()
            starter.generate(
                ask("Write a line.", seed=seed, sampling=Sampling(), max_tokens=12), outlet
            )
            texts.append(outlet.text)
        assert texts[0] == texts[1] != texts[2]

    def test_ends_at_the_models_own_end_which_is_not_printed(self, starter):
        outlet = Recorder()
        done = starter.generate(ask("Say only: hello", max_tokens=0), outlet)
        assert done.reason is StopReason.END_TOKEN
        assert "<|" not in outlet.text

    def test_ends_at_a_stop_text_that_lies_across_tokens(self, starter):
        whole = Recorder()
        starter.generate(ask("Name three rivers.", max_tokens=24), whole)
        stop = whole.text[9:15]
        outlet = Recorder()
        done = starter.generate(ask("Name three rivers.", max_tokens=24, stop=[stop]), outlet)
        assert done.reason is StopReason.STOP_TEXT
        assert done.stop_text == stop
        assert outlet.text == whole.text[: whole.text.index(stop)]

    def test_begins_with_the_prefill_and_goes_on(self, starter):
        outlet = Recorder()
        done = starter.generate(ask("What is 2 + 2?", prefill="Two and two make"), outlet)
        plain = starter.generate(ask("What is 2 + 2?"), Recorder())
        assert done.prompt_tokens > plain.prompt_tokens
        assert not outlet.text.startswith("Two")

    def test_takes_forced_tokens_first(self, starter):
        first = Recorder()
        starter.generate(ask("Name three rivers.", max_tokens=6), first)
        other = starter.generate  # a branch at the third token
        outlet = Recorder()
        forced = [*first.tokens[:2], first.tokens[0]]
        other(ask("Name three rivers.", max_tokens=6, forced=forced), outlet)
        assert outlet.tokens[:3] == forced

    def test_repeats_less_under_a_penalty(self, starter):
        sampling = Sampling(temperature=0, repeat_penalty=1.8, repeat_last=64)
        plain, penalised = Recorder(), Recorder()
        starter.generate(ask("Say la la la la.", max_tokens=40), plain)
        starter.generate(ask("Say la la la la.", max_tokens=40, sampling=sampling), penalised)
        assert len(set(penalised.tokens)) > len(set(plain.tokens))

    @pytest.mark.parametrize(
        "sampling",
        [
            Sampling(temperature=1.5, top_k=1),
            Sampling(temperature=1.5, top_k=0, top_p=1e-6),
            Sampling(temperature=1.5, top_k=0, top_p=1, min_p=1.0),
        ],
    )
    def test_each_cut_alone_can_leave_the_likeliest_token(self, starter, sampling):
        greedy, cut = Recorder(), Recorder()
        starter.generate(ask("Name three rivers."), greedy)
        starter.generate(ask("Name three rivers.", sampling=sampling), cut)
        assert cut.tokens == greedy.tokens

    def test_refuses_tokens_that_the_vocabulary_lacks(self, starter):
        with pytest.raises(RunnerError) as caught:
            starter.generate(ask("Hello", forced=[49_152]), Recorder())
        assert caught.value.code == "engine.unknown_token"


class TestLogProbabilities:
    def test_name_the_likeliest_tokens_and_the_one_taken(self, starter):
        outlet = Recorder()
        done = starter.generate(ask("Name three rivers.", top_logprobs=5), outlet)
        blocks = [logprobs.decode(payload) for _, payload in outlet.frames]
        assert len(blocks) == done.tokens
        assert [block.tokens[0] for block in blocks] == outlet.tokens
        for index, block in enumerate(blocks):
            assert block.first == index
            assert block.top_tokens[0] == block.tokens[0]
            assert block.top_logprobs[0] == block.logprobs[0]
            assert list(block.top_logprobs) == sorted(block.top_logprobs, reverse=True)
            assert sum(map(math.exp, block.top_logprobs)) <= 1.0001

    def test_do_not_change_what_is_drawn(self, starter):
        with_them, without = Recorder(), Recorder()
        settings = {"seed": 3, "sampling": Sampling(), "max_tokens": 10}
        starter.generate(ask("Write a line.", top_logprobs=10, **settings), with_them)
        starter.generate(ask("Write a line.", **settings), without)
        assert with_them.tokens == without.tokens


class TestTheCache:
    def test_of_the_last_turn_is_kept_so_only_new_tokens_are_evaluated(self, starter):
        outlet = Recorder()
        first = starter.generate(ask(SHORT, max_tokens=10), outlet)
        said = [
            Said(Role.USER, SHORT),
            Said(Role.ASSISTANT, outlet.text),
            Said(Role.USER, "And the Tiber?"),
        ]
        second = starter.generate(
            Generate(run=2, said=said, sampling=GREEDY, seed=1, max_tokens=2), Recorder()
        )
        assert second.kept >= first.prompt_tokens
        assert second.evaluated == second.prompt_tokens - second.kept < 40
        assert sum(second.splits) == second.prompt_tokens

    def test_lets_the_same_question_be_answered_again_for_one_token(self, starter):
        starter.generate(ask(SHORT), Recorder())
        again = starter.generate(ask(SHORT), Recorder())
        assert again.evaluated == 1

    def test_holds_an_answer_until_the_context_is_full_and_says_so(self, bench, starter_model):
        engine = bench.load(starter_model, context=256)
        words = ask("river " * 190, max_tokens=0, forced=list(itertools.repeat(260, 200)))
        done = engine.generate(words, Recorder())
        assert done.reason is StopReason.CONTEXT_FULL
        assert done.context_used == 256

    def test_too_long_a_conversation_is_refused_with_its_length(self, bench, starter_model):
        engine = bench.load(starter_model, context=256)
        with pytest.raises(RunnerError) as caught:
            engine.generate(ask("river " * 300), Recorder())
        assert caught.value.code == "engine.context_full"
        assert caught.value.context["tokens"] > 256 == caught.value.context["context"]


class TestPrompts:
    def test_far_longer_than_the_context_are_not_even_tokenised(self, starter):
        began = time.monotonic()
        with pytest.raises(RunnerError) as caught:
            starter.generate(ask("x" * 10_000_000), Recorder())
        assert caught.value.code == "engine.message_too_long"
        assert time.monotonic() - began < 1
        said = [Said(Role.USER, "y" * 20_000), Said(Role.ASSISTANT, "z" * 20_000)]
        with pytest.raises(RunnerError) as caught:
            starter.generate(Generate(run=1, said=said, sampling=GREEDY, seed=1), Recorder())
        assert caught.value.code == "engine.prompt_too_long"
        assert caught.value.context["kb"] >= 39

    @pytest.mark.parametrize(
        "text", ["a\x00b", "\ud800", "\u202eabc", "👩‍👩‍👧 e\u0301", "\n\n\n", "<|im_end|>"]
    )
    def test_of_odd_characters_are_answered(self, starter, text):
        outlet = Recorder()
        done = starter.generate(ask(text, max_tokens=2), outlet)
        assert done.tokens >= 0

    def test_are_counted_as_they_are_generated(self, starter):
        done = starter.generate(ask("Name three rivers.", max_tokens=1), Recorder())
        said = [Said(Role.USER, "Name three rivers.")]
        assert starter.count(Count(run=1, said=said)) == done.prompt_tokens
        assert starter.count(Count(run=1, text="Name three rivers.")) == 4

    def test_say_what_they_were_by_their_digest(self, starter):
        first = starter.generate(ask("One", max_tokens=1), Recorder())
        second = starter.generate(ask("Two", max_tokens=1), Recorder())
        assert len(first.prompt_sha256) == 64
        assert first.prompt_sha256 != second.prompt_sha256

    def test_go_past_the_template_where_they_are_raw(self, starter):
        text = "<start_of_turn>\nHuman Question: Why?\n<end_of_turn>\n"
        done = starter.generate(
            msgspec.structs.replace(ask(text, max_tokens=1), raw=True), Recorder()
        )
        assert done.prompt_sha256 == hashlib.sha256(text.encode()).hexdigest()
        through = starter.generate(ask(text, max_tokens=1), Recorder())
        assert through.prompt_tokens > done.prompt_tokens


class TestStopping:
    def test_within_a_prompt_ends_it_at_once_and_keeps_what_was_evaluated(self, starter):
        starter.generate(ask("Something else", max_tokens=1), Recorder())
        outlet = Recorder()
        outlet.stop_in(0.1)
        done = starter.generate(ask(LONG), outlet)
        assert done.reason is StopReason.STOPPED
        assert outlet.since_stop() < 0.3
        assert done.tokens == 0
        assert done.context_used == sum(done.splits) < done.prompt_tokens

    def test_within_an_answer_ends_it_at_once(self, starter):
        outlet = Recorder(stop_after=12)
        done = starter.generate(ask("Name three rivers.", max_tokens=400), outlet)
        assert done.reason is StopReason.STOPPED
        assert outlet.since_stop() < 0.3
        assert done.tokens == len(outlet.tokens) < 400

    def test_at_any_moment_leaves_a_cache_that_gives_the_logits_of_a_replay(self, starter):
        question = ask(SHORT[: 46 * 3], max_tokens=2, top_logprobs=3)
        for moment_s in (0.01, 0.05, 0.1, 0.17, 0.25):
            starter._running.context.forget()
            outlet = Recorder()
            outlet.stop_in(moment_s)
            starter.generate(ask(SHORT[: 46 * 3], max_tokens=10), outlet)

            after, replay = Recorder(), Recorder()
            done = starter.generate(question, after)
            starter.generate(
                ask(SHORT[: 46 * 3], max_tokens=2, top_logprobs=3, splits=done.splits), replay
            )
            assert after.tokens == replay.tokens
            assert [payload for _, payload in after.frames] == [
                payload for _, payload in replay.frames
            ]

    def test_before_the_prompt_is_tokens_ends_it_as_well(self, starter):
        outlet = Recorder()
        outlet.stop()
        done = starter.generate(ask("river" * 5000), outlet)
        assert done.reason is StopReason.STOPPED
        assert done.tokens == 0

    def test_a_replay_with_other_lengths_is_refused(self, starter):
        with pytest.raises(RunnerError) as caught:
            starter.generate(ask("Hello", splits=[3, 1]), Recorder())
        assert caught.value.code == "engine.other_prompt"

    def test_progress_of_a_long_prompt_is_told(self, starter):
        starter.generate(ask("Something else", max_tokens=1), Recorder())
        outlet = Recorder()
        starter.generate(ask(SHORT, max_tokens=1), outlet)
        readings = outlet.of(Reading)
        assert len(readings) >= 2
        assert readings[-1].done == readings[-1].total
        assert outlet.of(Chunk)

    def test_the_librarys_warnings_come_as_log_lines(self, starter):
        lines: list[str] = []
        # It warns where a stop falls within an evaluation, and not between two.
        for moment_s in (0.1, 0.05, 0.15, 0.2, 0.3):
            starter.generate(ask("Something else", max_tokens=1), Recorder())
            outlet = Recorder()
            outlet.stop_in(moment_s)
            starter.generate(ask(LONG), outlet)
            lines = [line.text for line in outlet.of(Log)]
            if lines:
                break
        assert any("removing memory module entries" in line for line in lines)
        assert all(line.isprintable() for line in lines)


def test_a_logits_view_is_the_librarys_own_row(starter):
    starter.generate(ask("Hello", max_tokens=1), Recorder())
    row = np.asarray(starter._running.context.logits())
    assert row.shape == (49_152,)
    assert np.isfinite(row).all()
