"""Screen words outside a QObject: the same door to Qt's translation that `self.tr` is inside one.

`pyside6-lupdate` finds calls of both by their names (decision 0040).
"""

from PySide6.QtCore import QCoreApplication


def translate(context: str, text: str) -> str:
    """Returns `text` in the language of the window; `context` names who says it."""
    return QCoreApplication.translate(context, text)
