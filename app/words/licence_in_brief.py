"""A model's licence in a few words, for the top bar. Knows no Qt."""

from app.dossier.papers import contradiction_of
from app.words.facts import fact_sources
from app.words.licence import finding_words, licence_texts, reservation
from inspector.facts import SourceKind
from inspector.licences.parts import Part
from inspector.licences.report import Basis, LicenceReport
from inspector.untrusted import shown

LONGEST = 60

_OF_A_CARD = frozenset({SourceKind.FRONT_MATTER, SourceKind.CARD_TEXT})


def licence_in_brief(report: LicenceReport) -> tuple[str, str]:
    """Returns what the weights are under, with its reservation or whose word it is, and the source.

    Both are empty where nothing names a licence.
    """
    weights = report.part(Part.WEIGHTS)
    stated = next((one for one in (weights.label.stated, weights.label.name) if one.is_known), None)
    differ, said = contradiction_of(report), licence_texts().said
    # What a label says, where its text says something else: the reservation is about that word.
    ids = weights.licences if differ is None else weights.named.ids
    named = ", ".join(ids) or (stated.text if stated is not None else "")
    if not named:
        return "", ""
    named = shown(named, LONGEST)
    sources = fact_sources(stated) if stated is not None else "\n".join(weights.texts)
    if differ is not None:
        return said["brief_differs"].format(licence=named), finding_words(differ)
    if why := reservation(report):
        return said[f"brief_{why}"].format(licence=named), sources
    if weights.basis is Basis.TEXT:
        return said["brief_text"].format(licence=named), sources
    if stated is not None and any(one.kind in _OF_A_CARD for one in stated.sources):
        return said["brief_card"].format(licence=named), sources
    return named, sources
