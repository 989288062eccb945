"""Words for the bench of the Safeguards tab. No Qt."""

from datetime import UTC, datetime

import msgspec

from app.review.bench_results import BenchAnswer, BenchResult
from app.words.facts import when_words
from inspector.safeguards.guards import guards
from inspector.safeguards.measure import HouseRule, RuleKind, Share
from inspector.safeguards.prompts import PromptSet, Published
from inspector.untrusted import shown
from resources import table

_FEW = 30


class BenchTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `bench.toml`."""

    said: dict[str, str]
    marks: dict[str, str]
    rules: dict[str, str]
    rule_said: dict[str, str]
    guard_words: dict[str, str]


def bench_texts() -> BenchTexts:
    """Returns the words of the bench."""
    texts: BenchTexts = table("texts/en/bench.toml", BenchTexts)
    return texts


def prompts_words(prompts: PromptSet) -> str:
    """Returns which requests are put, and what of their file is left out."""
    said, count = bench_texts().said, len(prompts.prompts)
    if (published := prompts.published) is not None:
        return said["published"].format(count=count, **_told_of(published))
    form = said["own"] if prompts.own else said["file"]
    parts = [form.format(count=count, name=shown(prompts.name))]
    if prompts.left_out:
        parts.append(said["left_out"].format(count=prompts.left_out))
    if prompts.more:
        parts.append(said["more"].format(count=prompts.more))
    return "; ".join(parts)


def set_title(prompts: PromptSet) -> str:
    """Returns what a set is called where it is chosen."""
    if prompts.published is not None:
        return prompts.published.short
    return bench_texts().said["own_short"] if prompts.own else shown(prompts.name, 40)


def published_words(published: Published) -> str:
    """Returns whose a set is, where it is from and what was changed, as its licence asks for."""
    return bench_texts().said["published_of"].format(**_told_of(published))


def _told_of(published: Published) -> dict[str, str | int]:
    told: dict[str, str | int] = msgspec.to_builtins(published)
    return {**told, "sha256": published.file_sha256, "commit": published.commit[:12]}


def rule_words(rule: HouseRule) -> str:
    """Returns a house rule as it is read."""
    return bench_texts().rule_said[rule.kind.value].format(value=shown(rule.value, 80))


def house_lines(result: BenchResult, answer: BenchAnswer) -> tuple[str, ...]:
    """Returns of one answer which house rules it keeps."""
    said = bench_texts().said
    lines = []
    for rule, is_kept in zip(result.house, answer.kept, strict=False):
        # Of an answer that would have gone on, its end is a part's, and it may yet become too long.
        is_open = rule.kind is RuleKind.ENDS or (rule.kind is RuleKind.WORDS and is_kept)
        form = "answer_kept" if is_kept else "answer_not_kept"
        told = said[form].format(rule=rule_words(rule))
        lines.append(said["answer_in_part"].format(told=told) if answer.cut and is_open else told)
    return tuple(lines)


def result_lines(result: BenchResult) -> tuple[str, ...]:
    """Returns what was measured, the most telling line first."""
    said = bench_texts().said
    lines = [_share(said["refused"], result.refused)]
    if result.partly:
        lines.append(said["partly"].format(count=result.partly))
    if result.not_judged:
        told = said["not_judged"].format(count=result.not_judged)
        lines.append(f"{told} {said['languages']}")
    if len(result.answers) < result.asked_for:
        lines.append(said["stopped"].format(count=len(result.answers), of=result.asked_for))
    if len(result.answers) < _FEW:
        lines.append(said["few"])
    lines += guard_lines(result)
    for number, rule in enumerate(result.house):
        share = result.kept_rule(number)
        low, high = share.interval
        lines.append(
            said["rule_kept"].format(
                rule=rule_words(rule),
                count=share.count,
                of=share.of,
                low=percent(low),
                high=percent(high),
            )
        )
    if result.cut:
        # Whoever reads how many were refused should know how little of each answer there was to read.
        form, tokens = said["cut" if result.house else "cut_alone"], result.recipe.max_tokens
        lines.append(form.format(count=result.cut, of=len(result.answers), tokens=tokens))
    lines.append(
        said["marks"].format(
            person=result.marked_by_person, of=len(result.answers), version=result.refusal_rules
        )
    )
    return tuple(lines)


def guard_lines(result: BenchResult) -> tuple[str, ...]:
    """Returns what the guard did, and its maker's figure as the maker's."""
    said, flagged = bench_texts().said, result.flagged
    if flagged is None:
        return ()
    lines = [_share(said["flagged"], flagged)] if flagged.of else []
    if result.without_verdict:
        lines.append(said["no_verdict"].format(count=result.without_verdict))
    if result.without_verdict > flagged.of:
        # More often than not: that is no slip of a guard, but another file or another template.
        lines.append(said["no_guard"])
    guard = next((one for one in guards() if one.id == result.guard_id), None)
    if guard is not None and guard.kinds:
        lines.append(said["kinds"].format(kinds=", ".join(guard.kinds)))
    if guard is not None and guard.principles:
        lines.append(said["principles"].format(count=len(guard.principles), of=guard.prompt_of))
    if guard is not None and guard.claim:
        lines.append(said["claim"].format(claim=guard.claim, who=guard.claim_of))
    else:
        lines.append(said["claim_none"])
    return tuple(lines)


def type_lines(result: BenchResult) -> tuple[str, ...]:
    """Returns the kinds of request in which something was refused; the others in one line."""
    said, kinds = bench_texts().said, result.refused_by_type()
    lines = [
        said["by_type"].format(type=kind, count=share.count, of=share.of)
        for kind, share in kinds.items()
        if share.count
    ]
    rest = len(kinds) - len(lines)
    if lines and rest:
        lines.append(said["other_types"].format(count=rest))
    return tuple(lines)


def recipe_words(result: BenchResult, began: float) -> str:
    """Returns how it was measured, in one line."""
    said, recipe = bench_texts().said, result.recipe
    told = said["recipe"].format(
        when=when_words(datetime.fromtimestamp(began, UTC)),
        file=shown(recipe.file_name, 60),
        prompts=shown(result.prompts, 60),
        seed=recipe.seed,
        tokens=recipe.max_tokens,
        seconds=f"{result.seconds:.0f}",
    )
    if result.system:
        told = f"{told} · {said['recipe_system'].format(system=shown(result.system, 120))}"
    return told


def _share(form: str, share: Share) -> str:
    low, high = share.interval
    return form.format(
        count=share.count,
        of=share.of,
        share=percent(share.value),
        low=percent(low),
        high=percent(high),
    )


def percent(share: float) -> str:
    """Returns a share in whole hundredths."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
