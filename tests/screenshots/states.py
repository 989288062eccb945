"""The states that pictures are taken of, by name."""

import time
from collections.abc import Callable

from PySide6.QtWidgets import QProgressBar

from app.window.application import Parts
from runner.session import SessionState
from tests.screenshots.card_states import CARD_STATES
from tests.screenshots.claims_states import CLAIMS_STATES
from tests.screenshots.licence_states import LICENCE_STATES
from tests.screenshots.models_states import MODELS_STATES
from tests.screenshots.network_states import NETWORK_STATES
from tests.screenshots.openness_states import OPENNESS_STATES
from tests.screenshots.report_states import REPORT_STATES

Wait = Callable[[Callable[[], bool], str], None]


def first_start(parts: Parts, wait: Wait) -> None:
    """The starter model has loaded by itself; nothing has been asked yet."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")


def inspected(key: str) -> Callable[[Parts, Wait], None]:
    """A tab of the inspector, after an answer."""

    def state(parts: Parts, wait: Wait) -> None:
        first_start(parts, wait)
        parts.window.inspector.choose(key)
        bar = parts.window.top_bar
        wait(lambda: bool(bar.openness_words), "the reader has looked at the file")
        bars = parts.window.inspector.findChildren(QProgressBar)
        wait(lambda: not any(bar.isVisible() for bar in bars), "the tab waits no more")
        began = time.monotonic()
        wait(lambda: time.monotonic() - began > 0.3, "what it says has been laid out")

    return state


def conversation(parts: Parts, wait: Wait) -> None:
    """A question has been answered, with the same seed each time."""
    first_start(parts, wait)
    models = parts.context.models
    page = parts.window.page()
    assert page is not None
    page.composer.set_text("Explain in two sentences why the sky is blue.")  # type: ignore[attr-defined]
    page.composer._on_send()  # type: ignore[attr-defined]
    wait(lambda: models.state is SessionState.ANSWERING, "the answer has begun")
    wait(lambda: models.state is SessionState.READY, "the answer has ended")
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 0.5, "the page has said how it ended")


def talked(key: str) -> Callable[[Parts, Wait], None]:
    """A tab of the inspector beside a conversation, once the file's hashes are known."""

    def state(parts: Parts, wait: Wait) -> None:
        conversation(parts, wait)
        inspected(key)(parts, wait)
        began = time.monotonic()
        wait(lambda: time.monotonic() - began > 3.0, "the tab has been filled")

    return state


def narrow(parts: Parts, wait: Wait) -> None:
    """The inspector lies over the page of a narrow window."""
    inspected("summary")(parts, wait)
    parts.window.resize(1000, 700)
    parts.window._body.set_open(True)
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 1.5, "the tab has been filled")


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
    "summary": inspected("summary"),
    "licence": inspected("licence"),
    "weights": inspected("weights"),
    "conversation": conversation,
    "chat": talked("summary"),
    "chat-openness": talked("openness"),
    "narrow": narrow,
    "settings": settings,
    "engine-gone": engine_gone,
    **CARD_STATES,
    **CLAIMS_STATES,
    **LICENCE_STATES,
    **MODELS_STATES,
    **NETWORK_STATES,
    **OPENNESS_STATES,
    **REPORT_STATES,
}
