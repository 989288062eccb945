"""The SQL below `Chats`: each function is one change to turns, inside the writer's transaction."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from runner.errors import RunnerError
from runner.store.rows import TURN_QUERY, as_json, packed, runs_of, storable, turn_of
from runner.store.values import (
    INTERRUPTED,
    Attachment,
    ChatId,
    Counts,
    FileId,
    QuestionId,
    Recipe,
    Run,
    Turn,
    TurnId,
    TurnState,
)

Db = sqlite3.Connection


def read_turns(db: Db, chat_id: ChatId) -> tuple[Turn, ...]:
    """Returns a chat's turns, oldest first, without the deleted ones."""
    attached = _attachments(
        db, "question_id IN (SELECT id FROM message WHERE chat_id = ?)", (chat_id,)
    )
    rows = db.execute(
        f"{TURN_QUERY} WHERE turn.chat_id = ? AND turn.deleted_with IS NULL ORDER BY turn.id",
        (chat_id,),
    )
    return tuple(turn_of(row, attached.get(row[3], ())) for row in rows)


def read_turn(db: Db, turn_id: TurnId) -> Turn:
    """Returns one turn.

    Raises:
        RunnerError: `store.no_such_turn`.
    """
    row = db.execute(f"{TURN_QUERY} WHERE turn.id = ?", (turn_id,)).fetchone()
    if row is None:
        raise RunnerError("store.no_such_turn", turn=turn_id)
    return turn_of(row, _attachments(db, "question_id = ?", (row[3],)).get(row[3], ()))


def read_live_turn(db: Db, turn_id: TurnId) -> Turn:
    """Returns one turn that was not deleted: something that others may be put beside or below.

    Raises:
        RunnerError: `store.no_such_turn`.
    """
    if not is_live(db, turn_id):
        raise RunnerError("store.no_such_turn", turn=turn_id)
    return read_turn(db, turn_id)


def is_live(db: Db, turn_id: TurnId | None) -> bool:
    """Whether a turn is there and not deleted; so is what stands above a chat's first turn."""
    if turn_id is None:
        return True
    query = "SELECT 1 FROM turn WHERE id = ? AND deleted_with IS NULL"
    return db.execute(query, (turn_id,)).fetchone() is not None


def add_question(
    db: Db, chat_id: ChatId, question: str, attachments: Iterable[Attachment]
) -> QuestionId:
    """Adds a question's text and what is attached to it."""
    cursor = db.execute(
        "INSERT INTO message (chat_id, role, text, settled) VALUES (?, 'user', ?, 1)",
        (chat_id, storable(question)),
    )
    question_id = QuestionId(_new_id(cursor))
    db.executemany(
        "INSERT INTO attachment (question_id, name, text, sha256, tokens) VALUES (?, ?, ?, ?, ?)",
        [
            (question_id, storable(a.name), storable(a.text), a.sha256, a.tokens)
            for a in attachments
        ],
    )
    return question_id


def add_turn(
    db: Db,
    chat_id: ChatId,
    parent_id: TurnId | None,
    question_id: QuestionId,
    *,
    created: float,
    recipe: Recipe | None = None,
    file_id: FileId | None = None,
) -> TurnId:
    """Adds an empty, streaming answer to a question."""
    cursor = db.execute(
        "INSERT INTO message (chat_id, role, text, settled) VALUES (?, 'assistant', '', 0)",
        (chat_id,),
    )
    turn_id = TurnId(_new_id(cursor))
    runs = () if recipe is None else (Run(recipe=recipe),)
    db.execute(
        "INSERT INTO turn (id, chat_id, parent_id, question_id, state, runs, file_id, created) "
        "VALUES (?, ?, ?, ?, 'streaming', ?, ?, ?)",
        (turn_id, chat_id, parent_id, question_id, as_json(runs), file_id, created),
    )
    return turn_id


