"""Rows of the database ↔ values, and the texts that may enter it."""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from runner.protocol.engine import Sampling
from runner.store.values import (
    Attachment,
    Chat,
    ChatId,
    FileId,
    QuestionId,
    Run,
    Turn,
    TurnId,
    TurnState,
)

Row = tuple[Any, ...]

CHAT_QUERY = """
SELECT chat.id, title, named, pinned, chat.created, changed, leaf_id, system, sampling, preset,
       draft, chat.file_id, chat.deleted,
       (SELECT count(*) FROM turn WHERE turn.chat_id = chat.id AND deleted_with IS NULL),
       (SELECT count(*) FROM turn WHERE turn.chat_id = chat.id AND deleted_with IS NOT NULL)
FROM chat
"""

TURN_QUERY = """
SELECT turn.id, turn.chat_id, turn.parent_id, turn.question_id, question.text, answer.text,
       turn.thinking, turn.state, turn.reason, turn.runs, turn.file_id, turn.created
FROM turn
JOIN message AS question ON question.id = turn.question_id
JOIN message AS answer ON answer.id = turn.id
"""

log = logging.getLogger(__name__)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_runs_from_json = msgspec.json.Decoder(tuple[Run, ...])
_to_json = msgspec.json.Encoder()


def storable(text: str) -> str:
    """Returns the text with what no encoding can hold (halves of surrogate pairs) replaced."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def as_json(value: object) -> str:
    """Returns a value as the JSON that a column holds."""
    return _to_json.encode(value).decode()


def sampling_json(sampling: Sampling | None) -> str | None:
    """Returns a chat's own sampling as a column holds it."""
    return None if sampling is None else as_json(sampling)


def chat_of(row: Row) -> Chat:
    """Returns the chat in a row of `CHAT_QUERY`."""
    id_, title, named, pinned, created, changed, leaf, system, sampling, preset = row[:10]
    draft, file, deleted, turns, deleted_turns = row[10:]
    return Chat(
        id=ChatId(id_),
        title=title,
        named=bool(named),
        pinned=bool(pinned),
        created=created,
        changed=changed,
        leaf_id=leaf,
        system=system,
        sampling=_sampling_of(sampling),
        preset=preset,
        draft=draft,
        file_id=file,
        deleted=deleted,
        turns=turns,
        deleted_turns=deleted_turns,
    )


def turn_of(row: Row, attached: Sequence[Attachment] = ()) -> Turn:
    """Returns the turn in a row of `TURN_QUERY`, with its question's attachments."""
    id_, chat, parent, question_id, question, answer, thinking, state, reason, runs, file, at = row
    return Turn(
        id=TurnId(id_),
        chat_id=ChatId(chat),
        parent_id=None if parent is None else TurnId(parent),
        question_id=QuestionId(question_id),
        question=question,
        answer=answer,
        thinking=thinking,
        state=TurnState(state),
        reason=reason,
        runs=runs_of(runs),
        attachments=tuple(attached),
        file_id=None if file is None else FileId(file),
        created=at,
    )


def runs_of(json: str) -> tuple[Run, ...]:
    """Returns the runs that a column holds; none where they can't be read.

    A recipe that a later version wrote in another way must not keep a chat from opening.
    """
    try:
        return _runs_from_json.decode(json)
    except msgspec.DecodeError:
        log.warning("a recipe could not be read", exc_info=True)
        return ()


def _sampling_of(json: str | None) -> Sampling | None:
    if json is None:
        return None
    try:
        return msgspec.json.decode(json, type=Sampling)
    except msgspec.DecodeError:
        log.warning("a chat's sampling could not be read", exc_info=True)
        return None


def packed(tokens: Iterable[int]) -> bytes:
    """Returns token numbers as a column holds them: four bytes each, lowest first."""
    return b"".join(token.to_bytes(4, "little") for token in tokens)


def unpacked(blob: bytes) -> tuple[int, ...]:
    """Returns the token numbers that a column holds."""
    return tuple(
        int.from_bytes(blob[start : start + 4], "little") for start in range(0, len(blob), 4)
    )
