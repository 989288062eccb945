"""What happens with a bug: it is logged, shown once, and can be copied or saved. Never sent."""

import logging
import platform
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler, qVersion

from app.mailbox import Mailbox
from app.notices import Action, Level, Notices
from app.words.translation import translate
from app.words.wording import words

if TYPE_CHECKING:
    from app.window.report_window import ReportWindow

log = logging.getLogger("app.window")
qt_log = logging.getLogger("app.qt")

KEPT_LINES = 60
BUG = "window-bug"

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class BugDesk:
    """Takes every unexpected exception of this process and makes one report of it.

    Owned by: the window process. Thread: hooks from any; the rest GUI.
    """

    def __init__(self, notices: Notices, mailbox: Mailbox) -> None:
        self._notices = notices
        self._mailbox = mailbox
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._report = ""
        self._window: ReportWindow | None = None
        self._handler = _Keeper(self._lines)

    def take_hooks(self) -> None:
        """Has exceptions of every thread, and Qt's messages, come here."""
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        logging.getLogger().addHandler(self._handler)
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        sys.unraisablehook = lambda args: self._on_exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        self._qt_hook = qInstallMessageHandler(_on_qt_message)

    def give_back_hooks(self) -> None:
        """Puts back what was there before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        logging.getLogger().removeHandler(self._handler)
        qInstallMessageHandler(self._qt_hook)

    def look_at_last_crash(self, file: Path) -> None:
        """Tells of the stacks that the last run left when it crashed, once."""
        try:
            stacks = file.read_text(encoding="utf-8", errors="replace")
            file.unlink()
        except OSError:
            return
        if not stacks.strip():
            return
        self._report = report("crash of the last run", stacks, [])
        action = Action(translate("BugDesk", "Look at the report"), self.show_report)
        self._notices.error("window.crashed_before", action, path=str(file))

    def show_report(self) -> None:
        """Opens the report in a window of its own."""
        # Late: hardly a start needs it.
        from app.window.report_window import ReportWindow

        self._window = ReportWindow(self._report)
        self._window.show()

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected: %s", text)
        self._mailbox.post(lambda: self._tell(kind.__name__, text))

    def _tell(self, kind: str, text: str) -> None:
        said = words("window.bug", kind=kind)
        self._report = report(said.title, text, list(self._lines))
        action = Action(translate("BugDesk", "Look at the report"), self.show_report)
        self._notices.error("window.bug", action, key=BUG, level=Level.ALERT, kind=kind)


class _Keeper(logging.Handler):
    """Keeps the last lines of the log for the report."""

    def __init__(self, lines: "deque[str]") -> None:
        super().__init__(logging.INFO)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one line."""
        stamp = time.strftime("%H:%M:%S", time.localtime(record.created))
        self._lines.append(f"{stamp} {record.levelname} {record.name}: {record.getMessage()}")


def report(title: str, text: str, lines: list[str]) -> str:
    """Returns a report that names versions and the fault; the home folder's name is left out."""
    parts = [
        f"Lightwell: {title}",
        f"Python {platform.python_version()}, Qt {qVersion()}, PySide6 {PySide6.__version__}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        "",
        text.rstrip(),
    ]
    if lines:
        parts += ["", "Last lines of the log:", *lines]
    return "\n".join(parts).replace(str(Path.home()), "~") + "\n"


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
