"""The rule on how many parameters a model has."""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.numbers import LONG, NUMBER, SCALE, is_rounded_to, number, told
from inspector.claims.text import CardLine, Hit, around, sentence
from inspector.claims.this_model import is_of_this_model
from inspector.claims.values import Claim, Grade, Verdict
from inspector.facts import Fact

_EXPERTS = re.compile(
    r"(?i)experts?\b|\bMoE\b|activ(?:e|ated)\b|\d[BM]-\d{1,3}E\b|-A\d+(?:\.\d+)?B\b"
)
_FAR = 3
"""From here on, "so many times" says more than per cent."""

COMPARES = re.compile(
    r"(?i)\b(?:compar\w+|similar|than|versus|vs|unlike|larger|smaller|outperform\w*|baselines?|evaluat\w+|original|counterparts?|results? (?:of|for)|like the|same as|based on|initiali[sz]ed (?:from|with)|also (?:comes?|available|released?|offer\w*|exists?|provid\w*|train\w*)|siblings?|other (?:versions?|sizes?|variants?)|parameter sizes)\b"
)
_OF_OTHERS = re.compile(
    r"(?i)(?:\b(?:than|under|below|up to|beats?|surpass\w*|outperform\w*|rivals?|among|vs\.?|versus)|#\s?\d+ (?:of|for|among))\s+(?:\w+\s){0,2}$|[<≤]=?\s?$"
)
"""What stands before a size that is none of the model's own: `better than any 7B model`."""

_PARAMETERS = re.compile(
    rf"(?i)(?<![\w.,-])({NUMBER})\s?-?({SCALE})\s?-?(?:total\s|trainable\s|active\s|activated\s)?(?:params?\b|parameters?\b|parameter\b)"
    rf"|\b(?:n_)?(?:params|parameters|parameter (?:size|count)s?|model size)\b\s?\**\s?(?:[:|=]|of)\s?\**\s?(?:({NUMBER})\s?({SCALE})|({LONG}))"
)
_CELL = re.compile(rf"(?i)^\s*(?:({NUMBER})\s?({SCALE})\b|({LONG})\s*$)")
_LISTED = re.compile(
    rf"(?i)((?:\d{{1,4}}(?:\.\d{{1,3}})?\s?(?:{SCALE})?(?:,?\s+and\s+|,\s*|\s*/\s*|\s+(?:or|to)\s+|\s?[-–]\s?)){{1,8}})$"
)
_LISTED_ON = re.compile(
    rf"(?i)(?:(?:\s?\([^()]{{1,30}}\))?(?:,?\s+and\s+|,\s*|\s*/\s*|\s+(?:or|to)\s+)(?:{NUMBER})\s?(?:{SCALE})){{1,8}}"
)
_SIZES = re.compile(
    r"(?i)(?<![\w.])\d{1,4}(?:\.\d{1,2})?[MB](?:,\s+and\s+|,\s+|\s+and\s+)\d{1,4}(?:\.\d{1,2})?[MB]\b"
)
_IN_LIST = re.compile(rf"(?i)(\d{{1,4}}(?:\.\d{{1,3}})?)\s?({SCALE})?(?![A-Za-z0-9])")
_SIZED_NAME = re.compile(
    r"(?i)(?<![\w/-])[a-z][\w.]*(?:-[\w.]+)*?-(\d{1,4}(?:\.\d{1,3})?)([BM])(?![a-z0-9])"
)
_NAMED = re.compile(r"(?i)(?<![a-z0-9.])(\d{1,4}(?:\.\d{1,3})?)([MB])(?![a-z0-9])")
_POINTED = re.compile(r"(?i)(?<![a-z0-9.])(\d{1,2})_$")
_SHORT_OF_A_MODEL = 10e6
_IS_COUNT = re.compile(r"(?i)param")


_Stated = tuple[str, str, float, Hit]
"""Digits, scale, what both mean, and where."""


