"""A small button that shows one choice of several, as "Licence: any", and opens the others."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.theme.looks import Look, set_look


class ChoiceChip(QToolButton):
    """Opens a menu of choices, by pointer or by keyboard; marked while something is chosen."""

    chosen = Signal(str)

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        tip: str = "",
        says_title: bool = True,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._says_title = says_title
        self._key = choices[0][0]
        self._first = choices[0][0]
        self._words = dict(choices)
        self.setProperty("opens", "true")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setCheckable(True)
        self.setToolTip(tip)
        set_look(self, Look.CHIP)
        menu = QMenu(self)
        menu.setAccessibleName(title)
        self._group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for key, words in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setData(key)
            self._group.addAction(action)
            self._actions[key] = action
        self._group.triggered.connect(self._on_triggered)
        self.setMenu(menu)
        self._show()

    def key(self) -> str:
        """Returns what is chosen."""
        return self._key

    def choose(self, key: str) -> None:
        """Chooses, and tells of it where that is new."""
        if key != self._key and key in self._words:
            self._key = key
            self._show()
            self.chosen.emit(key)

    def _on_triggered(self, action: QAction) -> None:
        self.choose(str(action.data()))

    def _show(self) -> None:
        words = self._words[self._key]
        said = f"{self._title}: {words}"
        self.setText(said if self._says_title else words[:1].upper() + words[1:])
        self.setAccessibleName(said)
        self._actions[self._key].setChecked(True)
        self.setChecked(self._key != self._first)
