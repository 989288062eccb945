"""The reader's job on openness: a model's header, or a release file, becomes a profile."""

from pathlib import Path

import msgspec

from app.reader.arguments import Openness
from app.reader.repository import read_kept
from inspector.cards.read import read_card
from inspector.cards.values import Card
from inspector.errors import InspectorError
from inspector.findings import fingerprint as picture
from inspector.findings.evidence import Evidence, derive
from inspector.findings.gather import file_evidence, names_of
from inspector.findings.machine import machine_evidence
from inspector.frameworks.mof_file import LARGEST
from inspector.frameworks.profile import Profile, choose, profile, profile_of_release
from inspector.frameworks.shapes import Framework
from inspector.gguf.model import GgufModel
from inspector.licences.documents import is_notice_file, licence_text, read_text
from inspector.lineage.graph import is_anothers
from runner.child.jobs import JobTools

_GGUF = b"GGUF"


class Fingerprint(msgspec.Struct, frozen=True):
    """What a list shows of how open a model is: one letter for each part of the stack."""

    letters: str


def openness(asked: Openness, tools: JobTools) -> Profile:
    """Returns the profile of the file at `asked.path`, by the frameworks that were asked for."""
    path = Path(asked.path)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise InspectorError("openness.not_readable", str(error), path=path.name) from error
    if raw.startswith(_GGUF):
        with GgufModel.open(path) as model:
            return profile_of_model(model, asked)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InspectorError("openness.neither", str(error), path=path.name) from error
    return profile_of_release(text, document=path.name, rule_sets=_rule_sets(asked))


def fingerprint(asked: Openness, tools: JobTools) -> Fingerprint:
    """Returns the fingerprint of a file, or without one of the first of the repositories."""
    kept = read_kept(asked.repositories)
    evidence = [one for read in kept for one in read.evidence]
    name = kept[0].repository.name if kept else ""
    if asked.path:
        with GgufModel.open(Path(asked.path)) as model:
            name = model.name
            evidence = [*_evidence(model, asked, _card(asked)), *evidence]
    evidence += machine_evidence(asked.machine)
    return Fingerprint(letters=picture.letters(derive(name, evidence)))


def profile_of_model(model: GgufModel, asked: Openness) -> Profile:
    """Returns the profile of an open model, and of what lies beside it."""
    kept = read_kept(asked.repositories)
    fetched = [one for read in kept for one in read.evidence]
    machine = machine_evidence(asked.machine)
    card = _card(asked)
    found = derive(model.name, (*_evidence(model, asked, card), *fetched, *machine))
    # Where it was fetched from is a better name than what a converter made of it.
    names = (*(one.repository.name for one in kept), *names_of(model))
    read = profile(found, rule_sets=_rule_sets(asked), names=names)
    if card is None or not is_anothers(model, card, asked.path):
        return read
    return msgspec.structs.replace(read, left_out=card.document)


def _card(asked: Openness) -> Card | None:
    return read_card(Path(asked.card)) if asked.card else None


def _rule_sets(asked: Openness) -> tuple[Framework, ...] | None:
    return choose(asked.framework) if asked.framework else None


def _evidence(model: GgufModel, asked: Openness, card: Card | None) -> tuple[Evidence, ...]:
    """Returns what a model, the card beside it and the licence texts beside it show."""
    # A text that can't be read shows nothing; the Licence tab is the one to say so.
    texts = [
        licence_text(content, path.name)
        for path in map(Path, asked.documents)
        if not is_notice_file(path.name) and (content := read_text(path)) is not None
    ]
    return file_evidence(model, card, texts, asked.path)
