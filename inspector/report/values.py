"""The form of a report, `lightwell.report/1`; docs/report.md describes it for other programs."""

from datetime import datetime
from typing import Any

import msgspec

from inspector.cards.front_matter import Problem
from inspector.cards.values import Figure, Slot
from inspector.claims.inputs import RunSeen
from inspector.claims.values import Claim, ClaimReport
from inspector.findings.values import Review
from inspector.frameworks.profile import Profile
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from inspector.lineage.values import Lineage
from inspector.report.bench import BenchTold
from inspector.safeguards.values import SafeguardReport
from inspector.templates.values import TemplateCheck

SCHEMA = "lightwell.report/1"

FOREBEAR = "card of a forebear"
"""The kind of document that another model's card is."""


class Software(msgspec.Struct, frozen=True):
    """A program that took part, and its version."""

    name: str
    version: str


class ReportFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of the model; `sha256` is empty where it was not read whole."""

    name: str
    size: int
    sha256: str = ""


class Weights(msgspec.Struct, frozen=True):
    """The digest over the tensors, and the method that it follows."""

    method: str
    digest: str


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document that was read: a `card`, `licence`, `notice`, `policy` or `card of a forebear`.

    The card of a forebear has that model's name, for most cards are called alike.

    `revision` is the commit of the repository that it was kept from at the download; empty for one
    that lies beside the file.
    """

    kind: str
    name: str
    size: int
    sha256: str
    revision: str = ""


class CardRead(msgspec.Struct, frozen=True, kw_only=True):
    """What of the card was read; its text isn't copied into the report."""

    document: str
    sha256: str
    filled: int
    slots: tuple[Slot, ...]
    figures: tuple[Figure, ...]
    problems: tuple[Problem, ...] = ()


class RuleSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A set of rules that judged.

    Attributes:
        id: of a framework, or of a set of our own, such as `template-rules`.
        version: as its authors count; of our own sets the app's version.
        sha256: of the file that holds the rules, so that any change of them shows.
        files: where the rules stand in the app's folder `resources`.
    """

    id: str
    version: str
    sha256: str
    files: tuple[str, ...] = ()


class RunTold(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its answer that a person chose, with all that the run was made from.

    Attributes:
        recipes: of the answer, oldest first; one for each time that it was continued. The fields are
            the store's, as in an exported chat.
    """

    chat: str
    asked: datetime
    question: str
    answer: str
    state: str
    reason: str
    recipes: tuple[dict[str, Any], ...]


class ClaimJudged(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a claim: verdict, note and evidence, as the store keeps them."""

    claim: str
    changed: datetime
    entry: dict[str, Any]


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What a person concludes, in their own words, and the name that they gave: never a finding."""

    reviewer: str = ""
    text: str = ""


class LedgerHead(msgspec.Struct, frozen=True):
    """How far this installation's ledger had come; `kept` is whether it lies on a disk."""

    lines: int
    hash: str
    kept: bool


class NotChecked(msgspec.Struct, frozen=True):
    """Something that nobody looked at; the code has words in `resources/texts/en/report.toml`."""

    code: str
    context: dict[str, str | int] = {}


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says.

    Attributes:
        made: when, in UTC.
        software: the app, the interpreter and the engine.
        inspection: facts of the header; the list of tensors is left out, the weights digest stands for it.
        licence: label, text, notice and answers; texts themselves are left out.
        claims: what the rules say, without what only this computer knows.
        claims_here: the claims on which they say something else with it: with `runs_seen`, answers of this
            file that are recorded here, and with the fingerprints of other files.
        claims_of_forebears: the same of cards of end and base models that were there when it was made.
        judged: what people said of claims, with the questions they put, the answers and their recipes.
        benches: what was measured on harmless requests.
        safeguards: which are there, by whose word, and who holds them here.
        openness: findings and verdicts without any reviewer's word.
        reviewed: the verdicts with it; None where nobody disagreed.
        reviews: a reviewer's disagreements, as they were made.
        worksheet: a person's answers on marginal risk, by the ids of its steps.
        conclusion: what a person concludes, and the name that they gave; None where nobody did.
        page_by: the digest over what made the page, by which the same app is known; empty in reports of before.
    """

    made: datetime
    name: str
    software: tuple[Software, ...]
    files: tuple[ReportFile, ...]
    weights: Weights | None
    documents: tuple[Document, ...]
    inspection: Inspection
    lineage: Lineage
    templates: tuple[TemplateCheck, ...]
    card: CardRead | None
    licence: LicenceReport
    claims: ClaimReport
    claims_here: tuple[Claim, ...] = ()
    claims_of_forebears: tuple[ClaimReport, ...] = ()
    runs_seen: tuple[RunSeen, ...] = ()
    judged: tuple[ClaimJudged, ...] = ()
    safeguards: SafeguardReport
    openness: Profile
    reviewed: Profile | None = None
    reviews: tuple[Review, ...] = ()
    worksheet: dict[str, str] = {}
    conclusion: Conclusion | None = None
    runs: tuple[RunTold, ...] = ()
    benches: tuple[BenchTold, ...] = ()
    rules: tuple[RuleSet, ...]
    ledger: LedgerHead | None = None
    not_checked: tuple[NotChecked, ...]
    page_by: str = ""
