"""States of the Openness tab and of the Compare page."""

from collections.abc import Callable

from app.tabs.openness.tab import OpennessTab
from app.window.application import Parts
from runner.session import SessionState

Wait = Callable[[Callable[[], bool], str], None]


def profile(parts: Parts, wait: Wait) -> None:
    """The Openness tab of the model in use."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    parts.window.show_inspector()
    parts.window.inspector.choose("openness")

    def is_drawn() -> bool:
        tab = parts.window.findChild(OpennessTab)
        return tab is not None and tab.shown is not None and not tab.view._settling.isActive()

    wait(is_drawn, "the profile has been read and drawn")


def compared(parts: Parts, wait: Wait) -> None:
    """The model in use beside a reference point."""
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    parts.window.show_page("compare")
    _shown(parts, wait)


def points(parts: Parts, wait: Wait) -> None:
    """Three reference points."""
    compared(parts, wait)
    page = parts.window.page()
    page.choose("point:olmo-7b-instruct", "point:llama-3.1", "point:chatgpt-3.5")  # type: ignore[union-attr]
    _shown(parts, wait)


def _shown(parts: Parts, wait: Wait) -> None:
    page = parts.window.page()
    wait(page.copy_button.isEnabled, "the comparison is shown")  # type: ignore[union-attr]
    wait(lambda: not page.view._settling.isActive(), "and has settled")  # type: ignore[union-attr]


OPENNESS_STATES = {"openness": profile, "compare": compared, "compare-three": points}
