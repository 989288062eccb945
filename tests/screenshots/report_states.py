"""States of the Openness tab with a repository, and of saving a report."""

import contextlib
import os
from collections.abc import Callable, Iterator

from app.network.door import Answer
from app.report.dialog import ReportDialog
from app.tabs.openness.tab import OpennessTab
from app.window.application import Parts
from runner.session import SessionState
from runner.store.values import Recipe
from tests.support.network import Person
from tests.support.repositories_hub import QUANTISED, RepositoriesHub

Wait = Callable[[Callable[[], bool], str], None]


def repository(parts: Parts, wait: Wait) -> None:
    """The openness of a repository and its origin, read from a Hub of our own."""
    tab = _openness(parts, wait)
    parts.context.network.take_asker(Person(Answer.ONCE))
    box = tab.choice.box
    box.setCurrentIndex(1)
    box.activated.emit(1)
    tab.choice.name.setText(QUANTISED)
    tab.choice.look_button.click()
    wait(lambda: tab.shown is not None and tab.shown.subject == QUANTISED, "the Hub has answered")
    tab.view.picture.choose("adapted-weights")


@contextlib.contextmanager
def hub_of_our_own() -> Iterator[None]:
    """A Hub of our own, with a quantised copy, its model and that one's base."""
    with RepositoriesHub() as hub:
        os.environ["HF_ENDPOINT"] = hub.endpoint
        try:
            yield
        finally:
            del os.environ["HF_ENDPOINT"]


repository.around = hub_of_our_own  # type: ignore[attr-defined]


def repository_asked(parts: Parts, wait: Wait) -> None:
    """The line for a repository's name, before anything was asked."""
    tab = _openness(parts, wait)
    box = tab.choice.box
    box.setCurrentIndex(1)
    box.activated.emit(1)


def verdict(parts: Parts, wait: Wait) -> None:
    """One framework open, with its parts marked on the picture."""
    tab = _openness(parts, wait)
    tab.view.verdicts.pick("osaid-1.0")


def report(parts: Parts, wait: Wait) -> None:
    """The dialog for a report, with a chat to put in."""
    tab = _openness(parts, wait)
    assert tab.shown_ref is not None
    chats = parts.context.store.chats
    for title in ("Why the sky is blue", "A second question"):
        chat = chats.create(title).result()
        recipe = Recipe(file_name=tab.shown_ref.path.name)
        chats.ask(chat.id, None, title, recipe=recipe).result()
    ReportDialog(parts.context, tab.shown_ref, parts.window).show()


def _openness(parts: Parts, wait: Wait) -> OpennessTab:
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    parts.window.inspector.choose("openness")
    wait(lambda: bool(parts.window.inspector.findChildren(OpennessTab)), "the tab was made")
    (tab,) = parts.window.inspector.findChildren(OpennessTab)
    wait(lambda: tab.shown is not None, "the file was read")
    return tab


REPORT_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "openness-verdict": verdict,
    "openness-repository": repository,
    "openness-repository-asked": repository_asked,
    "report-dialog": report,
}
