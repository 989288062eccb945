"""What a person said of a claim: a verdict, a note, a count, answers kept as evidence. Knows no Qt.

A judgement never changes what the rule said; it stands beside it and wins on screen.
"""

from datetime import UTC, datetime

import msgspec

from app.words.claims import GONE, OWN
from inspector.claims.values import Claim, Grade, Passage, Verdict, may_say
from runner.store.claims import KeptVerdict
from runner.store.judged_file import LARGEST_ENTRY, JudgedFile
from runner.store.values import Counts, Recipe, Turn, TurnState

MOST_ANSWERS = 40
LONGEST_ANSWER = 4_000
LONGEST_QUESTION = 1_000
LONGEST_NOTE = 4_000

REDO = "EVALREDO"
"""The one rule whose counted result is an evaluation made here."""

CHOICES = (
    Verdict.AGREES,
    Verdict.AGREES_IN_PART,
    Verdict.DIFFERS,
    Verdict.STATED,
    Verdict.CANNOT,
    Verdict.OUT_OF_DATE,
)
"""What a person may say, in the order of the buttons."""


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer as evidence, whole with what it was made from.

    Attributes:
        expected: whether it has what the app can count; None where nothing was counted, or can be told.
        counted: what it was looked through for, in words; empty for nothing, and for answers of old.
        chat, turn: where it stands, as long as the chat is kept.
        stopped: whether somebody stopped it before its end.
    """

    question: str
    answer: str
    about: str = ""
    expected: bool | None = None
    counted: str = ""
    recipe: Recipe = Recipe()
    counts: Counts = Counts()
    chat: int = 0
    turn: int = 0
    asked: float = 0.0
    stopped: bool = False


class Judgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person said of one claim.

    Attributes:
        rule, version, text: the claim as it was when it was judged.
        verdict: None where there is only evidence or a note so far.
        right, of: what was counted; `of` 0 where nothing was.
        passage: where a claim that the person added stands.
        card: SHA-256 of the card then.
    """

    claim: str
    rule: str
    version: int = 0
    text: str = ""
    verdict: Verdict | None = None
    note: str = ""
    author: str = ""
    right: int = 0
    of: int = 0
    answers: tuple[KeptAnswer, ...] = ()
    passage: Passage | None = None
    card: str = ""
    changed: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Whether the person added the claim."""
        return self.rule == OWN

    @property
    def grade(self) -> Grade | None:
        """What the person's own evidence is; None without any."""
        if self.rule == REDO and self.of:
            return Grade.EVALUATION
        return Grade.RUN if self.answers else None


def kept_answer(
    turn: Turn, *, about: str = "", expected: bool | None = None, counted: str = ""
) -> KeptAnswer:
    """Returns an answer as evidence."""
    return KeptAnswer(
        question=turn.question[-LONGEST_QUESTION:],
        answer=turn.answer[:LONGEST_ANSWER],
        about=about,
        expected=expected,
        counted=counted,
        recipe=turn.recipe,
        counts=turn.counts,
        chat=turn.chat_id,
        turn=turn.id,
        asked=turn.created,
        stopped=turn.state is TurnState.STOPPED,
    )


def of_claim(claim: Claim, card: str) -> Judgement:
    """Returns an empty judgement of a claim."""
    return Judgement(
        claim=claim.id, rule=claim.rule, version=claim.version, text=claim.text, card=card
    )


def may_choose(verdict: Verdict, claim: Claim, judgement: Judgement | None) -> bool:
    """Whether the evidence that there is can carry a verdict of the person's."""
    return may_say(verdict, (judgement.grade if judgement else None) or claim.grade)


def with_answer(judgement: Judgement, answer: KeptAnswer) -> Judgement:
    """Returns a judgement with one more answer; the oldest go where there are too many."""
    answers = (*judgement.answers, answer)[-MOST_ANSWERS:]
    return dated(msgspec.structs.replace(judgement, answers=answers))


def dated(judgement: Judgement) -> Judgement:
    """Returns a judgement as of now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return msgspec.structs.replace(judgement, changed=now)


def effective(claim: Claim, judgement: Judgement | None) -> Claim:
    """Returns a claim with the person's verdict in the place of the rule's.

    Where the card says something else than when it was judged, or nothing any more, the verdict is out of date.
    """
    if judgement is None or judgement.verdict is None:
        return claim
    has_changed = judgement.text != claim.text or claim.reason == GONE
    grade = judgement.grade or claim.grade
    verdict = Verdict.OUT_OF_DATE if has_changed else judgement.verdict
    return msgspec.structs.replace(claim, verdict=verdict, grade=grade)


def own_claim(judgement: Judgement) -> Claim:
    """Returns the claim that a person added."""
    return Claim(
        id=judgement.claim,
        rule=OWN,
        version=0,
        text=judgement.text,
        passages=(judgement.passage,) if judgement.passage else (),
        verdict=judgement.verdict or Verdict.PERSON,
        grade=judgement.grade or Grade.CARD,
        reason="own",
    )


def encoded(judgement: Judgement) -> str:
    """Returns a judgement as the store keeps it; the longest answers go first where it is too long."""
    text = msgspec.json.encode(judgement).decode()
    while len(text) > LARGEST_ENTRY and judgement.answers:
        judgement = msgspec.structs.replace(judgement, answers=judgement.answers[1:])
        text = msgspec.json.encode(judgement).decode()
    return text


def decoded(kept: KeptVerdict) -> Judgement | None:
    """Returns a kept judgement; None where a later version wrote it in another way."""
    try:
        return msgspec.json.decode(kept.entry, type=Judgement)
    except msgspec.DecodeError:
        return None


def judged_file(name: str, size: int, sha256: str | None) -> JudgedFile:
    """Returns how the store knows the file."""
    return JudgedFile(name=name, size=size, sha256=sha256 or "")