def show(db: Db, chat_id: ChatId, leaf_id: TurnId | None, *, changed: float | None = None) -> None:
    """Makes `leaf_id` the end of the branch on show; `changed` moves the chat up in the list."""
    db.execute(
        "UPDATE chat SET leaf_id = ?, changed = coalesce(?, changed) WHERE id = ?",
        (leaf_id, changed, chat_id),
    )


def write_answer(db: Db, turn_id: TurnId, text: str, thinking: str) -> None:
    """Puts down the answer so far; a turn that has ended keeps what it has."""
    if _state(db, turn_id) is not TurnState.STREAMING:
        return
    db.execute("UPDATE message SET text = ? WHERE id = ?", (storable(text), turn_id))
    db.execute("UPDATE turn SET thinking = ? WHERE id = ?", (storable(thinking), turn_id))


def finish(
    db: Db,
    turn_id: TurnId,
    *,
    text: str,
    thinking: str,
    state: TurnState,
    reason: str,
    recipe: Recipe | None,
    counts: Counts,
    tokens: Sequence[int],
) -> None:
    """Ends an answer; one that has ended already keeps its end."""
    if _state(db, turn_id) is not TurnState.STREAMING:
        return
    (json,) = db.execute("SELECT runs FROM turn WHERE id = ?", (turn_id,)).fetchone()
    runs = runs_of(json) or (Run(),)
    last = msgspec.structs.replace(
        runs[-1], recipe=recipe or runs[-1].recipe, counts=counts, reason=reason
    )
    db.execute(
        "UPDATE turn SET thinking = ?, state = ?, reason = ?, runs = ?, "
        "tokens = CAST(tokens || ? AS BLOB) WHERE id = ?",
        (
            storable(thinking),
            state.value,
            reason,
            as_json((*runs[:-1], last)),
            packed(tokens),
            turn_id,
        ),
    )
    db.execute("UPDATE message SET text = ?, settled = 1 WHERE id = ?", (storable(text), turn_id))


def take_up_again(db: Db, turn_id: TurnId, recipe: Recipe | None) -> None:
    """Makes an ended answer stream again, with one more run."""
    (json,) = db.execute("SELECT runs FROM turn WHERE id = ?", (turn_id,)).fetchone()
    runs = (*runs_of(json), Run(recipe=recipe or Recipe()))
    db.execute(
        "UPDATE turn SET state = 'streaming', reason = '', runs = ? WHERE id = ?",
        (as_json(runs), turn_id),
    )
    db.execute("UPDATE message SET settled = 0 WHERE id = ?", (turn_id,))


def end_interrupted(db: Db) -> int:
    """Ends what was being written when the app last ended; returns how many answers that were."""
    # In this order, each its own transaction: a kill between them leaves work for the next start.
    db.execute("UPDATE message SET settled = 1 WHERE NOT settled")
    return db.execute(
        "UPDATE turn SET state = 'stopped', reason = ? WHERE state = 'streaming'", (INTERRUPTED,)
    ).rowcount


def newest_leaf(db: Db, turn_id: TurnId) -> TurnId:
    """Returns the end of the newest branch through `turn_id`."""
    # A turn's id is greater than its parent's, so the greatest one below is an end.
    (leaf,) = db.execute(
        "WITH RECURSIVE below(id) AS (VALUES (?) UNION ALL SELECT turn.id FROM turn "
        "JOIN below ON turn.parent_id = below.id WHERE turn.deleted_with IS NULL) "
        "SELECT max(id) FROM below",
        (turn_id,),
    ).fetchone()
    return TurnId(leaf)


def delete_below(db: Db, turn_id: TurnId, when: float) -> None:
    """Hides a turn and everything that follows it, marked with the turn that took it along."""
    db.execute(
        "WITH RECURSIVE below(id) AS (VALUES (?) UNION ALL SELECT turn.id FROM turn "
        "JOIN below ON turn.parent_id = below.id WHERE turn.deleted_with IS NULL) "
        "UPDATE turn SET deleted_with = ?, deleted = ? WHERE id IN (SELECT id FROM below)",
        (turn_id, turn_id, when),
    )


