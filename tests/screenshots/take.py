"""Takes pictures of the real window in many states: `python -m tests.screenshots.take FOLDER [STATE…]`.

Each state is a function that brings a window there. Pictures are taken light and dark, small and
large. With DISPLAY set they show what X shows; without, Qt's offscreen platform draws the same.
The pictures of the guide come from here, so that they can be taken again after any change.
"""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

SIZES = {"small": (1280, 800), "guide": (1440, 900), "large": (1920, 1080)}
WAIT_S = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Takes the pictures that are asked for; all states where none is named."""
    from tests.screenshots.states import STATES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("states", nargs="*", help=f"of: {', '.join(STATES)}")
    parser.add_argument("--engine", default="engine", choices=("engine", "echo"))
    parser.add_argument("--schemes", nargs="*", default=["light", "dark"])
    parser.add_argument("--sizes", nargs="*", default=["small", "large"])
    parser.add_argument("--scale", type=float, default=1.0)
    wanted = parser.parse_args(arguments)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name in wanted.states or STATES:
        for scheme in wanted.schemes:
            for size in wanted.sizes:
                file = wanted.folder / f"{name}-{scheme}-{size}.png"
                take(STATES[name], file, scheme, SIZES[size], wanted.engine, wanted.scale)
                print(file)
    return 0


def take(
    state: Callable[..., None],
    file: Path,
    scheme: str,
    size: tuple[int, int],
    engine: str,
    scale: float,
) -> None:
    """Takes one picture, in folders of its own; `around` of a state holds while the app runs."""
    from PySide6.QtWidgets import QApplication

    from tests.support.home import passing_home
    from tests.support.window import running_parts

    application = QApplication.instance() or QApplication(["lightwell"])
    assert isinstance(application, QApplication)
    around = getattr(state, "around", contextlib.nullcontext)
    with passing_home(), around(), running_parts(application, engine=engine) as parts:
        settings = parts.context.settings
        settings.change("appearance", theme=scheme, text_scale=scale)
        parts.window.resize(*size)
        parts.show([])
        state(parts, wait_until)
        settle()
        picture = parts.window.grab()
        put_dialogs(parts.window, picture)
        picture.save(str(file))


def put_dialogs(window: "QWidget", picture: "QPixmap") -> None:
    """Draws the dialogs over the middle of a window's picture, as a window manager places them."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QDialog

    for dialog in window.findChildren(QDialog):
        if dialog.isVisible() and dialog.isWindow():
            painter = QPainter(picture)
            middle = window.rect().center() - dialog.rect().center()
            painter.drawPixmap(middle, dialog.grab())
            painter.end()


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Runs the event loop until something is true."""
    from PySide6.QtTest import QTest

    end = time.monotonic() + WAIT_S
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(what)
        QTest.qWait(20)


def settle() -> None:
    """Lets layouts and repaints come to rest."""
    from PySide6.QtTest import QTest

    QTest.qWait(150)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if "DISPLAY" in os.environ else "offscreen")
    sys.exit(main())
