"""What a template puts around, between and in place of what people said.

Three small conversations are rendered by the caller's box. What stands between two of their messages
is the template's own: the marks of a role, a label, or sentences that nobody in the talk wrote.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.templates.links import links
from inspector.templates.prose import longest_prose
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.values import Grade

SYSTEM = "Qzsystem marker one two"
USER = "Qzuser marker one two"
ANSWER = "Qzanswer marker one two"
LATER = "Qzlater marker one two"
LONG = " ".join(f"Qzlong{number}{'.' if number % 9 == 8 else ''}" for number in range(700))
"""A message of 7,000 characters in sentences: who cuts messages cuts this one."""

_MARK = re.compile(r"<(?!!--)[^<>\n]{1,80}>|\[/?[A-Z_]{2,40}\]|｜[^｜\n]{1,40}｜")
_TO_A_MARK = re.compile(r"[^\n<\[\]|｜#]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LABELS = re.compile(r"(?:[\w# ]{1,30}:\s*\w{0,20}\s*)+")
"""`Response:`, `Destination: user`: a label, with the name of a role at most."""

_ASKING = re.compile(
    r"(?i)[<\[\n#]?[^<\[\n#]*(?:\[INST|(?:user|human|question|customer|prompter)[^<\[\n]{0,3}(?:<\|end_header_id\|>)?)\s*[>\]]?:?$"
)
"""The last mark before a question, with the name of who asks."""

_SHORT = 2
"""So many words right behind a person's own can be read as theirs."""


class Talk(NamedTuple):
    """What a template made of three conversations.

    Attributes:
        plain: one question.
        told: a system message and a question; None where it was refused.
        longer: a question, its answer and another question; None likewise.
    """

    plain: str
    told: str | None
    longer: str | None


def placing_hits(talk: Talk) -> Iterator[Hit]:
    """Yields sentences that nobody in the talk wrote, where they pass for somebody's."""
    asked, answering = _around(talk)
    seen = set()
    for added in (*_beside_the_question(talk, asked, answering), *_begun_answer(talk, answering)):
        if added not in seen:
            seen.add(added)
            yield "added_text", 0, added[:120], Grade.REVIEW
    yield from _turns_nobody_took(talk, asked)
    yield from _roles(talk, asked)
    yield from _beside_the_system_message(talk)


def _around(talk: Talk) -> tuple[str, str]:
    """Returns what stands before a question and before an answer, as a longer talk shows it."""
    before = talk.plain[: max(0, talk.plain.find(USER))]
    if talk.longer is None or not all(said in talk.longer for said in (USER, ANSWER, LATER)):
        return "", ""
    first, answer = talk.longer.find(USER) + len(USER), talk.longer.find(ANSWER)
    between = talk.longer[answer + len(ANSWER) : talk.longer.find(LATER)]
    return _same_end(before, between), talk.longer[first:answer] if first <= answer else ""


def _same_end(one: str, other: str) -> str:
    length = next(
        (at for at, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return one[len(one) - length :]


def _beside_the_question(talk: Talk, asked: str, answering: str) -> Iterator[str]:
    """Yields sentences between a question and the marks around it, and words right behind it."""
    at = talk.plain.find(USER)
    if at < 0:
        return
    after = talk.plain[at + len(USER) :]
    behind = _TO_A_MARK.match(after)
    words = behind.group().strip() if behind else ""
    if len(_WORD.findall(words)) >= _SHORT and not _LABELS.fullmatch(words):
        yield words
    # Without a longer talk to compare with, what ends with a colon is a label.
    label = "" if asked else re.split(r"[>\]:｜]", talk.plain[:at])[-1]
    for piece in (*_MARK.split(asked), *_MARK.split(answering), label):
        if _is_said(piece):
            yield piece.strip()


def _is_said(text: str) -> bool:
    return longest_prose(text) >= rules().content.prose_words or any(links(text))


def _begun_answer(talk: Talk, answering: str) -> Iterator[str]:
    """Yields what the model's answer is made to begin with, marks and documented switches apart."""
    at = talk.plain.find(USER)
    if at < 0:
        return
    begun = talk.plain[at + len(USER) :]
    if answering:
        alike = next(
            (n for n, (a, b) in enumerate(zip(begun, answering, strict=False)) if a != b),
            min(len(begun), len(answering)),
        )
        begun = begun[alike:]
    else:
        begun = re.split(r"[>\]｜]", begun)[-1]
    words = " ".join(_MARK.sub(" ", begun).split())
    least = _SHORT if answering else rules().content.prose_words
    told = [word for word in _WORD.findall(words) if word.lower() not in rules().date.words]
    if len(told) >= least and not _LABELS.fullmatch(words):
        yield words


def _turns_nobody_took(talk: Talk, asked: str) -> Iterator[Hit]:
    """A talk of one question has one question in it."""
    found = _ASKING.search(asked.strip())
    if found and (count := talk.plain.count(found.group())) > 1:
        yield "added_turn", 0, f"{count} × {found.group()[-60:]}", Grade.REVIEW


def _roles(talk: Talk, asked: str) -> Iterator[Hit]:
    """A person's words under the mark of the system, or of the model."""
    mark = asked.strip()
    if not _WORD.search(mark):
        return
    own = mark.lower()
    names_the_person = any(word in own for word in ("user", "human", "inst", "question"))
    after = talk.plain[talk.plain.find(USER) + len(USER) :]
    if ("system" in own and not names_the_person) or mark in after:
        yield "roles_alike", 0, mark[-80:], Grade.REVIEW


def _beside_the_system_message(talk: Talk) -> Iterator[Hit]:
    """Sentences that stay when somebody gives a system message of their own."""
    if talk.told is None or SYSTEM not in talk.told or USER not in talk.told:
        return
    rest = talk.told.replace(SYSTEM, "\n").replace(USER, "\n")
    lines = [" ".join(_MARK.sub(" ", line).split()) for line in rest.split("\n")]
    least = rules().content.prose_words
    said = [line for line in lines if len(_WORD.findall(line)) >= least or any(links(line))]
    if said:
        yield "own_text", 0, " … ".join(said), Grade.NOTE
