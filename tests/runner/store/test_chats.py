"""Chats are kept as they were said, in whatever order a person asks, edits and deletes."""

import json

import pytest

from runner.errors import RunnerError
from runner.protocol.engine import Sampling
from runner.store import Store
from runner.store.chats import TITLE_LENGTH, title_from
from runner.store.values import Attachment, Counts, Recipe, TurnState


def asked(store: Store, *questions: str):
    """Returns a chat with one finished answer a question, each below the one before."""
    chat = store.chats.create().result()
    turns = []
    for question in questions:
        parent = turns[-1].id if turns else None
        turn = store.chats.ask(chat.id, parent, question).result()
        turns.append(
            store.chats.finish(turn.id, f"About {question}", TurnState.DONE, "end token").result()
        )
    return chat, turns


def questions_shown(store: Store, chat) -> list[str]:
    return [turn.question for turn in store.chats.tree(chat.id).path()]


def test_an_answer_grows_and_ends(store: Store):
    chat = store.chats.create(system="Be brief.").result()
    begun = Recipe(seed=42, sampling=Sampling(temperature=0.5), file_sha256="ab" * 32)
    turn = store.chats.ask(chat.id, None, "What is a llama?", recipe=begun).result()
    assert (turn.state, turn.answer, turn.recipe.seed) == (TurnState.STREAMING, "", 42)

    store.chats.write_answer(turn.id, "A llama is", thinking="Hm.").result()
    assert store.chats.turn(turn.id).answer == "A llama is"
    assert store.chats.turn(turn.id).thinking == "Hm."

    full = Recipe(seed=42, sampling=begun.sampling, splits=(512, 3), threads=2)
    counts = Counts(prompt_tokens=515, evaluated=515, tokens=3, decode_tps=40.5)
    ended = store.chats.finish(
        turn.id,
        "A llama is an animal.",
        TurnState.DONE,
        "end token",
        thinking="Hm. Yes.",
        recipe=full,
        counts=counts,
        tokens=[7, 4_000_000_000],
    ).result()
    assert store.chats.turn(turn.id) == ended
    assert (ended.recipe, ended.counts, ended.run.reason) == (full, counts, "end token")
    assert store.chats.answer_tokens(turn.id) == (7, 4_000_000_000)
    assert store.chats.chat(chat.id).title == "What is a llama?"


def test_a_late_write_does_not_undo_the_end(store: Store):
    _, (turn,) = asked(store, "one")
    store.chats.write_answer(turn.id, "old text").result()
    store.chats.finish(turn.id, "other end", TurnState.FAILED, "engine.lost").result()
    assert store.chats.turn(turn.id) == turn


def test_another_answer_is_a_version_and_an_edit_is_a_branch(store: Store):
    chat, (first, second) = asked(store, "one", "two")
    again = store.chats.answer_again(first.id).result()
    edited = store.chats.ask(chat.id, first.id, "two, but better").result()
    tree = store.chats.tree(chat.id)
    assert [turn.id for turn in tree.versions(first)] == [first.id, again.id]
    assert tree.place(again).version == 2
    assert (tree.place(edited).edit, tree.place(edited).edits) == (2, 2)
    assert tree.place(second).versions == 1
    assert questions_shown(store, chat) == ["one", "two, but better"]

    store.chats.switch(again.id).result()
    assert [turn.id for turn in store.chats.tree(chat.id).path()] == [again.id]
    store.chats.switch(first.id).result()
    assert questions_shown(store, chat) == ["one", "two, but better"]
    assert tree.newest_leaf(first.id) == edited.id


def test_a_continued_answer_keeps_both_runs(store: Store):
    _chat, (turn,) = asked(store, "one")
    on = store.chats.continue_answer(turn.id, recipe=Recipe(seed=2, prefilled=9)).result()
    assert (on.state, on.answer) == (TurnState.STREAMING, turn.answer)
    store.chats.write_answer(turn.id, turn.answer + " and").result()
    ended = store.chats.finish(
        turn.id, turn.answer + " and so on", TurnState.STOPPED, "stopped", tokens=[5]
    ).result()
    assert [run.recipe.prefilled for run in ended.runs] == [0, 9]
    assert [run.reason for run in ended.runs] == ["end token", "stopped"]
    assert ended.answer == "About one and so on"


def test_attachments_belong_to_the_question(store: Store):
    chat = store.chats.create().result()
    note = Attachment(name="note.txt", text="Line one", sha256="cd" * 32, tokens=2)
    turn = store.chats.ask(chat.id, None, "Sum up", attachments=[note]).result()
    again = store.chats.answer_again(turn.id).result()
    assert turn.attachments == again.attachments == (note,)
    assert [each.attachments for each in store.chats.tree(chat.id).turns] == [(note,), (note,)]


