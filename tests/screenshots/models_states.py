"""States of the Models page: what is here, what is found, a repository, a look inside, downloads."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.preferences.models_section import ModelsSection
from app.window.application import Parts
from runner.library.paths import models_folder
from runner.library.starter import starter
from runner.session import SessionState
from tests.support.hub import Fault, HubServer
from tests.support.models_world import GATED, STARTER_FILE, STARTER_REPOSITORY, models_world
from tests.support.tiny_model import gguf

Wait = Callable[[Callable[[], bool], str], None]


def _first(parts: Parts, wait: Wait) -> None:
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    parts.window.show_page("models")


@contextlib.contextmanager
def _hub() -> Iterator[None]:
    path = starter().path()
    assert path is not None
    with HubServer(models_world(path, more=60)) as hub:
        os.environ["HF_ENDPOINT"] = hub.endpoint
        hub.faults.plan(Fault.SLOW, 8_000_000, path="/store/")
        try:
            yield
        finally:
            del os.environ["HF_ENDPOINT"]


@contextlib.contextmanager
def _portal() -> Iterator[None]:
    with HubServer() as hub:
        os.environ["HF_ENDPOINT"] = hub.endpoint
        hub.faults.plan(Fault.PORTAL)
        try:
            yield
        finally:
            del os.environ["HF_ENDPOINT"]


def here(parts: Parts, wait: Wait) -> None:
    """The models of this computer, with what the reader found in them."""
    _first(parts, wait)
    table = parts.window.page().here.table  # type: ignore[union-attr]
    wait(
        lambda: bool(table.rows.rows) and "Apache" in table.rows.rows[0].said,
        "the reader has looked into the starter model",
    )


def first_models(parts: Parts, wait: Wait) -> None:
    """Good first models, read without network."""
    _first(parts, wait)
    page = parts.window.page()
    page.choose("find")  # type: ignore[union-attr]
    page.finder.table.choose_at(2)  # type: ignore[union-attr]


def found(parts: Parts, wait: Wait) -> None:
    """Results of a search."""
    _first(parts, wait)
    page = parts.window.page()
    page.choose("find")  # type: ignore[union-attr]
    parts.context.settings.change("network", offline=False)
    page.finder.bar.field.setText("gguf")  # type: ignore[union-attr]
    page.finder.ask("gguf")  # type: ignore[union-attr]
    wait(lambda: page.finder._answer is not None, "the Hub has answered")  # type: ignore[union-attr]


def repository(parts: Parts, wait: Wait) -> None:
    """A repository's page, looked into."""
    _first(parts, wait)
    page = parts.window.page()
    parts.context.settings.change("network", offline=False)
    page.finder.ask(f"{STARTER_REPOSITORY}/{STARTER_FILE}")  # type: ignore[union-attr]
    wait(lambda: page.repository.listed is not None, "the Hub has answered")  # type: ignore[union-attr]
    page.repository.files.look.click()  # type: ignore[union-attr]
    wait(lambda: page.repository._known.is_counted, "the header is read")  # type: ignore[union-attr]
    said = parts.window.inspector.findChildren
    wait(
        lambda: not any("being read" in one.text() for one in said(QLabel) if one.isVisible()),
        "the inspector has read it too",
    )


def gated(parts: Parts, wait: Wait) -> None:
    """A repository whose files are given out on request."""
    _first(parts, wait)
    page = parts.window.page()
    parts.context.settings.change("network", offline=False)
    page.finder.ask(GATED)  # type: ignore[union-attr]
    wait(lambda: page.repository.listed is not None, "the Hub has answered")  # type: ignore[union-attr]
    page.repository.files.look.click()  # type: ignore[union-attr]
    wait(lambda: bool(page.repository.trouble.said()), "it is told of")  # type: ignore[union-attr]


def downloading(parts: Parts, wait: Wait) -> None:
    """One model on its way, one that failed."""
    _first(parts, wait)
    page = parts.window.page()
    parts.context.settings.change("network", offline=False)
    for name in (GATED, STARTER_REPOSITORY):
        page.finder.ask(name)  # type: ignore[union-attr]
        wait(
            lambda name=name: (
                page.repository.listed is not None  # type: ignore[union-attr,misc]
                and page.repository.listed.repository.repository == name
            ),  # type: ignore[union-attr]
            "the Hub has answered",
        )
        if name == STARTER_REPOSITORY:
            page.repository.files.table.choose(STARTER_FILE)  # type: ignore[union-attr]
        page.repository.files.download.click()  # type: ignore[union-attr]
    page.choose("queue")  # type: ignore[union-attr]
    wait(
        lambda: any(one.fetch.done > 12_000_000 for one in page.downloads.every()),  # type: ignore[union-attr]
        "bytes come",
    )


def not_the_hub(parts: Parts, wait: Wait) -> None:
    """A train's log-in page answers in the Hub's place."""
    _first(parts, wait)
    page = parts.window.page()
    page.choose("find")  # type: ignore[union-attr]
    parts.context.settings.change("network", offline=False)
    page.finder.bar.field.setText("gguf")  # type: ignore[union-attr]
    page.finder.ask("gguf")  # type: ignore[union-attr]
    wait(lambda: bool(page.finder.trouble.said()), "it is told of")  # type: ignore[union-attr]


def moving(parts: Parts, wait: Wait) -> None:
    """The question before the models folder is moved."""
    _first(parts, wait)
    page = parts.window.page()
    model = models_folder() / "somebody/Small-GGUF/Small-Q4_1.gguf"
    model.parent.mkdir(parents=True)
    model.write_bytes(gguf())
    parts.context.library.open(model).result(timeout=10)
    page.here.refresh()  # type: ignore[union-attr]
    page.here.ask_move(Path.home() / "large disk" / "models")  # type: ignore[union-attr]


def hub_settings(parts: Parts, wait: Wait) -> None:
    """The settings of models, the Hub and the desktop."""
    _first(parts, wait)
    parts.window.show_page("settings")
    page = parts.window.page()
    section = page.findChild(ModelsSection)  # type: ignore[union-attr]
    wait(lambda: section.height() > 0 and section.y() > 0, "the page is laid out")  # type: ignore[union-attr]
    page.verticalScrollBar().setValue(section.y())  # type: ignore[union-attr]


for _state in (found, repository, gated, downloading):
    _state.around = _hub  # type: ignore[attr-defined]

not_the_hub.around = _portal  # type: ignore[attr-defined]

MODELS_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "models": here,
    "models-first": first_models,
    "models-found": found,
    "models-repository": repository,
    "models-gated": gated,
    "models-downloads": downloading,
    "models-not-the-hub": not_the_hub,
    "models-move": moving,
    "settings-hub": hub_settings,
}
