"""States of the Models page: what is here, what is found, a repository, a look inside, downloads."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.models_page.page import ModelsPage
from app.preferences.models_section import ModelsSection
from app.preferences.settings_page import SettingsPage
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


def _page(parts: Parts) -> ModelsPage:
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    return page


def _inspected(parts: Parts, wait: Wait) -> None:
    """Waits for the inspector, which lays itself out anew as what it reads arrives."""
    said = parts.window.inspector.findChildren
    wait(
        lambda: not any("being read" in one.text() for one in said(QLabel) if one.isVisible()),
        "the inspector has read the model",
    )


def _online(parts: Parts, wait: Wait) -> ModelsPage:
    """Returns the page, which may ask the Hub."""
    _first(parts, wait)
    parts.context.settings.change("network", offline=False)
    return _page(parts)


def _searched(parts: Parts, wait: Wait) -> ModelsPage:
    """Returns the page, which has begun to search."""
    page = _online(parts, wait)
    page.choose("find")
    page.finder.bar.field.setText("gguf")
    page.finder.ask("gguf")
    return page


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
    table = _page(parts).here.table
    wait(
        lambda: bool(table.rows.rows) and "Apache" in table.rows.rows[0].said,
        "the reader has looked into the starter model",
    )


def first_models(parts: Parts, wait: Wait) -> None:
    """Good first models, read without network."""
    _first(parts, wait)
    page = _page(parts)
    page.choose("find")
    page.finder.table.choose_at(2)
    _inspected(parts, wait)


def found(parts: Parts, wait: Wait) -> None:
    """Results of a search."""
    page = _searched(parts, wait)
    wait(lambda: page.finder._answer is not None, "the Hub has answered")


def repository(parts: Parts, wait: Wait) -> None:
    """A repository's page, looked into."""
    page = _online(parts, wait)
    page.finder.ask(f"{STARTER_REPOSITORY}/{STARTER_FILE}")
    wait(lambda: page.repository.listed is not None, "the Hub has answered")
    page.repository.files.look.click()
    wait(lambda: page.repository._known.is_counted, "the header is read")
    _inspected(parts, wait)


def arrived(parts: Parts, wait: Wait) -> None:
    """A repository's page once its file is on this computer."""
    page = _online(parts, wait)
    page.finder.ask(f"{STARTER_REPOSITORY}/{STARTER_FILE}")
    wait(lambda: page.repository.listed is not None, "the Hub has answered")
    page.repository.files.download.click()
    rows = page.repository.files.table.rows
    wait(lambda: "header" in rows.rows[0].said, "the file is here, and was read")


def gated(parts: Parts, wait: Wait) -> None:
    """A repository whose files are given out on request."""
    page = _online(parts, wait)
    page.finder.ask(GATED)
    wait(lambda: page.repository.listed is not None, "the Hub has answered")
    page.repository.files.look.click()
    wait(lambda: bool(page.repository.trouble.said()), "it is told of")


def downloading(parts: Parts, wait: Wait) -> None:
    """One model on its way, one that failed."""
    page = _online(parts, wait)
    for name in (GATED, STARTER_REPOSITORY):
        page.finder.ask(name)
        wait(
            lambda name=name: (
                page.repository.listed is not None
                and page.repository.listed.repository.repository == name
            ),
            "the Hub has answered",
        )
        if name == STARTER_REPOSITORY:
            page.repository.files.table.choose(STARTER_FILE)
        page.repository.files.download.click()
    page.choose("queue")
    wait(
        lambda: any(one.fetch.done > 12_000_000 for one in page.downloads.every()),
        "bytes come",
    )


def not_the_hub(parts: Parts, wait: Wait) -> None:
    """A train's log-in page answers in the Hub's place."""
    page = _searched(parts, wait)
    wait(lambda: bool(page.finder.trouble.said()), "it is told of")


def moving(parts: Parts, wait: Wait) -> None:
    """The question before the models folder is moved."""
    _first(parts, wait)
    page = _page(parts)
    model = models_folder() / "somebody/Small-GGUF/Small-Q4_1.gguf"
    model.parent.mkdir(parents=True)
    model.write_bytes(gguf())
    parts.context.library.open(model).result(timeout=10)
    page.here.refresh()
    page.here.ask_move(Path.home() / "large disk" / "models")


def hub_settings(parts: Parts, wait: Wait) -> None:
    """The settings of models, the Hub and the desktop."""
    _first(parts, wait)
    parts.window.show_page("settings")
    page = parts.window.page()
    assert isinstance(page, SettingsPage)
    section = page.findChild(ModelsSection)
    wait(lambda: section.height() > 0 and section.y() > 0, "the page is laid out")
    page.verticalScrollBar().setValue(section.y())


for _state in (found, repository, arrived, gated, downloading):
    _state.around = _hub  # type: ignore[attr-defined]

not_the_hub.around = _portal  # type: ignore[attr-defined]

MODELS_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "models": here,
    "models-first": first_models,
    "models-found": found,
    "models-repository": repository,
    "models-arrived": arrived,
    "models-gated": gated,
    "models-downloads": downloading,
    "models-not-the-hub": not_the_hub,
    "models-move": moving,
    "settings-hub": hub_settings,
}
