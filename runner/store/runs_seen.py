"""The latest runs of a model file, whatever chat they stand in."""

import msgspec

from runner.store.rows import runs_of, unpacked
from runner.store.values import Run
from runner.store.writer import Database

LOOKED_AT = 300
"""Answers that are looked through; a file that was not used for so long counts as not used."""


class RunOfFile(msgspec.Struct, frozen=True, kw_only=True):
    """A run.

    Attributes:
        question: answers with the same number are answers to the same question.
        tokens: of the whole answer, where this was its only run; else none.
    """

    question: int
    run: Run
    tokens: tuple[int, ...] = ()


def runs_of_file(database: Database, name: str, size: int, most: int = 20) -> list[RunOfFile]:
    """Returns the latest finished runs of the file with that name and size, the newest first."""
    found: list[RunOfFile] = []
    with database.reading() as db:
        rows = db.execute(
            "SELECT turn.question_id, turn.runs, turn.tokens FROM turn JOIN chat ON chat.id = chat_id "
            "WHERE turn.state = 'done' AND deleted_with IS NULL AND chat.deleted IS NULL "
            "ORDER BY turn.id DESC LIMIT ?",
            (LOOKED_AT,),
        ).fetchall()
    for question, json, blob in rows:
        runs = runs_of(json)
        tokens = unpacked(blob) if len(runs) == 1 else ()
        found += [
            RunOfFile(question=question, run=run, tokens=tokens)
            for run in reversed(runs)
            if run.recipe.file_name == name and run.recipe.file_size == size
        ]
        if len(found) >= most:
            break
    return found[:most]
