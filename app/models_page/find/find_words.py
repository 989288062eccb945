"""The line above the results: how many, of when, and what was hidden. Knows no widgets."""

from collections.abc import Sequence

from app.models_page.find.finds import Result
from app.models_page.find.first_models import FirstModel, checked_on, first_texts
from app.models_page.fit import Fit, Room, judge
from app.models_page.here.shelf import day_words
from app.models_page.hub.hub_desk import MOST_FOUND, Answer
from app.words.translation import translate
from inspector.untrusted import shown


def answer_words(answer: Answer, now: float) -> str:
    """Returns what an answer holds, and when the Hub gave it."""
    count = len(answer.finds)
    if not count:
        text = translate("FindList", "The Hub finds no model with GGUF files for “{words}”.")
        return text.format(words=shown(answer.wish.words or answer.wish.author, 80))
    if not answer.is_live:
        text = translate(
            "FindList", "{count} models as the Hub told of them; the oldest word is of {day}."
        )
        if count == 1:
            text = translate("FindList", "1 model as the Hub told of it; that word is of {day}.")
        return text.format(count=count, day=day_words(answer.seen, now))
    if count == 1 and not answer.after:
        return translate("FindList", "1 model of the Hub.")
    if answer.may_be_more:
        text = translate("FindList", "The first {count} models of the Hub; there are more.")
    elif answer.after or count >= MOST_FOUND:
        text = translate(
            "FindList", "The first {count} models of the Hub; another word shows others."
        )
    else:
        text = translate("FindList", "{count} models of the Hub, which are all.")
    return text.format(count=count)


def first_words() -> str:
    """Returns what the good first models are, and since when."""
    text = translate(
        "FindList",
        "Good first models, small to large. Chosen by hand on {day}; read without network.",
    )
    return text.format(day=checked_on())


def unasked_words() -> str:
    """Returns what is said where nothing is known yet."""
    return translate("FindList", "Nothing is known of this without asking the Hub.")


def hidden_words(hidden: int) -> str:
    """Returns how many results a person has narrowed away; empty for none."""
    if not hidden:
        return ""
    text = translate("FindList", "{count} hidden by what you narrowed to.")
    return text.format(count=hidden)


def unknown_fit_words(passing: Sequence[Result], room: Room | None) -> str:
    """Returns how many results stay although nobody knows whether they fit; empty for none."""
    unknown = sum(judge(one.need, room) is Fit.UNKNOWN for one in passing)
    if not unknown:
        return ""
    return translate("FindList", "{count} of unknown size are shown too.").format(count=unknown)


def first_source(first: FirstModel) -> str:
    """Returns for whom a first model is, what others published of it, and where that comes from."""
    texts = first_texts()
    people = ", ".join(texts.people[one] for one in first.people)
    parts = [translate("FindList", "For: {people}.").format(people=people)]
    parts += [
        translate("FindList", "{who}, {date}: {says}.").format(
            who=rated.who, date=rated.date, says=rated.says
        )
        for rated in first.rated
    ]
    parts.append(
        translate(
            "FindList", "{repository}, known from {seen}; not checked against the Hub yet."
        ).format(repository=first.repository, seen=first.seen)
    )
    return " ".join(parts)
