"""How everything looks: tokens from a theme file, and what Qt is given from them.

One path: `resources/themes/*.toml` → `tokens` → palette, style sheet and recoloured icons. Nothing
else names a colour or a size. Widgets say what they are by the property `look` (`app.theme.looks`),
and the style sheet in `resources/qss` draws that.
"""
