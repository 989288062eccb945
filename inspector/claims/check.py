"""Every rule on one model."""

import logging

from inspector.claims import (
    architecture,
    datasets,
    days,
    document,
    evaluation,
    languages,
    length,
    licence,
    origin,
    person,
    quantised,
    runs,
    shape,
    size,
    storage,
    template,
)
from inspector.claims.case import Case, Checker, Maker
from inspector.claims.reading import reading_of
from inspector.claims.rules import rule_set
from inspector.claims.values import Claim, ClaimReport
from inspector.errors import InspectorError

log = logging.getLogger(__name__)

CHECKERS: dict[str, Checker] = {
    "ARCH": architecture.architecture,
    "PARAMS": size.parameters,
    "CTX": length.context,
    "CTXLIVE": person.long_context,
    "LAYERS": shape.layers,
    "QUANT": quantised.quantisation,
    "BPW": storage.bits,
    "HASH": storage.listed_hash,
    "DIGEST": storage.same_weights,
    "LIC-HDR": licence.card_and_header,
    "LIC-TXT": licence.shipped_text,
    "LIC-BASE": licence.parents,
    "LIC-USE": licence.restrictions,
    "LIC-DATA": datasets.data,
    "PARENT": origin.parent,
    "REQUANT": person.requantised,
    "DATASETS": datasets.datasets,
    "DATE": days.cut_off,
    "LANG": languages.languages,
    "EVAL": evaluation.redoable,
    "EVALQ": evaluation.of_this_file,
    "EVALREDO": evaluation.redo,
    "TMPL-HUB": template.publishers,
    "TMPL-RISK": template.to_review,
    "TMPL-USED": runs.template_used,
    "SYS": template.default_prompt,
    "STOP": template.end_tokens,
    "SAFE-STATE": document.safety,
    "SAFE-OVER": person.refuses,
    "SAFE-STYLE": person.house_rules,
    "GUARD": document.guard,
    "AUP": document.use_policy,
    "CONTACT": document.contact,
    "ENV": document.energy,
    "LIMITS": document.limits,
    "FILL": document.fill,
    "STALE": days.stale,
    "REPRO": origin.code,
    "SEEDREC": runs.recorded,
    "SPEED": runs.speed,
    "IDENT": person.identity,
    "FORMAT": person.formats,
}


def check_claims(case: Case) -> ClaimReport:
    """Returns what every rule says of a model; a rule that fails costs only its own claims."""
    claims: list[Claim] = []
    failed: list[str] = []
    rules = rule_set()
    for rule in rules.rule:
        try:
            claims.extend(CHECKERS[rule.id](Maker(rule, case)))
        except (InspectorError, LookupError, ValueError, ArithmeticError, RecursionError):
            # A card is a stranger's text: what one rule trips over must not hide the others.
            log.exception("rule %s failed", rule.id)
            failed.append(rule.id)
    card = case.card
    reading, script = reading_of(case.text) if case.text is not None else (None, "")
    return ClaimReport(
        rules=rules.version,
        document=case.model.name,
        claims=tuple(claims),
        card=card.document if card else "",
        card_sha256=card.sha256 if card else "",
        failed=tuple(failed),
        reading=reading,
        script=script,
    )
