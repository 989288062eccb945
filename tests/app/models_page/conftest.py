"""The Models page in the real window, over the echo engine, with the real reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.models_page.page import ModelsPage
from app.window.application import Parts
from tests.support.hub import HubServer
from tests.support.models_world import models_world
from tests.support.window import running_parts


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, starter_model: Path) -> Iterator[HubServer]:
    with HubServer(models_world(starter_model)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


@pytest.fixture
def online(hub: HubServer, page: ModelsPage) -> ModelsPage:
    """The page with the switch at online, over the Hub of the tests."""
    page._context.settings.change("network", offline=False)
    return page


@pytest.fixture
def parts(qapp: QApplication) -> Iterator[Parts]:
    with running_parts(qapp) as parts:
        parts.window.resize(1440, 900)
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def page(parts: Parts) -> ModelsPage:
    parts.window.show()
    parts.window.show_page("models")
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    return page
