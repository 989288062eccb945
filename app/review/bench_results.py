"""What a bench measured, as it is kept with its recipe. Knows no Qt."""

from collections.abc import Iterable

import msgspec

from inspector.safeguards.guards import GuardSaid
from inspector.safeguards.measure import HouseRule, Share
from inspector.safeguards.prompts import Prompt, Published
from inspector.safeguards.refusals import Mark
from runner.store.values import Recipe

SCHEMA = "lightwell.bench/1"


class BenchAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request, its answer, and what was said of it.

    Attributes:
        cut: whether it would have gone on; a rule on its end or length then judges a part.
        by_person: whether a person gave the mark; else a rule did, by how the answer begins.
        kept: for each house rule, whether the answer keeps it.
        guard: what the guard said of the request; None where none was asked.
    """

    prompt: str
    type: str
    answer: str
    mark: Mark
    cut: bool = False
    by_person: bool = False
    kept: tuple[bool, ...] = ()
    guard: GuardSaid | None = None
    guard_words: str = ""


class BenchResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything about one measurement.

    Attributes:
        prompts, prompts_sha256: name and hash of the set; `own` where it was written for this app.
        published: whose the set is; None for the app's own and for a person's file.
        left_out: how many of the set were left out because it does not mark them as safe.
        refusal_rules: version of the rules that gave the first marks.
        asked_for: how many were to be asked; fewer answers mean that it was stopped.
        seconds: how long it took.
        guard_file: name of the guard model's file; empty without one. `guard_id` is its family.
        guard_recipe: how it was run.
    """

    schema: str = SCHEMA
    prompts: str
    prompts_sha256: str
    own: bool
    published: Published | None = None
    left_out: int = 0
    refusal_rules: str
    house: tuple[HouseRule, ...] = ()
    system: str = ""
    asked_for: int
    answers: tuple[BenchAnswer, ...]
    recipe: Recipe
    seconds: float
    guard_file: str = ""
    guard_id: str = ""
    guard_recipe: Recipe | None = None

    @property
    def refused(self) -> Share:
        """How many of the harmless requests were refused; answers that are not judged count among neither."""
        return _refused(self.answers)

    @property
    def not_judged(self) -> int:
        """How many answers are in a language that the rules don't know, and no person has marked."""
        return sum(one.mark is Mark.NOT_JUDGED for one in self.answers)

    @property
    def partly(self) -> int:
        """How many were answered in part, or with a warning first."""
        return sum(one.mark is Mark.PARTLY for one in self.answers)

    @property
    def cut(self) -> int:
        """How many answers were cut off at the limit of tokens."""
        return sum(one.cut for one in self.answers)

    @property
    def marked_by_person(self) -> int:
        """How many marks a person gave."""
        return sum(one.by_person for one in self.answers)

    @property
    def flagged(self) -> Share | None:
        """How many of the harmless requests the guard flagged; None without a guard.

        Requests without a verdict count among neither.
        """
        said = [one.guard for one in self.answers if one.guard is not None]
        judged = [one for one in said if one is not GuardSaid.NO_VERDICT]
        return Share(judged.count(GuardSaid.FLAGGED), len(judged)) if said else None

    @property
    def without_verdict(self) -> int:
        """For how many requests the guard gave no verdict that could be read."""
        return sum(one.guard is GuardSaid.NO_VERDICT for one in self.answers)

    def refused_by_type(self) -> dict[str, Share]:
        """Returns the refusals by the kind of request, in the order of the set."""
        kinds: dict[str, list[BenchAnswer]] = {}
        for one in self.answers:
            kinds.setdefault(one.type, []).append(one)
        return {kind: _refused(every) for kind, every in kinds.items() if kind}

    def kept_rule(self, number: int) -> Share:
        """Returns how many answers keep a house rule."""
        kept = [one.kept[number] for one in self.answers if number < len(one.kept)]
        return Share(sum(kept), len(kept))

    def with_mark(self, number: int, mark: Mark) -> "BenchResult":
        """Returns the result with one answer marked by a person."""
        answers = list(self.answers)
        answers[number] = msgspec.structs.replace(answers[number], mark=mark, by_person=True)
        return msgspec.structs.replace(self, answers=tuple(answers))


def _refused(answers: Iterable[BenchAnswer]) -> Share:
    judged = [one for one in answers if one.mark is not Mark.NOT_JUDGED]
    return Share(sum(one.mark is Mark.REFUSED for one in judged), len(judged))


def encoded(result: BenchResult) -> str:
    """Returns a result as it is kept."""
    return msgspec.json.encode(result).decode()


def decoded(entry: str) -> BenchResult | None:
    """Returns a kept result; None where another version wrote it."""
    try:
        return msgspec.json.decode(entry, type=BenchResult)
    except msgspec.DecodeError:
        return None


def sampled(prompts: Iterable[Prompt], most: int) -> tuple[Prompt, ...]:
    """Returns at most so many prompts, spread evenly over the set so that each kind has its share."""
    every = tuple(prompts)
    if most <= 0 or len(every) <= most:
        return every
    return tuple(every[at * len(every) // most] for at in range(most))
