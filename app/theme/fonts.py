"""The two typefaces, from files that come with the app so that pictures are the same everywhere."""

from PySide6.QtGui import QFont, QFontDatabase

import resources
from app.theme.tokens import Tokens

TEXT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


def add_fonts() -> list[str]:
    """Makes the files known to Qt; returns the families that came of it."""
    families: list[str] = []
    for ending in (".otf", ".ttf"):
        for name in resources.names("fonts", ending):
            number = QFontDatabase.addApplicationFontFromData(resources.data(name))
            families += QFontDatabase.applicationFontFamilies(number)
    return families


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
