"""Judges labels, texts, notice and lineage together, and tells where they disagree.

Findings are for a person to judge. Nothing here says what anybody may do.
"""

from collections.abc import Iterator, Sequence

from inspector.facts import unknown
from inspector.licences.catalogue import Sign, Topic, licence_of_parent, reading_of
from inspector.licences.documents import LicenceText, Notice
from inspector.licences.names import LONGEST_LABEL, How, Named, identify, same_licence, title_of
from inspector.licences.parts import Part, PlacedText, placed
from inspector.licences.questions import answers
from inspector.licences.report import (
    SCHEMA,
    Basis,
    Finding,
    Label,
    LicenceReport,
    Link,
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
        texts: the licence texts that lie beside the file.
        notice: the notice file.
        relatives: the models that this one comes from.
        looked_for_texts: whether an absent text was looked for, or only not given.
        unreadable: names of texts that are there and can't be read.
        card: what the card says of the weights, where `labels` say it from another place.
    """
    stated = {label.part: label for label in labels}
    link = stated[Part.WEIGHTS].link if Part.WEIGHTS in stated else unknown("settle.licence")
    sorted_texts = placed(texts, link.text)
    parts = tuple(_part(part, stated.get(part) or Label(part=part), sorted_texts) for part in Part)
    lineage = tuple(_link(one) for one in relatives)
    weights = parts[0]
    is_missing = looked_for_texts and not unreadable
    findings = (
        *_of_label(weights),
        *(_of_card(weights, card) if card is not None else ()),
        # A text that is there and can't be read isn't missing.
        *(() if weights.texts else _of_no_text(weights, looked_for_texts=is_missing)),
        *(found for one in sorted_texts for found in _of_text(parts, one)),
        *_of_notice(weights, notice, looked_for_texts=looked_for_texts),
        *_of_lineage(weights, lineage),
        *(Finding(code="text_unreadable", context={"document": name}) for name in unreadable),
    )
    return LicenceReport(
        schema=SCHEMA,
        parts=parts,
        texts=tuple(one.text for one in sorted_texts),
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


def _part(part: Part, label: Label, texts: Sequence[PlacedText]) -> PartReport:
    named = understand(label)
    basis, licences = Basis.LABEL if named.ids else Basis.NOTHING, named.ids
    decided = named
    own = [one.text for one in texts if one.part is part]
    main = own[0] if own else None
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
        texts=tuple(one.source.document for one in own),
    )


def _of_label(weights: PartReport) -> Iterator[Finding]:
    label, named = weights.label, weights.named
    sources = (*label.stated.sources, *label.name.sources)
    said = {"label": (label.stated.text or label.name.text)[:LONGEST_LABEL]}
    if label.stated.is_known and named.how is How.UNTOLD:
        code = "label_untold_named" if label.name.is_known else "label_untold"
        said["name"] = label.name.text[:LONGEST_LABEL]
        yield Finding(code=code, context=said, sources=sources)
    elif label.stated.is_known and named.how is How.FAMILY:
        yield Finding(code="label_family", context=said, sources=sources)
    elif label.stated.is_known and named.how is How.UNRECOGNISED:
        yield Finding(code="label_unrecognised", context=said, sources=sources)
    elif named.joined:
        code = f"several_{named.joined}"
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


def _of_no_text(weights: PartReport, *, looked_for_texts: bool) -> Iterator[Finding]:
    if weights.named.ids:
        code = "label_only" if looked_for_texts else "text_not_sought"
        yield Finding(code=code, context={"label": weights.named.title})


def _of_text(parts: Sequence[PartReport], placed_text: PlacedText) -> Iterator[Finding]:
    """Tells of a text what it is like, and compares it with the label of the part that it is for."""
    text, found = placed_text.text, placed_text.text.match
    about = next(one for one in parts if one.part is placed_text.part)
    context = {
        "document": text.source.document,
        "licence": title_of(found.licence),
        "share": f"{int(1000 * found.found) / 10:g}",
        "more": ", ".join(map(title_of, found.also)),
    }
    if not found.words:
        yield Finding(code="text_empty", context=context, sources=(text.source,))
    elif found.relation in {"changed", "within", "related", "none"}:
        code = f"text_{found.relation}" if not found.also else "text_several"
        yield Finding(code=code, context=context, sources=(text.source,))
    if text.stated is not None and text.stated.ids and not found.identifies:
        said = {**context, "licence": text.stated.title}
        yield Finding(code="text_states", context=said, sources=(text.source,))
    agrees = any(same_licence(one, found.licence) for one in about.named.ids)
    if found.identifies and about.named.ids and not agrees:
        sources = (*about.label.stated.sources, text.source)
        context = {**context, "label": about.named.title}
        yield Finding(
            code="label_and_text_differ", context=context, sources=sources, disagrees=True
        )


def _of_notice(
    weights: PartReport, notice: Notice | None, *, looked_for_texts: bool
) -> Iterator[Finding]:
    if notice is not None and notice.named is not None:
        context = {"notice": notice.named.title}
        sources = (notice.source, *weights.label.stated.sources, *weights.label.name.sources)
        alike = any(
            same_licence(one, other) for one in notice.named.ids for other in weights.licences
        )
        if not weights.licences:
            yield Finding(code="notice_only", context=context, sources=sources)
        elif not alike:
            context["licence"] = ", ".join(map(title_of, weights.licences))
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
    unread = [link.model for link in lineage if not _ids_of(link)]
    if unread:
        code = "lineage_unknown" if len(unread) == 1 else "lineage_unknown_several"
        yield Finding(code=code, context={"model": ", ".join(unread)})
    for link in lineage:
        for licence in _ids_of(link):
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


def _ids_of(link: Link) -> tuple[str, ...]:
    return link.named.ids if link.named is not None else tuple(filter(None, (link.listed,)))


def _unsaid() -> Named:
    return Named(text="", how=How.NOTHING)