def test_the_list_has_pinned_chats_first_then_the_latest(store: Store):
    old, new, pinned = (asked(store, name)[0] for name in ("old", "new", "pinned"))
    store.chats.pin(pinned.id).result()
    turn = store.chats.ask(old.id, None, "again").result()
    store.chats.finish(turn.id, "", TurnState.STOPPED, "stopped").result()
    assert [chat.id for chat in store.chats.list()] == [pinned.id, old.id, new.id]
    assert [chat.turns for chat in store.chats.list()] == [1, 2, 1]


def test_a_title_that_a_person_chose_stays(store: Store):
    chat = store.chats.create().result()
    store.chats.rename(chat.id, "  My llamas ").result()
    store.chats.ask(chat.id, None, "What is a llama?").result()
    renamed = store.chats.chat(chat.id)
    assert (renamed.title, renamed.named) == ("My llamas", True)


def test_a_deleted_chat_can_be_restored_until_it_is_purged(store: Store):
    chat, _ = asked(store, "one")
    kept, _ = asked(store, "two")
    store.chats.delete(chat.id).result()
    assert [each.id for each in store.chats.list()] == [kept.id]
    assert [each.id for each in store.chats.list(deleted=True)] == [chat.id]
    assert store.chats.purge(older_than_s=60).result() == 0

    assert store.chats.restore(chat.id).result().deleted is None
    assert questions_shown(store, chat) == ["one"]

    store.chats.delete(chat.id).result()
    assert store.chats.purge().result() == 1
    with pytest.raises(RunnerError, match=r"store\.no_such_chat"):
        store.chats.tree(chat.id)
    with store.database.reading() as db:
        for table in ("message", "turn", "attachment"):
            (rows,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert rows == (2 if table == "message" else table == "turn")


def test_deleting_a_turn_takes_what_follows_and_shows_what_is_nearest(store: Store):
    chat, (one, two, three) = asked(store, "one", "two", "three")
    other = store.chats.answer_again(two.id).result()
    store.chats.switch(two.id).result()
    store.chats.delete_turn(two.id).result()
    assert store.chats.chat(chat.id).leaf_id == other.id
    assert {turn.id for turn in store.chats.tree(chat.id).turns} == {one.id, other.id}
    store.chats.delete_turn(other.id).result()
    assert questions_shown(store, chat) == ["one"]
    store.chats.delete_turn(one.id).result()
    assert questions_shown(store, chat) == []
    for turn in (one, two):
        store.chats.restore_turn(turn.id).result()
    assert store.chats.chat(chat.id).leaf_id == three.id
    assert other.id not in store.chats.tree(chat.id).by_id


def test_a_deleted_turn_can_be_restored_until_it_is_purged(store: Store):
    chat, (one, two, three) = asked(store, "one", "two", "three")
    again = store.chats.answer_again(two.id).result()
    store.chats.delete_turn(three.id).result()
    store.chats.delete_turn(two.id).result()
    store.chats.ask(chat.id, again.id, "meanwhile").result()
    assert store.purge(older_than_s=60).result(10) == 0
    tree = store.chats.restore_turn(three.id).result()
    assert [turn.id for turn in tree.path()] == [one.id, two.id, three.id]

    store.chats.delete_turn(two.id).result()
    assert store.purge().result(10) == 2
    with pytest.raises(RunnerError, match=r"store\.no_such_turn"):
        store.chats.restore_turn(two.id).result()
    assert questions_shown(store, chat) == ["one", "two", "meanwhile"]
    with store.database.reading() as db:
        left = db.execute("SELECT count(*) FROM message WHERE role = 'user'").fetchone()
    assert left == (3,), "the other answer to the question keeps it"


def test_a_draft_is_kept_until_it_is_sent(store: Store):
    chat = store.chats.create().result()
    store.chats.set_draft(chat.id, "half a ques").result()
    assert store.chats.chat(chat.id).draft == "half a ques"
    store.chats.ask(chat.id, None, "half a question").result()
    assert store.chats.chat(chat.id).draft == ""


def test_a_chat_remembers_its_own_settings(store: Store):
    chat = store.chats.create().result()
    store.chats.set_system(chat.id, "Be brief.").result()
    store.chats.set_sampling(chat.id, Sampling(top_k=5), "mine").result()
    kept = store.chats.chat(chat.id)
    assert (kept.system, kept.sampling, kept.preset) == ("Be brief.", Sampling(top_k=5), "mine")
    assert store.chats.set_sampling(chat.id, None).result().sampling is None


@pytest.mark.parametrize(
    "text",
    [
        "a\0b",
        "\u202eback\u202c",
        "👩\u200d🚀" * 1000,
        "x" * 1_000_000,
        "",
        "'; DROP TABLE chat; --",
    ],
)
def test_odd_texts_come_back_as_they_were(store: Store, text: str):
    chat = store.chats.create(text).result()
    turn = store.chats.ask(chat.id, None, text).result()
    turn = store.chats.finish(turn.id, text, TurnState.DONE, "end token").result()
    assert (turn.question, turn.answer) == (text, text)
    assert store.chats.chat(chat.id).title == text


def test_half_a_surrogate_pair_is_replaced_not_lost(store: Store):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "a\ud83db").result()
    assert turn.question == "a\ufffdb"


