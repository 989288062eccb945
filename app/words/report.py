"""Words of reports: what was not checked, and what became of each statement. Knows no Qt."""

from functools import cache

import msgspec

from app.words.wording import LANGUAGE
from inspector.report.bench import Counted
from inspector.report.values import NotChecked
from resources import table


class ReportWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word by its code, as `resources/texts/en/report.toml` has them."""

    section: dict[str, str]
    said: dict[str, str]
    hidden: dict[str, str]
    rule: dict[str, str]
    not_checked: dict[str, str]
    area: dict[str, str]
    why: dict[str, str]
    check: dict[str, str]
    window: dict[str, str]


@cache
def report_words() -> ReportWords:
    """Returns the words."""
    read: ReportWords = table(f"texts/{LANGUAGE}/report.toml", ReportWords)
    return read


def not_checked_words(one: NotChecked) -> str:
    """Returns what was not checked, in one sentence; a code of a later version as it is."""
    sentence = report_words().not_checked.get(one.code)
    if sentence is None:
        return one.code
    try:
        return sentence.format_map(one.context)
    except (KeyError, IndexError, ValueError):
        return sentence


def counted_words(one: Counted) -> str:
    """Returns a count with its share and the interval of that."""
    value = one.count / one.of if one.of else 0.0
    shares = {"share": value, "low": one.low, "high": one.high}
    told = {key: f"{100 * share:.1f}\N{NO-BREAK SPACE}%" for key, share in shares.items()}
    return report_words().said["share"].format(count=one.count, of=one.of, **told)
