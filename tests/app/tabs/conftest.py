"""What the tests of the inspector's tabs share: a real window for each of their files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.tabs.card.claims.panel import ClaimsPanel
from app.window.application import Parts
from tests.support.claims import CARD, WAIT_MS, Shown, file_of, ref
from tests.support.window import running_parts


@pytest.fixture(scope="module")
def parts(qapp: QApplication) -> Iterator[Parts]:
    """The window with every real part, and the engine that needs no model."""
    with running_parts(qapp) as made:
        made.window.resize(1440, 900)
        made.window.show()
        yield made


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, starter_model: Path) -> Path:
    """The starter in a folder of its own, with a card beside it."""
    folder = tmp_path_factory.mktemp("model")
    shutil.copy(starter_model, folder / starter_model.name)
    (folder / "README.md").write_text(CARD)
    return folder / starter_model.name


@pytest.fixture
def shown(parts: Parts, qtbot: QtBot, model: Path) -> Iterator[Shown]:
    """Shows the model's claims in a new panel, as a start of the app would."""

    panels: list[ClaimsPanel] = []

    def show() -> ClaimsPanel:
        panel = ClaimsPanel(parts.context)
        panels.append(panel)
        qtbot.addWidget(panel)
        panel.resize(520, 800)
        panel.show()
        panel.show_model(ref(model))
        qtbot.waitUntil(lambda: panel.report is not None, timeout=WAIT_MS)
        return panel

    yield show
    # What was asked of the reader must not find its panel gone.
    for panel in panels:
        panel.show_model(None)
    # Verdicts of one test are not the next one's.
    for kept in parts.context.store.claims.of(file_of(parts, model)):
        parts.context.store.claims.take_back(file_of(parts, model), kept.claim).result()
