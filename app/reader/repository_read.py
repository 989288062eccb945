"""What the reader answers of a repository. Light: both ends import it."""

import msgspec

from inspector.findings.evidence_values import Evidence
from inspector.findings.values import Link
from inspector.repository.values import Repository


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


def parent_of(read: RepositoryRead) -> Link:
    """Returns the place of what a repository was made of."""
    return Link.END_MODEL if read.place is Link.QUANTISER else Link.BASE_MODEL
