"""A model's licences in words: the same lines for the window and the command line. Knows no Qt."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from app.words.facts import fact_sources, settle_words, source_words
from inspector.facts import Source
from inspector.licences.catalogue import Answered, Licence, ReadHow, Sign, Topic
from inspector.licences.documents import LicenceText
from inspector.licences.left_out import OF_ANOTHER
from inspector.licences.names import How, title_of
from inspector.licences.parts import Part
from inspector.licences.policy import PolicyText
from inspector.licences.questions import Answer
from inspector.licences.report import Basis, Finding, LicenceReport, Link, PartReport
from inspector.untrusted import shown
from resources import table

_LONGEST = 200
_ENTRY = 300
_SHORT = 24
"""Characters of a document's name above a fold, which sets the narrowest width."""


class LicenceTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `licences.toml`."""

    topics: dict[str, str]
    signs: dict[str, str]
    parts: dict[str, str]
    questions: dict[str, str]
    answers: dict[str, str]
    reasons: dict[str, str]
    read: dict[str, str]
    findings: dict[str, str]
    relations: dict[str, str]
    places: dict[str, str]
    said: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """What a licence says of one topic.

    Attributes:
        sign: whether it allows it.
        clause: where it says so, as a word; empty where the text was not read.
        source: what the reading rests on; for a tooltip.
    """

    sign: Sign
    title: str
    says: str
    clause: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One of the four questions with its answer and the reason for it."""

    title: str
    answer: Answered
    said: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A sentence to judge; `disagrees` where two places contradict each other."""

    said: str
    source: str
    disagrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageRow:
    """A model of the lineage: what it is, what it states, and where that came from."""

    model: str
    relation: str
    said: str
    source: str


def licence_texts() -> LicenceTexts:
    """Returns the words about licences."""
    texts: LicenceTexts = table("texts/en/licences.toml", LicenceTexts)
    return texts


def heading(report: LicenceReport) -> str:
    """Returns the name of what the weights are under, or that it is not known."""
    weights, said = report.part(Part.WEIGHTS), licence_texts().said
    if weights.licences and weights.licences == weights.named.ids:
        return weights.named.title
    if weights.licences:
        return ", ".join(title_of(one) for one in weights.licences)
    if weights.named.title:
        return weights.named.title
    if (
        report.texts_of(Part.WEIGHTS)
        or weights.label.stated.is_known
        or weights.label.name.is_known
    ):
        return said["unknown_licence"]
    return said["no_licence"]


def explanation(report: LicenceReport) -> str:
    """Returns the sentence for a licence that is absent, not told or not read; empty for any other."""
    weights, said = report.part(Part.WEIGHTS), licence_texts().said
    lists = [one.reading.of for one in weights.assessed if one.reading.how is ReadHow.LIST]
    if lists:
        return said["only_listed"].format(of=", ".join(lists))
    if weights.licences or report.texts_of(Part.WEIGHTS):
        return ""
    if weights.named.how is How.NOTHING:
        return said["no_licence_why"]
    is_nameless = weights.named.how is How.UNTOLD and not weights.label.name.is_known
    return said["untold_why"] if is_nameless else ""


def identified_by(report: LicenceReport) -> tuple[tuple[str, str], ...]:
    """Returns label, text and notice, a line each with its source: three facts, kept apart."""
    said, label = licence_texts().said, report.part(Part.WEIGHTS).label
    stated = [shown(one.text, _LONGEST) for one in (label.stated, label.name) if one.is_known]
    value = " · ".join(stated)
    fact = label.stated if label.stated.is_known else label.name
    told = said["label_none"]
    if value and fact.source is not None:
        place = licence_texts().places[fact.source.kind.value]
        told = said["label"].format(place=place, value=value)
    lines = [(told, fact_sources(fact))]
    if label.link.is_known:
        address = shown(label.link.text, _LONGEST)
        lines.append((said["link"].format(address=address), fact_sources(label.link)))
    for part in report.parts:
        lines += [_text_line(text, part.part) for text in report.texts_of(part.part)]
    if not report.texts_of(Part.WEIGHTS):
        lines.append((said["text_none"], ""))
    notice = report.notice
    if notice is None:
        lines.append((said["notice_none"], ""))
    else:
        document = shown(notice.source.document)
        told = said["notice"].format(document=document)
        if notice.named is not None:
            told = said["notice_names"].format(document=document, licence=notice.named.title)
        lines.append((told, source_words(notice.source)))
    return tuple(lines)


def statement_rows(licence: Licence) -> tuple[StatementRow, ...]:
    """Returns what a licence says, topic by topic; those of which it says nothing are left out."""
    return tuple(row for row in _topic_rows(licence) if row.sign is not Sign.NOT_SAID)


def silent_rows(licence: Licence) -> tuple[StatementRow, ...]:
    """Returns the topics of which a licence says nothing, each with what that means."""
    return tuple(row for row in _topic_rows(licence) if row.sign is Sign.NOT_SAID)


def _topic_rows(licence: Licence) -> Iterator[StatementRow]:
    texts = licence_texts()
    for topic in Topic:
        said = licence.statements[topic]
        yield StatementRow(
            sign=said.sign,
            title=texts.topics[topic.value],
            says=said.says,
            clause=said.clause or _instead_of_clause(licence, said.sign),
            source=read_from(licence),
        )


def _instead_of_clause(licence: Licence, sign: Sign) -> str:
    """Returns whose word a statement is where no text was read; empty where one was."""
    if licence.reading.how is not ReadHow.LIST or sign is Sign.NOT_SAID:
        return ""
    return licence_texts().said["from_list"].format(of=licence.reading.of)


def clause_words(clause: str) -> str:
    """Returns where a licence says something: `clause 1.a`, or a place that has a name."""
    if (
        not clause
        or clause.split(",", maxsplit=1)[0].isalpha()
        or (clause[0].isalpha() and " " in clause[:16])
    ):
        return clause
    return licence_texts().said["clause"].format(clause=clause)


def read_from(licence: Licence) -> str:
    """Returns how far our reading of a licence rests on its text."""
    texts, reading = licence_texts(), licence.reading
    told = texts.read[reading.how.value].format(of=reading.of)
    return f"{told} {reading.note}" if reading.note else told


def edition(licence: Licence) -> str:
    """Returns a licence's name with the version that was read, where its name hasn't it."""
    if not licence.version or licence.version in licence.title:
        return licence.title
    said = licence_texts().said["edition"]
    return said.format(title=licence.title, version=licence.version)


def policy_heading(licence: Licence) -> str:
    """Returns how many uses a licence forbids; empty where it has no list."""
    policy, said = licence.policy, licence_texts().said
    if policy is None:
        return ""
    if not policy.groups:
        return said["policy_unread"].format(title=policy.title)
    key = "policy" if len(policy.groups) > 1 else "policy_one"
    return said[key].format(count=policy.count, groups=len(policy.groups))


def policy_lines(licence: Licence) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Returns the groups of forbidden uses: title, clause, uses."""
    if licence.policy is None:
        return ()
    return tuple((one.title, one.clause, one.uses) for one in licence.policy.groups)


