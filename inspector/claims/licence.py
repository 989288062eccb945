"""Rules on licences: labels, texts, the parents', restrictions of use, data."""

from collections.abc import Iterator

from inspector.cards.front_matter import Field
from inspector.claims.case import Maker
from inspector.claims.licence_said import Said, said_licences
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.facts import Fact, Source, SourceKind, known, unknown
from inspector.licences.catalogue import Sign, Topic, licence_of_parent, reading_of
from inspector.licences.names import Named, identify, plain_name, same_licence, title_of
from inspector.licences.parts import Part
from inspector.licences.report import Basis
from inspector.lineage.values import Place

_RESTRICTING = (Topic.USE, Topic.COMMERCIAL, Topic.NAMING, Topic.OUTPUTS, Topic.USE_POLICY)
_LIMITING = (Topic.SCALE, Topic.TERRITORY)


def card_and_header(maker: Maker) -> Iterator[Claim]:
    """LIC-HDR: the licence label of the card's front matter, and the header's."""
    case = maker.case
    weights = case.licence.part(Part.WEIGHTS)
    header = weights.label.stated if weights.label.stated.is_known else weights.label.name
    ours = weights.named
    if any(one.kind is not SourceKind.HEADER for one in header.sources):
        # A silent header's label is the card's own, which is no second place that says so.
        header, ours = unknown("settle.licence"), identify("")
    field = _card_label(maker)
    if field is None and (said_in_text := list(said_licences(maker))):
        yield _text_and_header(maker, said_in_text, header)
        return
    if field is None:
        if case.card is None and not header.is_known:
            yield maker.no_card()
        elif not header.is_known:
            yield maker.not_stated(evidence=(header,))
        else:
            yield maker.claim(
                Verdict.STATED,
                "header_only" if case.card is not None else "header_no_card",
                Grade.HEADER,
                text=header.text,
                evidence=(header,),
                file=ours.title or header.text,
            )
        return
    fact, place = case.stated(field)
    theirs = _understood(maker, field)
    said = theirs.title or str(field.value)
    if not header.is_known:
        verdict, reason, grade = Verdict.STATED, "card_only", Grade.CARD
    elif theirs.ids and ours.ids:
        same = len(theirs.ids) == len(ours.ids) and all(
            any(same_licence(one, other) for other in ours.ids) for one in theirs.ids
        )
        verdict = Verdict.AGREES if same else Verdict.DIFFERS
        reason, grade = "equal" if same else "other", Grade.HEADER
    elif plain_name(str(field.value)) == plain_name(header.text):
        verdict, reason, grade = Verdict.STATED, "same_words", Grade.TWO_PLACES
    else:
        verdict, reason, grade = Verdict.PERSON, "not_understood", Grade.HEADER
    yield maker.claim(
        verdict,
        reason,
        grade,
        passages=(place,),
        evidence=(fact, header),
        card=said,
        file=ours.title or header.text,
    )


def _text_and_header(maker: Maker, every: list[Said], header: Fact) -> Claim:
    """Compares the licences that sentences of a card name with the header's label."""
    ours = maker.case.licence.part(Part.WEIGHTS).named
    said = [one for one in every if not one.is_aside] or every
    ids = list(dict.fromkeys(licence for one in said for licence in one.named.ids))
    fits = any(same_licence(one, other) for one in ids for other in ours.ids)
    if not header.is_known or not ours.ids:
        verdict, reason, grade = Verdict.STATED, "text_only", Grade.CARD
    elif all(one.is_aside for one in said):
        # That the code is under the same licence says as little of the weights as another one does.
        verdict, reason, grade = Verdict.PERSON, "text_aside", Grade.HEADER
    elif len(ids) > 1:
        # Sentences may name the licences of several parts, or of other models.
        verdict, reason, grade = Verdict.PERSON, "text_several", Grade.HEADER
    elif fits:
        verdict, reason, grade = Verdict.AGREES, "text_equal", Grade.HEADER
    else:
        verdict, reason, grade = Verdict.DIFFERS, "text_other", Grade.HEADER
    return maker.claim(
        verdict,
        reason,
        grade,
        passages=maker.places([one.hit for one in said]),
        evidence=(header,),
        card=", ".join(map(title_of, ids)),
        file=ours.title or header.text or "–",
    )


def _card_label(maker: Maker) -> Field | None:
    card = maker.case.card
    return card.front.first("license") if card is not None else None


def _understood(maker: Maker, field: Field) -> Named:
    card = maker.case.card
    named = identify(str(field.value))
    beside = card.front.first("license_name") if card is not None else None
    if not named.ids and beside is not None:
        found = identify(str(beside.value))
        return found if found.ids else named
    return named


