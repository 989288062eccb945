"""Texts of a repository that were kept at a download: which of them is the card, which are licences."""

from collections.abc import Sequence

from inspector.claims.inputs import KeptText
from inspector.licences.documents import is_licence_file, is_notice_file

CARD = "README.md"
"""The name of a card among the kept texts."""


def kept_card(kept: Sequence[KeptText]) -> KeptText | None:
    """Returns the card; None where none was kept."""
    return next((one for one in kept if one.name == CARD), None)


def kept_licences(kept: Sequence[KeptText]) -> list[KeptText]:
    """Returns the licence texts."""
    return [one for one in kept if is_licence_file(one.name)]


def kept_notice(kept: Sequence[KeptText]) -> KeptText | None:
    """Returns the notice; None where none was kept."""
    return next((one for one in kept if is_notice_file(one.name)), None)


def raw_of(paper: KeptText) -> bytes:
    """Returns a text as the bytes that it was."""
    return paper.text.encode("utf-8", "surrogatepass")
