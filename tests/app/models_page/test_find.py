"""Finding models: without network, through the Hub, by a link; and a repository's page."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.models_page.find.finds import OPEN, result_of_find, row_of
from app.models_page.hub.hub_desk import FIRST
from app.models_page.page import ModelsPage
from app.models_page.repository.repository_page import RepositoryPage
from app.models_page.table.rows import Cell
from app.network.door import Answer
from app.window.network_question import NetworkQuestion
from runner.protocol.courier import Find
from tests.support.hub import Fault, HubServer, Repo
from tests.support.models_world import (
    GATED,
    STARTER_FILE,
    STARTER_REPOSITORY,
    models_world,
)

PATIENCE_MS = 20_000


def names(page: ModelsPage) -> list[str]:
    return [row.key for row in page.finder.table.rows.rows]


def test_good_first_models_are_there_without_network(page: ModelsPage) -> None:
    page.choose("find")
    assert "allenai/OLMo-2-0425-1B-Instruct-GGUF" in names(page)
    assert not page._context.network.under_way
    page.finder.table.choose("allenai/OLMo-2-0425-1B-Instruct-GGUF")
    assert "training data" in page.finder.about._reason.text()
    assert "Open Source Initiative, 2024-10" in page.finder.about._source.text()


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
    page: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    page.choose("find")
    page.finder.ask("small")
    question = page.window().findChild(NetworkQuestion)
    assert question is not None
    assert "small" in question.accessibleDescription()
    question.buttons[Answer.NO].click()
    qtbot.waitUntil(lambda: "stays offline" in page.finder.trouble.said(), timeout=PATIENCE_MS)
    assert not hub.sent


def test_a_search_brings_what_the_hub_finds_and_remembers_it(
    online: ModelsPage, qtbot: QtBot
) -> None:
    online.choose("find")
    online.finder.ask("llama")
    qtbot.waitUntil(lambda: online.finder._answer is not None, timeout=PATIENCE_MS)
    found = names(online)
    assert found == ["bartowski/Llama-3.2-3B-Instruct-GGUF", "unsloth/Llama-3.3-70B-Instruct-GGUF"]
    assert "2 models of the Hub" in online.finder._note.text()
    online._context.network.go_offline()
    online.finder.show_first()
    online.finder.ask("llama")
    assert sorted(names(online)) == sorted(found)
    assert "the oldest word is of today" in online.finder._note.text()


def test_a_size_that_was_read_from_a_name_says_so() -> None:
    row = row_of(result_of_find(Find(repository="many/Model-9B-GGUF")), None, 0.0)
    size = row.cells[3]
    assert (size.text, size.under) == ("9\N{NO-BREAK SPACE}B", "from its name")
    assert "nobody counted" in size.tip
    assert "Size: 9\N{NO-BREAK SPACE}B from its name" in row.said


def test_an_author_and_another_order(online: ModelsPage, qtbot: QtBot) -> None:
    online.choose("find")
    online.finder.ask("@Qwen")
    qtbot.waitUntil(lambda: online.finder._answer is not None, timeout=PATIENCE_MS)
    assert sorted(names(online)) == ["Qwen/Qwen3-0.6B-GGUF", "Qwen/Qwen3-8B-GGUF"]
    asked = online.finder._answer
    online.finder.bar.sort_chip.choose("likes")
    qtbot.waitUntil(lambda: online.finder._answer is not asked, timeout=PATIENCE_MS)
    assert names(online)[0] == "Qwen/Qwen3-0.6B-GGUF"


def test_a_link_opens_the_repositorys_page(
    online: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    online.choose("find")
    online.finder.ask(f"https://huggingface.co/{STARTER_REPOSITORY}/blob/main/{STARTER_FILE}")
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    assert page.listed is not None
    assert page.listed.repository.commit == hub.world.repos[STARTER_REPOSITORY].head
    rows = page.files.table.rows.rows
    assert [row.cells[0].text for row in rows] == [
        "SmolLM2-135M-Instruct-Q4_1",
        "SmolLM2-135M-Instruct-F16",
        "mmproj-SmolLM2-F16",
    ]
    assert "2 files" in rows[1].said
    assert "projector" in rows[2].said
    assert "Q4_1 · about 5.8 bits from its name" in rows[0].said
    chosen = page.files.chosen()
    assert chosen is not None
    assert chosen.files[0].path == STARTER_FILE
    made = "quantised by HuggingFaceTB, from HuggingFaceTB/SmolLM2-135M-Instruct"
    assert f"{made} (stated, not checked)" in head(page)
    assert "Apache License 2.0, by its label" in head(page)
    assert "base model's card" in page.texts["card"].toPlainText()
    assert "Version 2.0" in page.texts["licence"].toPlainText()
    assert "sha256" in page.texts["listing"].toPlainText()
    page.back_wanted.emit()
    assert online.finder.isVisible()


def test_a_page_that_was_seen_has_its_fingerprint_in_the_list(
    online: ModelsPage, qtbot: QtBot
) -> None:
    online.choose("find")
    table = online.finder.table
    online.finder.ask("many")
    qtbot.waitUntil(lambda: bool(online.finder.results), timeout=PATIENCE_MS)
    assert table.isColumnHidden(OPEN)
    online.finder.ask(STARTER_REPOSITORY)
    qtbot.waitUntil(lambda: online.repository.listed is not None, timeout=PATIENCE_MS)
    online.repository.back_wanted.emit()
    online.finder.ask("SmolLM2")
    qtbot.waitUntil(lambda: STARTER_REPOSITORY in names(online), timeout=PATIENCE_MS)

    def cell() -> Cell:
        return table.rows.row(table.rows.row_of(STARTER_REPOSITORY)).cells[OPEN]

    qtbot.waitUntil(lambda: bool(cell().picture), timeout=PATIENCE_MS)
    assert not table.isColumnHidden(OPEN)
    assert "weights" in cell().text


def test_without_network_the_page_shows_what_is_remembered(
    online: ModelsPage, qtbot: QtBot
) -> None:
    online.finder.ask(STARTER_REPOSITORY)
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    online._context.network.go_offline()
    page.back_wanted.emit()
    page._listed = None
    online.finder.ask(STARTER_REPOSITORY)
    assert len(page.files.table.rows.rows) == 3
    question = online.window().findChild(NetworkQuestion)
    assert question is not None
    question.buttons[Answer.NO].click()


def test_a_gated_repository_shows_its_page_and_says_who_lets_in(
    online: ModelsPage, qtbot: QtBot
) -> None:
    online.finder.ask(GATED)
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    assert "accept terms" in head(page)
    assert "base model's card" in page.texts["card"].toPlainText()
    assert "does not give it out" in page.texts["licence"].toPlainText()
    page.files.look.click()
    qtbot.waitUntil(lambda: bool(page.trouble.said()), timeout=PATIENCE_MS)
    assert page.trouble.link.isVisible()
    assert "…" not in page.trouble.said()


def head(page: RepositoryPage) -> str:
    return " ".join(label.text() for label in page.facts.findChildren(QLabel))


def test_more_results_come_below_and_nothing_moves(
    online: ModelsPage, qtbot: QtBot, hub: HubServer, starter_model: Path
) -> None:
    hub.world = models_world(starter_model, more=160)
    online.choose("find")
    finder, table = online.finder, online.finder.table
    finder.ask("model")
    qtbot.waitUntil(lambda: finder._answer is not None, timeout=PATIENCE_MS)
    first = names(online)
    assert len(first) == FIRST
    assert "there are more" in finder._note.text()
    assert table.choose(first[7])
    # One that is in front of them now brings the last of these a second time.
    new = hub.world.add(Repo("new/Model-GGUF", tags=["gguf"], downloads=9_000_000, likes=9_000))
    new.commit("first", {"README.md": "# A model\n", "model-Q4_K_M.gguf": b"GGUF" + bytes(9)})
    # By scrolling, and by the button: either goes on where the Hub left off.
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: len(names(online)) > FIRST, timeout=PATIENCE_MS)
    assert names(online)[:FIRST] == first
    row = table.current_row()
    assert row is not None
    assert row.key == first[7]
    while finder._can_go_on():
        before = len(names(online))
        finder.more.click()
        qtbot.waitUntil(lambda b=before: len(names(online)) > b, timeout=PATIENCE_MS)
    assert len(set(names(online))) == len(names(online)) == 160
    assert "which are all" in finder._note.text()
    assert finder.more.isHidden()


def test_what_comes_after_is_asked_for_again_where_it_failed(
    online: ModelsPage, qtbot: QtBot, hub: HubServer, starter_model: Path
) -> None:
    hub.world = models_world(starter_model, more=40)
    online.choose("find")
    finder = online.finder
    finder.ask("model")
    qtbot.waitUntil(lambda: finder._answer is not None, timeout=PATIENCE_MS)
    hub.faults.plan(Fault.RATE_LIMIT, 7, times=20, path="/api/models")
    finder.more.click()
    qtbot.waitUntil(lambda: bool(finder.trouble.said()), timeout=PATIENCE_MS)
    assert "wait 7 seconds" in finder.trouble.said()
    assert len(names(online)) == FIRST
    hub.faults.clear()
    finder.trouble.again.click()
    qtbot.waitUntil(lambda: len(names(online)) == 40, timeout=PATIENCE_MS)


@pytest.mark.parametrize("text", ["nobody/not-there", "nobody/not-there:Q4_K_M"])
def test_what_the_hub_does_not_have_is_told_in_words(
    online: ModelsPage, qtbot: QtBot, text: str
) -> None:
    online.finder.ask(text)
    page = online.repository
    qtbot.waitUntil(lambda: bool(page.trouble.said()), timeout=PATIENCE_MS)
    assert "…" not in page.trouble.said()


@pytest.mark.parametrize(
    ("fault", "amount", "words"),
    [
        (Fault.STATUS, 401, "search who are logged in"),
        (Fault.STATUS, 403, "refuses to be searched"),
        (Fault.STATUS, 404, "no search at this address"),
        (Fault.STATUS, 503, "trouble of its own"),
        (Fault.RATE_LIMIT, 9, "wait 9 seconds"),
        (Fault.PROXY_LOGIN, 0, "wants a log-in"),
        (Fault.PORTAL, 0, "Something else than"),
    ],
)
def test_a_search_that_fails_says_why_in_words_that_fit(
    online: ModelsPage, qtbot: QtBot, hub: HubServer, fault: Fault, amount: int, words: str
) -> None:
    hub.faults.plan(fault, amount, path="/api/models")
    online.choose("find")
    online.finder.ask("model")
    qtbot.waitUntil(lambda: bool(online.finder.trouble.said()), timeout=PATIENCE_MS)
    said = online.finder.trouble.said()
    assert words in said
    assert not re.search(r"\b[45]\d\d\b", said)
    assert "repository" not in said
    assert online.finder._note.text() == ""


def test_the_keyboard_alone_finds_opens_and_goes_back(
    online: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    online.choose("find")
    finder, window = online.finder, online.window()
    qtbot.keyClicks(finder.bar.field, "SmolLM2")
    qtbot.keyClick(finder.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: finder._answer is not None, timeout=PATIENCE_MS)
    shortcut = finder.bar.field.findChild(QShortcut)
    assert shortcut is not None
    shortcut.activated.emit()
    assert window.focusWidget() is finder.table
    qtbot.keyClick(finder.table, Qt.Key.Key_Down)
    qtbot.keyClick(finder.table, Qt.Key.Key_Up)
    qtbot.keyClick(finder.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: online.repository.listed is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not online.desk.is_asking, timeout=PATIENCE_MS)
    assert online.repository.isVisible()
    assert window.focusWidget() is online.repository.files.table
    online.stop()
    assert finder.isVisible()
    assert window.focusWidget() is finder.table
