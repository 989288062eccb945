"""The front end without a window: seals itself, then does what the command line asks.

The porter starts it with `terminal ARGUMENTS` and calls `main`.
"""

import os
import sys

from runner.child.begin import begin_front_end
from runner.porter.desktop import without_bus

MOST_ARGUMENTS_BEFORE = 2


def main() -> int:
    """Seals this process, runs the command and returns its exit code."""
    begin_front_end()
    # It draws nothing, and what draws a report must not look for a desktop.
    os.environ.update(without_bus(os.environ))
    # Sealed first: what these import must already stand behind the walls.
    from app.cli.arguments import parse
    from app.cli.front import run_command

    wanted = parse(sys.argv[MOST_ARGUMENTS_BEFORE:])
    return run_command(wanted)
