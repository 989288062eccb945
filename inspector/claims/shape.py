"""The rule on layers, width, heads and vocabulary."""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.numbers import number, told
from inspector.claims.size import cells, compares
from inspector.claims.text import Hit, around
from inspector.claims.values import Claim, Grade, Verdict
from inspector.facts import Fact

_SHAPES = {
    "layers": re.compile(
        r"(?i)\b(?:n_?layers?|num_(?:hidden_)?layers|num\.? (?:of )?layers|number of layers|hidden layers|layers)\b(?: \([^()]{1,40}\))?\s?\**\s?[:|=]\s?\**\s?(\d{1,4})\b|(?<![-–] )(?<![\d.–-])\b(\d{1,4})[- ]layers?\b"
    ),
    "width": re.compile(
        r"(?i)\b(?:d_model|hidden[ _]size|hidden dimension|embedding (?:size|dimension|length)|model dimension)\b\s?\**\s?[:|=]\s?\**\s?(\d{1,3},\d{3}|\d{2,6})\b"
    ),
    "heads": re.compile(
        r"(?i)\b(?:n_heads?|num_attention_heads|attention heads|number of (?:attention )?heads)\b(?: \([^()]{1,20}\))?\s?\**\s?[:|=]\s?\**\s?(\d{1,4})\b|\b(\d{1,4}) attention heads\b"
    ),
    "vocabulary": re.compile(
        r"(?i)\bvocab(?:ulary)?(?:[ _]size)?\b\s?\**\s?(?:[:|=]|of(?: up to)?)\s?\**\s?(\d{1,3},\d{3}(?:,\d{3})?|\d{3,7})\b"
    ),
}
_COLUMNS = {
    "layers": re.compile(r"(?i)^(?:n_?layers?|#? ?layers|num(?:ber of)?[ _]layers|hidden layers)$"),
    "width": re.compile(
        r"(?i)^(?:d_?model|hidden[ _](?:size|dim(?:ension)?)|embedding (?:size|dim(?:ension)?))$"
    ),
    "heads": re.compile(r"(?i)^(?:n_?heads?|#? ?heads|attention heads|q heads)$"),
    "vocabulary": re.compile(r"(?i)^vocab(?:ulary)?(?:[ _]size)?$"),
}
_COUNT = re.compile(r"^\s*(\d{1,3}(?:,\d{3}){0,2}|\d{1,7})\s*$")
_OF_SOME = re.compile(
    r"(?i)\b(?:first|last|top|bottom|upper|lower|middle|initial|final|next|other|remaining|additional|extra|new|every|each|chunks?|blocks?|slices?|only|add\w*|delet\w*|remov\w*|drop\w*|prun\w*|freez\w*|froz\w*|unfr\w*|replac\w*|repeat\w*|duplicat\w*|cop(?:y|ied)|offload\w*|by|memory|shared|skip\w*|mtp|dense|moe|sparse|mamba|ssm|linear|global|local)\s+(?:of\s+|the\s+|another\s+|some\s+|by\s+)*$"
)
"""What stands before a number of layers that are not all of them."""

_PART = re.compile(
    r"(?i)\b(?:perceiver|resampler|vision|visual|image|audio|speech|projector|connector|adapters?|draft|lora)\b"
)
_PADDING = 0.01
_BLOCK = re.compile(r"^blk\.(\d{1,4})\.")


