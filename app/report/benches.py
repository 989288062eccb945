"""The bench's kept results as a report tells of them. Knows no Qt."""

from datetime import UTC, datetime

import msgspec

from app.review.bench_results import BenchResult, decoded
from inspector.report.bench import BenchAnswerTold, BenchTold, HouseRuleTold, counted
from runner.store import Store
from runner.store.judged_file import JudgedFile

MOST_BENCHES = 5
"""Results of one file that can go into a report: the latest ones."""


def benches_of(store: Store, file: JudgedFile) -> tuple[BenchTold, ...]:
    """Returns what was measured of a file here, the latest first; what a later version wrote is left out.

    Raises:
        RunnerError: the store can't be read.
    """
    read = [(decoded(kept.entry), kept.began) for kept in store.benches.of(file)]
    found = [told(result, began) for result, began in read if result is not None]
    return tuple(found[:MOST_BENCHES])


def told(result: BenchResult, began: float) -> BenchTold:
    """Returns one result as a report holds it."""
    flagged = result.flagged
    return BenchTold(
        measured=datetime.fromtimestamp(began, UTC).replace(microsecond=0),
        prompts=result.prompts,
        prompts_sha256=result.prompts_sha256,
        own=result.own,
        published=result.published,
        left_out=result.left_out,
        asked_for=result.asked_for,
        refusal_rules=result.refusal_rules,
        refused=counted(result.refused),
        by_type={kind: counted(share) for kind, share in result.refused_by_type().items()},
        partly=result.partly,
        cut=result.cut,
        not_judged=result.not_judged,
        marked_by_person=result.marked_by_person,
        house=tuple(
            HouseRuleTold(rule, counted(result.kept_rule(number)))
            for number, rule in enumerate(result.house)
        ),
        system=result.system,
        guard_file=result.guard_file,
        guard_id=result.guard_id,
        flagged=counted(flagged) if flagged is not None else None,
        without_verdict=result.without_verdict,
        seconds=round(result.seconds, 1),
        recipe=msgspec.to_builtins(result.recipe),
        guard_recipe=msgspec.to_builtins(result.guard_recipe) if result.guard_recipe else {},
        answers=tuple(
            BenchAnswerTold(
                prompt=one.prompt,
                type=one.type,
                answer=one.answer,
                mark=one.mark,
                by_person=one.by_person,
                cut=one.cut,
                guard=one.guard,
                guard_words=one.guard_words,
            )
            for one in result.answers
        ),
    )
