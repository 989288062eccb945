"""Licence texts and notices that lie beside a model: found by name, read in bounds."""

import re
import unicodedata
from pathlib import Path

import msgspec

from inspector.facts import Source, SourceKind, now
from inspector.licences.fingerprints import TextMatch, match
from inspector.licences.names import LONGEST_LABEL, Named, identify

LARGEST = 1024 * 1024
"""Bytes of a file that are read; it is said where there are more."""

SHOWN = 64 * 1024
"""Characters of a text that go to whoever shows it."""

_LICENCE_FILE = re.compile(
    r"(?i)(?:(?:model|weights?|code|data(?:set)?|docs?)[-_. ])?(?:licen[cs]e|copying|unlicense)(?:[-_.][\w.-]{1,40})?"
)
_NOTICE_FILE = re.compile(r"(?i)notice(?:\.(?:txt|md))?")
_SPDX_LINE = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n\r*]{1,200})")
_WORDS = r"(?:[^.,;\n]|\.(?=\d))"
"""Of a sentence, up to its end: a point within a version ends none."""

_SENTENCES = tuple(
    re.compile(f"(?i){before}(?:the\\s+)?({_WORDS}{{2,160}}{after}")
    for before, after in (
        (r"\b(?:is|are)\s+licen[cs]ed\s+under\s+", ")"),
        (r"provided\s+under\s+and\s+subject\s+to\s+", r"?)\s+found\s+at"),
        (rf"\blicen[cs]ed\s+by\s+{_WORDS}{{2,60}}?\s+under\s+", ")"),
    )
)


class LicenceText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A licence text that was found, and what it was recognised as.

    Attributes:
        source: the document.
        match: the nearest known text.
        stated: the identifier that the text itself carries, if it does.
        text: the start of it, as it stands; hostile until it is shown with care.
        cut: whether there is more than `text`.
    """

    source: Source
    match: TextMatch
    stated: Named | None = None
    text: str = ""
    cut: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A notice file, and which licence it names."""

    source: Source
    named: Named | None = None
    text: str = ""
    cut: bool = False


def is_licence_file(name: str) -> bool:
    """Whether a file of that name is likely to hold a licence."""
    return bool(_LICENCE_FILE.fullmatch(name))


def is_notice_file(name: str) -> bool:
    """Whether a file of that name is likely to hold a notice."""
    return bool(_NOTICE_FILE.fullmatch(name))


def read_text(path: Path) -> str | None:
    """Returns the text of a file, up to a limit; None where it can't be read.

    Bytes that are no UTF-8 become signs of their absence.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST)
    except OSError:
        return None
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def licence_text(text: str, document: str, where: str = "", revision: str = "") -> LicenceText:
    """Returns what a licence text is recognised as."""
    source = Source(
        kind=SourceKind.LICENCE_TEXT,
        document=document,
        where=where,
        read_at=now(),
        revision=revision,
    )
    line = _SPDX_LINE.search(text[:LARGEST])
    return LicenceText(
        source=source,
        match=match(text),
        stated=identify(line.group(1).strip()) if line else None,
        text=text[:SHOWN],
        cut=len(text) > SHOWN,
    )


def notice(text: str, document: str, revision: str = "") -> Notice:
    """Returns what a notice says of the licence."""
    source = Source(
        kind=SourceKind.LICENCE_TEXT, document=document, read_at=now(), revision=revision
    )
    return Notice(source=source, named=_named_in(text), text=text[:SHOWN], cut=len(text) > SHOWN)


def _named_in(text: str) -> Named | None:
    """Returns the first licence that a sentence of the notice names and that we know."""
    plain = unicodedata.normalize("NFKC", text[:SHOWN])
    line = _SPDX_LINE.search(plain)
    found = [line.group(1).strip()] if line else []
    for sentence in _SENTENCES:
        found += [hit.group(1) for hit in list(sentence.finditer(plain))[:20]]
    for said in found:
        words = " ".join(said.split())[:LONGEST_LABEL]
        named = identify(words)
        if named.ids:
            return named
    return None
