"""The window's process: seals itself, then builds the parts and shows the window.

The porter starts it as `python -m app.window_process window [FILE]`. Nothing heavy is imported
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
    import_quickly()
    # Sealed first: what this imports must already stand behind the walls.
    from app.window.application import run

    return run(sys.argv[2:])


def import_quickly() -> None:
    """Takes a detour out of the imports that follow.

    msgspec takes `typing_extensions` where some other package has brought it, for what `typing` has
    had since Python 3.11.
    """
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # how an import is refused
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


if __name__ == "__main__":
    sys.exit(main())
