"""Judges labels, texts, notice and lineage together, and tells where they disagree.

Findings are for a person to judge. Nothing here says what anybody may do.
"""

from collections.abc import Iterator, Sequence

from inspector.licences.catalogue import Sign, Topic, licence_of_parent, reading_of
from inspector.licences.documents import LicenceText, Notice
from inspector.licences.names import LONGEST_LABEL, How, Named, identify, same_licence, title_of
from inspector.licences.questions import answers
from inspector.licences.report import (
    SCHEMA,
    Basis,
    Finding,
    Label,
    LicenceReport,
    Link,
    Part,
    PartReport,
    Relative,
)


def assess(
    labels: Sequence[Label],
    texts: Sequence[LicenceText] = (),
    notice: Notice | None = None,
    relatives: Sequence[Relative] = (),
    *,
    looked_for_texts: bool = False,
    unreadable: Sequence[str] = (),
    card: Label | None = None,
) -> LicenceReport:
    """Returns what labels, texts and notice say, and where they and the lineage disagree.

    Args:
        labels: at most one for each part; a part without one is unknown.
        texts: the licence texts that belong to the weights, the main one first.
        notice: the notice file.
        relatives: the models that this one comes from.
        looked_for_texts: whether an absent text was looked for, or only not given.
        unreadable: names of texts that are there and can't be read.
        card: what the card says of the weights, where `labels` say it from another place.
    """
    stated = {label.part: label for label in labels}
    parts = tuple(_part(part, stated.get(part) or Label(part=part), texts) for part in Part)
    lineage = tuple(_link(one) for one in relatives)
    weights = parts[0]
    findings = (
        *_of_label(weights),
        *(_of_card(weights, card) if card is not None else ()),
        # A text that is there and can't be read isn't missing.
        *_of_texts(weights, texts, looked_for_texts=looked_for_texts and not unreadable),
        *_of_notice(weights, notice, looked_for_texts=looked_for_texts),
        *_of_lineage(weights, lineage),
        *(Finding(code="text_unreadable", context={"document": name}) for name in unreadable),
    )
    return LicenceReport(
        schema=SCHEMA,
        parts=parts,
        texts=tuple(texts),
        notice=notice,
        looked_for_texts=looked_for_texts,
        lineage=lineage,
        findings=findings,
    )


def understand(label: Label) -> Named:
    """Returns which licence a label means: by its field, else by the name beside it."""
    named = identify(label.stated.text) if label.stated.is_known else _unsaid()
    if named.ids or not label.name.is_known:
        return named
    beside = identify(label.name.text)
    return beside if beside.ids else named


def _part(part: Part, label: Label, texts: Sequence[LicenceText]) -> PartReport:
    named = understand(label)
    basis, licences = Basis.LABEL if named.ids else Basis.NOTHING, named.ids
    decided = named
    main = texts[0] if texts and part is Part.WEIGHTS else None
    if main is not None and main.match.identifies:
        # The text binds, and a label is a word about it.
        agrees = any(same_licence(one, main.match.licence) for one in named.ids)
        basis = Basis.LABEL_AND_TEXT if agrees else Basis.TEXT
        if not agrees:
            licences = (main.match.licence,)
            title = title_of(main.match.licence)
            decided = Named(text="", how=How.IDENTIFIER, id=main.match.licence, title=title)
    assessed = tuple(read for one in licences if (read := reading_of(one)) is not None)
    return PartReport(
        part=part,
        label=label,
        named=named,
        basis=basis,
        licences=licences,
        assessed=assessed,
        answers=answers(decided),
    )


def _of_label(weights: PartReport) -> Iterator[Finding]:
    label, named = weights.label, weights.named
    sources = (*label.stated.sources, *label.name.sources)
    said = {"label": (label.stated.text or label.name.text)[:LONGEST_LABEL]}
    if label.stated.is_known and named.how is How.UNTOLD:
        yield Finding(code="label_untold", context=said, sources=sources)
    elif label.stated.is_known and named.how is How.FAMILY:
        yield Finding(code="label_family", context=said, sources=sources)
    elif label.stated.is_known and named.how is How.UNRECOGNISED:
        yield Finding(code="label_unrecognised", context=said, sources=sources)
    elif named.joined:
        code = {"any": "several_any", "all": "several_all"}.get(named.joined, "several_mixed")
        yield Finding(code=code, context={"names": named.title}, sources=sources)
    beside = identify(label.name.text) if label.name.is_known else None
    if beside and beside.id and named.id and not same_licence(beside.id, named.id):
        context = {"label": named.title, "name": beside.title}
        yield Finding(
            code="label_and_name_differ", context=context, sources=sources, disagrees=True
        )


