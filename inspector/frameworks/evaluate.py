"""Finds the evaluator for a framework's kind."""

from collections.abc import Callable

from inspector.findings.values import Findings
from inspector.frameworks.kinds import badge, binary, checklist, classes, coverage, gradient, score
from inspector.frameworks.shapes import Framework, Kind
from inspector.frameworks.verdict import Verdict

Evaluator = Callable[[Framework, Findings], Verdict]

EVALUATORS: dict[Kind, Evaluator] = {
    Kind.CLASS: classes.evaluate,
    Kind.BINARY: binary.evaluate,
    Kind.SCORE: score.evaluate,
    Kind.GRADIENT: gradient.evaluate,
    Kind.BADGE: badge.evaluate,
    Kind.COVERAGE: coverage.evaluate,
    Kind.CHECKLIST: checklist.evaluate,
}


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns what `framework` says of `findings`."""
    return EVALUATORS[framework.kind](framework, findings)
