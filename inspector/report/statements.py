"""A report as a list of single statements, each of which holds or doesn't."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from inspector.claims.values import Claim
from inspector.facts import Fact, Source, SourceKind
from inspector.findings.values import Finding
from inspector.frameworks.profile import Profile
from inspector.report.bench import figures
from inspector.report.recipes import answers_of, model_said, recipes
from inspector.report.rules import BENCH, CLAIMS, FINDINGS, LICENCES, SAFEGUARDS, TEMPLATES
from inspector.report.values import Content
from inspector.safeguards.values import By
from inspector.summary import Relative, Summary


class Area(StrEnum):
    """What part of a report a statement is of, in the order to show them."""

    FILES = "files"
    FACTS = "facts"
    METADATA = "metadata"
    DOCUMENTS = "documents"
    LINEAGE = "lineage"
    TEMPLATES = "templates"
    LICENCE = "licence"
    CLAIMS = "claims"
    SAFEGUARDS = "safeguards"
    FINDINGS = "findings"
    VERDICTS = "verdicts"
    REVIEWS = "reviews"
    RUNS = "runs"
    BENCH = "bench"


class Basis(StrEnum):
    """What must be at hand to check a statement again."""

    HEADER = "header"
    BYTES = "bytes"
    DOCUMENT = "document"
    NETWORK = "network"
    PERSON = "person"
    RUN = "run"
    SET = "set"
    """A person's own file of requests."""

    REPORT = "report"
    """Nothing but the report: what it says can be counted again from what else it says."""


