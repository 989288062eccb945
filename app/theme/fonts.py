"""The two typefaces, from files that come with the app so that pictures are the same everywhere."""

from PySide6.QtGui import QFont, QFontDatabase

import resources
from app.theme.tokens import Tokens

TEXT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


_AT_ONCE = ("fonts/Inter-Regular.otf", "fonts/Inter-SemiBold.otf")
"""What the first paint draws with; reading a file takes Qt a millisecond and more."""


def add_fonts() -> list[str]:
    """Makes the faces known to Qt that every page draws with; returns their families."""
    return [family for name in _AT_ONCE for family in _add(name)]


def add_other_fonts() -> list[str]:
    """Makes the other files known to Qt: italics, and the mono face; returns their families."""
    files = [name for ending in (".otf", ".ttf") for name in resources.names("fonts", ending)]
    return [family for name in files if name not in _AT_ONCE for family in _add(name)]


def _add(name: str) -> list[str]:
    number = QFontDatabase.addApplicationFontFromData(resources.data(name))
    return QFontDatabase.applicationFontFamilies(number)


def text_font(tokens: Tokens, size: str = "text_body", *, strong: bool = False) -> QFont:
    """Returns the text face in one of the sizes `text_…`."""
    font = QFont(TEXT_FAMILY)
    font.setPixelSize(tokens.sizes[size])
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def mono_font(tokens: Tokens, size: str = "text_mono") -> QFont:
    """Returns the mono face; without ligatures, because `!=` in a file is two signs."""
    font = QFont(MONO_FAMILY)
    font.setPixelSize(tokens.sizes[size])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(QFont.Tag("calt"), 0)
    return font
