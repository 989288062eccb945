"""What the desktop says, as the porter tells it: whether it is dark, and whether it reads aloud.

The window has no bus of the desktop's unless a screen reader is announced (decision 0163).
"""

import os
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.notices import Action, Notices
from app.theme.theme import Theme
from app.words.translation import translate
from runner.porter.client import PorterClient
from runner.porter.wire import DesktopSaid

PATIENCE_S = 1.0
"""How long the porter may take, which asked while this process imported Qt."""

READER_LATE = "window.reader_late"


def keep_from_bus(porter: PorterClient) -> None:
    """Has Qt not even try a bus that is closed to this process. Before the application is made."""
    said = porter.desktop(PATIENCE_S)
    if said is not None and not said.has_bus:
        # Late: nothing else of the porter's own parts is wanted here.
        from runner.porter.desktop import without_bus

        os.environ.update(without_bus(os.environ))


class DesktopDesk(QObject):
    """Follows the desktop's colours, and says what a screen reader that comes late needs.

    Owned by: the window's parts. Thread: GUI.

    Args:
        porter: has been told what the desktop says, if anything.
        theme: goes along with it.
        notices: hears of a screen reader that can't reach this window.
        start_again: closes the window and starts the app anew, with the bus open.
    """

    def __init__(
        self,
        porter: PorterClient,
        theme: Theme,
        notices: Notices,
        start_again: Callable[[], None],
    ) -> None:
        super().__init__()
        self._theme, self._notices, self._start_again = theme, notices, start_again
        if (said := porter.desktop()) is not None:
            self._theme.hear_system(said.scheme)

    def hear(self, events: list[object]) -> None:
        """Takes what has come by the mailbox."""
        for event in events:
            if isinstance(event, DesktopSaid):
                self._theme.hear_system(event.scheme)
                if event.is_read and not event.has_bus:
                    action = Action(translate("DesktopDesk", "Start again"), self._start_again)
                    self._notices.error(READER_LATE, action, key=READER_LATE)
