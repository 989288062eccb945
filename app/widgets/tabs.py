"""A row of tabs that goes on in a second line where one does not fit."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout


class Tabs(QWidget):
    """Titles to choose one from, by pointer or by arrow keys. Never clipped, never scrolled."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = FlowLayout(self, gap=0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._is_low = False
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, key: str, title: str, tip: str = "") -> None:
        """Adds a tab at the end; the first is chosen."""
        button = QPushButton()
        button.setText(title)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setAutoExclusive(True)  # the group sees to that; this says it to a screen reader
        button.setAccessibleName(title)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setProperty("low", self._is_low)
        set_look(button, Look.TAB)
        button.clicked.connect(self._on_clicked)
        self._group.addButton(button)
        self._lines.addWidget(button)
        self._buttons[key] = button
        button.toggled.connect(self._on_toggled)
        if len(self._buttons) == 1:
            button.setChecked(True)
        button.setMinimumWidth(self._wide(button))

    def keys(self) -> list[str]:
        """Returns the keys, in order."""
        return list(self._buttons)

    def current(self) -> str:
        """Returns the key of the chosen tab; empty where there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Chooses a tab."""
        if key in self._buttons and key != self.current():
            self._buttons[key].setChecked(True)
            self.chosen.emit(key)

    def set_low(self, low: bool) -> None:
        """Draws the titles close together, where there is little height for what lies below them."""
        if low == self._is_low:
            return
        self._is_low = low
        for button in self._buttons.values():
            button.setProperty("low", low)
            # Measured already, even where it was never seen: drawn anew, and its size asked again.
            button.style().unpolish(button)
            button.style().polish(button)
            QCoreApplication.sendEvent(button, QEvent(QEvent.Type.StyleChange))
        self._lines.invalidate()

    def changeEvent(self, event: QEvent) -> None:
        """Measures again when the text size changes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves to the tab before or after by the arrow keys."""
        back, on = Qt.Key.Key_Left, Qt.Key.Key_Right
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            back, on = on, back
        step = {back: -1, Qt.Key.Key_Up: -1, on: 1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self._buttons:
            super().keyPressEvent(event)
            return
        keys = self.keys()
        target = keys[(keys.index(self.current()) + step) % len(keys)]
        self.choose(target)
        self._buttons[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_toggled(self, is_down: bool) -> None:
        if is_down and isinstance(button := self.sender(), QPushButton):
            # Whoever gives the row the keyboard gives it to the tab that is shown.
            self.setFocusProxy(button)
            # So does the Tab key. Qt sees to that of itself only once one of them has the keyboard.
            for one in self._buttons.values():
                is_stop = one is button
                one.setFocusPolicy(
                    Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus
                )

    def _on_clicked(self) -> None:
        self.chosen.emit(self.current())

    def _arrange(self) -> None:
        """Gives every title the width that it has in bold, so that choosing moves nothing."""
        for button in self._buttons.values():
            button.setMinimumWidth(self._wide(button))

    def _wide(self, button: QPushButton) -> int:
        font = button.font()
        font.setWeight(font.Weight.DemiBold)
        metrics = QFontMetrics(font)
        return metrics.horizontalAdvance(button.text()) + 2 * metrics.averageCharWidth() + 2
