"""The page's part on runs: turns that a person chose, answers kept as evidence, and the bench. Knows no Qt."""

from typing import Any

import msgspec

from app.report import html
from app.words.bench import bench_texts, published_words, rule_words
from app.words.claims import OWN, claim_texts, claim_words
from app.words.facts import when_words
from app.words.judged import judged_word, remark
from app.words.report import counted_words, report_words
from inspector.claims.values import Claim
from inspector.report.bench import BenchAnswerTold, BenchTold
from inspector.report.recipes import answers_of, recipe_of
from inspector.report.values import ClaimJudged, Content, RunTold


def run_told(run: RunTold) -> str:
    """Returns one turn with its recipes."""
    said = report_words().said
    recipes = [(said["recipe"], plain(recipe), "") for recipe in run.recipes]
    return "".join(
        (
            f"<h3>{html.safe(run.chat)} · {html.safe(when_words(run.asked))}</h3>",
            _asked(run.question, run.answer),
            html.fold(said["recipe"], html.rows(recipes)),
        )
    )


def plain(recipe: dict[str, Any]) -> str:
    """Returns a recipe's fields, a line each, as the store names them."""
    return "\n".join(
        f"{key}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"
        for key, value in recipe.items()
    )


def people_said(content: Content) -> str:
    """Returns what people said of claims, each with the questions they put and the answers."""
    reports = (content.claims, *content.claims_of_forebears)
    return "".join(_judged(one, remark(one, reports)) for one in content.judged)


def seen_here(content: Content) -> str:
    """Returns the claims on which the rules say something else with what this computer knows."""
    said = report_words().said
    rows = [_here(one) for one in content.claims_here]
    if not rows:
        return ""
    return f"<h3>{html.safe(said['here'])}</h3>{html.rows(rows)}"


def measured(content: Content) -> str:
    """Returns what the bench measured."""
    said = bench_texts().said
    if not content.benches:
        return ""
    every = "".join(map(_bench, content.benches))
    return html.paragraph(said["why_report"]) + html.paragraph(said["catch"]) + every


def _asked(question: str, answer: str) -> str:
    said = report_words().said
    return "".join(
        (
            html.paragraph(said["question"], "quiet"),
            f'<div class="answer">{html.safe(question)}</div>',
            html.paragraph(said["answer"], "quiet"),
            f'<div class="answer">{html.safe(answer or said["not_loaded"])}</div>',
        )
    )


def _judged(judged: ClaimJudged, doubt: str) -> str:
    said, entry = report_words().said, judged.entry
    rule = str(entry.get("rule") or judged.claim)
    known = claim_texts().rules.get(rule)
    text = str(entry.get("text") or "")
    title = said["own_claim"] if rule == OWN else (f"{rule} {known.title}" if known else rule)
    words = [str(entry.get(key) or "") for key in ("note", "author")]
    told = [judged_word(entry), *words, when_words(judged.changed)]
    body = [f"<h3>{html.safe(title)}</h3>"]
    body.append(html.paragraph(f"“{text}”") if text else "")
    body.append(html.paragraph(" · ".join(filter(None, told))))
    body.append(html.paragraph(doubt) if doubt else "")
    if count := entry.get("of"):
        body.append(html.paragraph(said["counted"].format(right=entry.get("right", 0), of=count)))
    answers = answers_of(judged)
    inside = "".join(map(_evidence, answers))
    body.append(html.fold(said["answers_kept"].format(count=len(answers)), inside))
    return "".join(body)


def _evidence(answer: dict[str, Any]) -> str:
    recipe = recipe_of(answer)
    told = [(report_words().said["recipe"], plain(recipe), "")] if recipe else []
    asked = _asked(str(answer.get("question") or ""), str(answer.get("answer") or ""))
    stopped = claim_texts().said["answer_stopped"] if answer.get("stopped") is True else ""
    return asked + (html.paragraph(f"({stopped})") if stopped else "") + html.rows(told)


def _here(claim: Claim) -> tuple[str, str, str]:
    told = claim_words(claim)
    where = "\n".join(filter(None, (*told.evidence, told.foot)))
    return f"{claim.rule} {told.title}", f"{told.verdict}: {told.sentence}", where


def _bench(bench: BenchTold) -> str:
    said, texts = report_words().said, bench_texts()
    answered = len(bench.answers)
    head = f"{bench.prompts} · {when_words(bench.measured)}"
    rows = [
        (said["refused"], counted_words(bench.refused), ""),
        *((kind, counted_words(share), "") for kind, share in bench.by_type.items()),
    ]
    rows.append((texts.marks["partly"], f"{bench.partly}", ""))
    if bench.not_judged:
        rows.append((texts.marks["not judged"], f"{bench.not_judged}", texts.said["languages"]))
    if answered < bench.asked_for:
        stopped = texts.said["stopped"].format(count=answered, of=bench.asked_for)
        rows.append((said["requests"], stopped, ""))
    marks = said["marked"].format(
        person=bench.marked_by_person, of=answered, version=bench.refusal_rules
    )
    rows.append((said["marks"], marks, ""))
    if bench.cut:
        tokens = bench.recipe.get("max_tokens") or "?"
        told = said["cut_told"].format(count=bench.cut, of=answered, tokens=tokens)
        rows.append((said["cut"], told, ""))
    rows += [(rule_words(one.rule), counted_words(one.kept), "") for one in bench.house]
    if bench.flagged is not None:
        guard = f"{counted_words(bench.flagged)}; {said['no_verdict'].format(count=bench.without_verdict)}"
        rows.append((said["guard"].format(name=bench.guard_file), guard, plain(bench.guard_recipe)))
    whose = published_words(bench.published) if bench.published else ""
    own = texts.said["own"].format(count=answered) if bench.own else ""
    rows.append((said["set"], f"SHA-256 {bench.prompts_sha256}", whose or own))
    rows.append((said["recipe"], plain(bench.recipe), bench.system))
    answers = html.grid(
        [said["question"], said["answer"], said["mark"]], map(_answer, bench.answers)
    )
    title = texts.said["answers"].format(count=answered)
    return f"<h3>{html.safe(head)}</h3>{html.rows(rows)}{html.fold(title, answers, is_long=True)}"


def _answer(one: BenchAnswerTold) -> tuple[str, str, str]:
    said, texts = report_words().said, bench_texts()
    by = said["by_person"] if one.by_person else ""
    guard = texts.guard_words[one.guard.value] if one.guard else ""
    cut = said["cut_short"] if one.cut else ""
    marks = " · ".join(filter(None, (texts.marks[one.mark.value], by, cut, guard)))
    return html.safe(one.prompt), html.safe(one.answer or texts.said["empty_answer"]), marks
