"""Imports other people's packages without what they do for features that the app does not use.

Called by the window's process once it is sealed, before anything else imports them.
"""

import builtins


def import_qt() -> None:
    """Imports PySide6, and takes back the `__import__` that it puts in place of Python's.

    That one reads the source of every module that is imported from then on, to see whether it asks
    for PySide's switchable names (`from __feature__ import …`). No module of ours does.
    """
    import PySide6.QtCore  # noqa: F401

    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original
