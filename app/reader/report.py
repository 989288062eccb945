"""The reader's jobs on reports: everything that one file and the papers beside it say, and a report as a file."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.reader.arguments import Openness, ReportFileOf, ReportOf
from app.reader.claims import claims
from app.reader.dossier import read_dossier
from app.reader.kept import kept_card, kept_licences, kept_notice, raw_of
from app.reader.licence import licences
from app.reader.openness import profile_of_model
from app.reader.safeguards import read_safeguards
from inspector.claims.inputs import KeptText, RunSeen
from inspector.claims.values import Claim, ClaimReport
from inspector.dossier import Dossier
from inspector.errors import InspectorError
from inspector.frameworks.profile import Profile
from inspector.gguf.model import GgufModel
from inspector.inspection import Inspection, inspect_model
from inspector.licences.documents import is_notice_file
from inspector.licences.report import LicenceReport
from inspector.report.file import LARGEST, ReportRead, read_report
from inspector.report.values import FOREBEAR, Document
from inspector.safeguards.values import By, SafeguardReport
from runner.child.jobs import JobTools
from runner.library.paths import is_file


class ReportParts(msgspec.Struct, frozen=True, kw_only=True):
    """What was read for a report."""

    inspection: Inspection
    dossier: Dossier
    licence: LicenceReport
    claims: ClaimReport
    claims_here: tuple[Claim, ...] = ()
    claims_of_forebears: tuple[ClaimReport, ...] = ()
    runs_seen: tuple[RunSeen, ...] = ()
    safeguards: SafeguardReport
    openness: Profile
    documents: tuple[Document, ...]


def report_parts(model: GgufModel, asked: ReportOf) -> ReportParts:
    """Returns what a report says of an open model."""
    inspection = inspect_model(model)
    about = asked.openness
    kept = asked.claims.beside.kept
    folder = Path(about.path).parent
    beside = [path for name in asked.claims.beside.policies if is_file(path := folder / name)]
    licence = licences(
        model, about.documents, kept, about.card, tuple(map(str, beside)), about.path
    )
    origin = read_dossier(model, about.path, about.card, kept)
    claimed = claims(model, asked.claims, origin, licence)
    here = asked.here and claims(
        model, msgspec.structs.replace(asked.claims, beside=asked.here), origin, licence
    )
    forebears = tuple(_forebears(model, asked, origin, licence))
    texts = tuple(msgspec.structs.replace(one, text="") for one in licence.texts)
    notice = licence.notice and msgspec.structs.replace(licence.notice, text="")
    policies = tuple(msgspec.structs.replace(one, text="") for one in licence.policies)
    guards = read_safeguards(model, asked.safeguards)
    return ReportParts(
        # The list of tensors is long, and the weights digest stands for all of it.
        inspection=msgspec.structs.replace(inspection, tensors=()),
        dossier=origin,
        safeguards=guards,
        claims=claimed,
        claims_here=_other(claimed, here) if here else (),
        claims_of_forebears=tuple(report for report, _ in forebears),
        runs_seen=asked.here.runs if asked.here else (),
        licence=msgspec.structs.replace(licence, texts=texts, notice=notice, policies=policies),
        openness=profile_of_model(model, about),
        documents=(
            *_documents(about),
            *_policies(guards, beside, folder),
            *_kept(about, kept),
            *(document for _, document in forebears),
        ),
    )


def _other(claimed: ClaimReport, here: ClaimReport) -> tuple[Claim, ...]:
    """Returns the claims on which the rules say something else with what this computer knows."""
    said = {one.id: (one.verdict, one.reason, one.grade) for one in claimed.claims}
    return tuple(
        one for one in here.claims if said.get(one.id) != (one.verdict, one.reason, one.grade)
    )


def _kept(asked: Openness, kept: tuple[KeptText, ...]) -> Iterator[Document]:
    """Yields what was read of the repository's own texts: a kind of which nothing lies beside the file."""
    card = None if asked.card else kept_card(kept)
    texts = [] if asked.documents else kept_licences(kept)
    notice = kept_notice(kept) if texts else None
    for kind, every in (("card", [card]), ("licence", texts), ("notice", [notice])):
        for paper in filter(None, every):
            yield _document(kind, paper.name, raw_of(paper), paper.revision)


def _forebears(
    model: GgufModel, asked: ReportOf, origin: Dossier, licence: LicenceReport
) -> Iterator[tuple[ClaimReport, Document]]:
    """Yields the claims of each card of a forebear, and the card, called by its model."""
    for one in asked.others:
        try:
            told = claims(model, msgspec.structs.replace(asked.claims, other=one), origin, licence)
            content = raw_of(one.text) if one.text else Path(one.path).read_bytes()
        except (InspectorError, OSError):
            # Somebody else's card; what is wrong with it must not cost the report on this model.
            continue
        yield told, _document(FOREBEAR, one.name, content, one.text.revision if one.text else "")


def report_file(asked: ReportFileOf, tools: JobTools) -> ReportRead:
    """Reads a report that somebody made."""
    path = Path(asked.path)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise InspectorError("report.not_readable", str(error), name=path.name) from error
    return read_report(raw, path.name)


def _policies(guards: SafeguardReport, read: Iterable[Path], folder: Path) -> Iterator[Document]:
    """Yields the policies beside the model: those that were read, and that the rules on safeguards met."""
    met = [one for kind in guards.eight for one in kind.evidence if one.by is By.FOLDER]
    names = (*(path.name for path in read), *(one.fact.text for one in met))
    for name in dict.fromkeys(names):
        try:
            with (folder / name).open("rb") as file:
                content = file.read(LARGEST)
        except OSError:
            # That it lies there is known by its name; what is in it is not said.
            continue
        yield _document("policy", name, content)


def _document(kind: str, name: str, content: bytes, revision: str = "") -> Document:
    digest = hashlib.sha256(content).hexdigest()
    return Document(kind=kind, name=name, size=len(content), sha256=digest, revision=revision)


def _documents(asked: Openness) -> Iterator[Document]:
    for path in map(Path, (*((asked.card,) if asked.card else ()), *asked.documents)):
        try:
            content = path.read_bytes()
        except OSError:
            # That it can't be read is told with the licences.
            continue
        kind = (
            "card"
            if str(path) == asked.card
            else "notice"
            if is_notice_file(path.name)
            else "licence"
        )
        yield _document(kind, path.name, content)