def parameters(maker: Maker) -> Iterator[Claim]:
    """PARAMS: stated numbers of parameters, and the numbers that the tensors hold."""
    case = maker.case
    counted = case.summary.parameters
    exact = counted.number
    yield from _named_size(maker, counted)
    label = case.summary.size_label
    if label.is_known and (found := _NAMED.search(label.text)):
        yield _size(maker, found.group(1), found.group(2), counted, which="label", text=label.text)
    if case.text is None:
        yield maker.no_card()
        return
    stated = list(_stated_sizes(maker))
    if not stated:
        yield maker.not_stated(evidence=(counted,))
        return
    called = case.summary.name.text
    own = [one for one in stated if is_of_this_model(case.text, one[3], called)]
    if own:
        yield _own_size(maker, own, stated, counted)
        return
    meant = [one for one in stated if not _OF_OTHERS.search(around(one[3])[0])]
    if not meant:
        yield _beside_another(maker, stated, counted)
        return
    stated = meant
    values = {value for _, _, value, _ in stated}
    if exact and len(values) > 1:
        fitting = [one for one in stated if _is_near(one, exact)]
        if not fitting:
            yield maker.claim(
                Verdict.PERSON,
                "several",
                Grade.COMPUTED,
                passages=maker.places([hit for *_, hit in stated]),
                evidence=(counted,),
                count=len(values),
                file=told(exact),
            )
            return
        closest = min(fitting, key=lambda one: abs(one[2] / exact - 1))
        stated = [one for one in fitting if one[2] == closest[2]]
    digits, scale, value, _ = stated[0]
    hits = [hit for *_, hit in stated]
    is_far = bool(exact) and abs(value / (exact or 1) - 1) > 0.1
    if (
        is_far
        and not is_rounded_to(exact or 0, digits, scale)
        and all(compares(hit) or _names_another(maker, hit, value) for hit in hits)
    ):
        yield _beside_another(maker, stated, counted)
        return
    yield _size(maker, digits, scale, counted, hits=hits)


def _names_another(maker: Maker, hit: Hit, value: float) -> bool:
    """Whether the sentence names a model with that size in its name, which is not this model's."""
    case = maker.case
    ours = f"{case.summary.name.text} {case.model.name}".lower()
    named = [
        f"{one.group(1)}{one.group(2)}".lower()
        for one in _SIZED_NAME.finditer(sentence(hit))
        if number(one.group(1), one.group(2)) == value
    ]
    is_ours = any(re.search(rf"(?<![\d.]){re.escape(size)}", ours) for size in named)
    return bool(named) and not is_ours


def _beside_another(maker: Maker, stated: list[_Stated], counted: Fact) -> Claim:
    digits, scale, _, _ = stated[0]
    return maker.claim(
        Verdict.PERSON,
        "beside_another",
        Grade.COMPUTED,
        passages=maker.places([hit for *_, hit in stated]),
        evidence=(counted,),
        card=_as_read(digits, scale),
        file=told(counted.number or 0),
    )


def _own_size(maker: Maker, own: list[_Stated], stated: list[_Stated], counted: Fact) -> Claim:
    """Judges by what is said of this model; that a sibling's size would fit does not make it right."""
    exact = counted.number
    wrong = [one for one in own if not _is_near(one, exact)]
    digits, scale, value, _ = (wrong or own)[0]
    meant = [hit for _, _, its, hit in own if its == value]
    others = [one for one in stated if wrong and _is_near(one, exact)]
    judged = _size(maker, digits, scale, counted, hits=meant)
    if judged.verdict is not Verdict.DIFFERS or not others or exact is None:
        return judged
    return maker.claim(
        Verdict.DIFFERS,
        "own_other",
        Grade.COMPUTED,
        passages=maker.places([*meant, *(hit for *_, hit in others)]),
        evidence=(counted,),
        card=_as_read(digits, scale),
        also=_as_read(others[0][0], others[0][1]),
        file=told(exact),
    )


def _is_near(stated: _Stated, exact: float | None) -> bool:
    digits, scale, value, _ = stated
    return bool(exact) and (
        abs(value / (exact or 1) - 1) <= 0.1 or is_rounded_to(exact or 0, digits, scale)
    )


def compares(hit: Hit) -> bool:
    """Whether what was found stands in a sentence that speaks of another model, too."""
    return COMPARES.search(sentence(hit)) is not None


def is_of_a_family(maker: Maker) -> bool:
    """Whether a card states several sizes: it is then about several models, not only this one."""
    if len({value for _, _, value, _ in _stated_sizes(maker)}) > 1:
        return True
    return maker.case.text is not None and bool(maker.case.text.search(_SIZES))


