"""Search in what was said and in titles, as a person types.

People type words, "phrases" and the beginnings of words; FTS5's own query language never shows.
"""

import re
import sqlite3
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from runner.errors import RunnerError
from runner.store.rows import storable
from runner.store.values import MARK_END, MARK_START, ChatId, TurnId
from runner.store.writer import Database

SNIPPET_WORDS = 24
_AROUND = 80
_STEPS_BETWEEN_LOOKS = 2_000
_PAGES_A_STEP = 64
_CHANGES_OF_WORK = 2  # the statement itself counts as one
MOST_TYPED = 500
"""Characters of a search that count; a pasted page is not a search."""

LONG_TEXT = 20_000
"""Characters from which a snippet is cut out by hand: FTS5 would read the whole text again."""

_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A question or an answer that matches; `snippet` has the matches between the marks."""

    chat_id: ChatId
    turn_id: TurnId
    title: str
    is_question: bool
    snippet: str
    changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleHit:
    """A chat whose title matches."""

    chat_id: ChatId
    title: str
    changed: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `has_more` where the limit cut it."""

    text: str
    titles: tuple[TitleHit, ...] = ()
    hits: tuple[Hit, ...] = ()
    has_more: bool = False


def query_for(text: str) -> str:
    """Returns FTS5's query for what a person typed; empty where nothing can match.

    Every word must appear. The last one may be a beginning while it is being typed, that is
    until a space follows; any word may be with a `*` behind it. Quotes make a phrase.
    """
    text = unicodedata.normalize("NFC", storable(text))[:MOST_TYPED]
    parts: list[str] = []
    for piece in _PIECE.finditer(text):
        phrase, word = piece.groups()
        words = _WORD.findall(word if phrase is None else phrase)
        if not words:
            continue
        is_typed = phrase is None and piece.end() == len(text)
        is_beginning = is_typed or (word is not None and word.endswith("*"))
        parts.append(f'"{" ".join(words)}"{" *" if is_beginning else ""}')
    return " AND ".join(parts)


@dataclass(frozen=True, slots=True)
class _Question:
    """A search that was asked for, and whom to tell."""

    text: str
    order: Order
    limit: int
    done: Callable[[Found], None]
    failed: Callable[[RunnerError], None]


