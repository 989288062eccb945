"""The Model Openness Framework: components, three classes, and progress towards each.

`grade` is the rule. It works on the state of each component, whether that comes from findings
(`evaluate`), from a release file read as we read licences (`of_release`), or from one read exactly
as the public tool does, its defects included (`of_release(…, exact=True)`).
"""

from collections.abc import Mapping
from enum import StrEnum

from inspector.findings.values import Availability, Finding, Findings, Terms
from inspector.frameworks.licences import licences
from inspector.frameworks.mof_file import Entry, Release
from inspector.frameworks.shapes import Answer, Component, Framework
from inspector.frameworks.verdict import Line, Verdict

REPORT, PAPER = 11, 21
"""A research paper may stand for the technical report; the rule names both by their numbers."""

TOOLS_FIRST = 15
"""What the public tool takes an entry for whose name it doesn't know: the first of its list."""

_TOOLS_NOTHING = frozenset({"", "0", "unlicensed"})
"""What is no licence to the public tool, whose language holds a nought for nothing."""


class State(StrEnum):
    """What is held of one component."""

    INCLUDED = "included"
    INVALID = "invalid"
    UNLICENSED = "unlicensed"
    MISSING = "missing"
    UNKNOWN = "unknown"


States = Mapping[int, State]

_ANSWERS = {
    State.INCLUDED: Answer.MET,
    State.INVALID: Answer.NOT_MET,
    State.UNLICENSED: Answer.NOT_MET,
    State.MISSING: Answer.NOT_MET,
    State.UNKNOWN: Answer.UNKNOWN,
}


def grade(framework: Framework, states: States) -> tuple[int, dict[int, float]]:
    """Returns the class, 0 for none, and the progress towards each class in per cent.

    A class counts nothing until every class below it is complete. The research paper fills the
    technical report's place in Classes III and II, and Class I then asks for one component less.
    """
    included = {key for key, state in states.items() if state is State.INCLUDED}
    paper_stands_in = REPORT not in included and PAPER in included
    needed: set[int] = set()
    progress = {3: 0.0, 2: 0.0, 1: 0.0}
    reached = 0
    for klass in (3, 2, 1):
        needed |= {one.id for one in framework.component if one.required and one.klass == klass}
        counted = included & needed
        total = len(needed)
        if paper_stands_in:
            if klass == 1:
                total -= 1
            else:
                counted = counted | {PAPER}
        progress[klass] = min(100.0, len(counted) / total * 100)
        if len(counted) < total:
            break
        reached = klass
    return reached, progress


def of_release(framework: Framework, release: Release, *, exact: bool = False) -> dict[int, State]:
    """Returns the state of each component of a release file.

    Args:
        framework: the rule set with its components.
        release: the file's content.
        exact: judges licence strings as the public tool does: by exact identifier, with its gaps.
    """
    entries = _entries(framework, release, exact=exact)
    states = {}
    for component in framework.component:
        entry = entries.get(component.id)
        if entry is None:
            states[component.id] = State.MISSING
            continue
        licence = _licence(release, entry, component.type, exact=exact)
        if exact:
            is_open = licences().exact(licence)[0]
            states[component.id] = (
                State.INCLUDED if is_open else State.INVALID if licence else State.UNLICENSED
            )
        else:
            states[component.id] = _state_by_terms(licences().terms(licence), State.INVALID)
    return states


def _entries(framework: Framework, release: Release, *, exact: bool) -> dict[int, Entry]:
    """Returns the entry of each component that a release lists; of two for one, the later."""
    numbers = {one.name: one.id for one in framework.component}
    found: dict[int, Entry] = {}
    for entry in release.components:
        number = numbers.get(entry.name, TOOLS_FIRST if exact else None)
        if number is not None:
            found[number] = entry
    return found


def _licence(release: Release, entry: Entry, content: str, *, exact: bool) -> str:
    """Returns the licence that holds for an entry; empty where there is none."""
    if not exact:
        return release.resolved(entry, content)
    if entry.license is not None:
        return "" if entry.license in _TOOLS_NOTHING else entry.license
    named = (release.license.get(kind, "") for kind in (content, "distribution"))
    # Only a nought is passed over on the way down; "unlicensed" for a whole release ends it.
    first = next((one for one in named if one not in {"", "0"}), "")
    return "" if first in _TOOLS_NOTHING else first


