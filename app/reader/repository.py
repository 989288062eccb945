"""The reader's job on a repository: the Hub's answers and a card become facts and evidence."""

from datetime import datetime

import msgspec

from app.reader.arguments import RepositoryAnswers
from inspector.cards.read import card_from_bytes
from inspector.facts import Fact
from inspector.findings.evidence import Evidence
from inspector.findings.from_card import card_evidence
from inspector.findings.from_licences import licence_evidence
from inspector.findings.from_repository import place_of_repository, repository_evidence
from inspector.findings.values import Link
from inspector.repository.read import read_repository
from inspector.repository.values import Repository
from runner.child.jobs import JobTools

CARD = "README.md"


class RepositoryRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a repository shows, and of which place in the lineage.

    Attributes:
        place: whose repository it is, as far as it says itself; a model that others were made of
            is told as the base model where it was asked for as their parent.
        card_sha256: of the card that was read; empty where there was none.
    """

    repository: Repository
    place: Link
    evidence: tuple[Evidence, ...]
    card_sha256: str = ""


def read_answers(asked: RepositoryAnswers, tools: JobTools) -> RepositoryRead:
    """Reads one repository."""
    repository = read_repository(
        asked.name,
        asked.info.encode(),
        asked.tree.encode() if asked.tree else None,
        datetime.fromisoformat(asked.read_at),
    )
    place = place_of_repository(repository)
    # A parent of a fine-tune is the base model, unless it is itself somebody's quantised copy.
    link = Link(asked.place) if asked.place and place is not Link.QUANTISER else place
    evidence = list(repository_evidence(repository, link))
    card = None
    if asked.card.strip():
        card = card_from_bytes(asked.card.encode(), f"{asked.name}/{CARD}", repository.commit)
        evidence += card_evidence(card, link, (asked.name,))
    evidence += licence_evidence(card, (), link, _label(repository))
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
