"""The recipes of a report: every run that it tells of, and what of each can be looked at again here."""

from collections.abc import Iterator
from typing import Any

import msgspec

from inspector.report.bench import counted_again
from inspector.report.values import ClaimJudged, Content

Recipe = dict[str, Any]


def recipes(content: Content) -> Iterator[tuple[str, str, Recipe]]:
    """Yields each recipe with the id of its run and with what the run was, in words."""
    for number, run in enumerate(content.runs):
        for part, recipe in enumerate(run.recipes):
            yield f"run:{number}:{part}", run.question, recipe
    for judged in content.judged:
        for number, answer in enumerate(answers_of(judged)):
            if recipe := recipe_of(answer):
                question = str(answer.get("question") or "")
                yield f"judged:{judged.claim}:{number}", question, recipe
    for number, bench in enumerate(content.benches):
        yield f"bench:{number}", bench.prompts, bench.recipe


def answers_of(judged: ClaimJudged) -> list[dict[str, Any]]:
    """Returns the answers that a person kept as evidence; what has another form is left out."""
    every = judged.entry.get("answers")
    return [one for one in every if isinstance(one, dict)] if isinstance(every, list) else []


def recipe_of(answer: dict[str, Any]) -> Recipe:
    """Returns the recipe of a kept answer; empty where it has none."""
    recipe = answer.get("recipe")
    return recipe if isinstance(recipe, dict) else {}


def model_said(recipe: Recipe) -> tuple[str, bool]:
    """Returns which file a run was of, and whether its bytes were known then."""
    if sha256 := str(recipe.get("file_sha256") or ""):
        return sha256, True
    return f"{recipe.get('file_name') or 'unknown'}, {recipe.get('file_size') or 0:,} bytes", False


def told_again(report: Content, present: Content) -> Content:
    """Returns a report of today that tells of the runs of an earlier one, as far as they can be told here.

    They were made once and are not made again; what can be looked at is which file they were of, by
    which template, and whether their figures follow from their answers.
    """
    return msgspec.structs.replace(
        present,
        runs=tuple(
            msgspec.structs.replace(one, recipes=tuple(_here(it, present) for it in one.recipes))
            for one in report.runs
        ),
        judged=tuple(_judged_here(one, present) for one in report.judged),
        benches=tuple(
            msgspec.structs.replace(counted_again(one), recipe=_here(one.recipe, present))
            for one in report.benches
        ),
        claims_here=report.claims_here,
        runs_seen=report.runs_seen,
    )


def _judged_here(judged: ClaimJudged, present: Content) -> ClaimJudged:
    answers = [{**one, "recipe": _here(recipe_of(one), present)} for one in answers_of(judged)]
    return msgspec.structs.replace(judged, entry={**judged.entry, "answers": answers})


def _here(recipe: Recipe, present: Content) -> Recipe:
    """Returns a recipe with the file and the template that lie here in the place of those it names."""
    file, hashes = present.files[0], [one.sha256 for one in present.templates]
    here = dict(recipe)
    if recipe.get("file_sha256"):
        here["file_sha256"] = file.sha256 or "not read"
    else:
        here |= {"file_name": file.name, "file_size": file.size}
    if (said := recipe.get("template_sha256")) and said not in hashes:
        here["template_sha256"] = hashes[0] if hashes else "none"
    return here
