"""The store for those who only read: a copy in memory, whoever writes the database meanwhile."""

from pathlib import Path

import msgspec

from runner.store.db import copy_for_reading, open_in_memory
from runner.store.store import Store
from runner.store.values import ChatId
from runner.store.writer import Database


def open_copy(path: Path) -> Store | None:
    """Returns a copy of the database at `path`; None where there is none, or none that can be read.

    What is written to it is gone when it closes. The window keeps its lock.
    """
    if not path.is_file():
        return None
    memory = open_in_memory()
    if not copy_for_reading(path, memory):
        memory.close()
        return None
    return Store(Database(memory, None), None, 0)


def chats_of_file(database: Database, name: str, most: int) -> list[ChatId]:
    """Returns the kept chats in which a model file of that name answered, the latest first."""
    # As the recipe's JSON has it; a name inside an answer stands in another column.
    piece = f'"file_name":{msgspec.json.encode(name).decode()}'
    with database.reading() as db:
        rows = db.execute(
            "SELECT chat.id FROM chat WHERE chat.deleted IS NULL AND EXISTS ("
            "SELECT 1 FROM turn WHERE turn.chat_id = chat.id AND deleted_with IS NULL "
            "AND instr(turn.runs, ?) > 0) ORDER BY chat.changed DESC LIMIT ?",
            (piece, most),
        ).fetchall()
    return [ChatId(row[0]) for row in rows]
