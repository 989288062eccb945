"""Rules on figures of evaluations: can they be redone, and are they of this file?"""

import re
from collections.abc import Iterator

from inspector.cards.values import Figure
from inspector.claims.case import Maker
from inspector.claims.text import CardText, Hit
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.claims.whose_figures import Whose, whose_figures

_ABOUT = re.compile(
    r"(?i)eval|bench|result|score|performance|accuracy|quality|capabilit|leaderboard"
)
_HARNESS = re.compile(
    r"(?i)\b(?:lm[- ]?eval(?:uation)?(?:[- ]harness)?|harness|lighteval|helm|opencompass|olmes|simple[- ]evals|bigcode[- ]evaluation|evaluations? (?:library|suite|framework|script|code|pipeline)|evalplus)\b"
)
_SHOTS = re.compile(
    r"(?i)\b(?:\d{1,3}|zero|few|one|five)[- ]?shots?\b|#\s?shots?\b|\bn[-_ ]?shots?\b|\bshots\b"
)
_PRECISION = re.compile(
    r"(?i)(?<![\w/-])(bf16|bfloat16|fp16|float16|f16|fp32|float32|fp8|int8|int4|[48]-bit|I?Q\d_[\w]{1,5})(?![\w])"
)
_SAME = {
    "BFLOAT16": "BF16", "FLOAT16": "F16", "FP16": "F16", "FLOAT32": "F32", "FP32": "F32",
}  # fmt: skip
_FULL = frozenset({"F16", "BF16", "F32"})
MOST = 6


def redoable(maker: Maker) -> Iterator[Claim]:
    """EVAL: whether test set, harness, shots and precision are stated with the figures."""
    text, figures = maker.case.text, _figures(maker)
    if text is None or not figures:
        yield _nothing(maker)
        return
    found = {
        "test set": any(one.what for one in figures),
        "harness": bool(text.search(_HARNESS)),
        "shots": bool(text.search(_SHOTS)),
        "precision": bool(text.search(_PRECISION, under=_ABOUT)),
    }
    missing = [what for what, there in found.items() if not there]
    yield maker.claim(
        Verdict.CANNOT if missing else Verdict.STATED,
        "missing" if missing else "checkable",
        Grade.CARD,
        text=_told(figures),
        passages=_places(maker, figures),
        count=len(figures),
        missing=", ".join(missing) or "–",
        there=", ".join(what for what, there in found.items() if there) or "–",
    )


def of_this_file(maker: Maker) -> Iterator[Claim]:
    """EVALQ: the precision that the figures were measured at, against this file's type."""
    case, whose = maker.case, whose_figures(maker)
    figures = whose.own
    if case.text is None or not figures:
        yield _nothing(maker)
        return
    ours = _plain(case.summary.quantisation.text)
    if not ours:
        yield maker.claim(Verdict.CANNOT, "no_type", Grade.CARD, passages=_places(maker, figures))
        return
    hits = case.text.search(_PRECISION, under=_ABOUT)
    stated = list(dict.fromkeys(_plain(hit.found.group(1)) for hit in hits))
    places = [*_places(maker, figures), *maker.places([*whose.said[:2], *hits[:4]])]
    grade, some = Grade.HEADER, 0
    if not stated and whose.said:
        verdict, reason, grade = Verdict.STATED, "said_of_file", Grade.CARD
    elif not stated:
        # Nobody quantises before publishing figures; still, the card doesn't say.
        verdict, reason = Verdict.CANNOT, "not_said"
        if ours in _FULL:
            reason = "not_said_full"
    elif some := _without(case.text, figures, hits):
        verdict, reason = Verdict.PERSON, "some"
    elif ours in stated and len(stated) == 1:
        verdict, reason = Verdict.AGREES_IN_PART, "same_type"
    elif ours in stated:
        verdict, reason = Verdict.PERSON, "several"
    else:
        verdict, reason = Verdict.DIFFERS, "other_file"
    yield maker.claim(
        verdict,
        reason,
        grade,
        text=_told(figures),
        passages=places,
        evidence=(case.summary.quantisation,),
        count=len(figures),
        card=", ".join(stated) or "–",
        file=ours,
        said=whose.said[0].line.text.strip() if whose.said else "–",
        some=some,
    )
    yield from _beside(maker, whose)


def _without(text: CardText, figures: tuple[Figure, ...], hits: list[Hit]) -> int:
    """Returns how many figures stand in sections of which no precision is said.

    What is said in a section with figures is said of those and of the sections within it; what is
    said where no figures stand is said of all.
    """
    paths = {line.number: line.path for line in text.lines}
    where = [paths.get(one.line, "") for one in figures]
    said = {hit.line.path for hit in hits}
    if not said <= set(where):
        return 0
    return sum(not any(f"{path} / ".startswith(f"{one} / ") for one in said) for path in where)


def _beside(maker: Maker, whose: Whose) -> Iterator[Claim]:
    """Tells of the columns of other models, which were not counted."""
    if whose.others:
        yield maker.claim(
            Verdict.STATED,
            "beside",
            Grade.CARD,
            which="beside",
            text=_told(whose.others),
            passages=_places(maker, whose.others),
            count=len(whose.others),
            named=whose.named,
        )


def redo(maker: Maker) -> Iterator[Claim]:
    """EVALREDO: what a person may measure again."""
    figures = whose_figures(maker).own
    if not figures:
        yield _nothing(maker)
        return
    yield maker.claim(
        Verdict.PERSON,
        "to_redo",
        Grade.CARD,
        text=_told(figures),
        passages=_places(maker, figures),
        count=len(figures),
    )


def _figures(maker: Maker) -> tuple[Figure, ...]:
    """Returns the figures of the card; none where no card was read."""
    card = maker.case.card
    return card.figures if card is not None and maker.case.text is not None else ()


def _nothing(maker: Maker) -> Claim:
    """Returns that no figures are stated, or that nobody has read the card that would state them."""
    has_card = maker.case.card is not None and maker.case.text is not None
    return maker.not_stated() if has_card else maker.no_card()


def _plain(name: str) -> str:
    upper = name.upper()
    return _SAME.get(upper, upper)


def _told(figures: tuple[Figure, ...]) -> str:
    told = [f"{one.what} ({one.of}): {one.value}" for one in figures[:MOST]]
    return "; ".join(told)


def _places(maker: Maker, figures: tuple[Figure, ...]) -> list[Passage]:
    document = maker.case.card.document if maker.case.card else ""
    lines: dict[int, Passage] = {}
    for one in figures:
        if len(lines) >= MOST:
            break
        lines.setdefault(
            one.line,
            Passage(
                document=document,
                line=one.line,
                end=one.line,
                heading=one.where,
                quote=f"{one.what}: {one.value}",
            ),
        )
    return list(lines.values())
