"""What the desktop says reaches the window: its colours, and a screen reader that comes late."""

import os

import pytest
from PySide6.QtWidgets import QApplication

from app.notices import Notices
from app.theme.theme import SchemeChoice, Theme
from app.window.desktop import READER_LATE, DesktopDesk, keep_from_bus
from runner.porter.wire import DesktopSaid


class Told:
    """Stands for the porter's client: all that is asked of it is what the desktop says."""

    def __init__(self, said: DesktopSaid | None) -> None:
        self._said = said

    def desktop(self, timeout: float = 0.0) -> DesktopSaid | None:
        return self._said


def said(scheme: str = "", *, is_read: bool = False, has_bus: bool = False) -> DesktopSaid:
    return DesktopSaid(number=0, scheme=scheme, is_read=is_read, has_bus=has_bus)


def test_the_window_goes_along_with_the_desktop(qapp: QApplication) -> None:
    theme = Theme(qapp, system_is_dark=lambda: False)
    desk = DesktopDesk(Told(said("dark")), theme, Notices(), lambda: None)  # type: ignore[arg-type]
    assert theme.is_dark, "from the first paint on"
    desk.hear([said("light")])
    assert not theme.is_dark
    desk.hear([said("dark"), said("")])
    assert not theme.is_dark, "what Qt reads counts where the desktop says nothing"
    theme.choose(SchemeChoice.LIGHT)
    desk.hear([said("dark")])
    assert not theme.is_dark, "a person's choice stays"


def test_a_screen_reader_that_comes_late_is_told_of(qapp: QApplication) -> None:
    notices, again = Notices(), []
    desk = DesktopDesk(
        Told(None), Theme(qapp), notices, lambda: again.append(1)  # type: ignore[arg-type]
    )  # fmt: skip
    desk.hear([said(is_read=True, has_bus=True)])
    assert not notices.kept, "it reaches the window"
    desk.hear([said(is_read=True), said(is_read=True)])
    notice = notices.kept[-1]
    assert notice.said.title == "A screen reader has started since"
    assert notice.key == READER_LATE
    notice.actions[0].run()
    assert again == [1]


@pytest.mark.parametrize(("told", "tries"), [(said(), False), (said(has_bus=True), True)])
def test_qt_tries_only_a_bus_that_is_open(
    told: DesktopSaid, tries: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "NO_AT_BRIDGE", "QT_LOGGING_RULES"):
        monkeypatch.setenv(name, "before")
    keep_from_bus(Told(told))  # type: ignore[arg-type]
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == ("before" if tries else "disabled:")
