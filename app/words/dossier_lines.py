"""The five lines of a model on one screen: what, from where, may I, what disagrees, what is unknown.

Each is made from what has been read so far, and leads to the tab that has the whole. No Qt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from app.words.claims import rule_title, template_titles
from app.words.facts import fact_texts, source_words
from app.words.licence import heading, licence_texts, reservation
from app.words.summary import parameters_in_words
from inspector.claims.applied import applied
from inspector.claims.values import ClaimReport, Verdict
from inspector.facts import SourceKind
from inspector.gguf.model import ModelKind
from inspector.inspection import Inspection
from inspector.licences.catalogue import Topic
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport, PartReport
from inspector.lineage.subject import NOT_NAMED, NOT_OF_IT
from inspector.lineage.values import Lineage, LineageLink, Place, PlaceNode, Relation
from inspector.untrusted import shown
from resources import table

WHAT, ORIGIN, USE, DISAGREES, UNKNOWN = "what", "origin", "use", "disagrees", "unknown"
LINES = (WHAT, ORIGIN, USE, DISAGREES, UNKNOWN)

_LONGEST = 80
_OPEN = frozenset({Verdict.NOT_STATED, Verdict.CANNOT, Verdict.UNKNOWN})
_NAMED = 3
_MOST_MERGED = 4
_TEMPLATE = "TMPL-RISK"
_CARD = {SourceKind.FRONT_MATTER}
_TOPICS = ("commercial", "change", "share")


class LineTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `dossier_lines.toml`."""

    titles: dict[str, str]
    tabs: dict[str, str]
    said: dict[str, str]


