"""A state comes back as it was kept, fits what it was made by, and goes with its chat."""

from pathlib import Path

import pytest

from runner.store import Store
from runner.store.states import KeptStates
from runner.store.values import TurnState


@pytest.fixture
def turns(store: Store):
    chat = store.chats.create().result()
    first = store.chats.ask(chat.id, None, "one").result()
    store.chats.finish(first.id, "1", TurnState.DONE, "end token").result()
    second = store.chats.ask(chat.id, first.id, "two").result()
    return first.id, second.id


def test_the_nearest_fitting_state_of_a_branch_is_found(store: Store, turns):
    assert store.states.nearest(turns, "llama") is None
    assert store.states.keep(turns[0], "llama", 10, b"state of one")
    found = store.states.nearest(turns, "llama")
    assert (found.turn_id, found.tokens, found.content) == (turns[0], 10, b"state of one")
    assert store.states.keep(turns[1], "llama", 20, b"state of two")
    assert store.states.nearest(turns, "llama").content == b"state of two"
    assert store.states.nearest(turns[:1], "llama").content == b"state of one"
    assert store.states.nearest(turns, "another build") is None


def test_a_file_that_was_changed_is_not_used(store: Store, turns, path: Path):
    store.states.keep(turns[0], "llama", 10, b"state")
    file = path.parent / "states" / f"{turns[0]}.state"
    for content in (b"stat3", b"longer state", b""):
        file.write_bytes(content)
        assert store.states.nearest(turns, "llama") is None
    file.unlink()
    assert store.states.nearest(turns, "llama") is None


def test_the_longest_unused_goes_first(store: Store, turns, path: Path):
    clock = iter(range(100))
    states = KeptStates(store.database, most_bytes=10, now=lambda: next(clock))
    states.keep(turns[0], "llama", 1, b"12345")
    states.keep(turns[1], "llama", 2, b"12345")
    assert states.nearest(turns[:1], "llama") is not None
    third = store.chats.ask(store.chats.turn(turns[0]).chat_id, turns[1], "three").result().id
    states.keep(third, "llama", 3, b"12345")
    kept = {int(file.stem) for file in (path.parent / "states").iterdir()}
    assert kept == {turns[0], third}
    assert not states.keep(turns[1], "llama", 2, b"x" * 11)


def test_a_state_goes_with_its_chat(store: Store, turns, path: Path):
    store.states.keep(turns[0], "llama", 1, b"private")
    chat = store.chats.turn(turns[0]).chat_id
    store.chats.delete(chat).result()
    assert len(list((path.parent / "states").iterdir())) == 1
    assert store.purge().result(5) == 1
    assert list((path.parent / "states").iterdir()) == []


def test_nothing_is_kept_of_a_store_in_memory(path: Path):
    with Store.in_memory() as store:
        chat = store.chats.create().result()
        turn = store.chats.ask(chat.id, None, "q").result()
        assert not store.states.keep(turn.id, "llama", 1, b"private")
        assert store.states.nearest([turn.id], "llama") is None
        store.states.sweep()


def test_a_full_disk_keeps_no_state(store: Store, turns, monkeypatch):
    import runner.store.states as module

    monkeypatch.setattr(module, "free_bytes", lambda path: 1_000_000)
    assert not store.states.keep(turns[0], "llama", 1, b"state")
