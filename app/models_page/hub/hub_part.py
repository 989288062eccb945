"""What the parts that ask the Hub share: what went wrong, how long it takes, and trying again."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.models_page.fit import Room
from app.models_page.hub.hub_desk import HubDesk
from app.models_page.trouble import Trouble
from app.widgets.progress import DelayedProgress
from runner.errors import RunnerError


class HubPart(QWidget):
    """A part of the page that shows what the Hub says.

    Args:
        desk: asks the Hub.
        room: the memory that a model could take now.
    """

    token_wanted = Signal(object)
    """A token is to be asked for: what is called once there is one."""

    def __init__(
        self,
        context: AppContext,
        desk: HubDesk,
        room: Callable[[], Room | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._room = room
        self.trouble = Trouble(context.theme)
        self.progress = DelayedProgress(can_stop=True)
        self.trouble.again_wanted.connect(self.again)
        self.trouble.token_wanted.connect(lambda: self.token_wanted.emit(self.again))
        self.progress.stop_wanted.connect(self.stop)
        desk.began.connect(self._on_began)
        desk.failed.connect(self._on_failed)

    def again(self) -> None:
        """Does again what failed."""
        raise NotImplementedError

    def stop(self) -> None:
        """Gives up what is being asked."""
        self._desk.stop()
        self.progress.end()

    def _clear_trouble(self, instead: QWidget) -> None:
        """Takes away what went wrong; the keyboard, where it was in there, goes to what is shown."""
        had_keyboard = self.trouble.isAncestorOf(self.window().focusWidget())
        self.trouble.hide()
        if had_keyboard:
            instead.setFocus()

    def _on_began(self, why: str) -> None:
        raise NotImplementedError

    def _on_failed(self, error: RunnerError) -> None:
        raise NotImplementedError
