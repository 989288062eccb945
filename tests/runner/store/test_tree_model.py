"""Whatever a person does to a chat, the store holds what a simple model of it holds."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from runner.errors import RunnerError
from runner.store import Store
from runner.store.search import search
from runner.store.values import INTERRUPTED, TurnState

WORDS = st.text(alphabet="abc \u00e9\0\u202e", min_size=0, max_size=12)


@dataclass
class Node:
    """A turn as the model sees it."""

    parent: int | None
    question: str
    asked_by: int
    answer: str = ""
    state: TurnState = TurnState.STREAMING
    taken_by: int | None = None
    taken_at: int = 0


@dataclass
class Model:
    """A chat as the model sees it: nodes by number, the leaf on show, whether it is deleted."""

    nodes: dict[int, Node] = field(default_factory=dict)
    leaf: int | None = None
    deleted: bool = False
    deletions: int = 0

    def alive(self) -> list[int]:
        return [number for number, node in self.nodes.items() if node.taken_by is None]

    def below(self, number: int) -> set[int]:
        found = {number}
        for child in self.alive():
            if self.nodes[child].parent in found:
                found.add(child)
        return found

    def siblings(self, number: int) -> list[int]:
        parent = self.nodes[number].parent
        return [other for other in self.alive() if self.nodes[other].parent == parent]


class TurnTree(RuleBasedStateMachine):
    """Ask, edit, answer again, continue, stop, switch, delete, undo; and compare."""

    def __init__(self):
        super().__init__()
        self.store = Store.in_memory()
        self.chats = self.store.chats
        self.model = Model()

    def teardown(self):
        self.store.close()

    @initialize()
    def begin(self):
        self.chat = self.chats.create().result()

    def picked(self, data, numbers: list[int]) -> int:
        return data.draw(st.sampled_from(sorted(numbers)))

    @rule(data=st.data(), question=WORDS)
    def ask(self, data, question: str):
        parent = data.draw(st.sampled_from([None, *self.model.alive()]))
        turn = self.chats.ask(self.chat.id, parent, question).result()
        self.model.nodes[turn.id] = Node(parent, question, turn.id)
        self.model.leaf = turn.id

    @precondition(lambda self: self.model.alive())
    @rule(data=st.data())
    def answer_again(self, data):
        first = self.picked(data, self.model.alive())
        turn = self.chats.answer_again(first).result()
        node = self.model.nodes[first]
        self.model.nodes[turn.id] = Node(node.parent, node.question, node.asked_by)
        self.model.leaf = turn.id

    @precondition(lambda self: self.model.nodes)
    @rule(data=st.data(), answer=WORDS)
    def write(self, data, answer: str):
        number = self.picked(data, list(self.model.nodes))
        self.chats.write_answer(number, answer).result()
        node = self.model.nodes[number]
        if node.state is TurnState.STREAMING:
            node.answer = answer

    @precondition(lambda self: self.model.nodes)
    @rule(data=st.data(), answer=WORDS, state=st.sampled_from([TurnState.DONE, TurnState.STOPPED]))
    def finish(self, data, answer: str, state: TurnState):
        number = self.picked(data, list(self.model.nodes))
        self.chats.finish(number, answer, state, "any").result()
        node = self.model.nodes[number]
        if node.state is TurnState.STREAMING:
            node.answer, node.state = answer, state

    @precondition(lambda self: self.model.alive())
    @rule(data=st.data())
    def continue_answer(self, data):
        number = self.picked(data, self.model.alive())
        self.chats.continue_answer(number).result()
        self.model.nodes[number].state = TurnState.STREAMING
        self.model.leaf = max(self.model.below(number))

    @precondition(lambda self: self.model.alive())
    @rule(data=st.data())
    def switch(self, data):
        number = self.picked(data, self.model.alive())
        self.chats.switch(number).result()
        self.model.leaf = max(self.model.below(number))

    @precondition(lambda self: self.model.alive())
    @rule(data=st.data())
    def delete_turn(self, data):
        number = self.picked(data, self.model.alive())
        self.chats.delete_turn(number).result()
        node = self.model.nodes[number]
        self.model.deletions += 1
        for gone in self.model.below(number):
            self.model.nodes[gone].taken_by = number
            self.model.nodes[gone].taken_at = self.model.deletions
        left = self.model.siblings(number)
        same = [other for other in left if self.model.nodes[other].asked_by == node.asked_by]
        nearest = max(same or left, default=None)
        self.model.leaf = node.parent if nearest is None else max(self.model.below(nearest))

    @precondition(lambda self: len(self.model.alive()) < len(self.model.nodes))
    @rule(data=st.data())
    def undo_the_deletion_of_a_turn(self, data):
        gone = [number for number in self.model.nodes if number not in self.model.alive()]
        number = self.picked(data, gone)
        self.chats.restore_turn(number).result()
        at: int | None = number
        while at is not None:
            taken_by = self.model.nodes[at].taken_by
            for node in self.model.nodes.values():
                if taken_by is not None and node.taken_by == taken_by:
                    node.taken_by = None
            at = self.model.nodes[at].parent
        self.model.leaf = max(self.model.below(number))

    @rule()
    def put_everything_back(self):
        gone = [node for node in self.model.nodes.values() if node.taken_by is not None]
        self.chats.restore_turns(self.chat.id).result()
        last = max(gone, key=lambda node: node.taken_at, default=None)
        number = None if last is None else last.taken_by
        for node in gone:
            node.taken_by = None
        if number is not None:
            self.model.leaf = max(self.model.below(number))

    @precondition(lambda self: not self.model.deleted)
    @rule()
    def purge(self):
        self.chats.purge().result()
        self.model.nodes = {number: self.model.nodes[number] for number in self.model.alive()}
        with self.store.database.reading() as db:
            said = db.execute("SELECT id FROM message WHERE chat_id = ?", (self.chat.id,))
            kept = {number for (number,) in said}
        asked = {node.asked_by for node in self.model.nodes.values()}
        assert len(kept) == len(self.model.nodes) + len(asked)

    @precondition(lambda self: len(self.model.alive()) < len(self.model.nodes))
    @rule(data=st.data())
    def nothing_is_put_beside_or_below_what_is_deleted(self, data):
        gone = [number for number in self.model.nodes if number not in self.model.alive()]
        number = self.picked(data, gone)
        attempts = [
            lambda: self.chats.ask(self.chat.id, number, "lost?"),
            lambda: self.chats.answer_again(number),
            lambda: self.chats.continue_answer(number),
            lambda: self.chats.switch(number),
            lambda: self.chats.delete_turn(number),
        ]
        for attempt in attempts:
            with pytest.raises(RunnerError, match=r"store\.no_such_turn"):
                attempt().result()

    @rule()
    def delete_or_restore_the_chat(self):
        change = self.chats.restore if self.model.deleted else self.chats.delete
        change(self.chat.id).result()
        self.model.deleted = not self.model.deleted

    @precondition(lambda self: not self.model.deleted)
    @rule()
    def export_and_import(self):
        again = self.chats.import_json(self.chats.export_json(self.chat.id)).result()
        old, new = self.chats.tree(self.chat.id), self.chats.tree(again.id)
        assert [old.place(turn) for turn in old.turns] == [new.place(turn) for turn in new.turns]
        assert [turn.question for turn in old.path()] == [turn.question for turn in new.path()]
        for before, after in zip(old.turns, new.turns, strict=True):
            assert before.answer == after.answer
            if before.state is TurnState.STREAMING:
                assert (after.state, after.reason) == (TurnState.STOPPED, INTERRUPTED)
            else:
                assert (before.state, before.reason) == (after.state, after.reason)
        self.chats.delete(again.id).result()

    @invariant()
    def the_store_holds_what_the_model_holds(self):
        if not hasattr(self, "chat"):
            return
        tree = self.chats.tree(self.chat.id)
        assert [turn.id for turn in tree.turns] == sorted(self.model.alive())
        assert tree.chat.leaf_id == self.model.leaf
        assert (tree.chat.deleted is not None) == self.model.deleted
        assert tree.chat.turns == len(tree.turns)
        assert tree.chat.deleted_turns == len(self.model.nodes) - len(tree.turns)
        for turn in tree.turns:
            node = self.model.nodes[turn.id]
            assert (turn.parent_id, turn.question, turn.answer, turn.state) == (
                node.parent,
                node.question,
                node.answer,
                node.state,
            )
            versions = [other.id for other in tree.versions(turn)]
            assert versions == sorted(
                other
                for other in self.model.siblings(turn.id)
                if self.model.nodes[other].asked_by == node.asked_by
            )
            assert tree.newest_leaf(turn.id) == max(self.model.below(turn.id))
        path = [turn.id for turn in tree.path()]
        assert path == sorted(path)
        if self.model.leaf is not None:
            assert path[-1] == self.model.leaf
            assert self.model.nodes[path[0]].parent is None

    @invariant()
    def search_finds_what_is_there(self):
        if not hasattr(self, "chat"):
            return
        with self.store.database.reading() as db:
            hits = search(db, "abc ", limit=500).hits
        expected = set()
        if not self.model.deleted:
            for number in self.model.alive():
                node = self.model.nodes[number]
                if node.state is not TurnState.STREAMING and "abc" in words_of(node.answer):
                    expected.add((number, False))
                if "abc" in words_of(node.question):
                    same = [
                        n
                        for n in self.model.alive()
                        if self.model.nodes[n].asked_by == node.asked_by
                    ]
                    expected.add((max(same), True))
        assert {(hit.turn_id, hit.is_question) for hit in hits} == expected


def words_of(text: str) -> list[str]:
    for separator in "\0\u202e":
        text = text.replace(separator, " ")
    return [word.replace("\u00e9", "e") for word in text.split()]


TurnTree.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestTurnTree = TurnTree.TestCase
