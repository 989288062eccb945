"""States of the Openness tab with a repository, and of saving a report."""

import contextlib
import os
from collections.abc import Callable, Iterator

from app.network.door import Answer
from app.report.dialog import ReportDialog
from app.review.judgements import Judgement, encoded
from app.tabs.openness.tab import OpennessTab
from app.window.application import Parts
from inspector.claims.values import Verdict
from runner.session import SessionState
from runner.store.judged_file import JudgedFile
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
    """The dialog for a report: one turn of a chat, and what was said of a claim, go in."""
    tab = _openness(parts, wait)
    ref = tab.shown_ref
    assert ref is not None
    store, recipe = parts.context.store, Recipe(file_name=ref.path.name)
    for title, questions in (
        ("Rivers of France", ("Which river is the longest?", "And the shortest?")),
        ("Why the sky is blue", ("Why is the sky blue?",)),
    ):
        chat, above = store.chats.create(title).result(), None
        for question in questions:
            turn = store.chats.ask(chat.id, above, question, recipe=recipe).result()
            store.chats.write_answer(
                turn.id, "The Loire, with about a thousand kilometres."
            ).result()
            above = turn.id
    said = Judgement(
        claim="IDENT", rule="IDENT", verdict=Verdict.DIFFERS, note="It gives itself another name.", author="A. Reviewer"
    )  # fmt: skip
    file = JudgedFile(name=ref.path.name, size=ref.size_bytes or ref.path.stat().st_size)
    store.claims.put(file, said.claim, encoded(said)).result()
    dialog = ReportDialog(parts.context, ref, parts.window)
    dialog.show()
    wait(lambda: "still being read" not in dialog.preview(), "the file was read whole")
    row = dialog.choice.rows[-1]
    row.fold.click()
    next(iter(row.turns.values())).click()


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
