"""Words for codes: what happened, what it means, what a person can do now. Knows no Qt.

The window and the command line say the same sentences, so these stand in `resources/texts`
(decision 0040); words that only a screen shows go through Qt's translation where they are drawn.
"""

from collections.abc import Mapping
from functools import cache

import msgspec

import resources

LANGUAGE = "en"
"""The only language with texts of its own so far."""


class Words(msgspec.Struct, frozen=True):
    """Three sentences of a notice; `remedy` may be empty where nothing can be done."""

    title: str
    meaning: str
    remedy: str = ""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    meaning: str
    remedy: str = ""


class _Fields(dict[str, object]):
    """Leaves a mark where a sentence asks for a value that nobody gave."""

    def __missing__(self, key: str) -> str:
        return "…"


def words(code: str, /, **context: object) -> Words:
    """Returns the words for `code`, its sentences filled from `context`.

    A code without words gets those of `unexpected`, with the code in them: it is a bug of ours,
    and a test looks for it.
    """
    entries = _errors()
    entry = entries.get(code)
    if entry is None:
        entry, context = entries["unexpected"], {"code": code}
    fields = _Fields(context)
    return Words(
        title=entry.title.format_map(fields),
        meaning=entry.meaning.format_map(fields),
        remedy=entry.remedy.format_map(fields),
    )


def codes() -> frozenset[str]:
    """Returns every code that has words."""
    return frozenset(_errors())


@cache
def _errors() -> Mapping[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for name in resources.names(f"texts/{LANGUAGE}/errors", ".toml"):
        for code, entry in resources.table(name, dict[str, _Entry]).items():
            if code in entries:
                raise ValueError(f"two files have words for {code}, one of them {name}")
            entries[code] = entry
    return entries