class Search:
    """Runs one search at a time on a thread of its own; a new one interrupts the one before.

    Owned by: whoever shows the results, who also closes it. Thread: any may ask; `done` and
    `failed` are called on the search's thread, and only for the latest question.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = threading.Condition()
        self._waiting: _Question | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="search", daemon=True)
        self._thread.start()

    def ask(
        self,
        text: str,
        done: Callable[[Found], None],
        failed: Callable[[RunnerError], None],
        *,
        order: Order = Order.NEWEST,
        limit: int = 50,
    ) -> None:
        """Searches; of the questions before this one, those not answered yet never will be."""
        with self._changed:
            self._waiting = _Question(text, order, limit, done, failed)
            self._changed.notify()

    def close(self) -> None:
        """Ends what runs and the thread; may be called twice."""
        with self._changed:
            self._waiting = None
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _serve(self) -> None:
        while question := self._next():
            try:
                found = self._search(question)
            except RunnerError as error:
                question.failed(error)
            else:
                if found:
                    question.done(found)

    def _next(self) -> _Question | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            question, self._waiting = self._waiting, None
            return question

    def _search(self, question: _Question) -> Found | None:
        """Returns what was found; None where a newer question or the end interrupted it."""
        with self._database.reading() as db:
            # Asked by SQLite as it works. `interrupt()` from another thread would be lost where it
            # came a moment before the query began.
            db.set_progress_handler(self._is_outdated, _STEPS_BETWEEN_LOOKS)
            try:
                found = search(db, question.text, order=question.order, limit=question.limit)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    return None
                raise
            finally:
                db.set_progress_handler(None, 0)
        return None if self._is_outdated() else found

    def _is_outdated(self) -> bool:
        return self._waiting is not None or self._closed


def search(
    db: sqlite3.Connection, text: str, *, order: Order = Order.NEWEST, limit: int = 50
) -> Found:
    """Searches on this thread."""
    query = query_for(text)
    if not query:
        return Found(text)
    values = {
        "query": query,
        "limit": limit + 1,
        "long": LONG_TEXT,
        "start": MARK_START,
        "end": MARK_END,
        "words": SNIPPET_WORDS,
    }
    hits = [_hit(db, row, text[:MOST_TYPED]) for row in db.execute(_HITS[order], values)]
    titles = tuple(
        TitleHit(chat_id=ChatId(id_), title=title, changed=changed)
        for id_, title, changed in db.execute(_TITLES, (query, limit))
    )
    return Found(text, titles, tuple(hits[:limit]), has_more=len(hits) > limit)


def forget_words(database: Database) -> None:
    """Removes from the index and from SQLite's side file the words of what was removed.

    FTS5 drops a removed text's words only when it merges the part of the index that they are in.
    That is done in small steps, so that an answer being written never waits for all of it.
    """
    for index in ("message_search", "title_search"):
        pages = -_PAGES_A_STEP  # a negative number begins the merging of everything
        while database.write(partial(_merge, index=index, pages=pages), essential=True).result():
            pages = _PAGES_A_STEP
    database.write(_empty_side_file, alone=True).result()


def _merge(db: sqlite3.Connection, *, index: str, pages: int) -> bool:
    """Merges a little; returns whether there was anything to do."""
    before = db.total_changes
    db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608 - one of two names of ours
    return db.total_changes - before >= _CHANGES_OF_WORK


def _empty_side_file(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _hit(db: sqlite3.Connection, row: tuple[Any, ...], text: str) -> Hit:
    chat_id, title, changed, is_question, snippet, message_id, turn_id = row
    if snippet is None:
        (said,) = db.execute("SELECT text FROM message WHERE id = ?", (message_id,)).fetchone()
        snippet = cut_out(said, text)
    return Hit(
        chat_id=ChatId(chat_id),
        turn_id=TurnId(turn_id),
        title=title,
        is_question=bool(is_question),
        snippet=snippet,
        changed=changed,
    )


def cut_out(said: str, text: str) -> str:
    """Returns a piece of a long text around the first of the searched words that stands there.

    Where none does letter by letter (an accent differs), the piece is the beginning.
    """
    words = sorted(_WORD.findall(text), key=len, reverse=True)
    found = next(
        (match for word in words if (match := re.search(re.escape(word), said, re.IGNORECASE))),
        None,
    )
    if found is None:
        return f"{said[: 2 * _AROUND]}…"
    start, end = found.span()
    before = said[max(0, start - _AROUND) : start]
    after = said[end : end + _AROUND]
    return (
        f"{'…' if start > _AROUND else ''}{before}{MARK_START}{found[0]}{MARK_END}{after}"
        f"{'…' if end + _AROUND < len(said) else ''}"
    )


_TITLES = """
SELECT chat.id, chat.title, chat.changed FROM title_search JOIN chat ON chat.id = title_search.rowid
WHERE title_search MATCH ? AND chat.deleted IS NULL ORDER BY title_search.rowid DESC LIMIT ?
"""

# CROSS JOIN keeps the index outermost: it yields its rows in the order that is asked for, and the
# limit ends it early. A question counts as long as one answer to it does.
_VISIBLE = """
SELECT chat.id, chat.title, chat.changed, message.role = 'user',
    CASE WHEN length(message.text) <= :long
        THEN snippet(message_search, 0, :start, :end, '…', :words) END,
    message.id,
    CASE message.role WHEN 'assistant' THEN message.id ELSE
        (SELECT max(id) FROM turn WHERE question_id = message.id AND deleted_with IS NULL)
    END AS turn_id
FROM message_search
CROSS JOIN message ON message.id = message_search.rowid
CROSS JOIN chat ON chat.id = message.chat_id
WHERE message_search MATCH :query AND chat.deleted IS NULL AND turn_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM turn WHERE id = message.id AND deleted_with IS NOT NULL)
"""

_HITS = {
    Order.NEWEST: f"{_VISIBLE} ORDER BY message_search.rowid DESC LIMIT :limit",
    Order.RELEVANCE: f"{_VISIBLE} ORDER BY message_search.rank LIMIT :limit",
}
