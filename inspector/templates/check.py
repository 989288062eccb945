"""Looks at one template with every rule that can look at it."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from inspector.templates.code import code_hits
from inspector.templates.flow import Flow
from inspector.templates.lookups import lookup_hits
from inspector.templates.rendered import GaveUp, Renderer, rendered_hits
from inspector.templates.rules import rules
from inspector.templates.sizes import size_hits
from inspector.templates.texts import Hit, made_hits, text_hits
from inspector.templates.tree import Unparsable, parse
from inspector.templates.triggers import trigger_hits
from inspector.templates.values import Grade, TemplateCheck, TemplateFinding
from inspector.untrusted import shortened, visible

_EXCERPT = 160
_TEXT_LIMIT = 1_048_576


def check_template(text: str, key: str = "", render: Renderer | None = None) -> TemplateCheck:
    """Returns what the rules say of a template.

    Args:
        text: the template.
        key: where it stands, for the answer.
        render: renders a conversation with it, in a box with walls; None where nobody can. Nothing
            here renders by itself.
    """
    sizes = rules().sizes
    looked = text[:_TEXT_LIMIT]
    hits: list[Hit] = []
    skipped: set[str] = set()
    if len(text) > sizes.characters:
        hits.append(("too_long", 0, f"{len(text)} characters", Grade.REVIEW))
    hits.extend(text_hits(looked))
    try:
        tree = parse(text)
        flow = Flow(tree)
        for hitting in (code_hits, trigger_hits, lookup_hits, size_hits, made_hits):
            hits.extend(hitting(tree, flow))
    except (Unparsable, RecursionError) as problem:
        reason = problem.reason if isinstance(problem, Unparsable) else "nested too deeply"
        line = problem.line if isinstance(problem, Unparsable) else 0
        hits.append(("unparsable", line, reason, Grade.REVIEW))
        skipped.update(_of_kind("tree"), _of_kind("rendered"))
    if render is None:
        skipped.update(_of_kind("rendered"))
    elif not skipped:
        try:
            # One by one: what was found before somebody gives up stays.
            for hit in rendered_hits(text, render):
                hits.append(hit)  # noqa: PERF402
        except GaveUp as gave_up:
            skipped.update(_of_kind("rendered"))
            if gave_up.by_template:
                hits.append(("large_loop", 0, gave_up.reason, Grade.REVIEW))
    findings, more = _findings(text, hits)
    return TemplateCheck(
        key=key,
        characters=len(text),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        rules=len(rules().rules) - len(skipped),
        rendered=render is not None and not _of_kind("rendered") & skipped,
        skipped=tuple(sorted(skipped)),
        findings=findings,
        more=more,
    )


def _of_kind(kind: str) -> set[str]:
    return {rule for rule, needs in rules().rules.items() if needs == kind}


def _findings(text: str, hits: Iterable[Hit]) -> tuple[tuple[TemplateFinding, ...], int]:
    """Returns one finding for each rule and line, by line, and how many more there would be."""
    lines = text.split("\n")
    most = rules().findings
    counts: Counter[str] = Counter()
    seen: set[tuple[str, int]] = set()
    found: list[TemplateFinding] = []
    more = 0
    for rule, line, detail, grade in sorted(hits, key=lambda hit: (hit[3] is Grade.NOTE, hit[1])):
        if (rule, line) in seen:
            continue
        seen.add((rule, line))
        counts[rule] += 1
        if counts[rule] > most.each or len(found) >= most.all:
            more += 1
            continue
        found.append(
            TemplateFinding(
                rule=f"template.{rule}",
                grade=grade,
                line=line,
                excerpt=_excerpt(lines, line, detail),
                detail=visible(shortened(detail, _EXCERPT)),
            )
        )
    return tuple(sorted(found, key=lambda one: one.line)), more


def _excerpt(lines: list[str], line: int, detail: str) -> str:
    """Returns the line, from a little before what was met, where every sign can be seen."""
    if not 0 < line <= len(lines):
        return ""
    text = lines[line - 1]
    at = max(0, text.find(detail[:20]) - 40) if detail else 0
    return visible(shortened(text[at : at + 2 * _EXCERPT].strip(), _EXCERPT))
