"""A report as a list of single statements, each of which holds or doesn't."""

from collections.abc import Iterable, Iterator

import msgspec

from inspector.claims.values import Claim, Grade
from inspector.facts import Fact, Source, SourceKind
from inspector.findings.values import Finding
from inspector.frameworks.profile import Profile
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport, PartReport
from inspector.report.rules import CLAIMS, FINDINGS, LICENCES, SAFEGUARDS, TEMPLATES
from inspector.report.run_statements import run_statements
from inspector.report.statement import Area, Basis, Statement, statement
from inspector.report.values import Content
from inspector.safeguards.values import By
from inspector.summary import Relative, Summary


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
    yield from _forebears(content)
    yield from _safeguards(content)
    yield from _findings(content.openness)
    yield from _verdicts(content)
    yield from _people(content)
    yield from run_statements(content)


def _files(content: Content) -> Iterator[Statement]:
    for number, file in enumerate(content.files):
        key = f"file:{number}"
        yield statement(f"{key}:size", Area.FILES, file.name, f"{file.size:,} bytes", Basis.HEADER)
        if file.sha256:
            yield statement(f"{key}:sha256", Area.FILES, file.name, file.sha256, Basis.BYTES)
    if content.weights:
        about, says = content.weights.method, content.weights.digest
        yield statement("weights", Area.FILES, about, says, Basis.BYTES)


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
    return statement(f"fact:{key}", Area.FACTS, key, _said(fact), Basis.HEADER)


def _said(fact: Fact) -> str:
    return fact.text if fact.is_known else "unknown"


def _metadata(content: Content) -> Iterator[Statement]:
    for row in content.inspection.metadata:
        says = f"{row.type} {row.count} {row.preview}"
        yield statement(f"metadata:{row.key}", Area.METADATA, row.key, says, Basis.HEADER)
    total = str(content.inspection.metadata_total)
    yield statement("metadata", Area.METADATA, "number of keys", total, Basis.HEADER)
    for odd in content.inspection.oddities:
        key = f"oddity:{odd.code}:{sorted(odd.context.items())}"
        yield statement(key, Area.FACTS, odd.code, "found", Basis.HEADER)


def _documents(content: Content) -> Iterator[Statement]:
    for one in content.documents:
        yield statement(
            f"document:{one.kind}:{one.name}", Area.DOCUMENTS, one.name, one.sha256, Basis.DOCUMENT,
            document=one.name,
        )  # fmt: skip
    if content.card:
        for slot in content.card.slots:
            yield statement(
                f"slot:{slot.id}", Area.DOCUMENTS, slot.id, "filled" if slot.filled else "empty",
                Basis.DOCUMENT, document=content.card.document,
            )  # fmt: skip


def _lineage(content: Content) -> Iterator[Statement]:
    for node in content.lineage.nodes:
        basis, document = _basis(node.name.sources)
        yield Statement(
            id=f"place:{node.id}", area=Area.LINEAGE, about=node.id,
            says=node.repository or _said(node.name), basis=basis, document=document, papers=True,
        )  # fmt: skip
    for link in content.lineage.links:
        about = f"{link.child} from {link.parent}"
        basis, document = _basis(link.sources)
        says = f"{link.relation}, {'stated' if link.stated else 'not stated'}"
        yield Statement(
            id=f"link:{about}", area=Area.LINEAGE, about=about, says=says, basis=basis,
            document=document, papers=True,
        )  # fmt: skip


def _templates(content: Content) -> Iterator[Statement]:
    for check in content.templates:
        key = f"template:{check.key}"
        yield statement(f"{key}:sha256", Area.TEMPLATES, check.key, check.sha256, Basis.HEADER)
        found = sorted(f"{one.rule} in line {one.line}" for one in check.findings)
        says = "; ".join(found) or "no rule found anything"
        yield statement(key, Area.TEMPLATES, check.key, says, Basis.HEADER, rules=TEMPLATES)


def _licence(content: Content) -> Iterator[Statement]:
    for part in content.licence.parts:
        basis, document = _basis(_places(content.licence, part))
        says = ", ".join(part.licences) or part.label.stated.text or "not stated"
        yield Statement(
            id=f"licence:{part.part}", area=Area.LICENCE, about=str(part.part), says=says,
            basis=basis, rules=LICENCES, document=document, papers=True,
        )  # fmt: skip
        for answer in part.answers:
            yield Statement(
                id=f"licence:{part.part}:{answer.question}", area=Area.LICENCE,
                about=f"{part.part}, {answer.question}", says=answer.answer, basis=basis,
                rules=LICENCES, document=document, papers=True,
            )  # fmt: skip
    for finding in content.licence.findings:
        basis, document = _basis(finding.sources)
        key = f"licence-finding:{finding.code}:{sorted(finding.context.items())}"
        yield Statement(
            id=key, area=Area.LICENCE, about=finding.code, says="found", basis=basis,
            rules=LICENCES, document=document, papers=True,
        )  # fmt: skip


_CONCLUDED = 400
"""Characters of a person's conclusion that a check tells."""

_OF_BYTES = frozenset({"HASH", "DIGEST"})
"""Rules on claims that compare fingerprints, for which the file must have been read whole."""

_OF_LISTING = frozenset({"HASH", "STALE"})
"""Claims that are about what the Hub listed, besides those with `/listing` in their id."""


def _claims(content: Content) -> Iterator[Statement]:
    card = content.claims.card
    for claim in content.claims.claims:
        says = f"{claim.verdict}: {claim.reason}"
        if claim.grade:
            says = f"{says}, {claim.grade}"
        basis, document = _claim_basis(claim, card)
        yield Statement(
            id=f"claim:{claim.id}", area=Area.CLAIMS, about=claim.id, says=says, basis=basis,
            rules=CLAIMS, rule=_rule(claim), document=document,
            # What is worked out from the file alone is the same under any card.
            papers=claim.grade is not Grade.COMPUTED, listing=_rests_on_listing(claim),
        )  # fmt: skip


