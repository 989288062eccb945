"""Makes a report's page again, to see whether the one that lies beside it is the one that people should read. Knows no Qt."""

import hashlib
import re
from enum import StrEnum

from app.report.maker import maker
from app.report.page import page
from app.report.save import JSON
from inspector.report.file import ReportRead

LARGEST = 64 * 1024 * 1024

_TIME = re.compile(r"\b\d{1,2} [^\W_]{1,12} \d{4}, \d{2}:\d{2}\b")
"""A time as a page has it: in the clock of whoever made it, which is not that of whoever checks."""

_ANY_TIME = "\0"
"""What stands for each of them, so that none can be added; no page has this sign."""


class PageIs(StrEnum):
    """What a page is to a report."""

    SAME = "same"
    """The one that this report makes, but for the clock that its times are told by."""

    FITS = "fits its digest"
    """Made by another version; its bytes are those of which the report keeps the digest."""

    BEFORE = "of before the change"
    """The page that was saved with the report, whose content was changed since."""

    OTHER = "other"
    NOT_COMPARED = "not compared"
    """Made by another version, and nothing is kept of it."""


def page_is(read: ReportRead, raw: bytes) -> PageIs:
    """Returns what a page is to the report that it lies beside.

    Args:
        read: the report.
        raw: the bytes of the page.
    """
    fits = read.page is not None and read.page.sha256 == hashlib.sha256(raw).hexdigest()
    if (read.page is not None and not fits) or read.stated.encode() not in raw:
        return PageIs.OTHER
    if fits and not read.is_unchanged:
        return PageIs.BEFORE
    if _made_again(read) == _without_times(raw.decode(errors="replace")):
        return PageIs.SAME
    # The version's number says too little: the same number stands for many states of the code.
    if read.content.page_by and read.content.page_by == maker():
        return PageIs.OTHER
    return PageIs.FITS if fits else PageIs.NOT_COMPARED


def _made_again(read: ReportRead) -> str:
    """Returns the page without its times; empty where this app can make none of that report."""
    try:
        return _without_times(page(read.content, read.stated, JSON))
    except Exception:  # noqa: BLE001 - a report of any version, or of nobody's, has words that this one lacks
        return ""


def _without_times(text: str) -> str:
    return _TIME.sub(_ANY_TIME, text)
