"""Search finds what was said, as a person types it, and never trips over what they type."""

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import RunnerError
from runner.store import Store
from runner.store.db import open_in_memory
from runner.store.search import (
    LONG_TEXT,
    MARK_END,
    MARK_START,
    MOST_TYPED,
    Found,
    Order,
    Search,
    query_for,
    search,
)
from runner.store.values import TurnState


def said(store: Store, question: str, answer: str = "", *, chat=None):
    chat = chat or store.chats.create().result()
    turn = store.chats.ask(chat.id, chat.leaf_id, question).result()
    return store.chats.finish(turn.id, answer, TurnState.DONE, "end token").result()


def find(store: Store, text: str, **how) -> Found:
    with store.database.reading() as db:
        return search(db, text, **how)


def snippets(store: Store, text: str, **how) -> list[str]:
    return [hit.snippet for hit in find(store, text, **how).hits]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("llama", '"llama" *'),
        ("llama ", '"llama"'),
        ("big lla", '"big" AND "lla" *'),
        ("lla* big ", '"lla" * AND "big"'),
        ('"two llamas', '"two llamas"'),
        ('"two llamas" eat', '"two llamas" AND "eat" *'),
        ("don't", '"don t" *'),
        ("AND OR NOT NEAR(", '"AND" AND "OR" AND "NOT" AND "NEAR" *'),
        ("text:x^2 -y", '"text x 2" AND "y" *'),
        ('"" !!! *', ""),
        ("", ""),
    ],
)
def test_what_people_type_becomes_a_query(typed: str, query: str):
    assert query_for(typed) == query


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_breaks_the_search(typed: str):
    db = _empty()
    assert search(db, typed).hits == ()


def _empty(made=[]):  # noqa: B006 - one database for all examples
    if not made:
        made.append(open_in_memory())
    return made[0]


def test_words_beginnings_and_phrases_are_found(store: Store):
    said(store, "What does a llama eat?", "Mostly grass and hay.")
    assert snippets(store, "LLAMA ") == [f"What does a {MARK_START}llama{MARK_END} eat?"]
    assert snippets(store, "gra") == [f"Mostly {MARK_START}grass{MARK_END} and hay."]
    assert snippets(store, "gra ") == []
    assert snippets(store, '"grass and hay"') != []
    assert snippets(store, '"hay and grass"') == []
    assert snippets(store, "llama grass") == []  # both words in one message


def test_accents_do_not_matter(store: Store):
    said(store, "Où est le café de Zürich?")
    for typed in ("cafe", "CAFÉ ", "cafe\u0301", "zurich"):
        assert len(snippets(store, typed)) == 1


def test_the_newest_comes_first_and_relevance_on_request(store: Store):
    said(store, "llama llama llama")
    said(store, "a llama stands among very many other words that are not about it at all")
    newest = find(store, "llama ")
    assert [hit.title[:7] for hit in newest.hits] == ["a llama", "llama l"]
    relevant = find(store, "llama ", order=Order.RELEVANCE)
    assert [hit.title[:7] for hit in relevant.hits] == ["llama l", "a llama"]


def test_titles_are_found_too(store: Store):
    chat = store.chats.create("Grocery list").result()
    assert [hit.title for hit in find(store, "groc").titles] == ["Grocery list"]
    store.chats.rename(chat.id, "Shopping").result()
    assert find(store, "groc").titles == ()
    assert [hit.chat_id for hit in find(store, "shop").titles] == [chat.id]


def test_what_is_deleted_is_not_found(store: Store):
    turn = said(store, "a secret llama", "says nothing")
    store.chats.delete(turn.chat_id).result()
    assert find(store, "secret") == Found("secret")
    store.chats.restore(turn.chat_id).result()
    assert len(find(store, "secret").hits) == 1
    store.chats.delete_turn(turn.id).result()
    assert find(store, "secret").hits == find(store, "nothing").hits == ()
    store.chats.restore_turn(turn.id).result()
    store.chats.delete(turn.chat_id).result()
    store.chats.purge().result()
    with store.database.reading() as db:
        for index in ("message_search", "title_search"):
            rows = db.execute(f"SELECT * FROM {index} WHERE {index} MATCH 'secret'").fetchall()
            assert rows == []


def test_a_question_leads_to_its_newest_answer(store: Store):
    turn = said(store, "unusual question", "first")
    again = store.chats.answer_again(turn.id).result()
    (hit,) = find(store, "unusual").hits
    assert (hit.turn_id, hit.is_question) == (again.id, True)
    store.chats.delete_turn(again.id).result()
    (hit,) = find(store, "unusual").hits
    assert hit.turn_id == turn.id


