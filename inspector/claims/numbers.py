"""Numbers as people write them: `135M`, `1.5 billion`, `128k`, `8,192`."""

import re

_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+$")
_TIMES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
_WORDS = {"thousand": "k", "million": "m", "billion": "b", "trillion": "t", "mn": "m", "bn": "b"}

NUMBER = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,12}(?:\.\d{1,6})?"
LONG = r"\d{1,3}(?:,\d{3}){2,4}|\d{7,12}"
"""A count that is written out, of a million and more."""

SCALE = r"[KMBT](?![A-Za-z])|thousand|million|billion|trillion"


def number(text: str, scale: str = "") -> float | None:
    """Returns the number that digits and a word or letter for its scale mean."""
    digits = text.strip()
    if _GROUPED.match(digits):
        digits = digits.replace(",", "")
    try:
        value = float(digits)
    except ValueError:
        return None
    letter = scale.strip().lower()
    return value * _TIMES.get(_WORDS.get(letter, letter), 1.0)


def is_rounded_to(exact: float, digits: str, scale: str) -> bool:
    """Whether `exact`, rounded to as many places as `digits` has, is `digits`.

    A whole number of one digit is rounded so far that it may be half of itself away.
    """
    stated = number(digits, scale)
    if stated is None or not stated:
        return False
    unit = stated / float(digits.replace(",", "") or 1)
    places = len(digits.partition(".")[2])
    return bool(round(exact / unit, places) == round(stated / unit, places))


def told(count: float) -> str:
    """Returns a count with its thousands apart."""
    return f"{count:,.0f}"


def is_length_in_thousands(exact: float, digits: str, scale: str) -> bool:
    """Whether `33k` or `1M` is how somebody writes `exact` tokens, counted in 1,000 or in 1,024."""
    return any(
        number(digits) == round(exact / unit, len(digits.partition(".")[2]))
        for unit in {"k": (1_000, 1_024), "m": (1_000_000, 1_048_576)}.get(scale.lower(), ())
    )
