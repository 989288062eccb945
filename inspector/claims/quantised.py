"""The rule on how a file is quantised: its name, its header, its bytes, and what its card says of it."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.claims.case import Maker
from inspector.claims.stated_type import Stated, stated_types
from inspector.claims.values import Claim, Grade, Verdict
from resources import table

LABEL = re.compile(
    r"(?i)(?<![A-Za-z0-9])(I?Q\d_(?:K_(?:XS|S|M|L|XL)|K|XXS|XS|NL|S|M|L|[01])|TQ\d_0|MXFP4(?:_MOE)?|BF16|FP?16|FP?32)(?![A-Za-z0-9])"
)
_SAME = {"FP16": "F16", "FP32": "F32", "MXFP4_MOE": "MXFP4"}
_FLOATS = frozenset({"F16", "BF16", "F32"})
_BITS = re.compile(r"\d+")


class Band(msgspec.Struct, frozen=True):
    """What files of a label hold: the type of most bytes, and the usual range of bits per weight."""

    main: str
    low: float
    high: float


class _Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    labels: dict[str, Band]


@cache
def bands() -> dict[str, Band]:
    """Returns what is known of each label."""
    read: _Bands = table("claims/quantisations.toml", _Bands)
    return read.labels


def plain(label: str) -> str:
    """Returns a label as the format writes it."""
    name = label.upper()
    return _SAME.get(name, name)


def quantisation(maker: Maker) -> Iterator[Claim]:
    """QUANT: name and header with the type that most bytes are of; the card's word with those."""
    yield _of_the_file(maker)
    yield from _of_the_card(maker)


def _of_the_file(maker: Maker) -> Claim:
    case = maker.case
    shares = case.summary.types
    if not shares:
        return maker.claim(Verdict.CANNOT, "no_tensors", Grade.HEADER)
    header = _header(maker)
    label = _in_name(case.model.name)
    mix = ", ".join(f"{one.tensors} × {one.type}" for one in shares[:6])
    counted = case.measured(mix, "tensors by bytes")
    evidence = [
        *((case.named(label),) if label else ()),
        *((case.summary.quantisation,) if header else ()),
        counted,
    ]
    said = label or header
    if not said:
        return maker.claim(
            Verdict.NOT_STATED, "no_label", Grade.COMPUTED, evidence=evidence, mix=mix
        )
    band = bands().get(said)
    fits = band is not None and shares[0].type == band.main
    if label and header and label != header and _is_own_label(label, header):
        verdict, reason = Verdict.AGREES_IN_PART, "own_label"
    elif label and header and label != header:
        verdict, reason = Verdict.DIFFERS, "name_and_header"
    elif band is None:
        verdict, reason = Verdict.STATED, "not_in_list"
    elif fits:
        verdict = Verdict.AGREES
        reason = "equal" if label and header else "equal_name" if label else "equal_header"
    else:
        verdict, reason = Verdict.AGREES_IN_PART, "mixed"
    return maker.claim(
        verdict,
        reason,
        Grade.COMPUTED,
        text=case.model.name if label else said,
        evidence=evidence,
        label=said,
        header=header,
        mix=mix,
        main=shares[0].type,
    )


def _in_name(name: str) -> str:
    """Returns the label of a file's name; floats beside another one are what it was made from."""
    every = [plain(one.group(1)) for one in LABEL.finditer(name)]
    quantised = [one for one in every if one not in _FLOATS]
    return next(iter(quantised[-1:] or every[-1:]), "")


def _of_the_card(maker: Maker) -> Iterator[Claim]:
    """Yields what the card says of this very file, compared with the header, else with the bytes."""
    case = maker.case
    shares = case.summary.types
    if case.text is None or not shares:
        return
    stated = stated_types(case.text, LABEL)
    if not stated:
        return
    header, main = _header(maker), shares[0].type
    judged = [(one, _judged(one, header, main)) for one in stated]
    # One sentence that is wrong is not made good by one that is right.
    worst = max((how for _, how in judged), key=_WORST.index)
    chosen = [one for one, how in judged if how == worst]
    counted = case.measured(main, "tensors by bytes")
    yield maker.claim(
        _VERDICTS[worst],
        worst,
        Grade.COMPUTED,
        which="card",
        passages=maker.places([one.hit for one in chosen]),
        evidence=(*((case.summary.quantisation,) if header else ()), counted),
        card=chosen[0].written,
        file=header or main,
        main=main,
    )


_VERDICTS = {
    "card_equal": Verdict.AGREES,
    "card_bytes": Verdict.AGREES,
    "card_loose": Verdict.AGREES_IN_PART,
    "card_mixed": Verdict.AGREES_IN_PART,
    "card_other": Verdict.DIFFERS,
}
_WORST = tuple(_VERDICTS)


def _judged(stated: Stated, header: str, main: str) -> str:
    ours = header or main
    if stated.bits:
        held = _BITS.search(ours)
        return "card_loose" if held and held.group() == stated.bits else "card_other"
    label = plain(stated.written)
    band = bands().get(label)
    fits = band is None or band.main == main
    if not header and (label == main or (band is not None and fits)):
        return "card_bytes"
    if label == ours:
        return "card_equal" if fits else "card_mixed"
    if ours.startswith(f"{label}_") or _is_own_label(label, ours):
        return "card_loose"
    return "card_other"


def _header(maker: Maker) -> str:
    """Returns the header's label; without its key, the summary's is counted and no word of the file."""
    stated = maker.case.header("general.file_type")
    return plain(maker.case.summary.quantisation.text) if stated.is_known else ""


def _is_own_label(label: str, header: str) -> bool:
    """Whether a name says `Q4_K_XL` where the format knows Q4_K_S and Q4_K_M: a quantiser's own mix."""
    return label not in bands() and label.rpartition("_")[0] == header.rpartition("_")[0] != ""
