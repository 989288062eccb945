"""Downloads on screen: from the wish to a checked file, held and resumed, and every trouble in words."""

import re

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.hub.token_dialog import TokenDialog
from app.models_page.hub.token_words import keyring_words
from app.models_page.known_here import way_words
from app.models_page.page import ModelsPage
from app.network.door import Answer
from app.window.network_question import NetworkQuestion
from app.words.fetches import fetch_words
from runner.fetch.queue import FetchProgress
from runner.fetch.token import HubToken
from runner.library import paths
from runner.session import SessionState
from runner.store.fetches import Fetch, FetchError, FetchFile, FetchId, FetchState
from tests.support.hub import Fault, HubServer
from tests.support.models_world import GATED, STARTER_FILE, STARTER_REPOSITORY

PATIENCE_MS = 30_000


def opened(page: ModelsPage, qtbot: QtBot, name: str) -> None:
    page.finder.ask(name)
    qtbot.waitUntil(lambda: page.repository.files.chosen() is not None, timeout=PATIENCE_MS)


def test_a_model_comes_whole_and_is_then_on_this_computer(
    online: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    opened(online, qtbot, STARTER_REPOSITORY)
    assert online.repository.files.table.choose(STARTER_FILE)
    with qtbot.waitSignal(online.downloads.arrived, timeout=PATIENCE_MS):
        online.repository.files.download.click()
    qtbot.waitUntil(lambda: len(online.here.items) == 2, timeout=PATIENCE_MS)
    mine = next(item for item in online.here.items if item.is_own)
    assert mine.repository == STARTER_REPOSITORY
    assert mine.commit == hub.world.repos[STARTER_REPOSITORY].head
    # It can be loaded from its page, whenever a person comes back to it.
    files = online.repository.files
    assert files.download.isHidden()
    assert files.load.text() == "Load and chat"
    files.show_here.click()
    assert online.here.table.current_row().key == mine.file.path
    opened(online, qtbot, STARTER_REPOSITORY)
    assert files.table.choose(STARTER_FILE)
    qtbot.waitUntil(lambda: "from its header" in files.table.rows.rows[0].said, timeout=PATIENCE_MS)
    with qtbot.waitSignal(online.chat_wanted, timeout=PATIENCE_MS):
        files.load.click()
    models = online._context.models
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=PATIENCE_MS)
    assert models.current.path == mine.path
    assert "on this computer" in online.repository.files.table.rows.rows[0].said
    (card,) = online.queue.cards.values()
    assert not card.load.isHidden()
    assert not list(online.downloads.folder().rglob("*.part"))
    # Nothing has changed upstream, until it has.
    online.choose("here")
    assert online.here.table.choose(mine.file.path)
    notices = online._context.notices
    online.here.offers.newer.click()
    qtbot.waitUntil(lambda: "newest revision" in notices.kept[-1].said.title, timeout=PATIENCE_MS)
    repo = hub.world.repos[STARTER_REPOSITORY]
    repo.commit("second", {"README.md": "# Other words\n", STARTER_FILE: b"GGUF" + bytes(30_000)})
    online.here.offers.newer.click()
    qtbot.waitUntil(
        lambda: "newer revision of this file" in notices.kept[-1].said.title, timeout=PATIENCE_MS
    )


