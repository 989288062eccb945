"""The reader's job on licences: a header, a card and the texts beside the file become a report."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from app.reader.card_lines import card_lines, card_of
from app.reader.kept import kept_licences, kept_notice
from inspector.claims.inputs import KeptText
from inspector.gguf.model import GgufModel
from inspector.licences.assess import assess
from inspector.licences.documents import (
    LicenceText,
    Notice,
    is_notice_file,
    licence_text,
    notice,
    read_text,
)
from inspector.licences.from_card import labels_from_card, relatives_from_card
from inspector.licences.from_header import labels_of, relatives_of
from inspector.licences.left_out import left_out
from inspector.licences.parts import Part
from inspector.licences.policy import PolicyText, is_policy_file, policy_text
from inspector.licences.report import Finding, Label, LicenceReport
from inspector.lineage.graph import is_anothers
from inspector.summary import summarise


def licences(
    model: GgufModel,
    documents: tuple[str, ...],
    kept: Sequence[KeptText] = (),
    card: str = "",
    policies: Sequence[str] = (),
    path: str = "",
) -> LicenceReport:
    """Returns what is known of the licences of `model`.

    Args:
        model: the open file.
        documents: licence texts and notices that lie beside it.
        kept: texts of its repository, which are read where none lies beside it.
        card: the card beside it.
        policies: use policies that lie beside it; where none does, those of its repository are read.
        path: where the file lies, which may name it where its header does not.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    texts, found, unreadable = _beside(documents) if documents else _of_kept(kept)
    summary = summarise(model)
    ours, parents = labels_of(summary), relatives_of(summary)
    read = card_of(card, kept)
    said = labels_from_card(read, *card_lines(card, kept)) if read is not None else ()
    named = relatives_from_card(read) if read is not None and not parents else ()
    not_taken: tuple[Finding, ...] = ()
    if read is not None and is_anothers(model, read, path):
        not_taken = tuple(left_out(read.document, said, named, texts))
        said, named = (), ()
    if read is not None and read.front.problems and not read.front.fields:
        unread = Finding(code="fields_unread", context={"document": read.document})
        not_taken = (*not_taken, unread)
    labels, other = _joined(ours, said)
    told = assess(
        labels,
        texts,
        found,
        parents or named,
        looked_for_texts=True,
        unreadable=unreadable,
        card=other,
    )
    return msgspec.structs.replace(
        told,
        findings=(*not_taken, *told.findings),
        policies=tuple(_policies(policies, kept)),
    )


def _policies(beside: Sequence[str], kept: Sequence[KeptText]) -> Iterator[PolicyText]:
    found = [(path.name, read_text(path)) for path in map(Path, beside)]
    for name, content in found:
        # One that can't be read is known by its name alone; the rule on policies says so.
        if content is not None:
            yield policy_text(content, name)
    for one in () if found else kept:
        if is_policy_file(one.name):
            yield policy_text(one.text, one.name, one.revision)


def _joined(header: Sequence[Label], card: Sequence[Label]) -> tuple[list[Label], Label | None]:
    """Returns a label for each part, and the card's other word on the weights.

    The header speaks for the file itself; what it does not say is taken from the card.
    """
    labels = {one.part: one for one in header}
    said = {one.part: one for one in card}
    ours = labels[Part.WEIGHTS]
    is_silent = not (ours.stated.is_known or ours.name.is_known)
    if is_silent and Part.WEIGHTS in said:
        labels[Part.WEIGHTS] = said[Part.WEIGHTS]
    labels |= {part: label for part, label in said.items() if part is not Part.WEIGHTS}
    other = None if is_silent else said.get(Part.WEIGHTS)
    return list(labels.values()), other


def _beside(documents: tuple[str, ...]) -> tuple[list[LicenceText], Notice | None, list[str]]:
    texts: list[LicenceText] = []
    found: Notice | None = None
    unreadable: list[str] = []
    for name in documents:
        path = Path(name)
        content = read_text(path)
        if content is None:
            unreadable.append(path.name)
        elif is_notice_file(path.name):
            found = found or notice(content, path.name)
        else:
            texts.append(licence_text(content, path.name))
    return texts, found, unreadable


def _of_kept(kept: Sequence[KeptText]) -> tuple[list[LicenceText], Notice | None, list[str]]:
    texts = kept_licences(kept)
    found = kept_notice(kept) if texts else None
    return (
        [licence_text(one.text, one.name, revision=one.revision) for one in texts],
        notice(found.text, found.name, found.revision) if found else None,
        [],
    )
