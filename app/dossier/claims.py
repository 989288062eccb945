"""What the rules on claims are given beside a file: what lies there, and what the store knows.

Both front ends ask the reader through this. Knows no Qt.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from app.model.files import card_file_of, files_of_model, is_text, licence_files_of
from app.reader.arguments import ClaimsOf
from inspector.claims.inputs import (
    Beside,
    KeptText,
    KnownWeights,
    ListedFile,
    OtherCard,
    ParentSaid,
    RunSeen,
)
from inspector.claims.probes import first_difference
from inspector.claims.values import ClaimReport
from inspector.licences.documents import is_licence_file, is_notice_file
from inspector.licences.policy import is_policy_file
from inspector.lineage.names import stem
from runner import hardware
from runner.library.library import Library
from runner.library.paths import is_file
from runner.protocol.courier import Repository
from runner.store import Store
from runner.store.files import FileState, KnownFile
from runner.store.papers import CARD, LISTING, SAID
from runner.store.runs_seen import RunOfFile, runs_of_file
from runner.store.sources import Source
from runner.store.values import Recipe

TEMPLATES = ("chat_template.jinja", "tokenizer_config.json")
"""What is kept of them at a download."""

PUBLISHER = ("chat_template.jinja", "chat_template.json", "tokenizer_config.json")
"""Names under which publishers keep a chat template."""

LARGEST_KEPT = 384 * 1024
"""Characters of kept texts that go with one question to the reader."""

LARGEST_PUBLISHER = 16 * 1024 * 1024
MOST_POLICIES = 4
_DAY = len("2026-11-21")
MOST_PARENT_FILES = 2


class KnownFiles(Protocol):
    """Where the files of this computer are looked up: the window's library, or a store's files."""

    def at(self, path: Path) -> KnownFile | None:
        """Returns what is known of the file at `path`."""

    def list(self) -> Sequence[KnownFile]:
        """Returns the files that are known."""


class _Remote(msgspec.Struct, frozen=True):
    path: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAsked:
    """Whose claims are wanted: those of another card than the one beside the file.

    Attributes:
        path, text: the card; a file, or a text that was kept.
        name, place: the model whose card it is and its step in the lineage; empty where it is said
            to be this file's.
    """

    path: Path | None = None
    text: KeptText | None = None
    name: str = ""
    place: str = ""

    @property
    def other(self) -> OtherCard | None:
        """What the reader is asked of another model's card; None where it is this file's."""
        if not self.name:
            return None
        path = str(self.path) if self.path is not None else ""
        return OtherCard(name=self.name, place=self.place, path=path, text=self.text)


def claims_of(path: Path, beside: Beside | None = None, asked: CardAsked | None = None) -> ClaimsOf:
    """Returns what the reader is asked for the model at `path`.

    Args:
        path: the model's file.
        beside: what the store knows of it; what lies beside the file is added here.
        asked: which card is meant, if another than the one beside the file.
    """
    card, known = card_file_of(path), beside or Beside()
    other = asked.other if asked is not None else None
    if asked is not None and other is None:
        card = asked.path
        if asked.text is not None:
            kept = [one for one in known.kept if one.name != CARD]
            known = msgspec.structs.replace(known, kept=(asked.text, *kept))
    return ClaimsOf(
        path=str(path),
        card=str(card) if card else "",
        other=other,
        documents=tuple(map(str, licence_files_of(path))),
        beside=msgspec.structs.replace(
            known,
            publisher=tuple(map(str, _publishers(path))),
            policies=(*known.policies, *(one.name for one in policies_of(path))),
        ),
    )


def parents_here(report: ClaimReport, library: KnownFiles, path: Path) -> tuple[Path, ...]:
    """Returns other files of this computer whose names fit a parent that `path` declares.

    Args:
        report: what was said of the file, its declared parents included.
        library: the files of this computer.
        path: the file itself.
    """
    named = [str(one.context.get("named", "")) for one in report.of("PARENT")]
    return files_named((name for names in named for name in names.split(", ")), library, path)


def files_named(names: Iterable[str], library: KnownFiles, path: Path) -> tuple[Path, ...]:
    """Returns other files of this computer than `path` whose names fit one of `names`."""
    wanted = {stem(name) for name in names} - {""}
    found = []
    for known in library.list() if wanted else ():
        other = Path(known.path)
        titles = {stem(other.name), stem(other.parent.name)}
        if other != path and titles & wanted and known.state() is FileState.SAME:
            found.append(other)
    return tuple(found[:MOST_PARENT_FILES])


def readable_for(path: Path, asked: CardAsked | None = None) -> tuple[Path, ...]:
    """Returns the files that the reader must be able to open for it."""
    cards = (card_file_of(path), asked.path if asked is not None else None)
    return (
        *files_of_model(path),
        *licence_files_of(path),
        *policies_of(path),
        *_publishers(path),
        *(card for card in cards if card is not None),
    )


def known_beside(store: Store, library: KnownFiles, path: Path) -> Beside:
    """Returns what the store knows of a file: fingerprints, the kept listing, its runs here.

    Raises:
        RunnerError: the store could not be read.
    """
    file = library.at(path)
    is_same = file is not None and file.state() is FileState.SAME
    size = path.stat().st_size if is_file(path) else 0
    source = store.sources.of(file.id) if file else None
    said = _said(store, source.repository) if source else None
    whole = library.sets.of(path) if isinstance(library, Library) else None
    return Beside(
        sha256=file.sha256 if file and is_same else "",
        weights_digest=whole.weights if whole else file.weights_digest if file and is_same else "",
        parts=whole.files if whole else {},
        listing=_listing(store, source) if source else None,
        created=said.created[:_DAY] if said else "",
        changed=said.changed[:_DAY] if said else "",
        kept=tuple(kept_texts(store, source)) if source else (),
        templates=tuple(_templates(store, source)) if source else (),
        parents=tuple(_parents(store, source)) if source else (),
        policies=tuple(
            paper.name
            for paper in (store.papers.of(source.repository, source.commit) if source else ())
            if is_policy_file(paper.name)
        ),
        known=tuple(
            KnownWeights(
                name=Path(other.path).name, digest=other.weights_digest, sha256=other.sha256
            )
            for other in library.list()
            if other.weights_digest and (file is None or other.id != file.id)
        ),
        runs=tuple(_runs(runs_of_file(store.database, path.name, size))),
    )


def _publishers(path: Path) -> list[Path]:
    found = [path.parent / name for name in PUBLISHER]
    return [one for one in found if is_file(one) and one.stat().st_size <= LARGEST_PUBLISHER]


def policies_of(path: Path) -> list[Path]:
    """Returns the use policies that lie beside a file, by their names."""
    try:
        entries = sorted(path.parent.iterdir(), key=lambda entry: entry.name)
    except OSError:
        return []
    found = [one for one in entries if is_policy_file(one.name) and is_text(one.name)]
    return [one for one in found if is_file(one)][:MOST_POLICIES]


def kept_texts(store: Store, source: Source) -> Iterator[KeptText]:
    """Yields card, licences, notices and use policies of the commit that the file is of."""
    room = LARGEST_KEPT
    # Policies last: they can be long, and must not take the room of the licence itself.
    newest = list(reversed(store.papers.of(source.repository, source.commit)))
    papers = [one for one in newest if not is_policy_file(one.name)]
    papers += [one for one in newest if is_policy_file(one.name)]
    for paper in papers:
        named = paper.name == CARD or is_policy_file(paper.name)
        named = named or is_licence_file(paper.name) or is_notice_file(paper.name)
        if named and len(paper.text) <= room:
            room -= len(paper.text)
            yield KeptText(name=paper.name, text=paper.text, revision=paper.commit)


def _templates(store: Store, source: Source) -> Iterator[KeptText]:
    """Yields the template files of the repository and of the models that it names as its origin."""
    own = _said(store, source.repository)
    room = LARGEST_KEPT
    for repository in (source.repository, *(own.base_models[:4] if own is not None else ())):
        for name in TEMPLATES:
            paper = store.papers.latest(repository, name)
            if paper is not None and (room := room - len(paper.text)) >= 0:
                yield KeptText(name=f"{repository}/{name}", text=paper.text, revision=paper.commit)


def _parents(store: Store, source: Source) -> Iterator[ParentSaid]:
    """Yields what the Hub said of the parents' licences when the model was downloaded."""
    own = _said(store, source.repository)
    for name in own.base_models[:8] if own is not None else ():
        said = _said(store, name)
        if said is not None and said.licence:
            yield ParentSaid(repository=name, licence=said.licence, revision=said.commit)


