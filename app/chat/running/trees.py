"""Changes to a chat's tree in hand, so that it need not be read again. Pure."""

import msgspec

from runner.store.tree import ChatTree
from runner.store.values import Turn


def with_turn(tree: ChatTree, turn: Turn, *, is_leaf: bool) -> ChatTree:
    """Returns `tree` with `turn` in it, new or in the place of its older self."""
    if turn.id in tree.by_id:
        turns = tuple(turn if other.id == turn.id else other for other in tree.turns)
    else:
        turns = (*tree.turns, turn)
    leaf = turn.id if is_leaf else tree.chat.leaf_id
    return ChatTree(msgspec.structs.replace(tree.chat, leaf_id=leaf), turns)
