"""Rules that try a template with harmless conversations, and look for what should be there.

Rendering is the caller's: it owns the box that a template runs in. Here is only what to render and
how to read what comes back.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from inspector.templates.placing import ANSWER, LATER, LONG, SYSTEM, USER, Talk, placing_hits
from inspector.templates.prose import is_switch, says_something
from inspector.templates.rules import rules
from inspector.templates.texts import Hit
from inspector.templates.values import Grade

NOON = dt.datetime(2025, 3, 4, 12, 0, tzinfo=dt.UTC)
DAYS = (
    dt.datetime(2027, 11, 26, 23, 59, tzinfo=dt.UTC),
    dt.datetime(2031, 1, 1, 0, 1, tzinfo=dt.UTC),
)
"""Other days: another month, weekday, part of the day and year."""

MOST_PROBES = 30
_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.){3,60})'|\"((?:[^\"\\\n]|\\.){3,60})\"")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OURS = frozenset(f"{SYSTEM} {USER} {ANSWER} {LATER}".lower().split())
_MARKER = "qz"
"""How the first word of each begins; what a template sets before it without a blank is no word."""

_TURNS = 8

Said = tuple[str, str]
"""A role and what it says."""


class Refused(Exception):  # noqa: N818 - an answer of the template, not an error
    """The template could not, or would not, render a conversation."""


class GaveUp(Exception):  # noqa: N818 - what was tried so far still counts
    """Nobody renders any more.

    Args:
        reason: why, for the finding.
        by_template: whether the template itself took too long, or only all tries together.
    """

    def __init__(self, reason: str, *, by_template: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.by_template = by_template


class Renderer(Protocol):
    """Renders conversations with one template, in a box with walls."""

    def __call__(self, said: Sequence[Said], now: dt.datetime) -> str:
        """Returns the text that a model would get.

        Raises:
            Refused: where the template objects or fails.
            GaveUp: where it takes too long, or time for tries is over.
        """
        ...


def rendered_hits(text: str, render: Renderer) -> Iterator[Hit]:
    """Yields what comes out otherwise than a person would expect.

    Raises:
        GaveUp: where it can't be tried any further.
    """
    plain = _try(render, [("user", USER)])
    if plain is None:
        raise GaveUp("it renders no plain question", by_template=False)
    if USER not in plain:
        yield "message_lost", 0, "user", Grade.REVIEW
    yield from _system(render)
    yield from _cut(render)
    talk = Talk(
        plain,
        _try(render, [("system", SYSTEM), ("user", USER)]),
        _try(render, [("user", USER), ("assistant", ANSWER), ("user", LATER)]),
    )
    yield from placing_hits(talk)
    if len(plain) > rules().sizes.characters:
        yield "grows", 0, f"{len(plain)} characters", Grade.REVIEW
    yield from _turns(render)
    yield from _days(render, plain)
    yield from _probes(text, render, plain)


def _try(render: Renderer, said: Sequence[Said], now: dt.datetime = NOON) -> str | None:
    try:
        return render(said, now)
    except Refused:
        return None


def _system(render: Renderer) -> Iterator[Hit]:
    told = _try(render, [("system", SYSTEM), ("user", USER)])
    if told is None:
        # Some publishers' templates refuse a system message out loud; that hides nothing.
        yield "system_lost", 0, "refused", Grade.NOTE
        return
    if SYSTEM not in told:
        yield "system_lost", 0, "system", Grade.REVIEW
    if USER not in told:
        yield "message_lost", 0, "user", Grade.REVIEW


def _cut(render: Renderer) -> Iterator[Hit]:
    """Long messages arrive whole, or not at all; of the latter others speak."""
    said = _try(render, [("system", f"{SYSTEM} {LONG}"), ("user", f"{USER} {LONG}")])
    if said is None:
        said = _try(render, [("user", f"{USER} {LONG}")])
    for begin, rule, who in ((SYSTEM, "system_lost", "system"), (USER, "message_lost", "user")):
        if said is not None and f"{begin} Qzlong0" in said and f"{begin} {LONG}" not in said:
            yield rule, 0, f"{who}, a long one is cut", Grade.REVIEW


def _turns(render: Renderer) -> Iterator[Hit]:
    """A longer talk: all that people said in it should be there."""
    said: list[Said] = []
    for turn in range(_TURNS):
        said += [("user", f"{LATER} {turn} "), ("assistant", f"{ANSWER} {turn}")]
    said.append(("user", USER))
    whole = _try(render, said)
    if whole is None:
        return
    lost = [str(turn + 1) for turn in range(_TURNS) if f"{LATER} {turn}" not in whole]
    if lost or USER not in whole:
        yield "message_lost", 0, f"user, turn {', '.join(lost) or _TURNS + 1}", Grade.REVIEW
    if not any(f"{ANSWER} {turn}" in whole for turn in range(_TURNS)):
        yield "message_lost", 0, "assistant", Grade.REVIEW
    first = _try(render, [("user", USER), ("assistant", f"{ANSWER} 0"), ("user", USER)])
    if first is not None and (new := _new_words(whole, first)):
        yield "turn_trigger", 0, new, Grade.REVIEW


def _days(render: Renderer, plain: str) -> Iterator[Hit]:
    for day in DAYS:
        other = _try(render, [("user", USER)], day)
        if other is None:
            yield "date_trigger", 0, f"{day:%Y-%m-%d}", Grade.REVIEW
        elif new := _new_words(other, plain) or _new_words(plain, other):
            yield "date_trigger", 0, new, Grade.REVIEW
            return


def _new_words(text: str, than: str, least: int = 2) -> str:
    """Returns the words that one text has and the other has not; names of days don't count."""
    had = {word.lower() for word in _WORD.findall(than)}
    known = had | rules().date.words | _OURS
    words = [word for word in _WORD.findall(text) if _MARKER not in word.lower()]
    new = [word for word in words if word.lower() not in known]
    return " ".join(new[:20]) if len(new) >= least else ""


def _probes(text: str, render: Renderer, plain: str) -> Iterator[Hit]:
    """Says each of the template's own words to it: what comes back more than those words?"""
    template_words = dict.fromkeys(
        one for found in _LITERAL.finditer(text) if (one := found.group(1) or found.group(2))
    )
    wanted = [one for one in template_words if not is_switch(one)]
    wanted.sort(key=lambda one: (one.count(" "), len(one)))
    for word in wanted[:MOST_PROBES]:
        question = f"{USER} {word} {USER}"
        spoken = _try(render, [("user", question)])
        expected = plain.replace(USER, question)
        if spoken is None or spoken == expected:
            continue
        new = _difference(spoken, expected)
        if says_something(new):
            yield "probe_text", 0, f"{word}: {new[:100].strip()}", Grade.REVIEW
            return


def _difference(text: str, expected: str) -> str:
    """Returns the middle of a text where it is not what was expected."""
    start = _alike(text, expected)
    rest, rest_expected = text[start:][::-1], expected[start:][::-1]
    return rest[_alike(rest, rest_expected) :][::-1]


def _alike(one: str, other: str) -> int:
    """Returns how many signs two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
