"""Reading chats: at once, on the caller's thread, what has been committed."""

from runner.errors import RunnerError
from runner.store import turns
from runner.store.rows import CHAT_QUERY, chat_of, unpacked
from runner.store.tree import ChatTree
from runner.store.turns import Db
from runner.store.values import Chat, ChatId, Turn, TurnId
from runner.store.writer import Database


class ChatReader:
    """The half of `Chats` that changes nothing.

    Thread: any.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, *, deleted: bool = False) -> list[Chat]:
        """Returns the chats, pinned ones first, then the latest; or the deleted ones."""
        condition = "IS NOT NULL" if deleted else "IS NULL"
        with self._database.reading() as db:
            rows = db.execute(
                f"{CHAT_QUERY} WHERE deleted {condition} "
                "ORDER BY pinned DESC, changed DESC, id DESC"
            )
            return [chat_of(row) for row in rows]

    def chat(self, chat_id: ChatId) -> Chat:
        """Returns one chat, deleted or not.

        Raises:
            RunnerError: `store.no_such_chat`.
        """
        with self._database.reading() as db:
            return read_chat(db, chat_id)

    def tree(self, chat_id: ChatId) -> ChatTree:
        """Returns a chat with all its turns.

        Raises:
            RunnerError: `store.no_such_chat`.
        """
        with self._database.reading() as db:
            db.execute("BEGIN")  # one snapshot for both
            try:
                return read_tree(db, chat_id)
            finally:
                db.execute("ROLLBACK")

    def turn(self, turn_id: TurnId) -> Turn:
        """Returns one turn.

        Raises:
            RunnerError: `store.no_such_turn`.
        """
        with self._database.reading() as db:
            return turns.read_turn(db, turn_id)

    def answer_tokens(self, turn_id: TurnId) -> tuple[int, ...]:
        """Returns the tokens that an answer was made of, for a replay; empty where not kept."""
        with self._database.reading() as db:
            row = db.execute("SELECT tokens FROM turn WHERE id = ?", (turn_id,)).fetchone()
            return unpacked(row[0]) if row else ()

    def export_json(self, chat_id: ChatId) -> bytes:
        """Returns a chat with all branches and recipes as a JSON file (docs/chat-format.md)."""
        tree = self.tree(chat_id)
        with self._database.reading() as db:
            rows = db.execute("SELECT id, tokens FROM turn WHERE chat_id = ?", (chat_id,))
            tokens = {TurnId(id_): unpacked(blob) for id_, blob in rows}

        from runner.store import export  # late, as the other two: only an export needs it

        return export.as_json(tree, tokens)

    def export_markdown(self, chat_id: ChatId) -> str:
        """Returns the branch on show as Markdown."""
        from runner.store import export

        return export.as_markdown(self.tree(chat_id))

    def export_html(self, chat_id: ChatId) -> str:
        """Returns the branch on show as one HTML file that needs nothing else."""
        from runner.store import export

        return export.as_html(self.tree(chat_id))


def read_chat(db: Db, chat_id: ChatId) -> Chat:
    """Returns a chat's row, deleted or not.

    Raises:
        RunnerError: `store.no_such_chat`.
    """
    row = db.execute(f"{CHAT_QUERY} WHERE id = ?", (chat_id,)).fetchone()
    if row is None:
        raise RunnerError("store.no_such_chat", chat=chat_id)
    return chat_of(row)


def read_tree(db: Db, chat_id: ChatId) -> ChatTree:
    """Returns a chat with all its turns; both of one moment, where that is one transaction's.

    Raises:
        RunnerError: `store.no_such_chat`.
    """
    return ChatTree(read_chat(db, chat_id), turns.read_turns(db, chat_id))
