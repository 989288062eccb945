"""A chat as a tree of turns: which branch is on show, and what stands beside each turn. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import msgspec

from runner.store.values import Chat, QuestionId, Turn, TurnId


class Place(msgspec.Struct, frozen=True):
    """Where a turn stands among its siblings, counted from 1: "answer 2 of 3, question 1 of 2"."""

    version: int
    versions: int
    edit: int
    edits: int


class ChatTree(msgspec.Struct, frozen=True, dict=True):
    """A chat with all its turns, oldest first; of deleted turns, none."""

    chat: Chat
    turns: tuple[Turn, ...]

    @cached_property
    def by_id(self) -> dict[TurnId, Turn]:
        """Every turn by its id."""
        return {turn.id: turn for turn in self.turns}

    @cached_property
    def _below(self) -> dict[TurnId | None, tuple[Turn, ...]]:
        below: dict[TurnId | None, list[Turn]] = defaultdict(list)
        for turn in self.turns:
            below[turn.parent_id].append(turn)
        return {parent: tuple(turns) for parent, turns in below.items()}

    def path(self) -> tuple[Turn, ...]:
        """The branch on show, from the first turn to the leaf."""
        return self.path_to(self.chat.leaf_id)

    def path_to(self, turn_id: TurnId | None) -> tuple[Turn, ...]:
        """The turns from the first one to `turn_id`."""
        path: list[Turn] = []
        while turn_id is not None and (turn := self.by_id.get(turn_id)):
            path.append(turn)
            turn_id = turn.parent_id
        return tuple(reversed(path))

    def children(self, turn_id: TurnId | None) -> tuple[Turn, ...]:
        """The turns that follow `turn_id`, of all branches; None asks for the first ones."""
        return self._below.get(turn_id, ())

    def versions(self, turn: Turn) -> tuple[Turn, ...]:
        """All answers to this turn's question, oldest first, itself included."""
        siblings = self.children(turn.parent_id)
        return tuple(other for other in siblings if other.question_id == turn.question_id)

    def edits(self, turn: Turn) -> tuple[QuestionId, ...]:
        """All questions asked at this turn's point, oldest first, its own included."""
        return tuple(unique(other.question_id for other in self.children(turn.parent_id)))

    def place(self, turn: Turn) -> Place:
        """Where the turn stands among versions and edits."""
        versions, edits = self.versions(turn), self.edits(turn)
        return Place(
            version=[other.id for other in versions].index(turn.id) + 1,
            versions=len(versions),
            edit=edits.index(turn.question_id) + 1,
            edits=len(edits),
        )

    def newest_leaf(self, turn_id: TurnId) -> TurnId:
        """The end of the newest branch through `turn_id`: where switching to it leads."""
        newest, waiting = turn_id, [turn_id]
        while waiting:
            for child in self.children(waiting.pop()):
                newest = max(newest, child.id)
                waiting.append(child.id)
        return newest


def unique(ids: Iterable[QuestionId]) -> list[QuestionId]:
    """Returns each id once, in the order of first appearance."""
    return list(dict.fromkeys(ids))