def bring_back(db: Db, turn_id: TurnId) -> None:
    """Undoes the deletion that took a turn, and those that took what stands above it."""
    at: TurnId | None = turn_id
    while at is not None and not is_live(db, at):
        parent, taken_by = db.execute(
            "SELECT parent_id, deleted_with FROM turn WHERE id = ?", (at,)
        ).fetchone()
        db.execute(
            "UPDATE turn SET deleted_with = NULL, deleted = NULL WHERE deleted_with = ?",
            (taken_by,),
        )
        at = parent


def bring_all_back(db: Db, chat_id: ChatId) -> TurnId | None:
    """Undoes every deletion within a chat; returns the turn with which the last one began."""
    row = db.execute(
        "SELECT deleted_with FROM turn WHERE chat_id = ? AND deleted_with IS NOT NULL "
        "ORDER BY deleted DESC LIMIT 1",
        (chat_id,),
    ).fetchone()
    db.execute(
        "UPDATE turn SET deleted_with = NULL, deleted = NULL "
        "WHERE chat_id = ? AND deleted_with IS NOT NULL",
        (chat_id,),
    )
    return None if row is None else TurnId(row[0])


def remove_deleted(db: Db, limit: float) -> int:
    """Removes for good the turns that were deleted no later than `limit`; returns how many."""
    # With what is below them: a clock that was put back may have given it a later time.
    gone = db.execute(
        "WITH RECURSIVE gone(id) AS (SELECT id FROM turn WHERE deleted <= ? "
        "UNION SELECT turn.id FROM turn JOIN gone ON turn.parent_id = gone.id "
        "WHERE turn.deleted_with IS NOT NULL) "
        "SELECT turn.id, turn.question_id FROM gone JOIN turn ON turn.id = gone.id",
        (limit,),
    ).fetchall()
    # A turn goes with the message that is its answer.
    db.executemany("DELETE FROM message WHERE id = ?", [(turn_id,) for turn_id, _ in gone])
    db.executemany(
        "DELETE FROM message WHERE id = ?1 "
        "AND NOT EXISTS (SELECT 1 FROM turn WHERE question_id = ?1)",
        [(question_id,) for question_id in {question_id for _, question_id in gone}],
    )
    return len(gone)


def nearest_left(db: Db, turn: Turn) -> TurnId | None:
    """Returns where a reader lands when `turn` is gone: another answer, an edit, or above."""
    (sibling,) = db.execute(
        "SELECT id FROM turn WHERE chat_id = ? AND parent_id IS ? AND deleted_with IS NULL "
        "ORDER BY question_id = ? DESC, id DESC LIMIT 1",
        (turn.chat_id, turn.parent_id, turn.question_id),
    ).fetchone() or (None,)
    return turn.parent_id if sibling is None else newest_leaf(db, TurnId(sibling))


def _state(db: Db, turn_id: TurnId) -> TurnState:
    row = db.execute("SELECT state FROM turn WHERE id = ?", (turn_id,)).fetchone()
    if row is None:
        raise RunnerError("store.no_such_turn", turn=turn_id)
    return TurnState(row[0])


def _new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise RunnerError("store.failed", "an insert gave no id")
    return cursor.lastrowid


def _attachments(
    db: Db, where: str, values: tuple[object, ...]
) -> dict[QuestionId, tuple[Attachment, ...]]:
    found: dict[QuestionId, list[Attachment]] = defaultdict(list)
    rows = db.execute(
        f"SELECT question_id, name, text, sha256, tokens FROM attachment WHERE {where} ORDER BY id",  # noqa: S608 - the condition is one of ours
        values,
    )
    for question_id, name, text, sha256, tokens in rows:
        found[question_id].append(Attachment(name=name, text=text, sha256=sha256, tokens=tokens))
    return {question_id: tuple(attached) for question_id, attached in found.items()}