def policy_source(licence: Licence) -> str:
    """Returns where the list of forbidden uses stands, and whether it was read."""
    policy, texts = licence.policy, licence_texts()
    if policy is None:
        return ""
    where = texts.said["policy_where"].format(where=policy.where)
    if policy.how is ReadHow.NOT_READ:
        where = texts.read[policy.how.value].format(of=policy.where)
    return " ".join(part for part in (f"{policy.title}.", where, policy.changes) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A use policy that lies beside the file: what stands above its lists, and the lists with their lines.

    Attributes:
        lists: what leads to each list, and its entries, each with `line n`.
    """

    title: str
    source: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    note: str


def policy_rows(report: LicenceReport) -> tuple[PolicyRow, ...]:
    """Returns the use policies beside the file, as they stand."""
    return tuple(map(_policy, report.policies))


def _policy(policy: PolicyText) -> PolicyRow:
    said, document = licence_texts().said, shown(policy.source.document, _SHORT)
    key = "policy_beside" if policy.lists else "policy_no_lists"
    title = said[key].format(document=document, count=policy.count, lists=len(policy.lists))
    notes = [said["policy_beside_note"]]
    if policy.more:
        notes.append(said["policy_more"].format(count=policy.more))
    return PolicyRow(
        title=title,
        source=source_words(policy.source),
        lists=tuple(
            (_placed(one.lead, one.line), tuple(_placed(it.text, it.line) for it in one.entries))
            for one in policy.lists
        ),
        note=" ".join(notes),
    )


def _placed(text: str, line: int) -> str:
    return licence_texts().said["policy_line"].format(text=shown(text, _ENTRY), line=line)


def reservation(report: LicenceReport) -> str:
    """Returns why the licence that is told of is not simply this file's: a key of words, or nothing.

    `disputed`: places contradict each other. `unread`: a label says so, and the text beside it nobody knows. `perhaps`: all there is is a text beside another model's card.
    `changed`: the text here is a licence's with changes, and what was changed nobody has assessed.
    """
    if any(one.disagrees for one in report.findings):
        return "disputed"
    weights, texts = report.part(Part.WEIGHTS), report.texts_of(Part.WEIGHTS)
    if not texts or not texts[0].match.words:
        return ""
    if weights.basis is Basis.LABEL:
        return "unread"
    if weights.basis is Basis.NOTHING:
        return ""
    if weights.basis is Basis.TEXT and any(one.code == OF_ANOTHER for one in report.findings):
        return "perhaps"
    return "changed" if texts[0].match.relation == "changed" else ""


def questions_heading(report: LicenceReport) -> str:
    """Returns what stands above the four answers: by which licence, and with which reservation."""
    said, why = licence_texts().said, reservation(report)
    if not why:
        return said["questions"]
    return said[f"questions_{why}"].format(licence=heading(report))


def question_rows(part: PartReport) -> tuple[QuestionRow, ...]:
    """Returns the four questions on one part."""
    texts = licence_texts()
    return tuple(
        QuestionRow(
            title=texts.questions[one.question.value],
            answer=one.answer,
            said=texts.answers.get(f"{one.question.value}.{one.reason}", texts.answers[one.answer]),
            why=_reason(one),
        )
        for one in part.answers
    )


def part_words(part: PartReport) -> str:
    """Returns which licence one part has, by its text or its label: `Code: MIT License`."""
    told = ", ".join(map(title_of, part.licences))
    if part.licences == part.named.ids:
        told = part.named.title
    return f"{licence_texts().parts[part.part.value]}: {told or part.named.text}"


def told_parts(report: LicenceReport) -> tuple[PartReport, ...]:
    """Returns the parts other than the weights of which a label or a text says something."""
    others = (one for one in report.parts if one.part is not Part.WEIGHTS)
    return tuple(one for one in others if one.licences or one.label.stated.is_known)


def part_source(part: PartReport) -> str:
    """Returns where a part's licence was read."""
    lines = [*map(source_words, part.label.stated.sources), *(shown(one) for one in part.texts)]
    return "\n".join(dict.fromkeys(lines))


def silent_parts(report: LicenceReport) -> str:
    """Returns the sentence on the parts whose licence nothing names; empty where there are none."""
    texts = licence_texts()
    told = {Part.WEIGHTS, *(one.part for one in told_parts(report))}
    others = [texts.parts[one.part.value] for one in report.parts if one.part not in told]
    return texts.said["others_unknown"].format(parts=", ".join(others)) if others else ""


def finding_rows(report: LicenceReport) -> tuple[FindingRow, ...]:
    """Returns what a person should look at, contradictions first."""
    ordered = sorted(report.findings, key=lambda one: not one.disagrees)
    return tuple(
        FindingRow(
            said=finding_words(one),
            source="\n".join(dict.fromkeys(map(source_words, one.sources))),
            disagrees=one.disagrees,
        )
        for one in ordered
    )


def lineage_rows(report: LicenceReport) -> tuple[LineageRow, ...]:
    """Returns the models that this one comes from, with what they state."""
    return tuple(_lineage(link) for link in report.lineage)


def passages(text: LicenceText) -> tuple[str, ...]:
    """Returns where a text differs from the known one, the longest stretches first."""
    said = licence_texts().said
    document = shown(text.source.document)
    return tuple(
        said["beyond" if one.words else "joint"].format(
            document=document, line=one.line, excerpt=shown(one.excerpt, 300)
        )
        for one in text.match.passages
    )


# ---- their parts ------------------------------------------------------------------------------


def _text_line(text: LicenceText, part: Part) -> tuple[str, str]:
    texts, found = licence_texts(), text.match
    said = texts.said
    document = shown(text.source.document)
    key = "text_same" if found.identifies else "text_near" if found.licence else "text_unknown"
    told = said[key].format(
        document=document, licence=title_of(found.licence), share=_percent(found.found)
    )
    if part is not Part.WEIGHTS:
        told = said["text_part"].format(text=told, part=texts.parts[part.value].lower())
    return told, "\n".join(filter(None, (source_words(text.source), found.source)))


def _reason(answer: Answer) -> str:
    reasons = licence_texts().reasons
    code = f"{answer.question.value}.{answer.reason}"
    sentence = reasons.get(code) or reasons[answer.reason]
    if answer.detail:
        return sentence.format(detail=answer.detail)
    # Where the text was not read there is no clause to name.
    return sentence.partition(" Clause")[0]


def finding_words(finding: Finding) -> str:
    """Returns what a person should look at, in a sentence."""
    texts = licence_texts()
    context = {key: shown(value, _LONGEST) for key, value in finding.context.items()}
    if finding.code.startswith("lineage_differs"):
        clause = context["clause"]
        context["clause"] = texts.said["by_clause"].format(clause=clause) if clause else ""
        context["day"] = _day(context["day"])
    return texts.findings[finding.code].format_map(context)


def _day(day: str) -> str:
    """Returns `2026-11-21` as people write it."""
    if not day:
        return ""
    date = datetime.date.fromisoformat(day)
    return f"{date.day} {date:%B %Y}"


def _percent(share: float) -> str:
    """Returns a share in hundredths, to the tenth, and never rounded up to the whole."""
    tenths = int(1000 * share)
    return f"{tenths / 10:g}"


def _lineage(link: Link) -> LineageRow:
    texts = licence_texts()
    sources: Iterator[Source] = iter(link.stated.sources)
    if link.named is not None:
        told = link.named.title or shown(link.stated.text, _LONGEST)
        said = texts.said["says"].format(licence=told)
    elif link.listed:
        said = texts.said["listed"].format(licence=title_of(link.listed), day=_day(link.listed_on))
    else:
        said = texts.said["unread"]
    lines = [source_words(one) for one in sources]
    if link.named is None:
        lines.append(settle_words(link.stated.settle))
    return LineageRow(
        model=shown(link.model, _LONGEST),
        relation=texts.relations.get(link.relation, link.relation),
        said=said,
        source="\n".join(filter(None, lines)),
    )
