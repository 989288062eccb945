"""Puts a report together from what the reader read, the store holds, and a person chose. Knows no Qt."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import msgspec

from app.reader.report import ReportParts
from app.report.maker import maker
from inspector.cards.values import Card
from inspector.facts import now
from inspector.findings.values import Findings, Review
from inspector.frameworks.profile import findings_of, profile
from inspector.gguf.digests import Digests
from inspector.inspection import Inspection
from inspector.report.bench import BenchTold
from inspector.report.recipes import answers_of
from inspector.report.rules import rule_sets
from inspector.report.values import (
    CardRead,
    ClaimJudged,
    Conclusion,
    Content,
    LedgerHead,
    NotChecked,
    ReportFile,
    RunTold,
    Software,
    Weights,
)
from runner.store import Store
from runner.store.judged_file import JudgedFile
from runner.store.values import ChatId, Turn

APP = "lightwell"
_PARTS = ("llama_cpp_python", "huggingface_hub", "license-expression", "msgspec", "PyYAML")
LONGEST_ANSWER = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a person has a report made with.

    Attributes:
        runs: the turns whose recipes go into it.
        reviews: disagreements with findings, and `judged` what was said of claims.
        benches: what was measured on harmless requests.
        worksheet: answers on marginal risk.
        conclusion: a person's own, with their name.
        ledger: the ledger's head; None where there is no store.
        engine: the engine's build, where one has said it.
    """

    runs: tuple[RunTold, ...] = ()
    reviews: tuple[Review, ...] = ()
    judged: tuple[ClaimJudged, ...] = ()
    benches: tuple[BenchTold, ...] = ()
    worksheet: dict[str, str] = field(default_factory=dict)
    conclusion: Conclusion | None = None
    ledger: LedgerHead | None = None
    engine: tuple[Software, ...] = ()


def content_of(parts: ReportParts, hashed: Digests | None, chosen: Chosen) -> Content:
    """Returns the content of a report.

    Args:
        parts: what was read of the file and the papers beside it.
        hashed: its fingerprints; None where the file was not read whole.
        chosen: what a person adds.
    """
    inspection, card = parts.inspection, parts.dossier.card
    reviewed = None
    if chosen.reviews:
        found = Findings(parts.openness.subject, findings_of(parts.openness), chosen.reviews)
        reviewed = msgspec.structs.replace(
            profile(found), ratings=parts.openness.ratings, left_out=parts.openness.left_out
        )
    return Content(
        made=now(),
        name=inspection.summary.name.text or inspection.files[0].name,
        software=(*_software(), *chosen.engine),
        files=tuple(_files(inspection, hashed)),
        weights=Weights(hashed.method, hashed.weights) if hashed else None,
        documents=parts.documents,
        inspection=inspection,
        lineage=parts.dossier.lineage,
        templates=parts.dossier.templates,
        card=_card(card) if card else None,
        licence=parts.licence,
        claims=parts.claims,
        claims_here=parts.claims_here,
        claims_of_forebears=parts.claims_of_forebears,
        runs_seen=parts.runs_seen,
        judged=chosen.judged,
        safeguards=parts.safeguards,
        openness=parts.openness,
        reviewed=reviewed,
        reviews=chosen.reviews,
        worksheet=chosen.worksheet,
        conclusion=chosen.conclusion,
        runs=chosen.runs,
        benches=chosen.benches,
        rules=rule_sets(parts.openness, _version(APP)),
        ledger=chosen.ledger,
        not_checked=tuple(_not_checked(parts, hashed, chosen)),
        page_by=maker(),
    )


def runs_of(store: Store, chat: ChatId, turns: Sequence[Turn] | None = None) -> tuple[RunTold, ...]:
    """Returns the turns of a chat's branch on show, or those that were picked of it."""
    tree = store.chats.tree(chat)
    picked = tree.path() if turns is None else turns
    return tuple(_run(tree.chat.title, turn) for turn in picked)


def judged_of(store: Store, file: JudgedFile) -> tuple[ClaimJudged, ...]:
    """Returns what people said of a file's claims."""
    return tuple(
        ClaimJudged(
            claim=one.claim,
            changed=datetime.fromtimestamp(one.changed, UTC).replace(microsecond=0),
            entry=msgspec.json.decode(one.entry, type=dict[str, object]),
        )
        for one in store.claims.of(file)
    )


def ledger_head(store: Store, *, kept: bool | None = None) -> LedgerHead:
    """Returns how far the ledger has come; `kept` tells of a copy what holds of its original."""
    head = store.ledger.head()
    return LedgerHead(head.count, head.hash, store.ledger.is_kept if kept is None else kept)


def _run(chat: str, turn: Turn) -> RunTold:
    return RunTold(
        chat=chat,
        asked=datetime.fromtimestamp(turn.created, UTC).replace(microsecond=0),
        question=turn.question[:LONGEST_ANSWER],
        answer=turn.answer[:LONGEST_ANSWER],
        state=turn.state.value,
        reason=turn.reason,
        recipes=tuple(msgspec.to_builtins(run.recipe) for run in turn.runs),
    )


def _card(card: Card) -> CardRead:
    return CardRead(
        document=card.document,
        sha256=card.sha256,
        filled=card.filled,
        slots=card.slots,
        figures=card.figures,
        problems=card.front.problems,
    )


def _files(inspection: Inspection, hashed: Digests | None) -> Iterator[ReportFile]:
    prints = hashed.files if hashed else ("",) * len(inspection.files)
    for part, sha256 in zip(inspection.files, prints, strict=True):
        yield ReportFile(part.name, part.bytes, sha256)


def _not_checked(
    parts: ReportParts, hashed: Digests | None, chosen: Chosen
) -> Iterator[NotChecked]:
    """Yields what nobody looked at, so that silence isn't taken for a result."""
    yield NotChecked("network")
    if not (chosen.runs or chosen.benches or parts.runs_seen):
        yield NotChecked("behaviour")
    if not chosen.benches:
        yield NotChecked("bench")
    yield NotChecked("catch")
    answered = {one.claim for one in chosen.judged if answers_of(one)}
    offered = [one for one in parts.claims.claims if one.probe and one.id not in answered]
    if offered:
        yield NotChecked("probes", {"count": len(offered)})
    if hashed is None:
        yield NotChecked("bytes")
    if parts.dossier.card is None:
        yield NotChecked("card")
    if not parts.licence.texts:
        yield NotChecked("licence_text")
    if parts.dossier.templates_left:
        yield NotChecked("templates", {"count": parts.dossier.templates_left})
    if any(not check.rendered for check in parts.dossier.templates):
        yield NotChecked("rendered")
    listed, total = len(parts.inspection.metadata), parts.inspection.metadata_total
    if listed < total:
        yield NotChecked("metadata", {"listed": listed, "total": total})
    yield NotChecked("author")


def _software() -> Iterable[Software]:
    yield Software(APP, _version(APP))
    yield Software("Python", platform.python_version())
    for name in _PARTS:
        if found := _version(name):
            yield Software(name, found)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0" if name == APP else ""
