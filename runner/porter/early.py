"""Starts a front end first and the porter's own parts second, so that both start at once.

Built-in modules only, until the front end is started. Its interpreter takes as long as the porter's
imports; it then waits for its plan, which the porter sends once it has closed itself off.
"""

import os
import sys

from runner.porter import first

AGAIN = 75
"""What a front end exits with to be started again, porter and all, as it was started."""

NO_START = (
    "Lightwell can't start: the system refuses it a process or an open file ({reason}). Close other "
    "programs, or raise what one may have (ulimit -n 1024; ulimit -u), and start it again."
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from collections.abc import Callable, Sequence

    from runner.porter.kinds import Table


def run(
    table: "Callable[[], Table]", front_end: str, module: str, arguments: "Sequence[str]" = ()
) -> int:
    """Starts a front end, serves it until it ends, and returns its exit status.

    Where that is `AGAIN`, this process becomes a new start instead.

    Args:
        table: returns the kinds of process that it may ask for.
        front_end: its own kind.
        module: that kind's, told apart because the table would have to be imported for it.
        arguments: what it is started with.
    """
    first.keep_descriptors_private()
    status = _run(table, front_end, module, arguments)
    return _begin_again() if status == AGAIN else status


if sys.platform == "win32":

    def _begin_again() -> int:
        """Starts this very program as it was started, and stands for it in its terminal."""
        import signal
        import subprocess

        # Nothing there takes a process's place and keeps a path with spaces whole.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.call([sys.executable, *sys.orig_argv[1:]])

    def _run(
        table: "Callable[[], Table]", front_end: str, module: str, arguments: "Sequence[str]"
    ) -> int:
        from runner.porter.server import Porter
        from runner.porter.windows_child import start_front_end

        kinds = table()
        try:
            started = start_front_end(kinds[front_end], arguments)
        except OSError as error:
            sys.exit(NO_START.format(reason=error.strerror))
        return Porter(kinds).run_started(front_end, started)

else:

    def _begin_again() -> int:
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very program, as it was started

    def _run(
        table: "Callable[[], Table]", front_end: str, module: str, arguments: "Sequence[str]"
    ) -> int:
        try:
            started = first.start_front_end(front_end, module, arguments)
        except OSError as error:
            sys.exit(NO_START.format(reason=error.strerror))
        # Late: while this is imported, the front end's interpreter starts on another core.
        from runner.porter.server import Porter
        from runner.porter.spawn import taken

        return Porter(table()).run_started(front_end, taken(started))
