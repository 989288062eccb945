"""Tokens as a QPalette, for what no style sheet reaches: selections, delegates, foreign dialogs."""

from PySide6.QtGui import QColor, QPalette

from app.theme.tokens import Tokens

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "surface",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "alert",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "on_selection",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "tooltip",
    QPalette.ColorRole.ToolTipText: "on_tooltip",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "shadow",
}
_WORDS = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


def make_palette(tokens: Tokens) -> QPalette:
    """Returns the palette; the inactive group looks like the active one, so nothing flickers."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(QPalette.ColorGroup.All, role, QColor(tokens.colours[name]))
    for role in _WORDS:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.colours["disabled"]))
    return palette
