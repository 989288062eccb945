"""Rules on what a card is for: how full it is, limits, energy, contact, policy, safety, guards."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.cards.values import Slot
from inspector.claims.case import Maker
from inspector.claims.text import Hit, around, sentence
from inspector.claims.values import Claim, Grade, Passage, Verdict
from resources import table

ENERGY = ("hardware_type", "hours_used", "cloud_provider", "compute_region", "carbon")
_MAIL = re.compile(r"(?i)(?<![\w.+-])[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}(?![\w-])")
_REPORT_LINK = re.compile(
    r"(?i)/issues\b|/discussions\b|forms\.gle|google\.com/forms|/contact\b|[/_-]feedback\b|bug[-_]?bounty|/whitehat\b|/security\b|discord\.(?:gg|com)|mailto:|/report(?:$|[/?#-])(?!.*\.pdf)"
)
_POLICY = re.compile(
    r"(?i)\b(?:acceptable[- ]use|prohibited[- ]uses?|use)[- _]polic(?:y|ies)\b|\bterms of use\b"
)
_POLICY_LINK = re.compile(r"(?i)use[-_]?policy|acceptable[-_]?use|prohibited[-_]?use|/aup\b")
_SAFETY = re.compile(
    r"(?i)\b(?:safety[- ](?:tuned|tuning|aligned|alignment|training|fine-?tun\w+|mitigations?)|align(?:ed|ing|ment|s)? (?:with|to|it with|them with) (?:human|user)|(?:tuned|train\w*|optimi[sz]\w*|learn\w*)[^.]{0,40} human preferences?|human preferences? (?:data|pairs|learning|optimi[sz]ation|alignment)|(?:additional|preference|human) alignment|alignment (?:steps?|stages?|phases?)|harmless(?:ness)?|(?<![/-])RLHF|refusals?|refuses? (?:to|unsafe|harmful))\b"
)
_NO_SAFETY = re.compile(
    r"(?i)\bindemnif\w+|\bhold\b.{0,80}\bharmless|\b(?:I|we)\b.{0,150}\brefuse to\b|\|[^|]*\|[^|]*\|"
)
"""What a disclaimer says, what its writer refuses, and rows of tables: of many models, or of tests."""

_DENIED_BEFORE = re.compile(
    r"(?i)(?:\b(?:not|never|no|without|lacks?|lacking|unlike)\b|n['’]t\b)[^.,;:]{0,80}$"
    r"|\b(?:remov\w+|filter\w*|strip\w*|reduc\w+|avoid\w*|uncensor\w*|un-?align\w*|inhibit\w*|suppress\w*|ablat\w*|abliterat\w*|orthogonali[sz]\w*)\b.{0,150}$"
    r"|\b(?:can|could|may|might) (?:also |further |then )?(?:be|apply|use|try)\b(?:(?!\b(?:was|were|been|is|are)\b).){0,300}$|^\W*\[ \]"
)
_DENIED_AFTER = re.compile(
    r"(?i)^[^.,;:]{0,40}\b(?:removed|filtered|stripped|not (?:done|applied))\b"
)
_METHOD = re.compile(
    r"(?i)\b(?:RLHF|RLAIF|DPO|direct preference optimi[sz]ation|PPO|GRPO|KTO|ORPO|constitutional|rejection sampling|supervised fine-?tuning|SFT|reinforcement learning)\b"
)
_TEST = re.compile(
    r"(?i)\b(?:red[- ]team\w*|toxigen|realtoxicityprompts|bbq|winogender|xstest|harmbench|advbench|do-not-answer|safety (?:benchmarks?|evaluations?)|jailbreak\w* (?:tests?|benchmarks?)|wildguard(?:test)?|ailuminate)\b"
)
_A_WORD = re.compile(r"(?i)^refusals?$")
"""That a model refuses something says not yet that anybody trained it to."""

_MEASURES = re.compile(
    r"(?i)\b(?:scores?|metrics?|evaluation data ?sets?|test sets?)\b(?!.{0,80}\bdeploy)"
)
_PREFERENCE = re.compile(
    r"(?i)\b(?:preference (?:data|dataset|pairs)|ultrafeedback|hh-rlhf|beavertails|(?:human|synthetic)[- ](?:generated|annotated) (?:safety )?(?:data|prompts|feedback)|safety (?:data|dataset)|helpsteer|human feedback data)\b"
)


_LIMITS = re.compile(r"(?i)limit|risk|bias|issue|caveat")
_NONE = r"(?:none(?: (?:are |is )?(?:known|reported|identified|found|at (?:this|present) time|so far))?|no known (?:limitations?|risks?|issues?|bias(?:es)?)|nothing known|not known)"
_NONE_KNOWN = re.compile(
    rf"(?i)^[\s*_#|>-]*(?:known )?(?:limitations?|risks?|bias(?:es)?|issues|caveats)[*_ ]*[:|–-][*_ ]*{_NONE}[\s.*_|]*$"
    r"|\bno known (?:limitations?|risks)\b"
)
_NONE_BELOW = re.compile(rf"(?i)^[\s*_|>-]*{_NONE}[\s.*_|]*$")
_SENTENCES = re.compile(r"(?<=[.!?])\s|\n")
_TELLING = 12
"""Words of a section on limits, beside a denial, from which on it tells of some."""


class _Guards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    names: tuple[str, ...]


@cache
def _guard() -> re.Pattern[str]:
    names: _Guards = table("claims/guards.toml", _Guards)
    either = "|".join(re.escape(name).replace(r"\ ", "[ -]?") for name in names.names)
    return re.compile(rf"(?i)\b({either})\b[ -]?(v?\d(?:\.\d)?(?:[ -]?\d{{1,3}}(?:\.\d)?[BM])?)?")


def fill(maker: Maker) -> Iterator[Claim]:
    """FILL: how many slots of the standard template have own words."""
    card = maker.case.card
    if card is None:
        yield maker.no_card()
        return
    placeholders = sum(slot.placeholder for slot in card.slots)
    empty = [slot.id for slot in card.slots if not slot.filled]
    yield maker.claim(
        Verdict.STATED if card.filled else Verdict.NOT_STATED,
        "count",
        Grade.CARD,
        text=f"{card.filled} / {len(card.slots)}",
        passages=_slot_places(maker, [slot for slot in card.slots if slot.placeholder]),
        filled=card.filled,
        slots=len(card.slots),
        placeholders=placeholders,
        empty=", ".join(empty[:12]) or "–",
    )


def limits(maker: Maker) -> Iterator[Claim]:
    """LIMITS: whether the card has own words on its model's limits."""
    card = maker.case.card
    if card is None:
        yield maker.no_card()
        return
    slot = next(one for one in card.slots if one.id == "limitations")
    denied = maker.case.text.search(_NONE_KNOWN) if maker.case.text is not None else []
    if not denied and maker.case.text is not None:
        denied = maker.case.text.search(_NONE_BELOW, under=_LIMITS)
    section = next((one for one in card.sections if one.line == slot.line), None)
    # A heading on safety fills the slot too; one on limits says more of them, wherever it stands.
    filled = (one for one in card.sections if slot.id in one.slots and not one.is_empty)
    own = [one for one in filled if _LIMITS.search(one.heading)]
    telling = next((one for one in own if _tells(one.text)), None)
    if own:
        section = telling or own[0]
        slot = Slot(slot.id, filled=True, line=section.line, where=section.heading)
    if denied and telling is None:
        yield maker.claim(
            Verdict.STATED,
            "none_known",
            Grade.CARD,
            passages=maker.places(denied[:4]),
            said=denied[0].found.group().strip(" *_#|-"),
        )
    elif slot.filled and section is not None and not _LIMITS.search(section.heading):
        yield maker.claim(
            Verdict.STATED,
            "elsewhere",
            Grade.CARD,
            passages=_slot_places(maker, [slot]),
            words=len(section.text.split()),
            heading=section.heading,
        )
    elif slot.filled:
        words = len(section.text.split()) if section else 0
        yield maker.claim(
            Verdict.STATED,
            "own_words" if words else "below",
            Grade.CARD,
            passages=_slot_places(maker, [slot]),
            words=words,
        )
    else:
        yield maker.claim(
            Verdict.NOT_STATED,
            "placeholder" if slot.placeholder else "none",
            Grade.CARD,
            passages=_slot_places(maker, [slot] if slot.line else []),
        )


