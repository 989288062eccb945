"""Asks the person whether an address, or a folder, may be opened; prints `yes` if so.

The porter starts it for each of them, as a process of its own, so that the window can't answer in the
person's stead. On X11 every program that draws can type and click in the windows of others: there a
window that was taken over could answer all the same, and Monitor lists the display with that.
"""

import os
import sys
from urllib.parse import urlsplit

import msgspec

from runner.child.begin import begin_front_end
from runner.porter.desktop import SCHEME
from runner.porter.hubs import ABOUT

ANSWER = 1
TERMINAL = "/dev/tty"


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the question."""

    title: str
    host: str
    plain: str
    learns: str
    folder_title: str
    folder: str
    open: str
    decline: str
    terminal: str
    folder_terminal: str
    hub_title: str
    hub: str
    hub_use: str
    hub_decline: str
    hub_terminal: str

    def title_of(self, place: str) -> str:
        """Returns the question in a line."""
        if is_hub(place):
            return self.hub_title
        return self.folder_title if is_folder(place) else self.title

    def terminal_of(self, place: str) -> str:
        """Returns the question as a terminal asks it."""
        if is_hub(place):
            return self.hub_terminal
        return self.folder_terminal if is_folder(place) else self.terminal

    def answers_of(self, place: str) -> tuple[str, str]:
        """Returns the words of yes and of no."""
        return (self.hub_use, self.hub_decline) if is_hub(place) else (self.open, self.decline)


def is_folder(place: str) -> bool:
    """Whether a path was handed over: the porter takes absolute ones only, and no address is one."""
    return os.path.isabs(place)  # noqa: PTH117 - no address is, on any system


def is_hub(place: str) -> bool:
    """Whether the question is if another Hub's address may be used."""
    return place.startswith(ABOUT)


def main() -> int:
    """Asks, and prints the answer."""
    begin_front_end()
    place = sys.argv[2]
    agreed = _ask_in_a_window(place) if _has_display() else _ask_in_the_terminal(place)
    if agreed:
        os.write(ANSWER, b"yes\n")
    return 0


def explanation(texts: Texts, place: str) -> str:
    """Says in sentences where the place leads and who learns what."""
    if is_folder(place):
        return texts.folder
    parts = urlsplit(place.removeprefix(ABOUT))
    if is_hub(place):
        return texts.hub.format(host=parts.netloc)
    sentences = [texts.host.format(host=parts.hostname)]
    if parts.scheme == "http":
        sentences.append(texts.plain)
    return " ".join([*sentences, texts.learns])


def _texts() -> Texts:
    from resources import table

    texts: Texts = table("texts/en/confirm.toml", Texts)
    return texts


def _has_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in names)


def _ask_in_the_terminal(place: str) -> bool:
    """Asks on the terminal itself, whatever the front end does with its streams."""
    texts = _texts()
    try:
        with open(TERMINAL, "r+b", buffering=0) as terminal:  # noqa: PTH123 - unbuffered both ways
            said = explanation(texts, place)
            shown = place.removeprefix(ABOUT)
            question = f"\n{shown}\n{said}\n{texts.terminal_of(place)}"
            terminal.write(question.encode())
            return terminal.readline().strip().lower() in (b"y", b"yes")
    except OSError:
        return False  # nobody can be asked, so nobody has agreed


def _ask_in_a_window(place: str) -> bool:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    from app.theme.desktop_look import draw_ourselves
    from app.theme.theme import Theme

    draw_ourselves()
    texts = _texts()
    application = QApplication(["lightwell"])
    # A desktop shows it beside the window, under the same name and icon.
    application.setApplicationName("Lightwell")
    application.setDesktopFileName("lightwell")
    Theme(application, system_is_dark=lambda: os.environ.get(SCHEME) == "dark")
    title = texts.title_of(place)
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, f"{title}\n\n{place.removeprefix(ABOUT)}")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(explanation(texts, place))
    yes, no = texts.answers_of(place)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    decline = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(decline)
    box.setEscapeButton(decline)
    box.exec()
    return box.clickedButton() is agree


if __name__ == "__main__":
    sys.exit(main())
