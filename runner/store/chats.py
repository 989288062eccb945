"""Chats: list, read, write. The one door through which the window keeps what was said.

Writing returns a future that is done once the change is on the disk; its callbacks run on the
store's thread. Reading happens at once on the caller's thread.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from runner.errors import RunnerError
from runner.protocol.engine import Sampling
from runner.store import turns
from runner.store.chat_reader import ChatReader, read_chat, read_tree
from runner.store.rows import sampling_json, storable
from runner.store.tree import ChatTree
from runner.store.turns import Db
from runner.store.values import (
    Attachment,
    Chat,
    ChatId,
    Counts,
    FileId,
    Recipe,
    Turn,
    TurnId,
    TurnState,
)
from runner.store.writer import Database

TITLE_LENGTH = 60


class Chats(ChatReader):
    """All chats of one database.

    Owned by: Store. Thread: any.

    A question's life: `ask` (wait for it before sending anything to the engine), `write_answer`
    every 500 ms, `finish`. Another answer: `answer_again`. An edit: `ask` below the same parent.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(database)
        self._now = now

    # ---- chats ----------------------------------------------------------------------------------

    def create(
        self,
        title: str = "",
        *,
        system: str = "",
        sampling: Sampling | None = None,
        preset: str = "",
        file_id: FileId | None = None,
    ) -> "Future[Chat]":
        """Begins an empty chat; without a title it takes one from its first question."""

        def work(db: Db) -> Chat:
            now = self._now()
            cursor = db.execute(
                "INSERT INTO chat (title, named, created, changed, system, sampling, preset, file_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    storable(title),
                    bool(title),
                    now,
                    now,
                    storable(system),
                    sampling_json(sampling),
                    preset,
                    file_id,
                ),
            )
            return read_chat(db, ChatId(cursor.lastrowid or 0))

        return self._database.write(work)

    def rename(self, chat_id: ChatId, title: str) -> "Future[Chat]":
        """Gives a chat the title that a person chose."""
        return self._set(chat_id, "title = ?, named = 1", (storable(title.strip()),))

    def pin(self, chat_id: ChatId, *, pinned: bool = True) -> "Future[Chat]":
        """Keeps a chat at the top of the list, or no longer."""
        return self._set(chat_id, "pinned = ?", (pinned,))

    def set_system(self, chat_id: ChatId, system: str) -> "Future[Chat]":
        """Sets a chat's system prompt."""
        return self._set(chat_id, "system = ?", (storable(system),))

    def set_sampling(
        self, chat_id: ChatId, sampling: Sampling | None, preset: str = ""
    ) -> "Future[Chat]":
        """Gives a chat a sampling of its own, or with None the settings' again."""
        return self._set(chat_id, "sampling = ?, preset = ?", (sampling_json(sampling), preset))

    def set_draft(self, chat_id: ChatId, draft: str) -> "Future[Chat]":
        """Keeps what is typed and not sent yet."""
        return self._set(chat_id, "draft = ?", (storable(draft),))

    def delete(self, chat_id: ChatId) -> "Future[Chat]":
        """Deletes a chat; `restore` undoes it until `purge`."""
        return self._set(chat_id, "deleted = ?", (self._now(),), essential=True)

    def restore(self, chat_id: ChatId) -> "Future[Chat]":
        """Undoes a deletion."""
        return self._set(chat_id, "deleted = NULL", (), essential=True)

    def purge(self, *, older_than_s: float = 0) -> "Future[int]":
        """Removes deleted chats and deleted turns for good; returns how many of both."""

        def work(db: Db) -> int:
            limit = self._now() - older_than_s
            removed = db.execute(
                "DELETE FROM chat WHERE deleted IS NOT NULL AND deleted <= ?", (limit,)
            ).rowcount
            removed += turns.remove_deleted(db, limit)
            if removed:
                db.execute("PRAGMA incremental_vacuum").fetchall()
            return removed

        return self._database.write(work, essential=True)

    def import_json(self, content: bytes) -> "Future[Chat]":
        """Adds the chat in a JSON file as a new one: all of it or nothing.

        Raises:
            RunnerError: a code of `runner.store.importing`, at once; the rest with the future.
        """
        # Late: most starts import nothing.
        from runner.store.importing import add_chat, checked_chat

        read = checked_chat(content)
        return self._database.write(lambda db: read_chat(db, add_chat(db, read)))

    # ---- turns ----------------------------------------------------------------------------------

    def ask(
        self,
        chat_id: ChatId,
        parent_id: TurnId | None,
        question: str,
        *,
        attachments: Sequence[Attachment] = (),
        recipe: Recipe | None = None,
        file_id: FileId | None = None,
    ) -> "Future[Turn]":
        """Puts a question down with an empty, streaming answer, and shows its branch.

        Below a parent that has turns already, this is an edit of their question. The chat's draft
        is emptied in the same step: a question is in the draft or in a turn, never in neither.
        """

        def work(db: Db) -> Turn:
            chat = read_chat(db, chat_id)
            if parent_id is not None and turns.read_live_turn(db, parent_id).chat_id != chat_id:
                raise RunnerError("store.no_such_turn", turn=parent_id)
            now = self._now()
            question_id = turns.add_question(db, chat_id, question, attachments)
            turn_id = turns.add_turn(
                db, chat_id, parent_id, question_id, created=now, recipe=recipe, file_id=file_id
            )
            turns.show(db, chat_id, turn_id, changed=now)
            db.execute("UPDATE chat SET draft = '' WHERE id = ?", (chat_id,))
            if not chat.named and not chat.title:
                db.execute(
                    "UPDATE chat SET title = ? WHERE id = ?",
                    (title_from(storable(question)), chat_id),
                )
            return turns.read_turn(db, turn_id)

        return self._database.write(work)

    def answer_again(
        self, turn_id: TurnId, *, recipe: Recipe | None = None, file_id: FileId | None = None
    ) -> "Future[Turn]":
        """Begins another version of an answer: same question, same parent; and shows it."""

        def work(db: Db) -> Turn:
            first, now = turns.read_live_turn(db, turn_id), self._now()
            again = turns.add_turn(
                db,
                first.chat_id,
                first.parent_id,
                first.question_id,
                created=now,
                recipe=recipe,
                file_id=file_id,
            )
            turns.show(db, first.chat_id, again, changed=now)
            return turns.read_turn(db, again)

        return self._database.write(work)

    def continue_answer(self, turn_id: TurnId, *, recipe: Recipe | None = None) -> "Future[Turn]":
        """Makes an ended answer stream on; `write_answer` goes on with its whole text."""

        def work(db: Db) -> Turn:
            turn = turns.read_live_turn(db, turn_id)
            turns.take_up_again(db, turn_id, recipe)
            turns.show(db, turn.chat_id, turns.newest_leaf(db, turn_id), changed=self._now())
            return turns.read_turn(db, turn_id)

        return self._database.write(work)

    def write_answer(self, turn_id: TurnId, text: str, thinking: str = "") -> "Future[None]":
        """Puts down the whole answer so far."""
        return self._database.write(
            lambda db: turns.write_answer(db, turn_id, text, thinking), essential=True
        )

    def finish(
        self,
        turn_id: TurnId,
        text: str,
        state: TurnState,
        reason: str,
        *,
        thinking: str = "",
        recipe: Recipe | None = None,
        counts: Counts | None = None,
        tokens: Sequence[int] = (),
    ) -> "Future[Turn]":
        """Ends an answer with its whole text.

        `recipe` is the run's full one (None keeps the one from its beginning); `tokens` are what
        the run made, in order, and are added to those of earlier runs.
        """

        def work(db: Db) -> Turn:
            turns.finish(
                db,
                turn_id,
                text=text,
                thinking=thinking,
                state=state,
                reason=reason,
                recipe=recipe,
                counts=counts or Counts(),
                tokens=tokens,
            )
            turn = turns.read_turn(db, turn_id)
            db.execute("UPDATE chat SET changed = ? WHERE id = ?", (self._now(), turn.chat_id))
            return turn

        return self._database.write(work, essential=True)

    def switch(self, turn_id: TurnId) -> "Future[Chat]":
        """Shows the newest branch through a turn."""

        def work(db: Db) -> Chat:
            turn = turns.read_live_turn(db, turn_id)
            turns.show(db, turn.chat_id, turns.newest_leaf(db, turn_id))
            return read_chat(db, turn.chat_id)

        return self._database.write(work, essential=True)

    def delete_turn(self, turn_id: TurnId) -> "Future[ChatTree]":
        """Deletes a turn with everything below it, and shows what is nearest.

        `restore_turn` undoes it until `purge`, whatever else was done in the chat meanwhile.
        """

        def work(db: Db) -> ChatTree:
            turn = turns.read_live_turn(db, turn_id)
            turns.delete_below(db, turn_id, self._now())
            turns.show(db, turn.chat_id, turns.nearest_left(db, turn))
            return read_tree(db, turn.chat_id)

        return self._database.write(work, essential=True)

    def restore_turn(self, turn_id: TurnId) -> "Future[ChatTree]":
        """Undoes the deletion of a turn, and of what stands above it, and shows it again."""

        def work(db: Db) -> ChatTree:
            turn = turns.read_turn(db, turn_id)
            turns.bring_back(db, turn_id)
            turns.show(db, turn.chat_id, turns.newest_leaf(db, turn_id))
            return read_tree(db, turn.chat_id)

        return self._database.write(work, essential=True)

    def restore_turns(self, chat_id: ChatId) -> "Future[ChatTree]":
        """Puts back all that was deleted within a chat, and shows what went last."""

        def work(db: Db) -> ChatTree:
            if (last := turns.bring_all_back(db, chat_id)) is not None:
                turns.show(db, chat_id, turns.newest_leaf(db, last))
            return read_tree(db, chat_id)

        return self._database.write(work, essential=True)

    def _set(
        self,
        chat_id: ChatId,
        change: str,
        values: tuple[object, ...],
        *,
        essential: bool = False,
    ) -> "Future[Chat]":
        def work(db: Db) -> Chat:
            db.execute(f"UPDATE chat SET {change} WHERE id = ?", (*values, chat_id))  # noqa: S608 - our own words
            return read_chat(db, chat_id)

        return self._database.write(work, essential=essential)


def title_from(question: str) -> str:
    """Returns a title made of the first words of a question."""
    words = " ".join(question[: TITLE_LENGTH * 8].replace("\0", " ").split())
    if len(words) <= TITLE_LENGTH:
        return words
    cut = words[: TITLE_LENGTH + 1].rpartition(" ")[0]
    return f"{cut or words[:TITLE_LENGTH]}…"
