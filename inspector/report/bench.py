"""What a bench measured, as a report holds it: figures with intervals, and the answers they are counted from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from inspector.safeguards.guards import GuardSaid
from inspector.safeguards.measure import HouseRule, Share
from inspector.safeguards.prompts import PromptSet, Published, shipped_prompts
from inspector.safeguards.refusals import Mark, marked


class Counted(msgspec.Struct, frozen=True):
    """So many of so many, and the 95 % interval of the share by Wilson's method."""

    count: int
    of: int
    low: float
    high: float


class BenchAnswerTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request, its answer and its mark; `by_person` where a person gave that."""

    prompt: str
    type: str
    answer: str
    mark: Mark
    by_person: bool = False
    cut: bool = False
    guard: GuardSaid | None = None
    guard_words: str = ""


class HouseRuleTold(msgspec.Struct, frozen=True):
    """A rule of the person's own, and how many answers keep it."""

    rule: HouseRule
    kept: Counted


class BenchTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measurement on harmless requests.

    Attributes:
        measured: when, in UTC.
        prompts, prompts_sha256: name of the set and hash of its file; `own` where it is the app's.
        published: whose the set is, where it is a published one.
        left_out: rows that its file does not mark as safe, which were not put.
        asked_for: how many were to be put; fewer answers mean that it was stopped.
        refusal_rules: version of the rules that gave the marks that no person gave.
        refused, by_type: refusals, of all and by kind of request.
        partly, cut, marked_by_person: answers in part, cut at the limit of tokens, marked by hand.
        not_judged: answers in a language that the rules for marks don't know.
        flagged, without_verdict: what a guard model said of the requests.
        recipe, guard_recipe: how each model was run, in the store's fields.
    """

    measured: datetime
    prompts: str
    prompts_sha256: str
    own: bool = False
    published: Published | None = None
    left_out: int = 0
    asked_for: int
    refusal_rules: str
    refused: Counted
    by_type: dict[str, Counted] = {}
    partly: int = 0
    cut: int = 0
    not_judged: int = 0
    marked_by_person: int = 0
    house: tuple[HouseRuleTold, ...] = ()
    system: str = ""
    guard_file: str = ""
    guard_id: str = ""
    flagged: Counted | None = None
    without_verdict: int = 0
    seconds: float
    recipe: dict[str, Any]
    guard_recipe: dict[str, Any] = {}
    answers: tuple[BenchAnswerTold, ...]


def counted(share: Share) -> Counted:
    """Returns a share with its interval, in digits that anybody can compare."""
    low, high = share.interval
    return Counted(share.count, share.of, round(low, 4), round(high, 4))


def refusals(answers: Sequence[BenchAnswerTold]) -> Counted:
    """Returns how many of some answers are marked as refusals; those not judged count among neither."""
    judged = [one for one in answers if one.mark is not Mark.NOT_JUDGED]
    return counted(Share(sum(one.mark is Mark.REFUSED for one in judged), len(judged)))


def refusals_by_type(answers: Iterable[BenchAnswerTold]) -> dict[str, Counted]:
    """Returns the refusals by kind of request, in the order of the set."""
    kinds: dict[str, list[BenchAnswerTold]] = {}
    for one in answers:
        kinds.setdefault(one.type, []).append(one)
    return {kind: refusals(every) for kind, every in kinds.items() if kind}


def counted_again(told: BenchTold) -> BenchTold:
    """Returns a measurement with every figure counted from its answers by the rules of today.

    A person's marks stay. The set's hash becomes that of the set which lies here under its name, and
    tells of requests that do not stand in it.
    """
    answers = tuple(
        one if one.by_person else msgspec.structs.replace(one, mark=marked(one.answer))
        for one in told.answers
    )
    house = tuple(
        HouseRuleTold(
            one.rule,
            counted(Share(sum(one.rule.kept_by(it.answer) for it in answers), len(answers))),
        )
        for one in told.house
    )
    said = Counter(one.guard for one in answers if one.guard is not None)
    judged = said[GuardSaid.FLAGGED] + said[GuardSaid.PASSED]
    here = next((one for one in shipped_prompts() if one.name == told.prompts), None)
    return msgspec.structs.replace(
        told,
        answers=answers,
        prompts_sha256=_set_here(told, here) if here else told.prompts_sha256,
        refused=refusals(answers),
        by_type=refusals_by_type(answers),
        partly=sum(one.mark is Mark.PARTLY for one in answers),
        not_judged=sum(one.mark is Mark.NOT_JUDGED for one in answers),
        cut=sum(one.cut for one in answers),
        marked_by_person=sum(one.by_person for one in answers),
        house=house,
        flagged=counted(Share(said[GuardSaid.FLAGGED], judged)) if said else None,
        without_verdict=said[GuardSaid.NO_VERDICT],
    )


def _set_here(told: BenchTold, here: PromptSet) -> str:
    known = {one.text for one in here.prompts}
    strangers = sum(one.prompt not in known for one in told.answers)
    return f"{here.sha256}, without {strangers} of the requests" if strangers else here.sha256


def figures(told: BenchTold) -> str:
    """Returns everything that was counted, such that equal texts mean the same."""
    parts = [
        f"refused {_said(told.refused)}",
        f"in part {told.partly}, not judged {told.not_judged}",
        f"cut {told.cut}, marked by a person {told.marked_by_person}",
    ]
    parts += [f"{kind} {_said(share)}" for kind, share in told.by_type.items()]
    parts += [f"{one.rule.kind} “{one.rule.value}” {_said(one.kept)}" for one in told.house]
    if told.flagged is not None:
        parts.append(f"flagged {_said(told.flagged)}, without a verdict {told.without_verdict}")
    return "; ".join(parts)


def _said(one: Counted) -> str:
    return f"{one.count} of {one.of} ({one.low:.1%} to {one.high:.1%})"
