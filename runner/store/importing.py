"""A chat from a JSON file, which may come from anywhere: checked whole before anything is written."""

import msgspec

from runner.errors import RunnerError
from runner.store import turns
from runner.store.chat_file import FORMAT, ChatFile, TurnInFile
from runner.store.rows import as_json, packed, sampling_json, storable
from runner.store.turns import Db
from runner.store.values import INTERRUPTED, ChatId, QuestionId, TurnId, TurnState

LARGEST_FILE = 64 * 1024 * 1024
MOST_TURNS = 50_000
_LAST_TIME = 4_102_444_800.0  # the year 2100: no clock of a real chat is beyond


class _Named(msgspec.Struct):
    """The one field that says whether a file is ours at all."""

    format: str


def checked_chat(content: bytes) -> ChatFile:
    """Returns the chat in a JSON file.

    Raises:
        RunnerError: `import.too_big`, `import.not_a_chat`, `import.newer`, `import.wrong_shape`
            or `import.broken_tree`, with the place where there is one.
    """
    if len(content) > LARGEST_FILE:
        raise RunnerError("import.too_big", size_mb=len(content) // 1_000_000)
    try:
        form = msgspec.json.decode(content, type=_Named).format
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RunnerError("import.not_a_chat", str(error)) from error
    family, _, version = form.partition("/")
    if family != FORMAT.partition("/")[0]:
        raise RunnerError("import.not_a_chat", form)
    if form != FORMAT:
        raise RunnerError("import.newer", found=version[:20], known=FORMAT.partition("/")[2])
    try:
        chat = msgspec.json.decode(content, type=ChatFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RunnerError("import.wrong_shape", str(error), place=_place(error)) from error
    _check(chat)
    return chat


def add_chat(db: Db, chat: ChatFile) -> ChatId:
    """Adds a chat that `checked_chat` returned, under new numbers; part of one transaction."""
    cursor = db.execute(
        "INSERT INTO chat (title, named, created, changed, system, sampling, preset) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            storable(chat.title),
            chat.named,
            _time(chat.created),
            _time(chat.changed),
            storable(chat.system),
            sampling_json(chat.sampling),
            storable(chat.preset),
        ),
    )
    chat_id = ChatId(cursor.lastrowid or 0)
    texts = {question.id: question for question in chat.questions}
    questions: dict[int, QuestionId] = {}
    made: dict[int, TurnId] = {}
    for turn in chat.turns:
        if turn.question not in questions:
            asked = texts[turn.question]
            questions[turn.question] = turns.add_question(
                db, chat_id, asked.text, asked.attachments
            )
        parent = None if turn.parent is None else made[turn.parent]
        made[turn.id] = turns.add_turn(
            db, chat_id, parent, questions[turn.question], created=_time(turn.created)
        )
        _end(db, made[turn.id], turn)
    shown = made[chat.shown] if chat.shown is not None else None
    if shown is None and made:
        shown = max(made.values())
    turns.show(db, chat_id, shown)
    return chat_id


def _end(db: Db, turn_id: TurnId, turn: TurnInFile) -> None:
    """Gives an imported turn its answer and its end."""
    is_cut = turn.state is TurnState.STREAMING
    db.execute(
        "UPDATE turn SET thinking = ?, state = ?, reason = ?, runs = ?, tokens = ? WHERE id = ?",
        (
            storable(turn.thinking),
            (TurnState.STOPPED if is_cut else turn.state).value,
            INTERRUPTED if is_cut else storable(turn.reason),
            storable(as_json(turn.runs)),
            packed(turn.tokens),
            turn_id,
        ),
    )
    db.execute(
        "UPDATE message SET text = ?, settled = 1 WHERE id = ?", (storable(turn.answer), turn_id)
    )


def _check(chat: ChatFile) -> None:
    """Checks what types can't say: that the numbers make a tree."""
    if len(chat.turns) > MOST_TURNS or len(chat.questions) > MOST_TURNS:
        raise RunnerError("import.too_many_turns", most=MOST_TURNS)
    questions = {question.id for question in chat.questions}
    if len(questions) < len(chat.questions):
        raise RunnerError("import.broken_tree", "two questions have one number")
    seen: set[int] = set()
    asked_below: dict[int, int | None] = {}
    for turn in chat.turns:
        place = f"turn {turn.id}"
        if turn.id in seen:
            raise RunnerError("import.broken_tree", f"{place} is there twice")
        if turn.parent is not None and turn.parent not in seen:
            raise RunnerError("import.broken_tree", f"{place} follows one that is not before it")
        if turn.question not in questions:
            raise RunnerError("import.broken_tree", f"{place} answers no question of the file")
        if asked_below.setdefault(turn.question, turn.parent) != turn.parent:
            raise RunnerError("import.broken_tree", f"{place} repeats a question elsewhere")
        if any(not 0 <= token < 1 << 32 for token in turn.tokens):
            raise RunnerError("import.broken_tree", f"{place} has a token that can't be one")
        seen.add(turn.id)
    if chat.shown is not None and chat.shown not in seen:
        raise RunnerError("import.broken_tree", "the turn on show is not there")


def _place(error: Exception) -> str:
    """Returns the place that a message of the decoder ends with, such as `$.turns[3].answer`."""
    return str(error).rpartition("`$")[2].rstrip("`").lstrip(".") or "?"


def _time(seconds: float) -> float:
    return min(max(seconds, 0.0), _LAST_TIME)
