"""The keys that make text larger and smaller on every page."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.settings import SettingsFile
from app.theme.text_size import BY_KEY

REST_MS = 60
"""To style a whole window anew takes some tenths of a second: a few presses in a row do it once."""


class TextKeys(QTimer):
    """Counts presses, and changes the setting once they rest.

    Owned by: MainWindow. Thread: GUI.
    """

    def __init__(self, settings: SettingsFile, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._wished: float | None = None
        self.setSingleShot(True)
        self.setInterval(REST_MS)
        self.timeout.connect(self._on_rest)
        for keys, sized in BY_KEY.items():
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.activated.connect(partial(self._wish, sized))

    def _wish(self, sized: Callable[[float], float]) -> None:
        now = self._settings.current.appearance.text_scale
        self._wished = sized(now if self._wished is None else self._wished)
        self.start()

    @Slot()
    def _on_rest(self) -> None:
        wished, self._wished = self._wished, None
        self._settings.change("appearance", text_scale=wished)
