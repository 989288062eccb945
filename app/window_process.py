"""The window's process: seals itself, then builds the parts and shows the window.

The porter starts it with `window [FILE]` and calls `main`. Nothing heavy is imported
before the seal, so that every thread and library stands behind it.
"""

import gc
import sys


def main() -> int:
    """Seals this process, runs the window and returns its exit code."""
    # What is imported stays, so looking for garbage in it is wasted; `app.housekeeping` collects
    # later, on the GUI thread.
    gc.disable()
    from runner.child.begin import begin_front_end

    begin_front_end()
    # Sealed first: what this imports must already stand behind the walls.
    from app.quick_imports import import_qt

    import_qt()
    from app.window.application import run

    return run(sys.argv[2:])