def test_an_answer_is_found_once_it_has_settled_and_again_after_it_was_continued(store: Store):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "q").result()
    store.chats.write_answer(turn.id, "wandering").result()
    assert find(store, "wandering").hits == ()
    store.chats.finish(turn.id, "wandering llamas", TurnState.STOPPED, "stopped").result()
    assert len(find(store, "wandering").hits) == 1
    store.chats.continue_answer(turn.id).result()
    store.chats.finish(turn.id, "wandering llamas rest", TurnState.DONE, "end token").result()
    assert len(find(store, "wandering rest").hits) == 1
    with store.database.reading() as db:
        db.execute("SELECT count(*) FROM message_search").fetchone()


def test_a_long_text_shows_the_place(store: Store):
    said(store, "lorem " * LONG_TEXT + "needle " + "ipsum " * LONG_TEXT)
    (snippet,) = snippets(store, "need")
    assert f"{MARK_START}need{MARK_END}le" in snippet
    assert len(snippet) < 200


def test_the_limit_says_whether_there_is_more(store: Store):
    chat = store.chats.create().result()
    for number in range(5):
        store.chats.ask(chat.id, None, f"llama {number}").result()
    assert find(store, "llama", limit=5).has_more is False
    found = find(store, "llama", limit=3)
    assert (len(found.hits), found.has_more) == (3, True)


def test_the_index_agrees_with_the_texts_after_many_changes(store: Store):
    turn = said(store, "one two", "three four")
    for round_ in range(5):
        again = store.chats.answer_again(turn.id).result()
        store.chats.finish(again.id, f"round {round_}", TurnState.DONE, "end token").result()
        store.chats.delete_turn(again.id).result()
    store.chats.delete(turn.chat_id).result()
    store.chats.purge().result()
    for index in ("message_search", "title_search"):
        check = f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"
        store.database.write(lambda db, check=check: db.execute(check) and None).result()


class Answers:
    """Collects what a search tells, and lets a test wait for it."""

    def __init__(self):
        self.found: list[Found] = []
        self.failed: list[RunnerError] = []
        self.told = threading.Event()

    def done(self, found: Found) -> None:
        self.found.append(found)
        self.told.set()

    def fail(self, error: RunnerError) -> None:
        self.failed.append(error)
        self.told.set()


def test_a_new_keystroke_replaces_the_old_question(store: Store):
    for number in range(60):
        said(store, f"llama number {number}")
    answers, running = Answers(), Search(store.database)
    try:
        for typed in ("l", "ll", "lla", "llam", "llama 7"):
            running.ask(typed, answers.done, answers.fail, order=Order.RELEVANCE)
        assert answers.told.wait(5)
        running.ask("llama 8", answers.done, answers.fail)
    finally:
        running.close()
    texts = [found.text for found in answers.found]
    assert answers.failed == []
    assert "llama 7" in texts
    assert len(texts) <= 6


def test_a_running_query_is_interrupted_at_once(store: Store, monkeypatch):
    import runner.store.search as module

    begun, answers = threading.Event(), Answers()

    def endless(db, text, *, order, limit):
        if text != "endless":
            return search(db, text, order=order, limit=limit)
        begun.set()
        db.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                   "SELECT count(*) FROM n")  # fmt: skip
        raise AssertionError("the endless query ended")

    monkeypatch.setattr(module, "search", endless)
    running = Search(store.database)
    try:
        running.ask("endless", answers.done, answers.fail)
        assert begun.wait(5)
        running.ask("quick", answers.done, answers.fail)
        assert answers.told.wait(5)
        assert [found.text for found in answers.found] == ["quick"]
        begun.clear()
        running.ask("endless", answers.done, answers.fail)
        assert begun.wait(5)
    finally:
        running.close()
    assert (len(answers.found), answers.failed) == (1, [])


def test_temporary_chats_can_be_searched_beside_a_writer():
    with Store.in_memory() as store:
        said(store, "in memory only")
        answers, running = Answers(), Search(store.database)
        running.ask("memory", answers.done, answers.fail)
        assert answers.told.wait(5)
        running.close()
        assert len(answers.found[0].hits) == 1


def test_a_page_pasted_as_a_search_is_cut_before_a_long_text_is_looked_through(store: Store):
    turn = said(store, "of water", "river " * LONG_TEXT)
    typed = "river " * (MOST_TYPED // 6 + 1) + " ".join(f"absent{n:06}" for n in range(4_000))
    began = time.thread_time()
    assert [hit.turn_id for hit in find(store, typed).hits] == [turn.id]
    assert time.thread_time() - began < 1
