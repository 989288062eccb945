"""A chat of two thousand turns with answers as models give them, for the benchmarks of the window."""

from runner.store import Store
from runner.store.export import as_json
from runner.store.tree import ChatTree
from runner.store.values import (
    Chat,
    ChatId,
    Counts,
    QuestionId,
    Recipe,
    Run,
    Turn,
    TurnId,
    TurnState,
)

ANSWER = """Here is what matters, with **some** emphasis and `code` in it.

1. The first point, which goes on for a little while so that it wraps at least once on screen.
2. The second point.

```python
def answer(question: str) -> str:
    return question.upper()
```

| what | how much |
|------|---------:|
| one  | 1 |
| two  | 2 |

> A quoted line, and the end.
"""


def add_long_chat(store: Store, turns: int = 2000) -> Chat:
    """Adds the chat and returns it."""
    made = tuple(
        Turn(
            id=TurnId(number),
            chat_id=ChatId(1),
            parent_id=TurnId(number - 1) if number > 1 else None,
            question_id=QuestionId(number),
            question=f"Question {number}: what else is there to say about this?",
            answer=ANSWER * (1 + number % 3),
            state=TurnState.DONE,
            reason="end token",
            runs=(Run(recipe=Recipe(model="Echo"), counts=Counts(tokens=112), reason="end token"),),
            created=1_700_000_000.0 + number,
        )
        for number in range(1, turns + 1)
    )
    chat = Chat(id=ChatId(1), title="A long chat", leaf_id=TurnId(turns), turns=turns)
    return store.chats.import_json(as_json(ChatTree(chat, made), {})).result()
