"""Rules on where a model comes from: parent, data, languages, dates, code."""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.parent_file import parent_files
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.facts import Source, SourceKind

_STALE_DAYS = 90
_FAMILY_DOUBTS = frozenset({"lineage.architecture_differs"})
_NUMBER_DOUBTS = _FAMILY_DOUBTS | {"lineage.size_differs"}
_LANGUAGE_LINE = re.compile(r"(?i)\blanguages?\b|\bmultilingual\b")
_CODE_LINK = re.compile(
    r"(?i)https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/[\w.-]{1,80}/[\w.-]{1,100}"
)
_NO_CODE = re.compile(
    r"(?i)\.(?:png|jpe?g|svg|gif|pdf|md)(?:[?#]|$)|/licen[cs]e|/issues\b|/discussions\b"
)
_PINNED = re.compile(
    r"(?i)/(?:tree|blob|commit|releases/tag)/(?!(?:main|master|dev)\b)[\w.-]{3,60}"
)
_TRAIN = re.compile(
    r"(?i)train\w*[^.]{0,40}\b(?:code|scripts?|configs?|recipes?)\b|\b(?:code|scripts?|configs?|recipes?)\b[^.]{0,40}train|\breproduc\w+"
)
_TRAIN_HEADING = re.compile(r"(?i)^[\d.)\s]*(?:(?:pre|post)-?training|training|reproducing)\b")


def parent(maker: Maker) -> Iterator[Claim]:
    """PARENT: the parents that card and header name, and what name, size and family say to it."""
    case = maker.case
    lineage = case.lineage
    named = lineage.parents
    if not named:
        yield (
            maker.not_stated()
            if case.card is not None
            else maker.claim(Verdict.UNKNOWN, "no_names")
        )
        return
    sources = [
        one for node in named for one in (*node.name.sources, *_link_sources(maker, node.id))
    ]
    kinds = {one.kind for one in sources}
    doubts = [doubt for link in lineage.links for doubt in link.doubts] + list(lineage.doubts)
    differ = next((one for one in doubts if one.code == "lineage.parents_differ"), None)
    odd = [node for node in named if _numbers_differ(maker, node.id, is_one=len(named) == 1)]
    places = [
        Passage(document=one.document, line=one.line, end=one.line, quote=node.name.text)
        for node in named
        for one in (*node.name.sources, *_link_sources(maker, node.id))
        if one.line
    ]
    titles = ", ".join(lineage.named_parents)
    evidence = [node.name for node in named]
    both = SourceKind.HEADER in kinds and SourceKind.FRONT_MATTER in kinds
    header = SourceKind.HEADER in kinds
    if differ is not None:
        verdict, reason, grade = Verdict.DIFFERS, "names_differ", Grade.HEADER
    elif odd:
        verdict, reason, grade = Verdict.DIFFERS, "numbers_differ", Grade.COMPUTED
        titles = ", ".join(one.repository or one.name.text for one in odd)
    elif both:
        verdict, reason, grade = Verdict.AGREES_IN_PART, "names_agree", Grade.HEADER
    else:
        verdict, reason = Verdict.STATED, "header_only" if header else "card_only"
        grade = Grade.HEADER if header else Grade.CARD
    told = differ.context if differ else {}
    yield maker.claim(
        verdict,
        reason,
        grade,
        text=titles,
        passages=places,
        evidence=evidence,
        named=titles,
        header=str(told.get("header", "–")),
        card=str(told.get("card", "–")),
    )
    yield from parent_files(maker)


def _numbers_differ(maker: Maker, node: str, *, is_one: bool) -> bool:
    """Whether the name of this parent says a size or a family that the file's numbers contradict.

    What was merged of several may be larger than each, also where each has the same name.
    """
    return any(
        doubt.code in (_NUMBER_DOUBTS if is_one else _FAMILY_DOUBTS)
        for link in maker.case.lineage.links
        if link.parent == node
        for doubt in link.doubts
    )


def _link_sources(maker: Maker, node: str) -> tuple[Source, ...]:
    links = maker.case.lineage.links
    return tuple(one for link in links if link.parent == node for one in link.sources)


def code(maker: Maker) -> Iterator[Claim]:
    """REPRO: links to code, and whether they are said to be for training."""
    case = maker.case
    if case.card is None or case.text is None:
        yield maker.no_card()
        return
    links = [
        one
        for one in case.card.links
        if _CODE_LINK.search(one.address)
        and not one.is_picture
        and not _NO_CODE.search(one.address)
    ]
    lines = {line.number: line for line in case.text.lines}
    training = [
        one
        for one in links
        if _TRAIN.search(one.text)
        or (
            ((line := lines.get(one.line)) is not None)
            and (_TRAIN.search(line.text) or _TRAIN_HEADING.search(line.heading))
        )
    ]
    if not links:
        yield maker.not_stated()
        return
    chosen = training or links
    yield maker.claim(
        Verdict.STATED,
        "train" if training else "run_only",
        Grade.CARD,
        text=", ".join(dict.fromkeys(one.address for one in chosen[:3])),
        passages=[
            Passage(document=case.card.document, line=one.line, end=one.line, quote=one.address)
            for one in chosen[:6]
        ],
        count=len({one.address for one in links}),
        pinned=len({one.address for one in links if _PINNED.search(one.address)}),
    )
