"""Keeps the desktop's own theme from this app, which brings its colours, typefaces and dialogs along."""

import os
import sys


def draw_ourselves() -> None:
    """Has Qt load no theme of the desktop's. To be called before the application is made.

    Qt's theme for GNOME loads GTK, some 25 MB, and puts its own typeface over ours; that for KDE does so
    in menus. On Wayland GNOME leaves the title bar to the program: the one that Qt draws there by itself
    asks the desktop's bus for its buttons and, where that is closed, has neither buttons nor a title.
    """
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORMTHEME"] = "generic"
        os.environ.setdefault("QT_WAYLAND_DECORATION", "bradient")
