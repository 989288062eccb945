"""Words for prepared questions, and for what was counted in an answer. Knows no Qt."""

from app.words.claims import claim_texts
from inspector.claims.languages import known_languages
from inspector.claims.probes import Question
from inspector.untrusted import legible, shortened

QUESTION_SHOWN = 300


def counted_words(question: Question) -> str:
    """Returns what an answer is looked through for; empty where nothing is counted."""
    words, told = claim_texts().counted, []
    if question.form:
        told.append(words[question.form])
    if question.contains:
        listed = ", ".join(f"“{one}”" for one in question.contains)
        told.append(words["contains"].format(words=listed))
    if question.json:
        listed = ", ".join(f"“{one}”" for one in question.json)
        told.append(words["json"].format(keys=listed))
    if question.language:
        names = {one.code: one.name for one in known_languages()}
        told.append(words["language"].format(language=names[question.language]))
    return "; ".join(told)


def question_words(question: Question) -> str:
    """Returns a question as it is asked, and what its answer is looked through for."""
    said, counted = claim_texts().said, counted_words(question)
    form = said["asks_counted"] if counted else said["asks_plain"]
    return form.format(question=last_of(question.text), counted=counted)


def expected_words(*, counted: str, is_expected: bool | None) -> str:
    """Returns what was looked for in an answer and whether it is there; empty where nothing was.

    Args:
        counted: what was looked for, in words; empty in answers that were kept before it was said.
        is_expected: whether it is there; None where that can't be told.
    """
    said = claim_texts().said
    if counted:
        found = {True: "counted_there", False: "counted_not_there", None: "counted_untold"}
        return said[found[is_expected]].format(counted=counted)
    if is_expected is None:
        return ""
    return said["as_expected" if is_expected else "not_as_expected"]


def last_of(question: str) -> str:
    """Returns a question without the long text that may stand before it."""
    return legible(shortened(question.rpartition("\n\n")[2].strip(), QUESTION_SHOWN))