def _forebears(content: Content) -> Iterator[Statement]:
    """Yields what rests on another model's card, which whoever checks may not have."""
    for report in content.claims_of_forebears:
        name = report.about.name if report.about else report.card
        for claim in report.claims:
            says = ", ".join(filter(None, (f"{claim.verdict}: {claim.reason}", claim.grade)))
            yield Statement(
                id=f"claim:{claim.id}", area=Area.CLAIMS, about=claim.id, says=says,
                basis=Basis.DOCUMENT, rules=CLAIMS, rule=_rule(claim), document=name,
            )  # fmt: skip


def _rule(claim: Claim) -> str:
    return f"{claim.rule} {claim.version}"


def _claim_basis(claim: Claim, card: str) -> tuple[Basis, str]:
    if claim.rule in _OF_BYTES:
        return Basis.BYTES, ""
    basis, document = _basis([source for fact in claim.evidence for source in fact.sources])
    if basis is Basis.HEADER and any(one.line for one in claim.passages):
        return Basis.DOCUMENT, card
    return basis, document


def _rests_on_listing(claim: Claim) -> bool:
    return claim.id in _OF_LISTING or claim.id.partition("/")[2].startswith("listing")


def _safeguards(content: Content) -> Iterator[Statement]:
    report = content.safeguards
    for one in (*report.eight, *report.layers):
        # What our reading of a licence says rests on what named that licence here.
        by_licence = any(met.by is By.LICENCE for met in one.evidence)
        sources = [
            source
            for met in one.evidence
            if met.by is not By.LICENCE
            for source in met.fact.sources
        ]
        if by_licence:
            sources += _places(content.licence, content.licence.part(Part.WEIGHTS))
        basis, document = _basis(sources)
        if By.FOLDER in one.declared_by:
            # A policy beside the model is known by its name; whoever checks may not have it there.
            met = next(it for it in one.evidence if it.by is By.FOLDER)
            basis, document = Basis.DOCUMENT, met.fact.text
        says = f"{one.presence}, can be inspected: {one.inspect}"
        yield Statement(
            id=f"safeguard:{one.id}", area=Area.SAFEGUARDS, about=one.id, says=says, basis=basis,
            rules=SAFEGUARDS, document=document, papers=True,
        )  # fmt: skip
    for removed in report.removed:
        basis, document = _basis(removed.sources)
        key = f"safeguard-removed:{removed.word}"
        yield statement(key, Area.SAFEGUARDS, removed.word, "claimed", basis, SAFEGUARDS, document)


def _places(report: LicenceReport, part: PartReport) -> tuple[Source, ...]:
    """Returns where it was read under which licence a part is: label, name and texts."""
    texts = report.texts_of(part.part) or report.texts
    return (
        *part.label.stated.sources,
        *part.label.name.sources,
        *(one.source for one in texts),
    )


def _findings(read: Profile) -> Iterator[Statement]:
    held = [row.finding for row in read.rows if not row.ours]
    for one in (*held, *read.items):
        sources = [source for fact in one.facts for source in fact.sources]
        basis, document = _basis(sources)
        # A licence's text beside the file counts for the end model where a card says what that is: a
        # finding may rest on a paper that is none of its places.
        yield Statement(
            id=f"finding:{one.part}", area=Area.FINDINGS, about=one.part, says=finding_said(one),
            basis=basis, rules=FINDINGS, document=document, papers=True,
        )  # fmt: skip


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
        yield Statement(
            id=f"verdict:{verdict.framework}", area=Area.VERDICTS, about=verdict.short, says=says,
            basis=basis, rules=verdict.framework, document=document, papers=True,
        )  # fmt: skip


def _people(content: Content) -> Iterator[Statement]:
    for number, review in enumerate(content.reviews):
        says = f"{review.availability}, {review.terms}: {review.reason}"
        key = f"review:{number}:{review.part}"
        yield statement(key, Area.REVIEWS, review.part, says, Basis.PERSON)
    if (own := content.conclusion) is not None:
        # Nobody looks at it again, so that it is told what there is to read.
        about = ": ".join(filter(None, (own.reviewer, own.text)))[:_CONCLUDED]
        yield statement("conclusion", Area.REVIEWS, about, own.text, Basis.PERSON)
    for judged in content.judged:
        said = str(judged.entry.get("verdict") or "")
        note = str(judged.entry.get("note") or "")
        says = ": ".join(filter(None, (said, note)))
        yield statement(f"judged:{judged.claim}", Area.REVIEWS, judged.claim, says, Basis.PERSON)


_DOCUMENTS = frozenset({SourceKind.FRONT_MATTER, SourceKind.CARD_TEXT, SourceKind.LICENCE_TEXT})
_NETWORK = frozenset({SourceKind.HUB, SourceKind.REPOSITORY})


def _basis(sources: Iterable[Source]) -> tuple[Basis, str]:
    """Returns what the hardest of some sources needs, and the document among them."""
    every = tuple(sources)
    document = next((one.document for one in every if one.kind in _DOCUMENTS), "")
    # The folder of the Hub's own cache is read from the path, and not from the Hub. A paper that was
    # read in a repository is the Hub's word too, whatever lies beside the file.
    if any(one.kind in _NETWORK and one.revision for one in every) or "/" in document:
        return Basis.NETWORK, document
    if any(one.kind is SourceKind.REVIEWER for one in every):
        return Basis.PERSON, document
    return (Basis.DOCUMENT, document) if document else (Basis.HEADER, "")