class Papers(Protocol):
    """Whatever has a card, if there is one, and a lineage: a dossier, or a report."""

    @property
    def card(self) -> object | None:
        """The card; None where there is none."""

    @property
    def lineage(self) -> Lineage:
        """Where the file comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierLine:
    """One line.

    Attributes:
        key: one of `LINES`.
        tab: key of the tab that it leads to.
        source: where it comes from, or nothing.
        is_known: whether it says more than that nobody knows.
    """

    key: str
    title: str
    said: str
    tab: str
    source: str = ""
    is_known: bool = True


def line_texts() -> LineTexts:
    """Returns the words of the five lines."""
    texts: LineTexts = table("texts/en/dossier_lines.toml", LineTexts)
    return texts


def line(key: str, said: str, source: str = "", *, is_known: bool = True) -> DossierLine:
    """Returns a line with its title and its tab."""
    texts = line_texts()
    return DossierLine(
        key=key,
        title=texts.titles[key],
        said=said,
        tab=texts.tabs[key],
        source=source,
        is_known=is_known,
    )


def what_line(looked: Inspection) -> DossierLine:
    """Returns what it is: name, size, numbers."""
    summary = looked.summary
    parts = [shown(summary.name.text, _LONGEST)] if summary.name.is_known else []
    if summary.kind.text != ModelKind.CHAT:
        purpose = fact_texts().purposes.get(summary.kind.text, "")
        parts += filter(None, [purpose.partition(":")[0]])
    if summary.architecture.is_known:
        parts.append(shown(summary.architecture.text, 40))
    if summary.parameters.number:
        count = parameters_in_words(summary.parameters.number)
        parts.append(fact_texts().said["parameters"].format(count=count))
    if summary.types:
        parts.append(summary.quantisation.text)
    return line(WHAT, " · ".join(parts))


def origin_line(lineage: Lineage) -> DossierLine:
    """Returns where it came from: end model and bases, with who quantised it."""
    said = line_texts().said
    parts: list[str] = []
    sources: list[str] = []
    quantiser = next((_name(node) for node in lineage.at(Place.QUANTISER) if _name(node)), "")
    unsaid = False
    for node in lineage.at(Place.END_MODEL):
        if name := _name(node):
            is_own = unsaid = lineage.is_own_name(node)
            form = said["quantised_by"] if quantiser else said["quantised_from"]
            if is_own:
                form = said["called_by"] if quantiser else said["called"]
            parts.append(form.format(name=name, who=quantiser))
            sources += _sources(lineage, node)
    differ = next((one for one in lineage.doubts if one.code == "lineage.parents_differ"), None)
    merged: list[str] = []
    for node in lineage.at(Place.BASE_MODEL):
        if name := _name(node):
            link = next((one for one in lineage.links if one.parent == node.id), None)
            if link is not None and link.relation is Relation.MERGED:
                merged.append(name)
            elif differ is None:
                parts.append(_base(link, name, is_first=not parts, is_called=unsaid))
            sources += _sources(lineage, node)
    if merged and differ is None:
        more = len(merged) - _MOST_MERGED
        told = _listed(
            merged if more < 1 else (*merged[:_MOST_MERGED], said["more"].format(more=more))
        )
        by_card = unsaid and all(
            {one.kind for one in link.sources} == _CARD
            for link in lineage.links
            if link.relation is Relation.MERGED
        )
        parts.append(said["merged_by_card" if by_card else "merged"].format(name=told))
    if differ is not None:
        named = {key: shown(str(value), _LONGEST) for key, value in differ.context.items()}
        parts.append(said["bases_differ"].format(**named))
    if not parts:
        return line(ORIGIN, said["origin_unknown"], is_known=False)
    told = f"{', '.join(parts[:4])} ({said['stated_only']})"
    if unsaid and len(parts) == 1:
        told = f"{told}; {said['made_unsaid']}"
    return line(ORIGIN, told, "\n".join(dict.fromkeys(sources)))


def use_line(report: LicenceReport) -> DossierLine:
    """Returns what the licence is, and what it makes of the three questions asked first."""
    said, weights = line_texts().said, report.part(Part.WEIGHTS)
    named = heading(report)
    if not weights.licences:
        label = [one.text for one in (weights.label.stated, weights.label.name) if one.is_known]
        stated = shown(" · ".join(label), _LONGEST)
        told = said["stated_unknown"].format(answer=named, stated=stated) if stated else named
        return line(USE, told, is_known=bool(stated or report.texts_of(Part.WEIGHTS)))
    why = reservation(report)
    form = said[why] if why else "{answer}"
    if not weights.assessed:
        return line(USE, form.format(answer=f"{named}: {said['not_assessed']}"))
    terms = said["terms"].format_map({one: _sign(weights, Topic(one)) for one in _TOPICS})
    return line(USE, form.format(answer=f"{named}: {terms}"))


def _sign(weights: PartReport, topic: Topic) -> str:
    """Returns what the licences make of one topic; where they differ, that it hangs on which one counts."""
    signs = licence_texts().signs
    every = {
        one.statements[topic].sign.value if topic in one.statements else "not said"
        for one in weights.assessed
    }
    if len(every) > 1 or len(weights.assessed) < len(weights.licences):
        return line_texts().said["depends"]
    return signs[every.pop()]


def disagrees_line(report: LicenceReport, claims: ClaimReport, lineage: Lineage) -> DossierLine:
    """Returns how many places contradict each other, by what, and how much could be compared at all."""
    said = line_texts().said
    differing = [one for one in claims.claims if one.verdict is Verdict.DIFFERS]
    # A rule that several places contradict is named once, so that it does not crowd out the others.
    titles = dict.fromkeys(rule_title(one.rule) for one in differing)
    licences = sum(one.disagrees for one in report.findings)
    unnamed = next((one.code for one in lineage.doubts if one.code in NOT_OF_IT), "")
    doubts = sum(one.code not in NOT_OF_IT for one in lineage.doubts)
    parts = [
        said["card_not_named" if unnamed == NOT_NAMED else "card_names_file"] if unnamed else "",
        _differing(list(titles)),
        _counted(licences, said["licence_disagrees_one"], said["licence_disagrees"]),
        _counted(doubts, said["doubt"], said["doubts"]),
        _template(claims),
    ]
    told = [part for part in parts if part]
    rules = applied(claims)
    waiting = ""
    if rules.unhashed:
        named = _listed(map(rule_title, rules.unhashed))
        waiting = "; " + said["unhashed"].format(titles=named)
    if not told:
        none = said["nothing_disagrees"].format(
            compared=rules.compared, person=rules.person, nothing=rules.nothing, rules=rules.total
        )
        return line(DISAGREES, none + waiting, is_known=False)
    return line(DISAGREES, ", ".join(told) + waiting)


def unknown_line(papers: Papers, report: LicenceReport, claims: ClaimReport) -> DossierLine:
    """Returns what nobody has told, of what these rules ask for."""
    said = line_texts().said
    parts = []
    if papers.card is None:
        parts.append(said["no_card"])
    named = [
        _name(node)
        for place in (Place.END_MODEL, Place.BASE_MODEL)
        for node in papers.lineage.at(place)
        if not papers.lineage.is_own_name(node)
    ]
    if not any(named):
        parts.append(said["no_base"])
    weights = report.part(Part.WEIGHTS)
    if not weights.licences and not report.texts_of(Part.WEIGHTS):
        parts.append(said["no_licence"])
    if not papers.lineage.datasets:
        parts.append(said["no_data"])
    count = sum(one.verdict in _OPEN for one in claims.claims)
    if count:
        parts.append(said["claims_open"].format(count=count))
    if not parts:
        return line(UNKNOWN, said["nothing_unknown"])
    return line(UNKNOWN, _listed(parts), is_known=False)


def _base(link: LineageLink | None, name: str, *, is_first: bool, is_called: bool) -> str:
    """Returns what a base model is to the file; `is_called` where a header's word came before it."""
    said = line_texts().said
    relation = link.relation if link else Relation.UNKNOWN
    if relation is Relation.ADAPTER:
        return said["adapter"].format(name=name)
    if is_called and link is not None and {one.kind for one in link.sources} == _CARD:
        # The sentence began with the header; what follows is not its word.
        return said["base_by_card"].format(name=name)
    if not is_first:
        return said["base"].format(name=name)
    if relation is Relation.QUANTISED:
        return said["quantised_from"].format(name=name)
    if relation is Relation.CONVERTED:
        return said["converted_from"].format(name=name)
    return said["made_from"].format(name=name)


def _name(node: PlaceNode) -> str:
    return node.repository or (shown(node.name.text, _LONGEST) if node.name.is_known else "")


def _sources(lineage: Lineage, node: PlaceNode) -> list[str]:
    links = [source for one in lineage.links if one.parent == node.id for source in one.sources]
    return [source_words(source) for source in (*links, *node.name.sources)]


def _differing(titles: list[str]) -> str:
    """Returns which claims differ from the file; the first of them by name."""
    said = line_texts().said
    if not titles:
        return ""
    more = len(titles) - _NAMED
    named = _listed(titles[:_NAMED]) if more <= 0 else ", ".join(titles[:_NAMED])
    form = said["differ"] if more <= 0 else said["differ_more"]
    return form.format(titles=named, more=more)


def _template(claims: ClaimReport) -> str:
    """Returns what a person should look at in the chat templates, by the rules that met it."""
    met = [title for one in claims.of(_TEMPLATE) for title in template_titles(one)]
    return line_texts().said["template"].format(met=_listed(dict.fromkeys(met))) if met else ""


def _counted(count: int, one: str, several: str) -> str:
    if not count:
        return ""
    return one if count == 1 else several.format(count=count)


def _listed(parts: Iterable[str]) -> str:
    every, joint = list(parts), line_texts().said["and"]
    return f" {joint} ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)