def _said(store: Store, repository: str) -> Repository | None:
    paper = store.papers.latest(repository, SAID)
    try:
        return msgspec.json.decode(paper.text, type=Repository) if paper is not None else None
    except msgspec.DecodeError:
        return None


def _listing(store: Store, source: Source) -> tuple[ListedFile, ...] | None:
    paper = store.papers.latest(source.repository, LISTING)
    if paper is None:
        return None
    try:
        listed = msgspec.json.decode(paper.text, type=list[_Remote])
    except msgspec.DecodeError:
        return None
    return tuple(ListedFile(path=one.path, size=one.size, sha256=one.sha256) for one in listed)


def _runs(found: list[RunOfFile]) -> Iterator[RunSeen]:
    machine = _machine()
    for at, one in enumerate(found):
        recipe, counts = one.run.recipe, one.run.counts
        earlier = next((other for other in found[at + 1 :] if _asked_alike(one, other)), None)
        yield RunSeen(
            template=recipe.template,
            template_sha256=recipe.template_sha256,
            recorded=tuple(_recorded(recipe)),
            tokens=counts.tokens,
            decode_tps=counts.decode_tps,
            devices=recipe.devices,
            threads=recipe.threads,
            machine=machine,
            again=first_difference(one.tokens, earlier.tokens) if earlier else -1,
        )


def _asked_alike(one: RunOfFile, other: RunOfFile) -> bool:
    """Whether two answers are to one question, with one seed and the same settings."""
    first, second = one.run.recipe, other.run.recipe
    return (
        one.question == other.question
        and bool(one.tokens and other.tokens)
        and (first.seed, first.sampling, first.prompt_sha256, first.context)
        == (second.seed, second.sampling, second.prompt_sha256, second.context)
    )


def _recorded(recipe: Recipe) -> Iterator[str]:
    """Yields the names of the parts that the rule on recipes asks for."""
    filled = {
        "file hash": recipe.file_sha256,
        "engine build": recipe.engine_build,
        "settings": recipe.sampling,
        "seed": recipe.sampling,
        "batches": recipe.splits,
    }
    yield from (name for name, value in filled.items() if value)


def _machine() -> str:
    memory = hardware.memory()
    told = [hardware.processor().name]
    if memory is not None:
        told.append(f"{memory.total / 2**30:.0f} GiB")
    return ", ".join(filter(None, told))
