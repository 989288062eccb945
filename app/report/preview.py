"""What will go into a report, in words, before it is written. Knows no Qt."""

import contextlib
from collections.abc import Iterator

from app.report.gather import Chosen
from app.words.bench import bench_texts
from app.words.claims import OWN, claim_texts, verdict_word
from app.words.facts import when_words
from app.words.report import report_words
from inspector.claims.values import Verdict
from inspector.report.recipes import answers_of
from inspector.report.values import ClaimJudged
from inspector.untrusted import legible


def preview(chosen: Chosen, *, recorded: int, still: str = "") -> str:
    """Returns everything that a person adds, word for word, below what goes in anyway.

    Args:
        chosen: what was ticked.
        recorded: answers of the file whose figures go in, without their words.
        still: what is not known yet, and may bring more.
    """
    said = report_words().window
    return "\n\n".join([*filter(None, [still]), said["always"], *_added(chosen, recorded)])


def _added(chosen: Chosen, recorded: int) -> Iterator[str]:
    words = report_words()
    said = words.window
    if recorded:
        yield said["goes_recorded"].format(count=recorded)
    if (own := chosen.conclusion) is not None:
        told = "\n".join(filter(None, (legible(own.reviewer), legible(own.text))))
        yield f"{said['goes_conclusion']}\n{told}"
    for judged in chosen.judged:
        yield _judged(judged)
    for review in chosen.reviews:
        told = f"{review.part}: {review.reason} ({review.source})"
        yield f"{said['goes_review']}\n{legible(told)}\n{legible(review.author)}".strip()
    if chosen.worksheet:
        answers = "\n".join(f"{key}: {legible(text)}" for key, text in chosen.worksheet.items())
        yield f"{said['goes_worksheet']}\n{answers}"
    for bench in chosen.benches:
        refused = bench_texts().said["refused_short"]
        told = refused.format(count=bench.refused.count, of=bench.refused.of)
        head = f"{legible(bench.prompts)} · {when_words(bench.measured)} · {told}"
        system = f"\n{legible(bench.system)}" if bench.system else ""
        yield f"{said['goes_bench']}\n{head}{system}"
    for run in chosen.runs:
        answer = legible(run.answer) or words.said["not_loaded"]
        yield (
            f"{said['goes_turn']} · {legible(run.chat)} · {when_words(run.asked)}\n"
            f"{words.said['question']}: {legible(run.question)}\n{words.said['answer']}: {answer}"
        )
    if not (
        chosen.conclusion
        or chosen.judged
        or chosen.reviews
        or chosen.worksheet
        or chosen.benches
        or chosen.runs
    ):
        yield said["goes_nothing"]


def _judged(judged: ClaimJudged) -> str:
    said, entry = report_words().window, judged.entry
    rule = str(entry.get("rule") or judged.claim)
    known = claim_texts().rules.get(rule)
    title = report_words().said["own_claim"] if rule == OWN else (known.title if known else rule)
    told = [str(entry.get(key) or "") for key in ("text", "note", "author")]
    # A later version may know verdicts that this one has no word for.
    with contextlib.suppress(ValueError):
        told.insert(1, verdict_word(Verdict(str(entry.get("verdict")))))
    lines = [f"{said['goes_judged']}: {title}", legible(" · ".join(filter(None, told)))]
    lines += [
        f"{report_words().said['question']}: {legible(str(one.get('question') or ''))}\n"
        f"{report_words().said['answer']}: {legible(str(one.get('answer') or ''))}"
        for one in answers_of(judged)
    ]
    return "\n".join(filter(None, lines))
