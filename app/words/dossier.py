"""Words for lineage, card and template checks: rows that the window and the terminal show. No Qt."""

from collections.abc import Mapping

import msgspec

from app.words.facts import fact_sources, source_words
from inspector.cards.values import Card
from inspector.dossier import TEMPLATE_KEY
from inspector.lineage.subject import NOT_OF_IT
from inspector.lineage.values import Lineage, LineageLink, Place, PlaceNode, Relation
from inspector.templates.values import Grade, TemplateCheck, TemplateFinding
from inspector.untrusted import shown, visible
from resources import table


class RuleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule's title, why to look, and what an honest template uses the same thing for."""

    title: str
    why: str
    honest: str


class DossierTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `dossier.toml`."""

    said: dict[str, str]
    problems: dict[str, str]


class LineageTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `lineage.toml`."""

    places: dict[str, str]
    relations: dict[str, str]
    doubts: dict[str, str]


class Row(msgspec.Struct, frozen=True):
    """A label, a value that may have several lines, and where it came from."""

    label: str
    value: str
    source: str = ""


def dossier_texts() -> DossierTexts:
    """Returns the words about the dossier."""
    texts: DossierTexts = table("texts/en/dossier.toml", DossierTexts)
    return texts


def rule_words(rule: str) -> RuleWords:
    """Returns the words for a rule on templates."""
    words: Mapping[str, RuleWords] = table("texts/en/templates.toml", dict[str, RuleWords])
    return words[rule]


def lineage_rows(graph: Lineage) -> list[Row]:
    """Returns a row for each place, from the file to its base models, with the link's doubts."""
    texts = _lineage_texts()
    rows = []
    for node in graph.nodes:
        links = [link for link in graph.links if link.parent == node.id]
        lines = [_name(node), *(line for link in links for line in _doubts(link))]
        label = texts.places[node.place.value]
        if node.place is Place.BASE_MODEL and links[0].relation is not Relation.UNKNOWN:
            label = f"{label}, {texts.relations[links[0].relation.value]}"
        sources = [source_words(one) for link in links for one in link.sources]
        source = "\n".join(dict.fromkeys(sources)) or fact_sources(node.name)
        rows.append(Row(label, "\n".join(lines), source))
    said = dossier_texts().said
    if graph.datasets:
        names = ", ".join(shown(fact.text, 120) for fact in graph.datasets[:20])
        rows.append(Row(said["datasets"], names, fact_sources(*graph.datasets[:20])))
    rows += [
        Row("", said["doubt"].format(sentence=_sentence(one.code, one.context)))
        for one in graph.doubts
    ]
    return rows


def place_names() -> Mapping[str, str]:
    """Returns what the steps of a lineage are called."""
    return _lineage_texts().places


def doubt_about_card(graph: Lineage) -> str:
    """Returns why the card beside a file may be another model's; empty where nothing says so."""
    found = (one for one in graph.doubts if one.code in NOT_OF_IT)
    return next((_sentence(one.code, one.context) for one in found), "")


def template_heading(check: TemplateCheck) -> str:
    """Returns the name of a template."""
    said = dossier_texts().said
    if check.key == TEMPLATE_KEY:
        return said["template"]
    return said["template_named"].format(key=shown(check.key.removeprefix(f"{TEMPLATE_KEY}.")))


def template_summary(check: TemplateCheck) -> str:
    """Returns in one line what the rules found; never that a template is good."""
    said, count = dossier_texts().said, len(check.to_review) + check.more
    if not count:
        first = said["review_none"].format(rules=check.rules)
    else:
        form = said["review_one"] if count == 1 else said["review_some"]
        first = form.format(count=count, rules=check.rules)
    parts = [first, said["tried"] if check.rendered else said["not_tried"]]
    if check.skipped:
        parts.append(said["skipped"].format(count=len(check.skipped)))
    return "; ".join(parts)


def finding_row(finding: TemplateFinding) -> Row:
    """Returns a finding: where, what, the place itself, why to look, and what is honest about it."""
    said, words = dossier_texts().said, rule_words(finding.rule)
    where = said["line"].format(line=finding.line) if finding.line else said["whole"]
    grade = said["review"] if finding.grade is Grade.REVIEW else said["note"]
    lines = [f"{words.title} ({grade})"]
    lines += [one for one in (finding.detail, finding.excerpt) if one and one != words.title]
    lines += [said["why"].format(why=words.why), said["honest"].format(honest=words.honest)]
    return Row(where, "\n".join(dict.fromkeys(lines)))


def template_rows(check: TemplateCheck) -> list[Row]:
    """Returns the summary of a check and its findings."""
    said = dossier_texts().said
    rows = [Row("", template_summary(check)), *map(finding_row, check.findings)]
    if check.more:
        rows.append(Row("", said["more"].format(count=check.more)))
    return rows


def card_rows(card: Card) -> list[Row]:
    """Returns how full a card is, and what is wrong with its front matter."""
    texts = dossier_texts()
    said = texts.said
    placeholders = sum(slot.placeholder for slot in card.slots)
    filled = said["card_filled"].format(filled=card.filled, slots=len(card.slots))
    lines = [filled, said["beside"]]
    if placeholders:
        lines.append(said["card_placeholders"].format(count=placeholders))
    if card.cut:
        lines.append(said["card_cut"])
    for problem in card.front.problems[:5]:
        sentence = texts.problems[problem.code].format(detail=problem.detail)
        line = f" ({said['line'].format(line=problem.line)})" if problem.line else ""
        lines.append(said["card_problem"].format(sentence=sentence) + line)
    return [Row(shown(card.document, 60), "\n".join(lines), f"SHA-256 {card.sha256}")]


def _lineage_texts() -> LineageTexts:
    texts: LineageTexts = table("texts/en/lineage.toml", LineageTexts)
    return texts


def _name(node: PlaceNode) -> str:
    said = dossier_texts().said
    name, repository = visible(shown(node.name.text, 200)), node.repository
    if name and repository and repository != name:
        return said["in_repository"].format(name=name, repository=repository)
    return name or repository or said["unknown"]


def _doubts(link: LineageLink) -> list[str]:
    said = dossier_texts().said
    return [said["doubt"].format(sentence=_sentence(one.code, one.context)) for one in link.doubts]


def _sentence(code: str, context: Mapping[str, str | int | float]) -> str:
    told = {
        key: shown(value, 160) if isinstance(value, str) else value
        for key, value in context.items()
    }
    return _lineage_texts().doubts[code].format_map(told)
