"""Everything that a file, and what lies beside it, shows: evidence from every reader in one list."""

from collections.abc import Sequence

from inspector.cards.values import Card
from inspector.findings.evidence import Evidence
from inspector.findings.from_card import card_evidence, place_of_card
from inspector.findings.from_header import header_evidence
from inspector.findings.from_licences import licence_evidence
from inspector.findings.values import Link
from inspector.gguf.model import GgufModel
from inspector.licences.documents import LicenceText
from inspector.lineage.graph import is_anothers
from inspector.lineage.subject import looked_for


def file_evidence(
    model: GgufModel, card: Card | None, texts: Sequence[LicenceText], path: str = ""
) -> tuple[Evidence, ...]:
    """Returns what a file, the card beside it and the licence texts beside it show.

    A text beside a file belongs to whoever the card belongs to; without a card nobody says whose
    it is, and it shows nothing of the model.

    Args:
        model: the file.
        card: the card beside it, if there is one.
        texts: licence texts beside it.
        path: where the file lies; folders of the Hub's cache name its repository.
    """
    every = list(header_evidence(model))
    if card is not None:
        names = names_of(model)
        is_its_own = not is_anothers(model, card, path)
        link = place_of_card(card, names) if is_its_own else Link.UNKNOWN
        every += card_evidence(card, link, names)
        every += licence_evidence(card, texts, link)
    elif texts:
        every += licence_evidence(None, texts, Link.UNKNOWN)
    return tuple(every)


def names_of(model: GgufModel) -> tuple[str, ...]:
    """Returns what the model is called: by its header, and by the file where the header has no name.

    Whoever renames a file must not make the papers beside it count, or stop them from counting.
    """
    stated = model.metadata.text("general.name") or ""
    return looked_for((stated,), (model.name,)) or tuple(filter(None, (stated, model.name)))
