"""Rules for a person: what is to be judged, with what the card or the header says to it."""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.numbers import told
from inspector.claims.template import TEMPLATE_KEY
from inspector.claims.values import Claim, Grade, Verdict
from inspector.lineage.values import Place

_FORMAT = re.compile(
    r"(?i)\b(?:function[- ]call\w*|tool[- ](?:use|call\w*)|structured output)\b|(?<![\w.])(?-i:JSON)\b"
)
_TOOLS = re.compile(r"(?i)function|tool")
_TAKES_TOOLS = re.compile(r"\b(?:tools|tool_calls|functions|builtin_tools|available_tools)\b")
_PLAIN = frozenset({"F32", "F16", "BF16"})


def long_context(maker: Maker) -> Iterator[Claim]:
    """CTXLIVE: whether a text is found again far back."""
    length = maker.case.summary.context_trained
    if not length.number:
        yield maker.claim(Verdict.CANNOT, "no_header", Grade.CARD, evidence=(length,))
        return
    yield maker.claim(
        Verdict.PERSON, "to_try", Grade.HEADER, evidence=(length,), file=told(length.number)
    )


def requantised(maker: Maker) -> Iterator[Claim]:
    """REQUANT: whether quantising the parent again gives these tensors."""
    case = maker.case
    label = case.summary.quantisation
    ends = [node for node in case.lineage.at(Place.END_MODEL) if node.name.is_known]
    if label.text.upper() in _PLAIN:
        yield maker.claim(Verdict.NOT_STATED, "not_quantised", Grade.HEADER, evidence=(label,))
    elif not label.is_known or not ends:
        yield maker.claim(Verdict.CANNOT, "no_parent", Grade.CARD)
    else:
        called, parents = ends[0].name.text, case.lineage.named_parents
        if not case.lineage.is_own_name(ends[0]):
            reason, named = "to_redo", ends[0].repository or called
        elif parents:
            reason, named = "to_redo_base", ", ".join(parents)
        else:
            reason, named = "to_redo_called", called
        yield maker.claim(
            Verdict.PERSON,
            reason,
            Grade.HEADER,
            text=named,
            evidence=(label, ends[0].name),
            label=label.text,
            named=named,
            called=called,
        )


def refuses(maker: Maker) -> Iterator[Claim]:
    """SAFE-OVER: whether harmless questions are refused."""
    yield maker.claim(Verdict.PERSON, "to_ask")


def house_rules(maker: Maker) -> Iterator[Claim]:
    """SAFE-STYLE: whether harmless house rules are kept."""
    yield maker.claim(Verdict.PERSON, "to_ask")


def identity(maker: Maker) -> Iterator[Claim]:
    """IDENT: what the model calls itself, beside the names that the file has."""
    case = maker.case
    named = [fact for fact in (case.summary.name, case.summary.organisation) if fact.is_known]
    yield maker.claim(
        Verdict.PERSON,
        "to_ask" if named else "no_names",
        Grade.HEADER,
        text=", ".join(fact.text for fact in named),
        evidence=named,
        named=", ".join(fact.text for fact in named) or "–",
    )


def formats(maker: Maker) -> Iterator[Claim]:
    """FORMAT: whether answers keep to a form that a program can read.

    What a template can be read for is whether it has a place for tools at all.
    """
    case = maker.case
    if case.text is None:
        yield maker.no_card()
        return
    hits = case.text.search(_FORMAT)
    if not hits:
        yield maker.not_stated()
        return
    template = case.model.metadata.text(TEMPLATE_KEY)
    reason, grade, evidence = "to_ask", Grade.CARD, []
    if template is not None and any(_TOOLS.search(hit.found.group()) for hit in hits):
        named = sorted(set(_TAKES_TOOLS.findall(template)))
        reason, grade = "takes_tools" if named else "takes_no_tools", Grade.HEADER
        evidence = [case.measured(", ".join(named) or "–", f"names in {TEMPLATE_KEY}")]
    yield maker.claim(
        Verdict.PERSON, reason, grade, passages=maker.places(hits[:4]), evidence=evidence
    )