def evaluate(framework: Framework, findings: Findings) -> Verdict:
    """Returns the class that the findings show."""
    found = {one.id: findings.get(*one.parts) for one in framework.component}
    states = {one.id: _state(found[one.id], one) for one in framework.component}
    licence_of = {key: one.licence for key, one in found.items()}
    return verdict(framework, states, licence_of)


def evaluate_release(framework: Framework, release: Release, *, exact: bool = False) -> Verdict:
    """Returns the class of a release file, `exact` as the public tool would."""
    entries = _entries(framework, release, exact=exact)
    licence_of = {
        one.id: _licence(release, entries[one.id], one.type, exact=exact)
        for one in framework.component
        if one.id in entries
    }
    states = of_release(framework, release, exact=exact)
    return verdict(framework, states, licence_of, exact=exact)


def verdict(
    framework: Framework, states: States, licence_of: Mapping[int, str], *, exact: bool = False
) -> Verdict:
    """Returns the class, what decided it, and its range; `exact` types licences as the tool does."""
    klass, progress = grade(framework, states)
    best, _ = grade(framework, _suppose(states, State.INCLUDED))
    worst, _ = grade(framework, _suppose(states, State.MISSING))
    lines = tuple(
        _line(framework, one, states, licence_of, exact=exact) for one in framework.component
    )
    following = klass - 1 if klass else 3
    missing = tuple(
        one.label
        for one, component in zip(lines, framework.component, strict=True)
        if component.required and component.klass >= following and one.answer is not Answer.MET
    )
    texts = framework.texts
    not_met = texts["not_met" if best == 0 else "not_shown"]
    return Verdict(
        framework=framework.id,
        title=framework.title,
        short=framework.short,
        version=framework.version,
        date=framework.date,
        kind=framework.kind,
        source=framework.source,
        about=framework.about,
        reading=texts[str(klass)] if klass else not_met,
        worst=texts[str(worst)] if worst else texts["not_met"],
        best=texts[str(best)] if best else texts["not_met"],
        decided=lines,
        missing=missing if following else (),
        next=texts[str(following)] if following else "",
        notes=framework.notes,
        klass=klass,
        progress={str(key): value for key, value in progress.items()},
        glossary=framework.glossary,
    )


def _line(
    framework: Framework,
    component: Component,
    states: States,
    licence_of: Mapping[int, str],
    *,
    exact: bool,
) -> Line:
    state, licence = states[component.id], licence_of.get(component.id, "")
    waived = component.id == REPORT and states[PAPER] is State.INCLUDED

    def read() -> Line:
        known = licences()
        suits = known.exact(licence)[1] if exact else known.find(licence).suits
        return _line_read(framework, component, state, licence, suits, waived=waived)

    return component.remembered((state, licence, waived, exact), read)


def _line_read(
    framework: Framework,
    component: Component,
    state: State,
    licence: str,
    suits: frozenset[str],
    *,
    waived: bool,
) -> Line:
    answer, note = _ANSWERS[state], "" if state is State.INCLUDED else framework.texts[state.value]
    if waived and state is not State.INCLUDED:
        answer, note = Answer.MET, framework.texts["waived"]
    elif state is State.INCLUDED and licence and component.type not in suits:
        note = framework.texts["type_warning"]
    return Line(
        id=str(component.id),
        label=component.name,
        answer=answer,
        parts=component.parts,
        group=framework.texts[str(component.klass)],
        value=licence,
        note=note,
        optional=not component.required,
    )


def _state(finding: Finding, component: Component) -> State:
    """Returns the state that a finding stands for; the framework doesn't look at gates.

    A document that is there in part may be enough: the framework lets one document hold another.
    """
    if finding.availability is Availability.UNKNOWN:
        return State.UNKNOWN
    if finding.availability is Availability.PARTLY and component.type == "document":
        return State.UNKNOWN
    if finding.availability not in {Availability.PUBLIC, Availability.GATED}:
        return State.MISSING
    return _state_by_terms(finding.terms, State.UNKNOWN)


def _state_by_terms(terms: Terms, not_known: State) -> State:
    return {
        Terms.OPEN: State.INCLUDED,
        Terms.RESTRICTED: State.INVALID,
        Terms.NONE_STATED: State.UNLICENSED,
        Terms.UNKNOWN: not_known,
    }[terms]


def _suppose(states: States, instead: State) -> States:
    return {key: instead if one is State.UNKNOWN else one for key, one in states.items()}
