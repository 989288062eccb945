"""Asked when a conversation no longer fits: what to do, in three buttons, inside the page."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.chat.running.wishes import TooLong
from app.theme.looks import Look, set_look
from app.theme.theme import Theme


class ContextChoice(QFrame):
    """One sentence and what can be done about it; the question waits in the composer."""

    leave_out_chosen = Signal(int)
    grow_chosen = Signal(int)
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: TooLong | None = None
        set_look(self, Look.WARNING)
        px = theme.px
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._leave_out = QPushButton()
        self._grow = QPushButton()
        self._cancel = QPushButton(self.tr("Not now"))
        buttons = QHBoxLayout()
        for button in (self._leave_out, self._grow, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px("space_2"), px("space_1"), px("space_2"), px("space_1"))
        layout.setSpacing(px("space_1"))
        layout.addWidget(self._said)
        layout.addLayout(buttons)
        self._leave_out.clicked.connect(self._on_leave_out)
        self._grow.clicked.connect(self._on_grow)
        self._cancel.clicked.connect(self.cancelled)
        self.hide()

    def ask(self, asked: TooLong) -> None:
        """Shows the choice."""
        self._asked = asked
        self._said.setText(
            self.tr(
                "This chat with your question has {:,} tokens; the model's context holds {:,}, "
                "and an answer needs room too."
            ).format(asked.tokens, asked.context)
        )
        count = asked.leave_out
        self._leave_out.setText(
            self.tr("Leave out the oldest turn")
            if count == 1
            else self.tr("Leave out the {} oldest turns").format(count)
        )
        self._leave_out.setVisible(count > 0)
        self._leave_out.setToolTip(
            self.tr("They stay in the chat, greyed; the model no longer sees them.")
        )
        self._grow.setText(self.tr("Load with {:,} tokens of context").format(asked.grow_to))
        self._grow.setToolTip(self.tr("The model was trained for that; it takes more memory."))
        self._grow.setVisible(asked.grow_to > 0)
        self.show()
        (self._leave_out if count else self._grow).setFocus()

    @Slot()
    def _on_leave_out(self) -> None:
        if self._asked is not None:
            self.leave_out_chosen.emit(self._asked.leave_out)

    @Slot()
    def _on_grow(self) -> None:
        if self._asked is not None:
            self.grow_chosen.emit(self._asked.grow_to)