def _tells(text: str) -> bool:
    """Whether a section on limits says more than that there are none."""
    sentences = _SENTENCES.split(text)
    rest = (one for one in sentences if not (_NONE_KNOWN.search(one) or _NONE_BELOW.search(one)))
    return sum(len(one.split()) for one in rest) >= _TELLING


def energy(maker: Maker) -> Iterator[Claim]:
    """ENV: how many of the template's five fields on energy and carbon are filled."""
    card = maker.case.card
    if card is None:
        yield maker.no_card()
        return
    slots = [slot for slot in card.slots if slot.id in ENERGY]
    filled = [slot for slot in slots if slot.filled]
    yield maker.claim(
        Verdict.STATED if filled else Verdict.NOT_STATED,
        "count" if filled else "none",
        Grade.CARD,
        passages=_slot_places(maker, [slot for slot in slots if slot.line]),
        filled=len(filled),
        fields=len(slots),
        which_filled=", ".join(slot.id for slot in filled) or "–",
    )


def contact(maker: Maker) -> Iterator[Claim]:
    """CONTACT: a mail address, form or issue tracker."""
    case = maker.case
    if case.card is None or case.text is None:
        yield maker.no_card()
        return
    mails = case.text.search(_MAIL) if case.text.has("@") else []
    slot = next(one for one in case.card.slots if one.id == "contact")
    links = [one for one in case.card.links if _REPORT_LINK.search(one.address)]
    if not mails and not links and not slot.filled:
        yield maker.not_stated()
        return
    told = [hit.found.group() for hit in mails[:3]] + [one.address for one in links[:3]]
    document = case.card.document
    places = [
        Passage(document=document, line=one.line, end=one.line, quote=one.address)
        for one in links[:4]
    ]
    yield maker.claim(
        Verdict.STATED,
        "there" if told else "section",
        Grade.CARD,
        text=", ".join(dict.fromkeys(told)) or slot.where,
        passages=[*maker.places(mails[:4]), *places, *_slot_places(maker, [slot])],
    )


