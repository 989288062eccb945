"""What a check tells of a report's statements, in words that the report itself uses. Knows no Qt."""

from collections.abc import Iterable

from app.words.card import card_texts
from app.words.claims import rule_title, sentence, verdict_word
from app.words.dossier import place_names
from app.words.facts import fact_texts
from app.words.licence import finding_words, licence_texts
from app.words.openness import openness_words, said_of
from app.words.report import report_words
from app.words.safeguards import safeguard_texts
from inspector.claims.rules import rules
from inspector.claims.values import Claim
from inspector.findings.stack import stack
from inspector.findings.values import Finding, Link
from inspector.report.compare import Checked
from inspector.report.recipes import answers_of
from inspector.report.statement import Area
from inspector.report.values import FOREBEAR, Content, Document
from inspector.untrusted import shown

PAIR = ("report.json", "report.html")
"""The two files that a report is, as they are called where nobody called them otherwise."""

_QUOTED = 120


class CheckedWords:
    """Names the statements of a report, and says what they said then and say now.

    Args:
        report: what was checked.
        present: a report made of the same file today.
    """

    def __init__(self, report: Content, present: Content) -> None:
        self._then, self._now = _told(report), _told(present)
        licences = (report.licence, present.licence)
        self._findings = {
            f"licence-finding:{one.code}:{sorted(one.context.items())}": finding_words(one)
            for licence in licences
            for one in licence.findings
        }

    def name(self, one: Checked) -> str:
        """Returns what a statement is of: `Parameters`, not `PARAMS`."""
        if found := self._findings.get(one.id):
            return found
        rule, _, rest = one.about.partition("/")
        if one.area in {Area.CLAIMS, Area.REVIEWS, Area.RUNS} and rule.partition("@")[0] in rules():
            title = rule_title(rule.partition("@")[0])
            which = one.about.partition("@")[2] or rest
            return f"{title} ({which})" if which else title
        if one.area is Area.LICENCE:
            part, _, question = one.about.partition(", ")
            texts = licence_texts()
            words = (texts.parts.get(part, part), texts.questions.get(question, question))
            return ": ".join(filter(None, words))
        if one.area in {Area.FINDINGS, Area.REVIEWS} and one.about in stack().keys:
            return stack().name(one.about).replace("\n", " ")
        if one.area is Area.SAFEGUARDS:
            return safeguard_texts().names.get(one.about, one.about).replace("\n", " ")
        if one.area is Area.FACTS:
            return fact_texts().labels.get(one.about, one.about)
        if one.area is Area.DOCUMENTS:
            return card_texts().slots.get(one.about, one.about)
        if one.area is Area.LINEAGE:
            return " ".join(map(_place, one.about.split(" ")))
        return one.about

    def said(self, one: Checked) -> str:
        """Returns what the report says."""
        return self._then.get(one.id) or one.said

    def now(self, one: Checked) -> str:
        """Returns what is so now; empty where that was not looked at."""
        return (self._now.get(one.id, "") if one.now else "") or one.now


def _place(node: str) -> str:
    """Returns a step of the lineage by its name, where a word is the id of one."""
    names = {"end": "end_model", "base": "base_model"}
    first = node.partition(".")[0]
    return place_names().get(names.get(first, first), node)


def parcel_words(content: Content, files: Iterable[str] = PAIR) -> str:
    """Returns what to hand over with a report, so that whoever gets it can check all of it.

    Args:
        content: what the report says.
        files: the names of its own two files.
    """
    said = report_words().said
    papers = [_paper(one, content) for one in content.documents]
    every = [*files, *(one.name for one in content.files), *papers]
    form = said["parcel" if papers else "parcel_alone"]
    return form.format(files=", ".join(map(shown, every)))


def _paper(one: Document, content: Content) -> str:
    """Returns what a paper is called; one that lay not beside the file, with where it is to be had."""
    said = report_words().said
    if one.kind == FOREBEAR:
        return said["parcel_forebear"].format(name=one.name)
    if one.revision:
        return said["parcel_kept"].format(name=one.name, revision=one.revision[:12])
    return one.name


def left_out_words(names: Iterable[str]) -> str:
    """Returns which papers were not copied beside a report, and why that may be."""
    told = ", ".join(map(shown, names))
    return report_words().said["papers_left"].format(papers=told)


def own_words(content: Content) -> str:
    """Returns what of a person's own is in a report, counted; empty where there is nothing."""
    words, counts = (
        report_words().window,
        {
            "put_judged": len(content.judged),
            "put_reviews": len(content.reviews),
            "put_worksheet": len(content.worksheet),
            "put_benches": len(content.benches),
            "put_recorded": len(content.runs_seen),
        },
    )
    told = [words[key].format(count=count) for key, count in counts.items() if count]
    said = report_words().said
    if answers := sum(len(answers_of(one)) for one in content.judged):
        told.append(said["own_answers"].format(count=answers))
    if (own := content.conclusion) is not None:
        # Kept by the file's bytes: it may have been written beside other papers, so its words are shown.
        text = shown(" ".join(own.text.split()), _QUOTED)
        name = shown(own.reviewer, _QUOTED)
        told.append(said["own_conclusion"].format(said=": ".join(filter(None, (name, text)))))
    return said["holds_own"].format(what="; ".join(told)) if told else ""


def _told(content: Content) -> dict[str, str]:
    """Returns what claims and findings say in words, by the ids of their statements."""
    reports = (content.claims, *content.claims_of_forebears)
    told = {f"claim:{one.id}": _claim_said(one) for report in reports for one in report.claims}
    read = content.openness
    held = [*(row.finding for row in read.rows if not row.ours), *read.items]
    return told | {f"finding:{one.part}": _finding_said(one) for one in held}


def _finding_said(one: Finding) -> str:
    """Returns both values of a finding, and of what it is said where anything is."""
    said = said_of(one)
    if one.link is Link.UNKNOWN:
        return said
    whose = openness_words().link[one.link.value]
    return report_words().check["of_whom"].format(said=said, whose=whose)


def _claim_said(claim: Claim) -> str:
    """Returns a claim's verdict and sentence; empty for one that a later version words otherwise."""
    try:
        return f"{verdict_word(claim.verdict)}: {sentence(claim)}"
    except KeyError:
        return ""
