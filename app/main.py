"""`lightwell`: becomes the porter, which starts the window or the terminal.

Built-in modules only until the front end is started, and the standard library only after that, as
the porter is: what is imported here lives as long as the app.
"""

import os
import sys

from app import front_ends
from runner.porter import early

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from collections.abc import Mapping, Sequence

    from runner.porter.kinds import Table

NO_DISPLAY = (
    "There is no display here, so Lightwell opens a chat in this terminal; "
    "with a display, the same command opens its window."
)

STARTS_ON = ("linux", "darwin", "win32")
"""On the last two it was never seen to: docs/other-systems.md says what of it was tried elsewhere."""

NOT_HERE = (
    "Lightwell does not start on this system yet; docs/other-systems.md says what is written for it, "
    "and what is missing."
)

WINDOW_GONE = (
    "The window was ended by signal {number}. What was on its screen more than a second before is "
    "kept; start Lightwell again to go on."
)

ASKED = (1, 2, 15)
"""Signals by which a person ends a program: a closed terminal, Ctrl+C, `kill`."""


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Runs the app and returns its exit code (docs/guide/command-line.md lists them)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    system: str = sys.platform  # as a text: a checker for another system reads on
    if system not in STARTS_ON:
        print(NOT_HERE, file=sys.stderr)  # noqa: T201 - the terminal is where this belongs
        return 1
    files: list[str] = []
    if given:
        # Late: the usual start has none. Wrong ones end here, before any process is started.
        from app.cli.arguments import file_to_open, parse

        if (file := file_to_open(given)) is not None:
            files = [file]
        elif parse(given).command is not None:
            return early.run(_table, "terminal", front_ends.TERMINAL, given)
    if has_display(os.environ, sys.platform):
        return _told(early.run(_table, "window", front_ends.WINDOW, files))
    print(NO_DISPLAY, file=sys.stderr)  # noqa: T201 - the terminal is where this belongs
    return early.run(_table, "terminal", front_ends.TERMINAL, ["run", *files])


def has_display(environment: "Mapping[str, str]", platform: str) -> bool:
    """Whether a window can be opened. Only Linux says so in advance."""
    if platform != "linux":
        return True
    if environment.get("QT_QPA_PLATFORM") in ("offscreen", "minimal", "vnc"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _told(status: int) -> int:
    """Says how the window ended where nobody asked it to; it can no longer say so itself."""
    number = status - 128
    if number > 0 and number not in ASKED:
        print(WINDOW_GONE.format(number=number), file=sys.stderr)  # noqa: T201 - as above
    return status


def _table() -> "Table":
    # Late: the front end has been started by then.
    from app.processes import table

    return table()
