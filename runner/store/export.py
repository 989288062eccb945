"""A chat as a file for others: Markdown, HTML, JSON. Pure functions from a tree to text.

Markdown and HTML hold the branch on show; JSON holds everything, and can be imported again. What
a model or a person wrote is hostile here as everywhere: the HTML runs nothing and fetches nothing.
"""

from collections.abc import Iterator, Mapping
from html import escape
from string import Template
from typing import TYPE_CHECKING

import msgspec

from resources import table, text
from runner.store.chat_file import FORMAT, ChatFile, QuestionInFile, TurnInFile
from runner.store.tree import ChatTree
from runner.store.values import QuestionId, Turn, TurnId, TurnState

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LONGEST_RENDERED = 200_000
"""Characters above which an answer is shown as plain text: Markdown's worst cases are slow."""


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of resources/texts/en/export.toml."""

    you: str
    model: str
    system: str
    untitled: str
    thinking: str
    attached: str
    made_with: str
    seed_only: str
    stopped: str
    failed: str
    interrupted: str
    streaming: str
    others: str


def as_json(tree: ChatTree, tokens: Mapping[TurnId, tuple[int, ...]]) -> bytes:
    """Returns the chat with all its branches and recipes; `tokens` are those of its answers."""
    content = msgspec.json.encode(chat_file(tree, tokens))
    return msgspec.json.format(content, indent=1) + b"\n"


def chat_file(tree: ChatTree, tokens: Mapping[TurnId, tuple[int, ...]]) -> ChatFile:
    """Returns the chat in the shape of a file, its numbers counted anew."""
    turn_numbers = {turn.id: number for number, turn in enumerate(tree.turns, start=1)}
    questions: dict[QuestionId, QuestionInFile] = {}
    turns: list[TurnInFile] = []
    for turn in tree.turns:
        question = questions.setdefault(
            turn.question_id,
            QuestionInFile(id=len(questions) + 1, text=turn.question, attachments=turn.attachments),
        )
        turns.append(
            TurnInFile(
                id=turn_numbers[turn.id],
                parent=None if turn.parent_id is None else turn_numbers[turn.parent_id],
                question=question.id,
                answer=turn.answer,
                thinking=turn.thinking,
                state=turn.state,
                reason=turn.reason,
                runs=turn.runs,
                tokens=tokens.get(turn.id, ()),
                created=turn.created,
            )
        )
    chat = tree.chat
    return ChatFile(
        format=FORMAT,
        title=chat.title,
        named=chat.named,
        created=chat.created,
        changed=chat.changed,
        system=chat.system,
        sampling=chat.sampling,
        preset=chat.preset,
        shown=None if chat.leaf_id is None else turn_numbers.get(chat.leaf_id),
        questions=tuple(questions.values()),
        turns=tuple(turns),
    )


def as_markdown(tree: ChatTree) -> str:
    """Returns the branch on show as Markdown."""
    words = _words()
    parts = [f"# {' '.join(tree.chat.title.split()) or words.untitled}"]
    if tree.chat.system:
        parts += [f"## {words.system}", tree.chat.system]
    for turn in tree.path():
        parts += [f"## {words.you}", turn.question]
        parts += [f"*{attached}*" for attached in _attached(turn, words)]
        parts.append(f"## {words.model}")
        if turn.thinking:
            parts.append("\n".join(f"> {line}" for line in turn.thinking.splitlines()))
        if turn.answer:
            parts.append(turn.answer)
        parts += [f"*{note}*" for note in _notes(turn, words)]
    if others := len(tree.turns) - len(tree.path()):
        parts += ["---", f"*{words.others.format(count=others)}*"]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def as_html(tree: ChatTree) -> str:
    """Returns the branch on show as one HTML file that needs nothing else."""
    words = _words()
    content = "\n".join(_html_parts(tree, words))
    title = escape(" ".join(tree.chat.title.split()) or words.untitled)
    return Template(text("export/chat.html")).substitute(title=title, content=content)


def _html_parts(tree: ChatTree, words: Words) -> Iterator[str]:
    renderer = _renderer()
    if tree.chat.system:
        yield f"<h2>{escape(words.system)}</h2>"
        yield f'<div class="said question">{escape(tree.chat.system)}</div>'
    for turn in tree.path():
        yield f"<h2>{escape(words.you)}</h2>"
        yield f'<div class="said question">{escape(turn.question)}</div>'
        for attached in _attached(turn, words):
            yield f'<p class="note">{escape(attached)}</p>'
        yield f"<h2>{escape(words.model)}</h2>"
        if turn.thinking:
            summary, thought = escape(words.thinking), escape(turn.thinking)
            yield f'<details><summary>{summary}</summary><div class="plain">{thought}</div></details>'
        if len(turn.answer) > LONGEST_RENDERED:
            yield f'<div class="said plain">{escape(turn.answer)}</div>'
        else:
            yield f'<div class="said">{renderer.render(turn.answer)}</div>'
        for note in _notes(turn, words):
            yield f'<p class="note">{escape(note)}</p>'
    if others := len(tree.turns) - len(tree.path()):
        yield f'<p class="note">{escape(words.others.format(count=others))}</p>'


def _renderer() -> "MarkdownIt":
    """Markdown without HTML and without pictures: nothing in a chat may fetch anything."""
    # Late: no start exports anything, and the library would lengthen each.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _attached(turn: Turn, words: Words) -> list[str]:
    return [words.attached.format(name=a.name, sha256=a.sha256) for a in turn.attachments]


def _notes(turn: Turn, words: Words) -> Iterator[str]:
    recipe = turn.recipe
    if turn.runs:
        line = words.made_with if recipe.model else words.seed_only
        yield line.format(model=recipe.model, seed=recipe.seed)
    if turn.was_interrupted:
        yield words.interrupted
    elif turn.state is TurnState.STOPPED:
        yield words.stopped
    elif turn.state is TurnState.FAILED:
        yield words.failed.format(reason=turn.reason)
    elif turn.state is TurnState.STREAMING:
        yield words.streaming


def _words() -> Words:
    words: Words = table("texts/en/export.toml", Words)
    return words
