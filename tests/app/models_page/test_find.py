"""Finding models: without network, through the Hub, by a link; and a repository's page."""

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.page import ModelsPage
from app.network.door import Answer
from app.window.network_question import NetworkQuestion
from tests.support.hub_server import COMMIT, REPOSITORY, FakeHub

PATIENCE_MS = 20_000


def names(page: ModelsPage) -> list[str]:
    return [row.key for row in page.finder.table.rows.rows]


def test_good_first_models_are_there_without_network(page: ModelsPage) -> None:
    page.choose("find")
    assert "allenai/OLMo-2-0425-1B-Instruct-GGUF" in names(page)
    assert not page._context.network.under_way
    page.finder.table.choose("allenai/OLMo-2-0425-1B-Instruct-GGUF")
    assert "training data" in page.finder._why_words.text()
    assert "Open Source Initiative, 2024-10" in page.finder._why_source.text()


def test_filters_narrow_and_say_what_they_hide(page: ModelsPage) -> None:
    page.choose("find")
    every = len(names(page))
    page.finder.bar.licence.choose("conditions")
    assert names(page)
    assert len(names(page)) < every
    assert f"{every - len(names(page))} hidden" in page.finder._note.text()
    page.finder._reset.click()
    assert len(names(page)) == every


def test_a_foreign_link_is_told_of_and_nothing_is_asked(page: ModelsPage) -> None:
    page.choose("find")
    page.finder.ask("https://evil.example/a/b")
    assert "no address of the Hub" in page.finder.trouble.said()
    assert page._context.network.asking is None


def test_offline_a_search_asks_first_and_a_no_is_taken(
    page: ModelsPage, qtbot: QtBot, hub: FakeHub
) -> None:
    page.choose("find")
    page.finder.ask("small")
    question = page.window().findChild(NetworkQuestion)
    assert question is not None
    assert "small" in question.accessibleDescription()
    question.buttons[Answer.NO].click()
    qtbot.waitUntil(lambda: "stays offline" in page.finder.trouble.said(), timeout=PATIENCE_MS)
    assert not hub.requests


def test_a_search_brings_what_the_hub_finds_and_remembers_it(
    online: ModelsPage, qtbot: QtBot, hub: FakeHub
) -> None:
    online.choose("find")
    online.finder.ask("small")
    qtbot.waitUntil(lambda: names(online) == [REPOSITORY], timeout=PATIENCE_MS)
    assert "1 models of the Hub" in online.finder._note.text()
    assert hub.strangers == []
    online._context.network.go_offline()
    online.finder.show_first()
    online.finder.ask("small")
    assert names(online) == [REPOSITORY]
    assert "the oldest word is of today" in online.finder._note.text()


def test_a_link_opens_the_repositorys_page(online: ModelsPage, qtbot: QtBot, hub: FakeHub) -> None:
    online.choose("find")
    online.finder.ask(f"https://huggingface.co/{REPOSITORY}/blob/main/small.gguf")
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    assert page.listed is not None
    assert page.listed.repository.commit == COMMIT
    assert [row.key for row in page.table.rows.rows] == ["small.gguf"]
    chosen = page.chosen()
    assert chosen is not None
    assert chosen.name == "small"
    assert "ünïcode" in page.texts["card"].toPlainText()
    assert "sha256" in page.texts["listing"].toPlainText()
    page.back_wanted.emit()
    assert online.finder.isVisible()


def test_without_network_the_page_shows_what_is_remembered(
    online: ModelsPage, qtbot: QtBot
) -> None:
    online.finder.ask(REPOSITORY)
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    online._context.network.go_offline()
    page.back_wanted.emit()
    page._listed = None
    online.finder.ask(REPOSITORY)
    assert [row.key for row in page.table.rows.rows] == ["small.gguf"]
    question = online.window().findChild(NetworkQuestion)
    assert question is not None
    question.buttons[Answer.NO].click()


@pytest.mark.parametrize("text", ["nobody/not-there", "nobody/not-there:Q4_K_M"])
def test_what_the_hub_does_not_have_is_told_in_words(
    online: ModelsPage, qtbot: QtBot, text: str
) -> None:
    online.finder.ask(text)
    page = online.repository
    qtbot.waitUntil(lambda: bool(page.trouble.said()), timeout=PATIENCE_MS)
    assert "…" not in page.trouble.said()