def test_a_download_is_held_gone_on_with_and_given_up(
    online: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    hub.faults.plan(Fault.SLOW, 8_000_000, path="/store/")
    opened(online, qtbot, STARTER_REPOSITORY)
    online.repository.files.table.choose(STARTER_FILE)
    online.repository.files.download.click()
    qtbot.waitUntil(lambda: bool(online.downloads.every()), timeout=PATIENCE_MS)
    # The button that began it leads to it now.
    online.repository.files.download.click()
    assert online.queue.isVisible()

    def state() -> FetchState | None:
        every = online.downloads.every()
        return every[0].fetch.state if every else None

    qtbot.waitUntil(lambda: state() is FetchState.RUNNING, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: any(one.fetch.done for one in online.downloads.every()), timeout=PATIENCE_MS
    )
    (card,) = online.queue.cards.values()
    card.pause.setFocus()
    card.pause.click()
    qtbot.waitUntil(lambda: "Paused" in card.words.text(), timeout=PATIENCE_MS)
    # A second press of the same key must not give up what has come.
    assert card.window().focusWidget() is card.resume
    card.resume.click()
    qtbot.waitUntil(lambda: "Downloading" in card.words.text(), timeout=PATIENCE_MS)
    card.cancel.click()
    qtbot.waitUntil(lambda: not online.queue.cards, timeout=PATIENCE_MS)
    assert online.queue.empty.isVisible()
    (notice,) = online._context.notices.kept
    assert "given up" in notice.said.title
    notice.actions[0].run()
    (card,) = online.queue.cards.values()
    qtbot.waitUntil(lambda: "Downloading" in card.words.text(), timeout=PATIENCE_MS)
    online.downloads.cancel(next(iter(online.queue.cards)))
    qtbot.waitUntil(lambda: not online.queue.cards, timeout=PATIENCE_MS)


def test_offline_a_download_asks_first(online: ModelsPage, qtbot: QtBot) -> None:
    opened(online, qtbot, STARTER_REPOSITORY)
    online._context.network.go_offline()
    online.repository.files.table.choose(STARTER_FILE)
    online.repository.files.download.click()
    question = online.window().findChild(NetworkQuestion)
    assert question is not None
    assert "98" in question.accessibleDescription()
    question.buttons[Answer.NO].click()
    qtbot.waitUntil(lambda: bool(online.repository.trouble.said()), timeout=PATIENCE_MS)
    assert online.downloads.every() == []


def test_a_gated_model_says_where_to_accept_its_terms(online: ModelsPage, qtbot: QtBot) -> None:
    opened(online, qtbot, GATED)
    online.repository.files.download.click()
    online.choose("queue")
    qtbot.waitUntil(
        lambda: any(card.page.isVisible() for card in online.queue.cards.values()),
        timeout=PATIENCE_MS,
    )
    (card,) = online.queue.cards.values()
    assert GATED in card.trouble.text()
    # As a number by itself: the Hub's own address has a port, which may be 40191.
    assert not re.search(r"\b401\b", card.trouble.text())
    assert card.resume.text() == "Try again"


def progress(state: FetchState, **more: object) -> FetchProgress:
    fetch = Fetch(
        id=FetchId(1),
        repository="a/b",
        revision="main",
        commit="c" * 40,
        files=(FetchFile(path="m.gguf", size=2_000_000_000),),
        folder="/nowhere",
        state=state,
        done=1_200_000_000,
        error=FetchError(code="courier.tls", context={"host": "hub"})
        if state is FetchState.FAILED
        else FetchError(),
    )
    return FetchProgress(fetch=fetch, **more)  # type: ignore[arg-type]


def test_a_row_on_its_way_says_how_far_it_is() -> None:
    assert way_words(progress(FetchState.RUNNING)) == "downloading · 60 %"
    assert "%" not in way_words(progress(FetchState.PAUSED))


def test_a_token_that_a_person_gives_opens_what_the_publisher_let_them_into(
    online: ModelsPage, qtbot: QtBot, hub: HubServer
) -> None:
    token = "hf_abcdefghijklmnop"
    hub.world.tokens[token] = "somebody"
    hub.world.repos[GATED].members.add(token)
    opened(online, qtbot, GATED)
    online.repository.files.download.click()
    online.choose("queue")
    qtbot.waitUntil(
        lambda: any(card.token.isVisible() for card in online.queue.cards.values()),
        timeout=PATIENCE_MS,
    )
    (card,) = online.queue.cards.values()
    card.token.click()
    dialog = online.findChild(TokenDialog)
    assert dialog is not None
    dialog.field.setText("no")
    dialog.keep.click()
    assert "no token of the Hub" in dialog.trouble.text()
    with qtbot.waitSignal(online.downloads.arrived, timeout=PATIENCE_MS):
        dialog.field.setText(token)
        dialog.keep.click()
    assert HubToken(paths.config_folder()).is_pasted
    every = " ".join(str(line) for line in online._context.store.ledger.lines())
    assert token not in every


def test_a_token_in_a_keyring_that_may_be_locked_is_named(page: ModelsPage) -> None:
    token = HubToken(paths.config_folder())
    token.forget()
    assert keyring_words("courier.gated") == ""
    token.went_to_keyring()
    assert "unlock it" in keyring_words("courier.gated")
    assert keyring_words("courier.tls") == ""
    token.forget()


RUNNING_WORDS = "Downloading · 1.2 GB of 2.0 GB · 5 MB/s · about 3 min left"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            progress(FetchState.RUNNING, bytes_per_s=5_300_000.0, seconds_left=151.0),
            RUNNING_WORDS,
        ),
        (progress(FetchState.STALLED, silent_s=11.0), "Nothing has come for 11 s; still trying"),
        (progress(FetchState.STALLED, retry_in_s=8.0), "Tries again by itself in 8 s"),
        (progress(FetchState.RUNNING, checking=True), "Reading what came earlier"),
        (progress(FetchState.WAITING), "Waiting for its turn · 1.2 GB of 2.0 GB"),
        (progress(FetchState.DONE), "Here, whole, with the SHA-256 that the Hub lists"),
    ],
)
def test_each_state_has_words(shown: FetchProgress, words: str) -> None:
    said = fetch_words(shown, goes_on=True).state
    assert said.replace("\N{NO-BREAK SPACE}", " ").startswith(words)


def test_what_went_wrong_is_told_in_sentences() -> None:
    said = fetch_words(progress(FetchState.FAILED), goes_on=True).trouble
    assert said.count(".") >= 2
    assert "…" not in said
