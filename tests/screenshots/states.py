"""The states that pictures are taken of, by name."""

from collections.abc import Callable

from app.window.application import Parts
from runner.session import SessionState

Wait = Callable[[Callable[[], bool], str], None]


def first_start(parts: Parts, wait: Wait) -> None:
    """The starter model has loaded by itself; nothing has been asked yet."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")


def settings(parts: Parts, wait: Wait) -> None:
    """The settings page."""
    first_start(parts, wait)
    parts.window.show_page("settings")


def engine_gone(parts: Parts, wait: Wait) -> None:
    """The engine was killed from outside; the window offers to start it again."""
    first_start(parts, wait)
    child = parts.context.session.child
    assert child is not None
    import os
    import signal

    os.kill(child.pid, signal.SIGSEGV)
    models = parts.context.models
    wait(lambda: models.state is SessionState.FAILED, "the window has heard of it")


STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "first-start": first_start,
    "settings": settings,
    "engine-gone": engine_gone,
}
