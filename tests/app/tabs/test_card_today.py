"""Today's card beside the one of the download: asked only when wanted, at our own Hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.network.door import Answer
from app.reader.card_difference import Change, difference
from app.tabs.card.tab import CardTab
from app.tabs.dossier_look import DossierLook
from app.window.application import Parts
from runner.store.papers import CARD
from runner.store.sources import Source
from tests.support import hub_server
from tests.support.hub_server import COMMIT, REPOSITORY, FakeHub
from tests.support.network import Person
from tests.support.window import running_parts

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def parts(qapp: QApplication, hub: FakeHub) -> Iterator[Parts]:
    """The window with every real part, the courier and its gate among them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", hub.endpoint)
        with running_parts(qapp) as made:
            yield made


def kept(parts: Parts, path: Path, card: str, commit: str) -> None:
    """Notes where a file came from, with its card as it was then."""
    store = parts.context.store
    known = parts.context.library.open(path).result()
    source = Source(
        repository=REPOSITORY,
        revision="main",
        commit=commit,
        path=path.name,
        sha256="",
        fetched=1_763_000_000.0,
    )
    store.sources.keep(known.id, source).result()
    store.papers.keep(REPOSITORY, commit, CARD, card).result()


def test_todays_card_is_asked_for_only_when_wanted(
    parts: Parts, hub: FakeHub, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "small.gguf"
    path.write_bytes(hub_server.BODY)
    earlier = hub_server.CARD.replace("# Small\n", "# Small\nTrained on one book.\n")
    kept(parts, path, earlier, "e" * 40)
    tab = CardTab(parts.context, DossierLook(parts.context))
    qtbot.addWidget(tab)
    tab.resize(420, 700)
    tab.show()
    tab.show_model(ModelRef(path=path, name="small"))
    qtbot.waitUntil(lambda: tab.page.sheet is not None, timeout=WAIT_MS)
    # Without a card beside the file, the one of the download is shown.
    assert "Card of " in tab.head.origin.text()
    before = len(hub.requests)
    person = Person(Answer.NO)
    parts.context.network.take_asker(person)
    tab.compare_today()
    assert "stays offline" in tab.stage.failure()
    assert len(hub.requests) == before
    person.answers = [Answer.ONCE]
    tab.compare_today()
    qtbot.waitUntil(lambda: "has changed" in tab.difference.texts(), timeout=WAIT_MS)
    told = tab.difference.texts()
    assert "Lines that came: 0; that went: 1" in told
    assert "− Trained on one book." in told
    assert not hub.strangers
    qtbot.waitUntil(
        lambda: parts.context.porter.snapshot().find("gate", "courier") is None, timeout=WAIT_MS
    )
    # The other way: nothing has changed since.
    kept(parts, path, hub_server.CARD, COMMIT)
    tab.show_model(None)
    tab.show_model(ModelRef(path=path, name="small"))
    person.answers = [Answer.ONCE]
    tab.compare_today()
    qtbot.waitUntil(lambda: "as it was on" in tab.difference.texts(), timeout=WAIT_MS)


def test_lines_with_what_stands_around_them() -> None:
    before = "\n".join(f"line {number}" for number in range(30))
    found = difference(before, before.replace("line 20", "line twenty"))
    assert (found.came, found.went, found.more) == (1, 1, 0)
    assert [line.change for line in found.lines] == [
        Change.GAP,
        Change.STAYED,
        Change.STAYED,
        Change.WENT,
        Change.CAME,
        Change.STAYED,
        Change.STAYED,
    ]
    assert found.lines[0].text == "19"
    assert difference(before, before).lines == ()


def test_texts_that_would_deceive_are_legible() -> None:
    found = difference("a", "\u202eb" + "c" * 900)
    assert found.lines[-1].text.startswith("\\u202eb")
    assert len(found.lines[-1].text) == 400
