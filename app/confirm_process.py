"""Asks the person whether an address may be opened in their browser; prints `yes` if so.

The porter starts it for each address, as a process of its own: a window that was taken over can
neither draw over this question nor answer it.
"""

import os
import sys
from urllib.parse import urlsplit

import msgspec

from runner.child.begin import begin_front_end

ANSWER = 1
TERMINAL = "/dev/tty"


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the question."""

    title: str
    host: str
    plain: str
    learns: str
    open: str
    decline: str
    terminal: str


def main() -> int:
    """Asks, and prints the answer."""
    begin_front_end()
    url = sys.argv[2]
    agreed = _ask_in_a_window(url) if _has_display() else _ask_in_the_terminal(url)
    if agreed:
        os.write(ANSWER, b"yes\n")
    return 0


def explanation(texts: Texts, url: str) -> str:
    """Says in sentences where the address leads and who learns what."""
    parts = urlsplit(url)
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


def _ask_in_the_terminal(url: str) -> bool:
    """Asks on the terminal itself, whatever the front end does with its streams."""
    texts = _texts()
    try:
        with open(TERMINAL, "r+b", buffering=0) as terminal:  # noqa: PTH123 - unbuffered both ways
            question = f"\n{url}\n{explanation(texts, url)}\n{texts.terminal}"
            terminal.write(question.encode())
            return terminal.readline().strip().lower() in (b"y", b"yes")
    except OSError:
        return False  # nobody can be asked, so nobody has agreed


def _ask_in_a_window(url: str) -> bool:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    from app.theme.theme import Theme

    texts = _texts()
    application = QApplication(["lightwell"])
    Theme(application)
    box = QMessageBox(QMessageBox.Icon.NoIcon, texts.title, f"{texts.title}\n\n{url}")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(explanation(texts, url))
    agree = box.addButton(texts.open, QMessageBox.ButtonRole.AcceptRole)
    decline = box.addButton(texts.decline, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(decline)
    box.setEscapeButton(decline)
    box.exec()
    return box.clickedButton() is agree


if __name__ == "__main__":
    sys.exit(main())
