"""What must hold for any findings at all."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Link, Terms, Tile, tile
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.load import frameworks
from inspector.frameworks.shapes import Kind

KEYS = sorted(stack().keys)
BY_ID = {one.id: one for one in frameworks()}
MOF = BY_ID["mof-1.1"]
CLASS_ORDER = {0: 0, 3: 1, 2: 2, 1: 3}
LICENCES = [
    "apache-2.0",
    "mit",
    "cc-by-4.0",
    "llama3.1",
    "bigcode-openrail-m",
    "",
    "other",
    "nobody's",
]


@st.composite
def some_findings(draw):
    made = []
    for key in draw(st.sets(st.sampled_from(KEYS), max_size=30)):
        terms = draw(st.sampled_from(list(Terms)))
        made.append(
            Finding(
                part=key,
                availability=draw(st.sampled_from(list(Availability))),
                terms=terms,
                licence="" if terms is Terms.UNKNOWN else draw(st.sampled_from(LICENCES)),
                link=Link.END_MODEL,
            )
        )
    return Findings("drawn", made)


def opened(key):
    return Finding(
        part=key, availability=Availability.PUBLIC, terms=Terms.OPEN, licence="apache-2.0", link=Link.END_MODEL
    )  # fmt: skip


def test_unknown_is_never_closed():
    for terms in Terms:
        assert tile(Availability.UNKNOWN, terms) is Tile.UNKNOWN
    for availability in Availability:
        for terms in Terms:
            closed = tile(availability, terms) is Tile.CLOSED
            assert closed == (availability is Availability.NOT_RELEASED)


@given(some_findings())
@settings(max_examples=30, deadline=None)
def test_an_unknown_part_says_the_same_as_none(found):
    padded = Findings("padded", [*(Finding(part=key) for key in KEYS), *found])
    for framework in BY_ID.values():
        assert evaluate(framework, padded).reading == evaluate(framework, found).reading


@given(some_findings(), st.sampled_from(KEYS))
@settings(max_examples=30, deadline=None)
def test_an_open_finding_never_lowers_a_class_or_a_step(found, key):
    more = Findings("more", [*(one for one in found if one.part != key), opened(key)])
    before, after = evaluate(MOF, found), evaluate(MOF, more)
    assert CLASS_ORDER[after.klass] >= CLASS_ORDER[before.klass]
    for framework in BY_ID.values():
        old, new = evaluate(framework, found), evaluate(framework, more)
        if framework.kind is Kind.SCORE:
            assert new.score_range[0] >= old.score_range[0] - 1e-9
        if framework.kind is Kind.GRADIENT and old.level is not UNSET:
            assert new.level >= old.level


@given(some_findings())
@settings(max_examples=30, deadline=None)
def test_the_class_lies_within_its_range(found):
    order = {
        MOF.texts["not_met"]: 0,
        MOF.texts["not_shown"]: 0,
        **{MOF.texts[str(k)]: 4 - k for k in (1, 2, 3)},
    }
    verdict = evaluate(MOF, found)
    assert order[verdict.worst] <= order[verdict.reading] <= order[verdict.best]


@given(some_findings())
@settings(max_examples=25, deadline=None)
def test_a_range_of_one_point_says_what_the_verdict_says(found):
    for framework in BY_ID.values():
        verdict = evaluate(framework, found)
        if (
            framework.kind in {Kind.CLASS, Kind.GRADIENT, Kind.BADGE}
            and verdict.worst == verdict.best
        ):
            assert verdict.reading == verdict.worst
