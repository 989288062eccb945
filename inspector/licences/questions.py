"""Four questions on a licence, each with an answer of its own and what it rests on.

They are never added up: a licence can be approved by OSI and unfit for data, or open data and
unknown to OSI. Unknown stays unknown.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from inspector.licences.catalogue import (
    Answered,
    Licence,
    ReadHow,
    Sign,
    Topic,
    is_open_data,
    reading_of,
    spdx,
    spdx_entry,
)
from inspector.licences.names import Named


class Question(StrEnum):
    """What is asked of a licence."""

    OSI = "osi"
    LIBRE = "libre"
    USE_RESTRICTED = "use_restricted"
    LIMITS = "limits"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with its reason.

    Attributes:
        reason: code of the words that say why (`resources/texts`).
        detail: what the reason's words name, such as a clause or a release.
    """

    question: Question
    answer: Answered
    reason: str
    detail: str = ""


def answers(named: Named) -> tuple[Answer, ...]:
    """Returns the answers for a label; for several licences, what holds for all or for a choice."""
    if not named.ids:
        return tuple(Answer(question=one, answer="unknown", reason="unnamed") for one in Question)
    each = [_answers_of(licence) for licence in named.ids]
    if len(each) == 1:
        return each[0]
    return tuple(_joined([one[at] for one in each], named.joined) for at in range(len(Question)))


def _answers_of(licence: str) -> tuple[Answer, ...]:
    read = reading_of(licence)
    return (_osi(licence), _libre(licence), _use(licence, read), _limits(licence, read))


def _osi(licence: str) -> Answer:
    listed = spdx_entry(licence)
    release = spdx().source.release
    if listed is None:
        # A licence that has no identifier there is on no list of OSI's either.
        return Answer(question=Question.OSI, answer="no", reason="not_listed", detail=release)
    approved: Answered = "yes" if listed.osi else "no"
    return Answer(question=Question.OSI, answer=approved, reason=f"osi_{approved}", detail=release)


def _libre(licence: str) -> Answer:
    listed = spdx_entry(licence)
    release = spdx().source.release
    if is_open_data(licence):
        return Answer(question=Question.LIBRE, answer="yes", reason="open_data")
    if listed is None:
        return Answer(question=Question.LIBRE, answer="no", reason="not_listed", detail=release)
    libre: Answered = "yes" if listed.fsf else "no"
    return Answer(question=Question.LIBRE, answer=libre, reason=f"libre_{libre}", detail=release)


def _use(licence: str, read: Licence | None) -> Answer:
    asked = Question.USE_RESTRICTED
    if read is not None:
        for topic in (Topic.USE_POLICY, Topic.COMMERCIAL, Topic.USE):
            said = read.statements[topic]
            restricts = said.sign is Sign.FORBIDDEN or (
                said.sign is Sign.CONDITIONAL and topic is not Topic.COMMERCIAL
            )
            if restricts:
                reason = "by_policy" if topic is Topic.USE_POLICY else "by_purpose"
                return Answer(question=asked, answer="yes", reason=reason, detail=said.clause)
        if read.reading.how is ReadHow.TEXT:
            return Answer(question=asked, answer="no", reason="none_found", detail=read.reading.of)
    listed = spdx_entry(licence)
    if listed is not None and listed.osi:
        return Answer(question=asked, answer="no", reason="osi_definition")
    return Answer(question=asked, answer="unknown", reason="not_read")


def _limits(licence: str, read: Licence | None) -> Answer:
    asked = Question.LIMITS
    if read is not None:
        found = [
            topic
            for topic in (Topic.SCALE, Topic.TERRITORY)
            if read.statements[topic].sign in {Sign.CONDITIONAL, Sign.FORBIDDEN}
        ]
        if found:
            reason = "both" if len(found) == 2 else found[0].value
            clauses = ", ".join(filter(None, (read.statements[one].clause for one in found)))
            return Answer(question=asked, answer="yes", reason=reason, detail=clauses)
        if read.reading.how is ReadHow.TEXT:
            return Answer(question=asked, answer="no", reason="none_found", detail=read.reading.of)
    listed = spdx_entry(licence)
    if listed is not None and listed.osi:
        return Answer(question=asked, answer="no", reason="osi_definition")
    return Answer(question=asked, answer="unknown", reason="not_read")


def _joined(each: list[Answer], joined: str) -> Answer:
    """Returns the answer for several licences.

    Where all bind, a permission needs all of them and one restriction is enough; where one may be
    chosen it is the other way round. Where nobody says which, only what is true of each is known.
    """
    question = each[0].question
    grants = question in {Question.OSI, Question.LIBRE}
    said = [one.answer for one in each]
    if joined in {"mixed", "listed"}:
        alike: Answered = said[0] if len(set(said)) == 1 else "unknown"
        return Answer(question=question, answer=alike, reason="several")
    needs_all = grants == (joined == "all")
    return Answer(question=question, answer=_combined(said, needs_all=needs_all), reason="several")


def _combined(said: Iterable[Answered], *, needs_all: bool) -> Answered:
    """Returns yes where all (or one) say yes, no where that can't be, else unknown."""
    given = list(said)
    deciding: Answered = "no" if needs_all else "yes"
    other: Answered = "yes" if needs_all else "no"
    if deciding in given:
        return deciding
    return other if all(one == other for one in given) else "unknown"