def use_policy(maker: Maker) -> Iterator[Claim]:
    """AUP: a use policy that is named or linked, and a copy of it beside the file."""
    case = maker.case
    copies = case.beside.policies
    assessed = [one.policy for part in case.licence.parts for one in part.assessed if one.policy]
    if case.card is None or case.text is None:
        if not copies and not assessed:
            yield maker.no_card()
            return
        hits: list[Hit] = []
    else:
        hits = case.text.search(_POLICY)
    document = case.card.document if case.card else ""
    links = [
        one for one in (case.card.links if case.card else ()) if _POLICY_LINK.search(one.address)
    ]
    places = [
        *maker.places(hits[:4]),
        *(
            Passage(document=document, line=one.line, end=one.line, quote=one.address)
            for one in links[:4]
        ),
        *(Passage(document=name) for name in copies),
    ]
    linked = ", ".join(dict.fromkeys(one.address for one in links[:2])) or "–"
    if copies:
        reason = "copy" if links else "copy_alone"
    elif links or assessed:
        reason = "linked"
        linked = linked if links else assessed[0].where
    elif hits:
        reason = "named"
    else:
        yield maker.not_stated()
        return
    yield maker.claim(
        Verdict.STATED,
        reason,
        Grade.TWO_PLACES if copies and (hits or links) else Grade.CARD,
        text=linked if linked != "–" else ", ".join(copies),
        passages=places,
        linked=linked,
        copies=", ".join(copies) or "–",
    )


def safety(maker: Maker) -> Iterator[Claim]:
    """SAFE-STATE: whether what is called aligned names its method, data and test."""
    case = maker.case
    if case.text is None:
        yield maker.no_card()
        return
    every = [hit for hit in case.text.search(_SAFETY) if not _NO_SAFETY.search(sentence(hit))]
    said = [hit for hit in every if not _is_denied(hit)]
    if all(_A_WORD.match(hit.found.group()) for hit in said):
        every, said = [hit for hit in every if hit not in said], []
    if not every:
        yield maker.not_stated()
        return
    if not said:
        yield maker.claim(Verdict.STATED, "denied", Grade.CARD, passages=maker.places(every[:4]))
        return
    named = {
        "method": case.text.search(_METHOD),
        "data": case.text.search(_PREFERENCE),
        "test": case.text.search(_TEST),
    }
    there = [what for what, hits in named.items() if hits]
    places = [*maker.places(said[:4])]
    for hits in named.values():
        places += list(maker.places(hits[:1]))
    yield maker.claim(
        Verdict.STATED,
        "named" if len(there) == len(named) else ("partly" if there else "asserted"),
        Grade.CARD,
        passages=places,
        there=", ".join(there) or "–",
        missing=", ".join(what for what in named if what not in there) or "–",
    )


def _is_denied(hit: Hit) -> bool:
    """Whether a sentence says of such training that there was none, or only that there could be."""
    before, after = around(hit)
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.search(after))


def guard(maker: Maker) -> Iterator[Claim]:
    """GUARD: a guard model that is named, with or without its version."""
    case = maker.case
    if case.text is None:
        yield maker.no_card()
        return
    # What a text was measured by, or tested on, guards no model.
    hits = [hit for hit in case.text.search(_guard()) if not _MEASURES.search(sentence(hit))]
    if not hits:
        yield maker.not_stated()
        return
    versioned = [hit for hit in hits if hit.found.group(2)]
    chosen = versioned or hits
    yield maker.claim(
        Verdict.STATED,
        "with_version" if versioned else "without_version",
        Grade.CARD,
        text=", ".join(dict.fromkeys(hit.found.group().strip() for hit in chosen[:4])),
        passages=maker.places(chosen[:4]),
    )


def _slot_places(maker: Maker, slots: list[Slot]) -> list[Passage]:
    document = maker.case.card.document if maker.case.card else ""
    return [
        Passage(document=document, line=slot.line, end=slot.line, quote=slot.where)
        for slot in slots
        if slot.line
    ]