def _named_size(maker: Maker, counted: Fact) -> Iterator[Claim]:
    name = maker.case.model.name
    found = _NAMED.search(name)
    if found is None:
        return
    digits, scale, exact = found.group(1), found.group(2), counted.number
    stated = number(digits, scale) or 0.0
    if scale in "mM" and stated <= _SHORT_OF_A_MODEL and exact and exact > _FAR * stated:
        # A length of texts: `-1M` is said of tokens.
        return
    if pointed := _POINTED.search(name[: found.start(1)]):
        # `1_8b` is 1.8 billion or the 8 billion of a first version, as a name can't always have a point.
        with_point = f"{pointed.group(1)}.{digits}"
        is_it = exact and is_rounded_to(exact, with_point, scale)
        digits = with_point if is_it else digits
    yield _size(maker, digits, scale, counted, which="name", text=name)


def _stated_sizes(maker: Maker) -> Iterator[tuple[str, str, float, Hit]]:
    text, card = maker.case.text, maker.case.card
    if text is None or card is None:
        return
    if text.has("param", "model size"):
        for hit in text.search(_PARAMETERS):
            groups = [group or "" for group in hit.found.groups()]
            digits, scale = (groups[0], groups[1]) if groups[0] else (groups[2], groups[3])
            digits = digits or groups[4]
            if (value := number(digits, scale)) is not None:
                yield digits, scale, value, hit
            # "135M, 360M and 1.7B parameters" states three.
            before = _LISTED.search(around(hit)[0][-80:])
            behind = _LISTED_ON.match(hit.line.text, hit.found.end()) if groups[2] else None
            listed = (before.group(1) if before else "") + (behind.group() if behind else "")
            for one in _IN_LIST.finditer(listed):
                # "2, 7 and 72 billion": the last one's scale is that of all.
                its_scale = one.group(2) or scale
                if (value := number(one.group(1), its_scale)) is not None:
                    yield one.group(1), its_scale, value, hit
    for cell, line in cells(maker, _IS_COUNT):
        found = _CELL.match(cell)
        digits = found.group(1) or found.group(3) if found else ""
        scale = (found.group(2) if found else "") or ""
        if found and (value := number(digits, scale)) is not None:
            yield digits, scale, value, Hit(line, found)


def cells(maker: Maker, heads: re.Pattern[str]) -> Iterator[tuple[str, CardLine]]:
    """Yields the cells below the table heads that fit, each with its line."""
    text, card = maker.case.text, maker.case.card
    if text is None or card is None:
        return
    by_line = {line.number: line for line in text.lines}
    for table_ in card.tables:
        columns = [at for at, head in enumerate(table_.header) if heads.search(head.strip())]
        for at, row in enumerate(table_.rows):
            line = by_line.get(table_.line_of(at))
            for column in columns:
                if line is not None and column < len(row):
                    yield row[column], line


def _has_experts(maker: Maker, said: str) -> bool:
    """Whether only a part of the parameters may be meant: those that work on one token."""
    case = maker.case
    experts = case.header(case.model.arch_key("expert_count")).number
    return bool(experts and experts > 1) or _EXPERTS.search(said) is not None


def _size(
    maker: Maker,
    digits: str,
    scale: str,
    counted: Fact,
    *,
    which: str = "",
    text: str = "",
    hits: list[Hit] | None = None,
) -> Claim:
    exact, stated = counted.number, number(digits, scale) or 0.0
    places = list(maker.places(hits or []))
    if not exact or not stated:
        return maker.claim(
            Verdict.CANNOT, "no_tensors", Grade.CARD, which=which, text=text, passages=places
        )
    off = abs(stated / exact - 1)
    if off <= 0.02:
        verdict, reason = Verdict.AGREES, "equal"
    elif is_rounded_to(exact, digits, scale):
        verdict, reason = Verdict.AGREES_IN_PART, "rounded"
    elif off <= 0.1:
        verdict, reason = Verdict.AGREES_IN_PART, "near"
    elif stated < exact and _has_experts(
        maker, text or " ".join(hit.line.text for hit in hits or [])
    ):
        verdict, reason = Verdict.PERSON, "active"
    else:
        is_far = max(stated / exact, exact / stated) >= _FAR
        verdict, reason = Verdict.DIFFERS, "far" if is_far else "other"
    return maker.claim(
        verdict,
        reason,
        Grade.COMPUTED,
        which=which,
        text=text,
        passages=places,
        evidence=(counted,),
        card=_as_read(digits, scale),
        file=told(exact),
        percent=f"{100 * off:.1f}",
        times=told(max(stated / exact, exact / stated)),
    )


def _as_read(digits: str, scale: str) -> str:
    """Returns `360M`, and `360 million`: a word stands apart from its number."""
    return f"{digits} {scale}" if len(scale) > 1 else f"{digits}{scale}"