def _of_card(weights: PartReport, card: Label) -> Iterator[Finding]:
    """Compares the label that is told of with what the card says of the weights."""
    named, theirs = weights.named, understand(card)
    if not named.ids or not theirs.ids:
        return
    if not any(same_licence(one, other) for one in named.ids for other in theirs.ids):
        sources = (*weights.label.stated.sources, *card.stated.sources, *card.name.sources)
        context = {"label": named.title, "card": theirs.title}
        yield Finding(code="card_differs", context=context, sources=sources, disagrees=True)


def _of_texts(
    weights: PartReport, texts: Sequence[LicenceText], *, looked_for_texts: bool
) -> Iterator[Finding]:
    named = weights.named
    if not texts and named.ids:
        code = "label_only" if looked_for_texts else "text_not_sought"
        yield Finding(code=code, context={"label": named.title})
    for text in texts:
        found = text.match
        context = {
            "document": text.source.document,
            "licence": title_of(found.licence),
            "share": f"{int(1000 * found.found) / 10:g}",
            "more": ", ".join(map(title_of, found.also)),
        }
        sources = (*weights.label.stated.sources, text.source)
        if found.relation in {"changed", "within", "related", "none"}:
            code = f"text_{found.relation}" if not found.also else "text_several"
            yield Finding(code=code, context=context, sources=(text.source,))
        if text.stated is not None and text.stated.ids and not found.identifies:
            said = {**context, "licence": text.stated.title}
            yield Finding(code="text_states", context=said, sources=(text.source,))
        agrees = any(same_licence(one, found.licence) for one in named.ids)
        if found.identifies and named.ids and not agrees:
            context = {**context, "label": named.title}
            yield Finding(
                code="label_and_text_differ", context=context, sources=sources, disagrees=True
            )


def _of_notice(
    weights: PartReport, notice: Notice | None, *, looked_for_texts: bool
) -> Iterator[Finding]:
    if notice is not None and notice.named is not None and weights.licences:
        alike = any(
            same_licence(one, other) for one in notice.named.ids for other in weights.licences
        )
        if not alike:
            context = {
                "notice": notice.named.title,
                "licence": ", ".join(map(title_of, weights.licences)),
            }
            sources = (notice.source, *weights.label.stated.sources)
            yield Finding(code="notice_differs", context=context, sources=sources, disagrees=True)
    if notice is None and looked_for_texts:
        for read in weights.assessed:
            said = read.statements[Topic.ATTRIBUTION]
            if said.sign is Sign.CONDITIONAL and "“Notice”" in said.says:
                context = {"licence": read.title, "clause": said.clause}
                yield Finding(code="notice_missing", context=context)


def _link(relative: Relative) -> Link:
    listed, on = ("", "")
    if not relative.stated.is_known:
        listed, on = licence_of_parent(relative.model)
    return Link(
        model=relative.model,
        relation=relative.relation,
        stated=relative.stated,
        named=identify(relative.stated.text) if relative.stated.is_known else None,
        listed=listed,
        listed_on=on if listed else "",
    )


def _of_lineage(weights: PartReport, lineage: Sequence[Link]) -> Iterator[Finding]:
    """Compares what this model states with what its parents pass on."""
    for link in lineage:
        ids = link.named.ids if link.named is not None else tuple(filter(None, (link.listed,)))
        if not ids:
            yield Finding(code="lineage_unknown", context={"model": link.model})
            continue
        for licence in ids:
            read = reading_of(licence)
            if read is None or read.passes_on is None or not weights.licences:
                continue
            if any(same_licence(licence, one) for one in weights.licences):
                continue
            context = {
                "model": link.model,
                "theirs": title_of(licence),
                "ours": ", ".join(map(title_of, weights.licences)),
                "clause": read.passes_on,
                "day": link.listed_on,
            }
            code = "lineage_differs" if link.named is not None else "lineage_differs_listed"
            sources = (*link.stated.sources, *weights.label.stated.sources)
            yield Finding(code=code, context=context, sources=sources, disagrees=True)


def _unsaid() -> Named:
    return Named(text="", how=How.NOTHING)
