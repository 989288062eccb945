"""A window that streams until it is killed, and tells its parent what is on its screen.

Run as `python -m tests.journeys.streaming_window MODEL`; each line on standard output is
`TIME LENGTH`: at that moment (monotonic) so many characters of the answer were drawn.
"""

import faulthandler
import signal
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from runner.confine.prctl import PR_SET_PDEATHSIG, prctl
from tests.support.window import running_parts


def main() -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a test that is broken off leaves no window behind
    faulthandler.dump_traceback_later(20, exit=True)  # a window that stands still says where
    application = QApplication(["lightwell"])
    with running_parts(application) as parts:
        parts.window.resize(1200, 800)
        parts.window.show()
        page = parts.window.page()
        parts.context.models.open(Path(sys.argv[1]))

        def look() -> None:
            if page.controller.can_ask and not page.controller.chat.path:
                page.controller.ask("!slow 5 " + " ".join(f"word{n}" for n in range(1500)))
            if not page.controller.chat.path:
                print("waiting", parts.context.session.state, page.controller.step, flush=True)
            else:
                view = page.transcript.view(page.controller.chat.path[-1].id)
                length = len(view.body.toPlainText()) if view is not None else 0
                print(f"{time.monotonic():.3f} {length}", flush=True)

        timer = QTimer()
        timer.timeout.connect(look)
        timer.start(50)
        application.exec()


if __name__ == "__main__":
    main()
