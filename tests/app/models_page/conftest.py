"""The Models page in the real window, over the echo engine, with the real reader and courier.

Each file of tests has one window and one Hub; the page begins every test as after a start.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.models_page.hub.hub_memory import HubMemory
from app.models_page.page import ModelsPage
from app.window.application import Parts
from runner.store.files import Origin
from tests.support.hub import HubServer
from tests.support.models_world import models_world
from tests.support.window import window_with_hub


@pytest.fixture(scope="module")
def shared_hub(starter_model: Path) -> Iterator[HubServer]:
    with HubServer(models_world(starter_model)) as hub:
        yield hub


@pytest.fixture
def hub(shared_hub: HubServer, starter_model: Path) -> HubServer:
    """The Hub, with what it held at first and nothing amiss."""
    shared_hub.world = models_world(starter_model)
    shared_hub.faults.clear()
    shared_hub.sent.clear()
    return shared_hub


@pytest.fixture(scope="module")
def parts(
    qapp: QApplication, shared_hub: HubServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Parts]:
    home = tmp_path_factory.mktemp("home")
    with window_with_hub(qapp, home, shared_hub.endpoint) as made:
        yield made
    qapp.setStyleSheet("")


@pytest.fixture
def page(parts: Parts, tmp_path: Path) -> ModelsPage:
    parts.window.show_page("models")
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    _begin_afresh(page, tmp_path)
    return page


@pytest.fixture
def online(hub: HubServer, page: ModelsPage) -> ModelsPage:
    """The page with the switch at online, over the Hub of the tests."""
    page._context.settings.change("network", offline=False)
    return page


def _begin_afresh(page: ModelsPage, folder: Path) -> None:
    context = page._context
    page.desk.stop()
    context.network.go_offline()
    for progress in page.downloads.every():
        page.downloads.cancel(progress.fetch.id)
    for file in context.library.list():
        if file.origin is not Origin.STARTER:
            context.library.forget(file).result(timeout=10)
    context.notices._kept.clear()
    context.models.inspect(None)
    shutil.rmtree(page.desk._inside._folder, ignore_errors=True)
    page.desk.memory = HubMemory(folder)
    page.finder.bar.clear_filters()
    page.finder.bar.sort_chip.choose("downloads")
    page.finder.bar.field.clear()
    page.finder.trouble.hide()
    page.finder.show_first()
    page.repository._listed, page.repository._looked = None, None
    page.repository.files.table.rows.set_rows([])
    page.repository.trouble.hide()
    page.here.leave_elsewhere()
    page.choose("here")
    page.here.refresh()