def test_ten_megabytes_come_back(store: Store):
    chat = store.chats.create().result()
    text = "llama " * 1_700_000
    assert store.chats.ask(chat.id, None, text).result().question == text


def test_titles_are_short_and_end_at_a_word():
    assert title_from("  Why\n is the sky\tblue? ") == "Why is the sky blue?"
    long = title_from("word " * 100)
    assert long == f"{'word ' * 11}word…"
    assert title_from("x" * 500) == "x" * TITLE_LENGTH + "…"
    assert title_from("\0\n ") == ""


def test_a_temporary_chat_touches_no_file(store: Store, path):
    secret = "a phrase that must not be on the disk"
    chat = store.temporary.create(secret).result()
    turn = store.temporary.ask(chat.id, None, secret).result()
    store.temporary.finish(turn.id, secret, TurnState.DONE, "end token").result()
    assert store.temporary.tree(chat.id).path()[0].question == secret
    assert store.chats.list() == []
    for file in path.parent.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_what_does_not_exist_is_named(store: Store):
    for attempt in (
        lambda: store.chats.rename(99, "x").result(),
        lambda: store.chats.ask(99, None, "x").result(),
        lambda: store.chats.chat(99),
    ):
        with pytest.raises(RunnerError, match=r"store\.no_such_chat"):
            attempt()
    _chat, (turn,) = asked(store, "one")
    other, _ = asked(store, "two")
    for attempt in (
        lambda: store.chats.answer_again(99).result(),
        lambda: store.chats.write_answer(99, "x").result(),
        lambda: store.chats.ask(other.id, turn.id, "below a turn of another chat").result(),
    ):
        with pytest.raises(RunnerError, match=r"store\.no_such_turn"):
            attempt()
    assert len(store.chats.tree(other.id).turns) == 1


def test_after_closing_a_write_is_refused_with_words(path):
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(RunnerError, match=r"store\.closed"):
        store.chats.create().result()


def test_a_very_long_chat_opens_and_goes(store: Store):
    turns = [
        {"id": n, "question": n, "parent": n - 1 or None, "answer": "a"} for n in range(1, 3001)
    ]
    questions = [{"id": n, "text": f"q {n}"} for n in range(1, 3001)]
    content = {"format": "lightwell.chat/1", "turns": turns, "questions": questions, "shown": 3000}
    chat = store.chats.import_json(json.dumps(content).encode()).result()
    assert len(store.chats.tree(chat.id).path()) == 3000
    store.chats.delete_turn(store.chats.tree(chat.id).turns[5].id).result()
    assert store.chats.chat(chat.id).turns == 5
    store.chats.delete(chat.id).result()
    assert store.purge().result(20) == 1
    with store.database.reading() as db:
        assert db.execute("SELECT count(*) FROM turn").fetchone() == (0,)


def test_nothing_is_left_on_the_disk_of_what_was_purged(store: Store, path):
    secret = b"yzzysecretword"
    chats = []
    for title in ("before", "xyzzysecretword", "after"):
        chat, _ = asked(store, *(f"{title} {number}" for number in range(20)))
        chats.append(chat)
    store.chats.delete(chats[1].id).result()

    def found() -> int:
        return sum(file.read_bytes().count(secret) for file in path.parent.rglob("*.sqlite*"))

    assert found() > 20
    assert store.purge().result(10) == 1
    assert found() == 0
    assert len(store.chats.list()) == 2

    turn = store.chats.ask(chats[0].id, None, secret.decode()).result()
    store.chats.finish(turn.id, secret.decode(), TurnState.DONE, "end token").result()
    store.chats.delete_turn(turn.id).result()
    assert found() > 0
    assert store.purge().result(10) == 1
    assert found() == 0
