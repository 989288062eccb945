"""The app as a person starts it, porter and all; quits as soon as the window is usable."""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runner.porter.kinds import Table


def front_end() -> int:
    """What the window's process does, with a clock at its end."""
    import gc

    gc.disable()
    from app.quick_imports import import_qt
    from runner.child.begin import begin_front_end

    begin_front_end()
    import_qt()
    from PySide6.QtCore import QCoreApplication, QTimer

    from app.window.application import run

    def usable() -> None:
        print("usable", time.monotonic() - float(os.environ["BENCH_BEGAN"]), flush=True)
        QTimer.singleShot(0, QCoreApplication.quit)

    return run([], on_usable=usable)


def porter() -> int:
    """What `lightwell` does, with the front end above in place of the window's."""
    from runner.porter import early

    return early.run(kinds, "window", __spec__.name)


def kinds() -> "Table":
    """Returns the app's table, with the front end above in place of the window's."""
    from app.processes import table
    from runner.porter.kinds import Kind
    from runner.values import items_of

    known = table()
    known["window"] = Kind(**{**dict(items_of(known["window"])), "module": __spec__.name})  # type: ignore[arg-type]
    return known


def main() -> int:
    """Is what it was started as."""
    return front_end() if sys.argv[1:] == ["window"] else porter()
