"""An address that was opened in the browser is a line of the ledger; one that was declined is none."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.chat.links.browsing import open_in_browser
from runner.store import Store
from runner.store.ledger_lines import Event


class Answering:
    """The far side of the porter: a person who says yes or no."""

    def __init__(self, opened: bool, code: str = "") -> None:
        self.opened = opened
        self.code = code

    def open_address(self, url: str, answered: Callable[[bool, str], None]) -> None:
        answered(self.opened, self.code)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with Store.open(tmp_path / "lightwell.sqlite") as store:
        yield store


def asked(store: Store, porter: Answering, url: str, *, with_path: bool = True) -> list[object]:
    """Opens an address and returns what the person was told."""
    told: list[object] = []
    context = SimpleNamespace(
        porter=porter,
        store=store,
        mailbox=SimpleNamespace(post=lambda call: call()),
        notices=SimpleNamespace(failure=told.append),
    )
    open_in_browser(context, url, "a link in an answer", with_path=with_path)
    store.database.write(lambda db: None).result(10)  # everything before it is written
    return told


def test_an_opened_address_is_a_line(store: Store) -> None:
    assert asked(store, Answering(True), "https://example.org:8443/a?b=c#d") == []
    (line,) = store.ledger.lines()
    entry = line.entry
    assert (entry.event, entry.who, entry.why) == (Event.BROWSER, "browser", "a link in an answer")
    assert (entry.host, entry.port, entry.path) == ("example.org", 8443, "/a?b=c")


def test_the_port_that_is_not_written(store: Store) -> None:
    asked(store, Answering(True), "https://example.org/")
    assert store.ledger.lines()[0].entry.port == 443


def test_a_declined_address_is_none(store: Store) -> None:
    assert asked(store, Answering(False), "https://example.org/") == []
    assert store.ledger.lines() == []


def test_what_could_not_be_opened_is_told(store: Store) -> None:
    (failure,) = asked(store, Answering(False, "porter.no_browser"), "https://example.org/")
    assert failure.code == "porter.no_browser"
    assert store.ledger.lines() == []


def test_of_a_chat_that_is_not_kept_only_the_host_is(store: Store) -> None:
    asked(store, Answering(True), "https://example.org/secret?q=words", with_path=False)
    (line,) = store.ledger.lines()
    assert (line.entry.host, line.entry.path) == ("example.org", "")
