"""Puts the questions of the network's door over the window, one at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.theme.theme import Theme

if TYPE_CHECKING:
    from app.network.door import Answer
    from app.network.purposes import Purpose


class WindowAsker:
    """Asks in the window; a start asks nothing, so the question itself is imported with the first."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        self._theme = theme
        self._window = window

    def ask(self, purpose: "Purpose", answered: "Callable[[Answer], None]") -> Callable[[], None]:
        """Opens a question and returns what closes it again."""
        from app.window.network_question import NetworkQuestion

        question = NetworkQuestion(self._theme, purpose, answered, self._window)
        question.open()
        return question.take_back
