import json

import msgspec
import pytest

from runner.protocol.engine import Sampling
from runner.store import Store
from runner.store.judged_file import LARGEST_ENTRY, JudgedFile
from runner.store.runs_seen import runs_of_file
from runner.store.values import Counts, Recipe, TurnState

FILE = JudgedFile(name="m.gguf", size=1000)
HASHED = msgspec.structs.replace(FILE, sha256="a" * 64)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "lightwell.db") as opened:
        yield opened


def test_a_verdict_outlives_the_store(tmp_path):
    with Store.open(tmp_path / "lightwell.db") as store:
        store.claims.put(FILE, "CTX", '{"verdict": "differs"}').result()
    with Store.open(tmp_path / "lightwell.db") as store:
        (kept,) = store.claims.of(FILE)
    assert (kept.claim, json.loads(kept.entry)) == ("CTX", {"verdict": "differs"})


def test_a_later_word_takes_the_place_of_the_earlier(store):
    store.claims.put(FILE, "CTX", "1").result()
    store.claims.put(FILE, "PARAMS", "2").result()
    store.claims.put(FILE, "CTX", "3").result()
    assert {one.claim: one.entry for one in store.claims.of(FILE)} == {"PARAMS": "2", "CTX": "3"}
    store.claims.take_back(FILE, "CTX").result()
    assert [one.claim for one in store.claims.of(FILE)] == ["PARAMS"]


def test_a_file_that_is_hashed_later_keeps_what_was_said(store):
    store.claims.put(FILE, "CTX", "1").result()
    assert [one.entry for one in store.claims.of(HASHED)] == ["1"]
    store.claims.put(HASHED, "CTX", "2").result()
    assert [one.entry for one in store.claims.of(FILE)] == ["2"]
    other = msgspec.structs.replace(FILE, sha256="b" * 64)
    assert store.claims.of(other) == []


def test_the_same_bytes_under_another_name_are_the_same_file(store):
    store.claims.put(HASHED, "CTX", "1").result()
    renamed = msgspec.structs.replace(HASHED, name="other.gguf")
    assert len(store.claims.of(renamed)) == 1
    assert store.claims.of(msgspec.structs.replace(FILE, size=1001)) == []


def test_an_entry_has_an_end(store):
    with pytest.raises(ValueError, match="characters"):
        store.claims.put(FILE, "CTX", "x" * (LARGEST_ENTRY + 1))


def test_the_latest_runs_of_a_file_are_found(store):
    recipe = Recipe(file_name="m.gguf", file_size=1000, seed=7, sampling=Sampling())
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "a?", recipe=recipe).result()
    store.chats.finish(
        turn.id,
        "b",
        TurnState.DONE,
        "end",
        recipe=recipe,
        counts=Counts(decode_tps=9),
        tokens=[1, 2],
    ).result()
    again = store.chats.answer_again(turn.id, recipe=recipe).result()
    store.chats.finish(again.id, "c", TurnState.DONE, "end", recipe=recipe, tokens=[1, 3]).result()
    third = store.chats.ask(chat.id, turn.id, "d?", recipe=Recipe(file_name="x.gguf")).result()
    store.chats.finish(third.id, "e", TurnState.DONE, "end").result()
    runs = runs_of_file(store.database, "m.gguf", 1000)
    assert [(one.run.recipe.seed, one.tokens) for one in runs] == [(7, (1, 3)), (7, (1, 2))]
    assert runs[0].question == runs[1].question
    assert runs_of_file(store.database, "m.gguf", 999) == []