def shipped_text(maker: Maker) -> Iterator[Claim]:
    """LIC-TXT: licence text and notice beside the file, and whether the text is the label's."""
    case = maker.case
    report, weights = case.licence, case.licence.part(Part.WEIGHTS)
    field = _card_label(maker)
    named = weights.named if weights.named.ids or field is None else _understood(maker, field)
    label = named.title or weights.label.stated.text
    own = report.texts_of(Part.WEIGHTS)
    if not own:
        if not report.looked_for_texts:
            yield maker.claim(Verdict.UNKNOWN, "not_sought")
        elif label:
            grade = Grade.HEADER if weights.named.ids else Grade.CARD
            yield maker.claim(Verdict.STATED, "label_only", grade, text=label, card=label)
        else:
            yield maker.claim(Verdict.NOT_STATED, "none", Grade.CARD)
        return
    text = own[0]
    found = text.match
    place = Passage(document=text.source.document, line=0, end=0)
    context = {
        "document": text.source.document,
        "text": title_of(found.licence) if found.licence else "–",
        "share": f"{100 * found.found:.0f}",
        "card": label or "–",
        "notice": report.notice.source.document if report.notice else "–",
    }
    if not found.identifies:
        verdict, reason = Verdict.PERSON, "text_not_known"
    elif not named.ids:
        verdict, reason = Verdict.STATED, "text_without_label"
    elif any(same_licence(one, found.licence) for one in named.ids):
        is_whole = found.relation == "same"
        verdict = Verdict.AGREES if is_whole else Verdict.AGREES_IN_PART
        reason = "text_and_label" if is_whole else "text_changed"
    else:
        verdict, reason = Verdict.DIFFERS, "text_differs"
    yield maker.claim(
        verdict,
        reason,
        Grade.COMPUTED,
        text=label,
        passages=(place,),
        evidence=(Fact(value=context["text"], sources=(text.source,)), weights.label.stated),
        context=context,
    )


def parents(maker: Maker) -> Iterator[Claim]:
    """LIC-BASE: this model's label against what its parents pass on."""
    case = maker.case
    named = list(_parents(maker))
    if not named:
        if case.card is not None:
            yield maker.not_stated()
        else:
            yield maker.claim(Verdict.UNKNOWN, "no_parents")
        return
    weights = case.licence.part(Part.WEIGHTS)
    field = _card_label(maker)
    ours = weights.licences or (_understood(maker, field).ids if field is not None else ())
    for model, stated, theirs, day in named[:8]:
        binding = [
            (one, read.passes_on)
            for one in theirs
            if (read := reading_of(one)) is not None
            and read.passes_on is not None
            and not any(same_licence(one, other) for other in ours)
        ]
        if not theirs or not ours:
            known_of = "theirs_only" if theirs else "ours_only" if ours else "not_known"
            verdict, reason = Verdict.CANNOT, known_of
        elif binding:
            verdict, reason = Verdict.DIFFERS, "passes_on"
        elif any(same_licence(one, other) for one in theirs for other in ours):
            verdict, reason = Verdict.STATED, "same"
        elif all(reading_of(one) is not None for one in theirs):
            verdict, reason = Verdict.STATED, "other_stays_not"
        else:
            verdict, reason = Verdict.STATED, "other_unread"
        yield maker.claim(
            verdict,
            reason,
            Grade.TWO_PLACES if theirs else Grade.CARD,
            which=model,
            text=model,
            evidence=(stated, weights.label.stated),
            model=model,
            theirs=", ".join(map(title_of, theirs)) or "–",
            ours=", ".join(map(title_of, ours)) or "–",
            clause=(binding[0][1] if binding else "") or "–",
            day=day or "–",
        )


def _parents(maker: Maker) -> Iterator[tuple[str, Fact, tuple[str, ...], str]]:
    """Yields each named parent: repository, what is stated, its licences, the day of our list."""
    case = maker.case
    seen = set()
    told = {one.repository.casefold() for one in case.beside.parents}
    for link in case.licence.lineage:
        if link.model.casefold() in told:
            # What the Hub said of it is nearer than our list.
            continue
        seen.add(link.model.casefold())
        theirs = link.named.ids if link.named is not None else tuple(filter(None, (link.listed,)))
        yield link.model, link.stated, theirs, link.listed_on
    for said in case.beside.parents:
        if said.repository.casefold() not in seen:
            seen.add(said.repository.casefold())
            source = Source(
                kind=SourceKind.HUB,
                document=said.repository,
                where="license",
                revision=said.revision,
            )
            yield said.repository, known(said.licence, source), identify(said.licence).ids, ""
    for node in (*case.lineage.at(Place.BASE_MODEL), *case.lineage.at(Place.END_MODEL)):
        if node.repository and node.repository.casefold() not in seen:
            seen.add(node.repository.casefold())
            listed, day = licence_of_parent(node.repository)
            yield node.repository, node.name, (listed,) if listed else (), day if listed else ""


def restrictions(maker: Maker) -> Iterator[Claim]:
    """LIC-USE: what our reading of the licence lists as conditions, for a person to confirm."""
    weights = maker.case.licence.part(Part.WEIGHTS)
    if not weights.licences:
        said = weights.label.name if weights.label.name.is_known else weights.label.stated
        if said.is_known:
            yield maker.claim(
                Verdict.CANNOT, "not_assessed", Grade.CARD, text=said.text, licence=said.text
            )
        else:
            yield maker.claim(Verdict.NOT_STATED, "none", Grade.CARD)
        return
    if not weights.assessed:
        title = ", ".join(map(title_of, weights.licences))
        yield maker.claim(Verdict.CANNOT, "not_assessed", Grade.CARD, text=title, licence=title)
        return
    told, evidence = [], []
    for licence in weights.assessed:
        for topic in (*_RESTRICTING, *_LIMITING):
            one = licence.statements[topic]
            if one.sign in {Sign.CONDITIONAL, Sign.FORBIDDEN}:
                told.append(one.says)
                where = one.clause or licence.title
                evidence.append(maker.case.measured(one.says, f"{licence.title}, {where}"))
    yield maker.claim(
        Verdict.PERSON,
        ("listed_one" if len(told) == 1 else "listed") if told else "none_listed",
        Grade.TWO_PLACES if weights.basis is Basis.LABEL_AND_TEXT else Grade.HEADER,
        text=", ".join(one.title for one in weights.assessed),
        evidence=evidence,
        count=len(told),
        licence=", ".join(one.title for one in weights.assessed),
    )
