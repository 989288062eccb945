"""The question before an address is opened, as a real dialog in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

def click(box):
    box.show()
    print(box.text(), box.informativeText(), box.textFormat().name, box.defaultButton().text(), sep="\\n")
    whose = (QGuiApplication.desktopFileName(), QGuiApplication.applicationName())
    assert whose == ("lightwell", "Lightwell"), whose  # what a desktop finds its name and icon by
    next(b for b in box.buttons() if b.text() == sys.argv[3]).click()

QMessageBox.exec = click
from app import confirm_process
sys.stdout.flush()
confirm_process.main()
"""


def ask(url: str, button: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, "confirm", url, button],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize(("button", "answer"), [("Open", ["yes"]), ("Don't open", [])])
def test_only_open_says_yes(button: str, answer: list[str]) -> None:
    lines = ask("https://example.org/path?a=b", button)
    assert lines[0] == "Open in your browser?"
    assert lines[2] == "https://example.org/path?a=b"
    assert "The address leads to example.org." in lines[3]
    assert "not encrypted" not in lines[3]
    assert lines[4:6] == ["PlainText", "Don't open"]
    assert lines[6:] == answer


def test_markup_in_an_address_is_shown_and_plain_http_is_said() -> None:
    lines = ask("http://example.org/<b>x</b>", "Don't open")
    assert lines[2] == "http://example.org/<b>x</b>"
    assert "not encrypted" in lines[3]


def test_a_folder_is_asked_about_as_one() -> None:
    lines = ask("/home/somebody/models", "Open")
    assert lines[0] == "Open this folder?"
    assert lines[2] == "/home/somebody/models"
    assert "file manager" in lines[3]
    assert lines[-1] == "yes"
