"""What a report says of runs: the answers, which nobody makes again, and what of each can be looked at."""

from collections.abc import Iterator

from inspector.report.bench import figures
from inspector.report.recipes import answers_of, model_said, recipes
from inspector.report.rules import BENCH
from inspector.report.statement import Area, Basis, Statement, statement
from inspector.report.values import Content

_ABOUT = 120


def run_statements(content: Content) -> Iterator[Statement]:
    """Yields what is said of chosen turns, of answers kept as evidence, and of benches."""
    yield from _runs(content)
    yield from _benches(content)


def _runs(content: Content) -> Iterator[Statement]:
    """Yields what can't be looked at, the answers, and what can: of which file they were, and how."""
    for number, run in enumerate(content.runs):
        yield statement(f"run:{number}", Area.RUNS, run.question[:_ABOUT], run.answer, Basis.RUN)
    for judged in content.judged:
        for number, answer in enumerate(answers_of(judged)):
            about, said = str(answer.get("question") or ""), str(answer.get("answer") or "")
            key = f"judged:{judged.claim}:{number}"
            yield statement(key, Area.RUNS, about[:_ABOUT], said, Basis.RUN)
    for claim in content.claims_here:
        says = f"{claim.verdict}: {claim.reason}"
        yield statement(f"claim-here:{claim.id}", Area.RUNS, claim.id, says, Basis.RUN)
    for key, about, recipe in recipes(content):
        area = Area.BENCH if key.startswith("bench:") else Area.RUNS
        says, by_bytes = model_said(recipe)
        basis = Basis.BYTES if by_bytes else Basis.HEADER
        yield statement(f"{key}:model", area, about[:_ABOUT], says, basis)
        if template := str(recipe.get("template_sha256") or ""):
            yield statement(f"{key}:template", area, about[:_ABOUT], template, Basis.HEADER)


def _benches(content: Content) -> Iterator[Statement]:
    for number, bench in enumerate(content.benches):
        key, about = f"bench:{number}", bench.prompts
        basis = Basis.REPORT if bench.own or bench.published else Basis.SET
        yield statement(f"{key}:set", Area.BENCH, about, bench.prompts_sha256, basis)
        yield statement(f"{key}:figures", Area.BENCH, about, figures(bench), Basis.REPORT, BENCH)
        told = f"{len(bench.answers)} answers"
        yield statement(f"{key}:answers", Area.BENCH, about, told, Basis.RUN)
