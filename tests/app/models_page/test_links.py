"""Links that other programs hand over, and downloads that a new start goes on with."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.cli.arguments import file_to_open
from app.models_page.page import ModelsPage
from app.network.door import Answer
from app.window.application import Parts
from app.window.network_question import NetworkQuestion
from app.window.single import wanted_of
from runner.library import paths
from runner.store import Store
from runner.store.fetches import Fetch, FetchFile, FetchId, FetchState
from tests.support.models_world import STARTER_FILE, STARTER_REPOSITORY
from tests.support.window import running_parts

LINK = f"lightwell://huggingface/{STARTER_REPOSITORY}?file={STARTER_FILE}"
PATIENCE_MS = 20_000


def test_a_link_is_told_from_a_file() -> None:
    assert wanted_of(LINK) == LINK
    assert wanted_of("/models/a.gguf") == Path("/models/a.gguf")
    assert file_to_open([LINK]) == LINK


def test_a_link_of_a_second_start_shows_the_page_and_asks_before_anything_is_sent(
    parts: Parts,
) -> None:
    parts._open([LINK])
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    assert page.repository.isVisible()
    question = parts.window.findChild(NetworkQuestion)
    assert question is not None
    assert STARTER_REPOSITORY in question.accessibleDescription()
    question.buttons[Answer.NO].click()
    assert parts.context.models.current is None


def test_a_link_to_elsewhere_is_told_of_and_asks_nobody(parts: Parts) -> None:
    parts._open(["lightwell://evil.example/a/b"])
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    assert "no address of the Hub" in page.finder.trouble.said()
    assert parts.window.findChild(NetworkQuestion) is None


def test_a_new_start_has_what_was_left_on_its_way(qapp: QApplication, qtbot: QtBot) -> None:
    store = Store.open(paths.database_file())
    left = Fetch(
        id=FetchId(0),
        repository=STARTER_REPOSITORY,
        revision="main",
        commit="c" * 40,
        files=(FetchFile(path=STARTER_FILE, size=98_000_000, sha256="0" * 64),),
        folder=str(paths.models_folder()),
        state=FetchState.RUNNING,
    )
    store.fetches.add(left).result(timeout=10)
    with running_parts(qapp, store=store) as parts:
        parts.show([])
        qtbot.waitUntil(lambda: "models" in parts.window._pages, timeout=PATIENCE_MS)
        page = parts.window._pages["models"]
        assert isinstance(page, ModelsPage)
        (progress,) = page.downloads.every()
        # Offline, it waits; nothing was asked.
        assert progress.fetch.state is FetchState.WAITING
        assert not parts.context.network.under_way
        (card,) = page.queue.cards.values()
        assert "Waiting" in card.words.text()
        assert not card.resume.isHidden()
    qapp.setStyleSheet("")
