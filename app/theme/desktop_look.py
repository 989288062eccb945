"""What Qt is to take of the desktop's: no theme, as this app brings its own look; what types, always."""

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


def type_by_fcitx() -> None:
    """Has Qt speak to Fcitx as to IBus. To be called before the application is made.

    Fcitx answers to both, and Qt as it is installed here has no plugin for Fcitx: where that is asked for by
    name, as set-ups of desktops do, nothing but plain letters could be typed.
    """
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ.setdefault("QT_IM_MODULES", "wayland;ibus")
