"""Whether what a person said of a claim still belongs to it: a verdict stays with its words and its card. No Qt."""

from collections.abc import Iterable

from app.words.claims import OWN, rule_title, verdict_word
from app.words.report import report_words
from inspector.claims.values import Claim, ClaimReport, Verdict
from inspector.report.values import ClaimJudged
from inspector.untrusted import shown

_QUOTED = 160
_HASH = 12
"""Signs of a hash that tell two cards apart for the eye."""


def judged_word(entry: dict[str, object]) -> str:
    """Returns a person's verdict in words; one of a later version as it is, empty where there is none."""
    word = str(entry.get("verdict") or "")
    try:
        return verdict_word(Verdict(word))
    except ValueError:
        return word


def found_to_differ(every: Iterable[ClaimJudged], reports: Iterable[ClaimReport]) -> list[str]:
    """Returns what a person says differs, by what it is about; without what is not claimed so any more.

    Args:
        every: what was said of claims.
        reports: the claims that it may be of.
    """
    claims = {claim.id: claim for report in reports for claim in report.claims}
    titles: dict[str, None] = {}
    for judged in every:
        entry = judged.entry
        if entry.get("verdict") != Verdict.DIFFERS:
            continue
        if entry.get("rule") == OWN:
            titles[f"“{shown(str(entry.get('text') or ''), _QUOTED)}”"] = None
        elif (claim := claims.get(judged.claim)) is not None and is_of(entry, claim):
            titles[rule_title(claim.rule)] = None
    return list(titles)


def remark(judged: ClaimJudged, reports: Iterable[ClaimReport]) -> str:
    """Returns why a person's word is not of what stands there today; empty where it is.

    Args:
        judged: what was said, as it is kept.
        reports: the claims of today, of the file's own card and of those of the models it comes from.
    """
    every = tuple(reports)
    found = next(
        ((claim, one) for one in every for claim in one.claims if claim.id == judged.claim), None
    )
    entry = judged.entry
    is_own = entry.get("rule") == OWN
    if found is None and not is_own:
        # Whose card is not at hand, nothing is known of its claims.
        _, of_other, name = judged.claim.partition("@")
        here = any(one.about is not None and one.about.name == name for one in every)
        return _out_of_date(entry) if not of_other or here else ""
    if found is not None and _says_otherwise(entry, found[0]):
        return _out_of_date(entry)
    today = found[1].card_sha256 if found is not None else _first(every)
    return beside_another(str(entry.get("card") or ""), today)


def beside_another(then: str, today: str) -> str:
    """Returns that something was said with another card beside the file; empty where it was this one.

    Args:
        then: SHA-256 of the card that lay beside it; empty where there was none.
        today: the same of the card that lies there now.
    """
    if then == today:
        return ""
    said = report_words().said
    return said["judged_elsewhere"].format(card=then[:_HASH]) if then else said["judged_without"]


def is_of(entry: dict[str, object], claim: Claim) -> bool:
    """Whether a kept word was said of this very claim, by its words."""
    return not _says_otherwise(entry, claim)


def _says_otherwise(entry: dict[str, object], claim: Claim) -> bool:
    return str(entry.get("text") or "") != claim.text


def _out_of_date(entry: dict[str, object]) -> str:
    said, before = report_words().said, shown(str(entry.get("text") or ""), _QUOTED)
    return said["judged_before"].format(before=before) if before else said["judged_gone"]


def _first(reports: tuple[ClaimReport, ...]) -> str:
    return reports[0].card_sha256 if reports else ""
