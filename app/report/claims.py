"""The page's part on claims: what each rule looked at, what it found, and what a person said. Knows no Qt."""

from app.report import html
from app.words.claims import (
    ClaimWords,
    claim_texts,
    claim_words,
    group_of,
    in_order,
    owner_words,
    place_words,
    report_notes,
    summary_words,
    verdict_word,
)
from app.words.judged import is_of, judged_word, remark
from app.words.report import report_words
from inspector.claims.values import Claim, ClaimReport, Verdict
from inspector.report.values import Content


def claims(content: Content) -> str:
    """Returns what the file's own card claims, and what the cards of the models it comes from do."""
    folds = (
        html.fold(
            claim_texts().said["heading_of"].format(model=owner_words(report.about)),
            _claims_of(content, report),
            is_long=True,
        )
        for report in content.claims_of_forebears
        if report.about is not None
    )
    return _claims_of(content, content.claims) + "".join(folds)


def _claims_of(content: Content, report: ClaimReport) -> str:
    said, every = report_words().said, in_order(report.claims)
    # What only this computer knows is no part of what anybody can check, but must not be denied here.
    here = {one.id: one for one in content.claims_here}
    counted = tuple(here.get(one.id, one) for one in report.claims)
    notes = [summary_words(counted), *report_notes(report)]
    judged = {one.claim: one for one in content.judged}
    grouped: dict[str, list[tuple[str, str]]] = {}
    for claim in every:
        told = claim_words(claim)
        lines = [_found(claim, told, is_here=claim.id in here)]
        if (own := judged.get(claim.id)) and own.entry.get("verdict"):
            rest = [str(own.entry.get(key) or "") for key in ("note", "author")]
            words = [judged_word(own.entry), *rest]
            doubt = remark(own, (content.claims, *content.claims_of_forebears))
            form = said["judged" if is_of(own.entry, claim) else "judged_earlier"]
            lines.append(form.format(said=" · ".join(filter(None, words))))
            lines += [doubt] if doubt else []
        where = [f"“{told.text}”"] if told.text else []
        where += [place_words(claim.passages), *told.evidence, told.foot]
        looked = html.source("\n".join(filter(None, (told.looks, told.left))))
        cell = html.safe("\n".join(lines)) + html.source("\n".join(filter(None, where)))
        cell += html.fold(said["looked"], looked, is_long=True) if looked else ""
        title = f"{html.safe(claim.rule)} {html.safe(told.title)}"
        grouped.setdefault(claim_texts().groups[group_of(claim)], []).append((title, cell))
    tables = (
        f"<h3>{html.safe(title)}</h3>{html.grid([said['claim'], said['found']], rows)}"
        for title, rows in grouped.items()
    )
    return html.bullets(notes) + _differing(counted) + "".join(tables)


def _differing(counted: tuple[Claim, ...]) -> str:
    """What differs, gathered: the tables below go by what a claim is about."""
    differ = [claim_words(one) for one in counted if one.verdict is Verdict.DIFFERS]
    if not differ:
        return ""
    title = verdict_word(Verdict.DIFFERS).capitalize()
    lines = html.bullets(f"{one.title}: {one.sentence}" for one in differ)
    return f"<h3>{html.safe(title)}</h3>{lines}"


def _found(claim: Claim, told: ClaimWords, *, is_here: bool) -> str:
    """Returns what a rule found, or where it stands if only one computer can know it.

    The claims are told without what one computer knows, so that anybody can check them. Where that is
    all that a rule looks at, it must not be said that there is none: it was left out.
    """
    words = report_words()
    if is_here:
        return words.said["only_here"]
    sentence = words.hidden.get(f"{claim.rule}.{claim.reason}", told.sentence)
    return f"{told.verdict}: {sentence}"