_ABOUT = 120


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a report says.

    Attributes:
        id: names it in every report on the same model.
        about: what it is of, for people: a key, a part, a framework.
        says: what it says, such that equal texts mean the same.
        rules: the rule set that it follows; empty where it is a plain fact.
        document: the document that it rests on.
    """

    id: str
    area: Area
    about: str
    says: str
    basis: Basis
    rules: str = ""
    document: str = ""


def statements(content: Content) -> dict[str, Statement]:
    """Returns everything that a report says of its model, by id."""
    found: dict[str, Statement] = {}
    for one in _all(content):
        found.setdefault(one.id, one)
    return found


def _all(content: Content) -> Iterator[Statement]:
    yield from _files(content)
    yield from _facts(content.inspection.summary)
    yield from _metadata(content)
    yield from _documents(content)
    yield from _lineage(content)
    yield from _templates(content)
    yield from _licence(content)
    yield from _claims(content)
    yield from _safeguards(content)
    yield from _findings(content.openness)
    yield from _verdicts(content)
    yield from _people(content)
    yield from _runs(content)
    yield from _benches(content)


def _files(content: Content) -> Iterator[Statement]:
    for number, file in enumerate(content.files):
        key = f"file:{number}"
        yield _one(f"{key}:size", Area.FILES, file.name, f"{file.size:,} bytes", Basis.HEADER)
        if file.sha256:
            yield _one(f"{key}:sha256", Area.FILES, file.name, file.sha256, Basis.BYTES)
    if content.weights:
        about, says = content.weights.method, content.weights.digest
        yield _one("weights", Area.FILES, about, says, Basis.BYTES)


def _facts(summary: Summary) -> Iterator[Statement]:
    for field in msgspec.structs.fields(Summary):
        value = getattr(summary, field.name)
        if isinstance(value, Fact):
            yield _fact(field.name, value)
        elif field.name in {"base_models", "datasets"}:
            for one in value:
                yield from _relative(field.name, one)


def _relative(kind: str, one: Relative) -> Iterator[Statement]:
    for key in ("name", "organisation", "version", "repository"):
        fact: Fact = getattr(one, key)
        if fact.is_known:
            yield _fact(f"{kind}.{one.index}.{key}", fact)


def _fact(key: str, fact: Fact) -> Statement:
    return _one(f"fact:{key}", Area.FACTS, key, _said(fact), Basis.HEADER)


def _said(fact: Fact) -> str:
    return fact.text if fact.is_known else "unknown"


def _metadata(content: Content) -> Iterator[Statement]:
    for row in content.inspection.metadata:
        says = f"{row.type} {row.count} {row.preview}"
        yield _one(f"metadata:{row.key}", Area.METADATA, row.key, says, Basis.HEADER)
    total = str(content.inspection.metadata_total)
    yield _one("metadata", Area.METADATA, "number of keys", total, Basis.HEADER)
    for odd in content.inspection.oddities:
        key = f"oddity:{odd.code}:{sorted(odd.context.items())}"
        yield _one(key, Area.FACTS, odd.code, "found", Basis.HEADER)


def _documents(content: Content) -> Iterator[Statement]:
    for one in content.documents:
        yield _one(
            f"document:{one.kind}:{one.name}", Area.DOCUMENTS, one.name, one.sha256, Basis.DOCUMENT,
            document=one.name,
        )  # fmt: skip
    if content.card:
        for slot in content.card.slots:
            yield _one(
                f"slot:{slot.id}", Area.DOCUMENTS, slot.id, "filled" if slot.filled else "empty",
                Basis.DOCUMENT, document=content.card.document,
            )  # fmt: skip


def _lineage(content: Content) -> Iterator[Statement]:
    for node in content.lineage.nodes:
        basis, document = _basis(node.name.sources)
        yield _one(
            f"place:{node.id}", Area.LINEAGE, node.id, node.repository or _said(node.name), basis,
            document=document,
        )  # fmt: skip
    for link in content.lineage.links:
        about = f"{link.child} from {link.parent}"
        basis, document = _basis(link.sources)
        says = f"{link.relation}, {'stated' if link.stated else 'not stated'}"
        yield _one(f"link:{about}", Area.LINEAGE, about, says, basis, document=document)


def _templates(content: Content) -> Iterator[Statement]:
    for check in content.templates:
        key = f"template:{check.key}"
        yield _one(f"{key}:sha256", Area.TEMPLATES, check.key, check.sha256, Basis.HEADER)
        found = sorted(f"{one.rule} in line {one.line}" for one in check.findings)
        says = "; ".join(found) or "no rule found anything"
        yield _one(key, Area.TEMPLATES, check.key, says, Basis.HEADER, rules=TEMPLATES)


def _licence(content: Content) -> Iterator[Statement]:
    for part in content.licence.parts:
        places = [
            source for fact in (part.label.stated, part.label.name) for source in fact.sources
        ]
        places += [one.source for one in content.licence.texts]
        basis, document = _basis(places)
        says = ", ".join(part.licences) or part.label.stated.text or "not stated"
        yield _one(
            f"licence:{part.part}", Area.LICENCE, str(part.part), says, basis, rules=LICENCES,
            document=document,
        )  # fmt: skip
        for answer in part.answers:
            yield _one(
                f"licence:{part.part}:{answer.question}", Area.LICENCE,
                f"{part.part}, {answer.question}", answer.answer, basis, rules=LICENCES,
                document=document,
            )  # fmt: skip
    for finding in content.licence.findings:
        basis, document = _basis(finding.sources)
        key = f"licence-finding:{finding.code}:{sorted(finding.context.items())}"
        yield _one(key, Area.LICENCE, finding.code, "found", basis, LICENCES, document)


_OF_BYTES = frozenset({"HASH", "DIGEST"})
"""Rules on claims that compare fingerprints, for which the file must have been read whole."""


def _claims(content: Content) -> Iterator[Statement]:
    card = content.claims.card
    for claim in content.claims.claims:
        says = f"{claim.verdict}: {claim.reason}"
        if claim.grade:
            says = f"{says}, {claim.grade}"
        basis, document = _claim_basis(claim, card)
        yield _one(f"claim:{claim.id}", Area.CLAIMS, claim.id, says, basis, CLAIMS, document)


def _claim_basis(claim: Claim, card: str) -> tuple[Basis, str]:
    if claim.rule in _OF_BYTES:
        return Basis.BYTES, ""
    basis, document = _basis([source for fact in claim.evidence for source in fact.sources])
    if basis is Basis.HEADER and any(one.line for one in claim.passages):
        return Basis.DOCUMENT, card
    return basis, document


def _safeguards(content: Content) -> Iterator[Statement]:
    report = content.safeguards
    for one in (*report.eight, *report.layers):
        sources = [source for met in one.evidence for source in met.fact.sources]
        basis, document = _basis(sources)
        if By.FOLDER in one.declared_by:
            # A file beside the model that isn't among the documents; it may lie there or not.
            basis, document = Basis.DOCUMENT, "the folder"
        says = f"{one.presence}, can be inspected: {one.inspect}"
        key = f"safeguard:{one.id}"
        yield _one(key, Area.SAFEGUARDS, one.id, says, basis, SAFEGUARDS, document)
    for removed in report.removed:
        basis, document = _basis(removed.sources)
        key = f"safeguard-removed:{removed.word}"
        yield _one(key, Area.SAFEGUARDS, removed.word, "claimed", basis, SAFEGUARDS, document)


def _findings(read: Profile) -> Iterator[Statement]:
    held = [row.finding for row in read.rows if not row.ours]
    for one in (*held, *read.items):
        sources = [source for fact in one.facts for source in fact.sources]
        basis, document = _basis(sources)
        says = finding_said(one)
        yield _one(f"finding:{one.part}", Area.FINDINGS, one.part, says, basis, FINDINGS, document)


def finding_said(one: Finding) -> str:
    """Returns what a finding says, such that equal texts mean the same."""
    licence = f" ({one.licence})" if one.licence else ""
    return f"{one.availability}, {one.terms}{licence}; of {one.link}"


def _verdicts(content: Content) -> Iterator[Statement]:
    rows = [row.finding for row in content.openness.rows if not row.ours]
    sources = [source for one in rows for fact in one.facts for source in fact.sources]
    basis, document = _basis(sources)
    for verdict in content.openness.verdicts:
        says = verdict.reading
        if verdict.worst != verdict.best:
            says = f"{says}; between “{verdict.worst}” and “{verdict.best}”"
        yield _one(
            f"verdict:{verdict.framework}", Area.VERDICTS, verdict.short, says, basis,
            verdict.framework, document,
        )  # fmt: skip


def _people(content: Content) -> Iterator[Statement]:
    for number, review in enumerate(content.reviews):
        says = f"{review.availability}, {review.terms}: {review.reason}"
        key = f"review:{number}:{review.part}"
        yield _one(key, Area.REVIEWS, review.part, says, Basis.PERSON)
    for judged in content.judged:
        said = str(judged.entry.get("verdict") or "")
        note = str(judged.entry.get("note") or "")
        says = ": ".join(filter(None, (said, note)))
        yield _one(f"judged:{judged.claim}", Area.REVIEWS, judged.claim, says, Basis.PERSON)


def _runs(content: Content) -> Iterator[Statement]:
    """Yields what can't be looked at, the answers, and what can: of which file they were, and how."""
    for number, run in enumerate(content.runs):
        yield _one(f"run:{number}", Area.RUNS, run.question[:_ABOUT], run.answer, Basis.RUN)
    for judged in content.judged:
        for number, answer in enumerate(answers_of(judged)):
            about, said = str(answer.get("question") or ""), str(answer.get("answer") or "")
            key = f"judged:{judged.claim}:{number}"
            yield _one(key, Area.RUNS, about[:_ABOUT], said, Basis.RUN)
    for claim in content.claims_here:
        says = f"{claim.verdict}: {claim.reason}"
        yield _one(f"claim-here:{claim.id}", Area.RUNS, claim.id, says, Basis.RUN)
    for key, about, recipe in recipes(content):
        area = Area.BENCH if key.startswith("bench:") else Area.RUNS
        says, by_bytes = model_said(recipe)
        basis = Basis.BYTES if by_bytes else Basis.HEADER
        yield _one(f"{key}:model", area, about[:_ABOUT], says, basis)
        if template := str(recipe.get("template_sha256") or ""):
            yield _one(f"{key}:template", area, about[:_ABOUT], template, Basis.HEADER)