def layers(maker: Maker) -> Iterator[Claim]:
    """LAYERS: layers, width, heads and vocabulary: header against tensors, then card against both."""
    case = maker.case
    facts = _shapes(maker)
    if case.model.tensors:
        yield _header_and_tensors(maker, facts)
    if case.text is None:
        yield maker.no_card()
        return
    compared, wrong, hits, aside = [], [], [], True
    for what, pattern in _SHAPES.items():
        fact = facts[what]
        found = [
            (value, hit)
            for hit in case.text.search(pattern)
            if not _is_of_a_part(what, hit)
            and (value := number(next(filter(None, hit.found.groups())))) is not None
        ]
        found += list(_shape_cells(maker, what))
        if not found or fact.number is None:
            continue
        right = [one for one in found if one[0] == fact.number]
        # A card of a family names the numbers of several models; one that fits is this one's.
        compared.append(what)
        hits += [hit for _, hit in (right or found[:2])]
        if not right:
            wrong.append((what, found[0][0], len({value for value, _ in found})))
            aside = aside and all(compares(hit) for _, hit in found)
    evidence = [facts[what] for what in compared]
    if not compared:
        yield maker.not_stated(evidence=[fact for fact in facts.values() if fact.is_known])
        return
    if any(several > 1 for *_, several in wrong):
        yield maker.claim(
            Verdict.PERSON, "several", Grade.HEADER, passages=maker.places(hits), evidence=evidence
        )
        return
    reason = "other" if wrong else "equal"
    verdict = Verdict.AGREES
    if wrong and all(_is_padded(what, value, facts[what]) for what, value, _ in wrong):
        verdict, reason = Verdict.AGREES_IN_PART, "padded"
    elif wrong and aside:
        verdict, reason = Verdict.PERSON, "beside_another"
    elif wrong:
        verdict = Verdict.DIFFERS if len(wrong) == len(compared) else Verdict.AGREES_IN_PART
    yield maker.claim(
        verdict,
        reason,
        Grade.HEADER,
        passages=maker.places(hits),
        evidence=evidence,
        what=", ".join(what for what, *_ in wrong) or ", ".join(compared),
        card=", ".join(told(value) for _, value, _ in wrong),
        file=", ".join(told(facts[what].number or 0) for what, *_ in wrong),
    )


def _is_of_a_part(what: str, hit: Hit) -> bool:
    """Whether a number is that of some layers, or of a part that has layers of its own."""
    if what == "layers" and _OF_SOME.search(around(hit)[0]):
        return True
    return _PART.search(f"{hit.line.heading} {hit.line.text}") is not None


def _is_padded(what: str, stated: float, fact: Fact) -> bool:
    """Whether a vocabulary is the stated one, filled up to a number that computers like."""
    held = fact.number or 0.0
    return what == "vocabulary" and 0 < held - stated <= _PADDING * held


def _shape_cells(maker: Maker, what: str) -> Iterator[tuple[float, Hit]]:
    """Yields the numbers of the column that a table has for it."""
    for cell, line in cells(maker, _COLUMNS[what]):
        found = _COUNT.match(cell)
        if found and (value := number(found.group(1))) is not None:
            yield value, Hit(line, found)


def _shapes(maker: Maker) -> dict[str, Fact]:
    case = maker.case
    key = case.model.arch_key
    return {
        "layers": case.header(key("block_count")),
        "width": case.header(key("embedding_length")),
        "heads": case.header(key("attention.head_count")),
        "vocabulary": case.summary.vocabulary,
    }


def _header_and_tensors(maker: Maker, facts: dict[str, Fact]) -> Claim:
    """Compares the header's numbers with the shapes and names of the tensors themselves."""
    case = maker.case
    blocks = {found.group(1) for one in case.model.tensors if (found := _BLOCK.match(one.name))}
    shape = next((one.shape for one in case.model.tensors if one.name == "token_embd.weight"), None)
    seen = {"layers": case.measured(len(blocks), "tensors named blk.N")} if blocks else {}
    if shape is not None and len(shape) == 2:
        seen["width"] = case.measured(shape[0], "row of token_embd.weight")
        seen["vocabulary"] = case.measured(shape[1], "rows of token_embd.weight")
    compared = [what for what in seen if facts[what].is_known]
    wrong = [what for what in compared if facts[what].number != seen[what].number]
    evidence = [fact for what in compared for fact in (facts[what], seen[what])]
    if not compared:
        return maker.claim(Verdict.CANNOT, "no_shapes", Grade.HEADER, which="header")
    return maker.claim(
        Verdict.DIFFERS if wrong else Verdict.AGREES,
        "header_other" if wrong else "header_equal",
        Grade.COMPUTED,
        which="header",
        text=", ".join(f"{what} {told(facts[what].number or 0)}" for what in compared),
        evidence=evidence,
        what=", ".join(wrong or compared),
    )
