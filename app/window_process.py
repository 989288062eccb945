"""The window's process: seals itself, then builds the parts and shows the window.

The porter starts it as `python -m app.window_process window [FILE]`. Nothing heavy is imported
before the seal, so that every thread and library stands behind it.
"""

import sys

from runner.child.begin import begin_front_end


def main() -> int:
    """Seals this process, runs the window and returns its exit code."""
    begin_front_end()
    # Sealed first: what these import must already stand behind the walls.
    from app.window.application import run

    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