def _benches(content: Content) -> Iterator[Statement]:
    for number, bench in enumerate(content.benches):
        key, about = f"bench:{number}", bench.prompts
        basis = Basis.REPORT if bench.own or bench.published else Basis.SET
        yield _one(f"{key}:set", Area.BENCH, about, bench.prompts_sha256, basis)
        yield _one(f"{key}:figures", Area.BENCH, about, figures(bench), Basis.REPORT, BENCH)
        told = f"{len(bench.answers)} answers"
        yield _one(f"{key}:answers", Area.BENCH, about, told, Basis.RUN)


_DOCUMENTS = frozenset({SourceKind.FRONT_MATTER, SourceKind.CARD_TEXT, SourceKind.LICENCE_TEXT})
_NETWORK = frozenset({SourceKind.HUB, SourceKind.REPOSITORY})


def _basis(sources: Iterable[Source]) -> tuple[Basis, str]:
    """Returns what the hardest of some sources needs, and the document among them."""
    every = tuple(sources)
    document = next((one.document for one in every if one.kind in _DOCUMENTS), "")
    # The folder of the Hub's own cache is read from the path, and not from the Hub.
    if any(one.kind in _NETWORK and one.revision for one in every):
        return Basis.NETWORK, document
    if any(one.kind is SourceKind.REVIEWER for one in every):
        return Basis.PERSON, document
    return (Basis.DOCUMENT, document) if document else (Basis.HEADER, "")


def _one(
    key: str, area: Area, about: str, says: str, basis: Basis, rules: str = "", document: str = ""
) -> Statement:
    return Statement(
        id=key, area=area, about=about, says=says, basis=basis, rules=rules, document=document
    )
