"""The terminal: where answers, notes and JSON go, and how untrusted text is made harmless."""

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from typing import TextIO

from app.cli.wrap import WordWrap, hung

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that change the direction of what follows: they can make one line look like another."""

KEPT = frozenset("\n\t")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def harmless(untrusted_text: str) -> str:
    """Returns the text without signs that a terminal would obey instead of showing.

    Control characters (escape sequences begin with one), lone surrogates, line and paragraph
    separators and direction marks become a replacement character each. Judged sign by sign, so that
    a text can be shown in pieces.
    """
    return "".join(sign if _is_harmless(sign) else REPLACEMENT for sign in untrusted_text)


def _is_harmless(sign: str) -> bool:
    if sign in KEPT:
        return True
    return sign not in BIDI and unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")


class Screen:
    """Standard output for answers, standard error for everything about them.

    Thread: one.

    Args:
        out: where answers go; a program may read them.
        notes: where progress, figures and errors go.
    """

    def __init__(self, out: TextIO | None = None, notes: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._notes = notes or sys.stderr
        self._has_progress = False
        # A file or a pipe gets the text as the model made it.
        self._wrap = WordWrap(shutil.get_terminal_size().columns) if self._out.isatty() else None

    @property
    def is_terminal(self) -> bool:
        """Whether a person watches the notes."""
        return self._notes.isatty()

    def answer(self, untrusted_text: str) -> None:
        """Shows part of an answer, without a line's end; on a terminal, wrapped at words."""
        text = harmless(untrusted_text)
        self._write(self._wrap.add(text) if self._wrap else text)

    def end_answer(self) -> None:
        """Shows what is left of an answer, and ends its line."""
        self._write(self._wrap.add("\n") if self._wrap else "\n")

    @property
    def width(self) -> int:
        """How many columns a line of a result may take; 0 where no terminal shows it."""
        return shutil.get_terminal_size().columns if self._out.isatty() else 0

    def line(self, untrusted_text: str = "", hang: int | None = None) -> None:
        """Shows a line of a command's result; on a terminal, wrapped at words below its own beginning.

        Args:
            untrusted_text: the line, or several.
            hang: how far what is wrapped stands from the left, where it is not the line's own indent.
        """
        text, width = harmless(untrusted_text), self.width
        if width:
            text = "\n".join(hung(one, width, hang) for one in text.split("\n"))
        self._write(text + "\n")

    def note(self, untrusted_text: str) -> None:
        """Shows a line about what happens; on a terminal, wrapped at words."""
        self._write_note(self._fitted(untrusted_text))

    def aside(self, text: str) -> None:
        """Shows a line that matters less; on a terminal, paler."""
        if self.is_terminal and "NO_COLOR" not in os.environ:
            self._write_note(f"\x1b[2m{self._fitted(text)}\x1b[0m")
        else:
            self.note(text)

    def progress(self, text: str) -> None:
        """Shows how far something has come, in place of what stood there; on terminals only."""
        if self.is_terminal:
            self._notes.write("\r\x1b[K" + harmless(text))
            self._notes.flush()
            self._has_progress = True

    def json(self, value: Mapping[str, object]) -> None:
        """Prints one JSON object. Everything beyond ASCII is escaped: nothing acts, nothing is lost."""
        self._clear_progress()
        self._out.write(json.dumps(value, ensure_ascii=True, indent=2) + "\n")
        self._out.flush()

    def _write(self, text: str) -> None:
        self._clear_progress()
        self._out.write(text)
        self._out.flush()

    def _write_note(self, text: str) -> None:
        self._clear_progress()
        self._notes.write(text + "\n")
        self._notes.flush()

    def _fitted(self, untrusted_text: str) -> str:
        text = harmless(untrusted_text)
        if not self.is_terminal:
            return text
        wrap = WordWrap(shutil.get_terminal_size().columns)
        return wrap.add(text) + wrap.rest()

    def _clear_progress(self) -> None:
        if self._has_progress:
            self._notes.write("\r\x1b[K")
            self._notes.flush()
            self._has_progress = False
