"""The reader's job on a repository: the Hub's answers and a card become facts and evidence."""

from collections.abc import Sequence
from datetime import datetime

from app.reader.arguments import RepositoryAnswers
from app.reader.repository_read import RepositoryRead, parent_of
from inspector.cards.read import card_from_bytes
from inspector.facts import Fact
from inspector.findings.from_card import card_evidence
from inspector.findings.from_licences import licence_evidence
from inspector.findings.from_repository import place_of_repository, repository_evidence
from inspector.findings.values import Link
from inspector.licences.documents import is_licence_file, licence_text
from inspector.repository.read import read_repository
from inspector.repository.values import Repository
from runner.child.jobs import JobTools

CARD = "README.md"


def read_answers(asked: RepositoryAnswers, tools: JobTools) -> RepositoryRead:
    """Reads one repository."""
    return _read(asked, Link(asked.place) if asked.place else None)


def read_kept(answers: Sequence[RepositoryAnswers]) -> tuple[RepositoryRead, ...]:
    """Reads repositories that were made of each other, the first of them first."""
    by_name = {one.name: one for one in answers}
    todo: list[tuple[str, Link | None]] = [(answers[0].name, None)] if answers else []
    found: dict[str, RepositoryRead] = {}
    while todo:
        name, place = todo.pop(0)
        if name in found or name not in by_name:
            continue
        found[name] = read = _read(by_name[name], place)
        todo += [(parent, parent_of(read)) for parent in read.repository.texts("base_models")]
    return tuple(found.values())


def _read(asked: RepositoryAnswers, as_parent: Link | None) -> RepositoryRead:
    repository = read_repository(
        asked.name,
        asked.info.encode(),
        asked.tree.encode() if asked.tree else None,
        datetime.fromisoformat(asked.read_at),
    )
    place = place_of_repository(repository)
    # A parent of a fine-tune is the base model, unless it is itself somebody's quantised copy.
    link = as_parent if as_parent is not None and place is not Link.QUANTISER else place
    evidence = list(repository_evidence(repository, link))
    card = None
    if asked.card.strip():
        card = card_from_bytes(asked.card.encode(), f"{asked.name}/{CARD}", repository.commit)
        evidence += card_evidence(card, link, (asked.name,))
    texts = [
        licence_text(text, f"{asked.name}/{name}")
        for name, text in asked.texts
        if is_licence_file(name)
    ]
    evidence += licence_evidence(card, texts, link, _label(repository))
    return RepositoryRead(
        repository=repository,
        place=link,
        evidence=tuple(evidence),
        card_sha256=card.sha256 if card else "",
    )


def _label(repository: Repository) -> Fact | None:
    """Returns the licence that the Hub shows; of `other`, the name that stands beside it."""
    stated = repository.facts.get("licence")
    named = repository.facts.get("licence_name")
    return named if named and stated and stated.text == "other" else stated
