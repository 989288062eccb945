"""The door: asked first, once or for good, and shut by the switch, with every real part behind it."""

from pathlib import Path

import pytest

from app.network.door import Answer, Door, DoorState
from app.network.purposes import network_texts, purpose
from app.settings import SettingsFile
from runner.fetch.token import HubToken
from runner.library.paths import config_folder
from tests.app.network.conftest import Through
from tests.support.hub_server import FakeHub
from tests.support.network import Person


def test_offline_at_first_start_and_nothing_leaves_unasked(through: Through, hub: FakeHub) -> None:
    assert through.door.state is DoorState.OFFLINE
    through.search()
    assert through.error() == "network.offline"
    assert not hub.requests
    assert through.is_quiet()
    assert through.store.ledger.head().count == 0


def test_no_means_no(through: Through, person: Person, hub: FakeHub) -> None:
    person.answers = [Answer.NO]
    through.search()
    assert through.error() == "network.declined"
    assert not hub.requests
    assert through.is_quiet()
    assert not through.settings.path.exists(), "an answer is no setting"


def test_once_ends_with_what_was_allowed(through: Through, person: Person, hub: FakeHub) -> None:
    person.answers = [Answer.ONCE]
    states: list[DoorState] = []
    through.door.listen(states.append)
    visit = through.search("a question")
    (found,) = through.comes()
    assert found.repository == "somebody/small-GGUF"
    assert [request.path for request in hub.requests] == ["/api/models"]
    assert [purpose.what for purpose in person.asked] == ["Search the Hub for “a question”."]
    assert not visit.is_open
    assert DoorState.ONCE in states
    assert through.door.state is DoorState.OFFLINE
    through.wait(through.is_quiet)
    lines = through.store.ledger.lines()
    assert {line.entry.why for line in lines} == {"search for “a question”"}
    assert lines[-1].entry.event == "result"
    before = len(hub.requests)
    visit.courier.search("again", visit.why, through.came.put, through.came.put)
    assert through.error() == "network.offline", "it is over, so its errands fail"
    assert len(hub.requests) == before


def test_a_courier_that_was_kept_fetches_nothing_behind_a_shut_door(
    through: Through, person: Person, hub: FakeHub
) -> None:
    kept = through.door.courier
    kept.search("small", "a search without leave", through.came.put, through.came.put)
    assert through.error() == "network.offline"
    assert through.is_quiet()
    assert not hub.requests


def test_online_asks_no_more_and_is_remembered(
    through: Through, person: Person, hub: FakeHub
) -> None:
    person.answers = [Answer.ONLINE]
    through.search()
    through.comes()
    through.search()
    through.comes()
    assert len(person.asked) == 1
    assert through.door.state is DoorState.ONLINE
    assert SettingsFile(through.settings.path).current.network.offline is False


def test_the_switch_ends_what_is_under_way(through: Through, person: Person, hub: FakeHub) -> None:
    through.door.go_online()
    hub.delay_s = 30
    visit = through.search()
    through.wait(lambda: bool(hub.requests))
    through.door.go_offline()
    assert through.error() == "network.stopped"
    assert not visit.is_open
    through.wait(through.is_quiet)
    last = through.store.ledger.lines()[-1].entry
    assert last.event == "result", "how many bytes it had is told all the same"
    assert last.bytes_up > 0
    # It works again afterwards.
    hub.delay_s = 0
    through.door.go_online()
    through.search()
    assert len(through.comes()) == 1


def test_one_question_after_the_other(through: Through, person: Person, hub: FakeHub) -> None:
    first = through.search("one")
    through.search("two")
    assert [asked.why for asked in person.asked] == ["search for “one”"]
    first.close()
    assert [asked.why for asked in person.taken_back] == ["search for “one”"]
    assert person.asked[-1].why == "search for “two”"
    through.search("three")
    person.answer(Answer.ONLINE)
    assert len(through.comes()) == len(through.comes()) == 1
    assert len(person.asked) == 2, "going online answers for those that wait"
    assert not hub.strangers


def test_turning_the_switch_answers_the_question(
    through: Through, person: Person, hub: FakeHub
) -> None:
    through.search()
    assert through.door.asking is not None
    through.door.go_online()
    assert person.taken_back == person.asked
    assert through.door.asking is None
    assert len(through.comes()) == 1
    person.answer(Answer.NO)
    assert through.door.is_online, "a late answer to a question that is gone counts for nothing"


def test_a_backup_puts_nobody_online(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.toml")
    settings.restore("schema = 1\n[network]\noffline = false\n")
    assert settings.current.network.offline
    assert SettingsFile(settings.path).current.network.offline


def test_a_broken_file_means_offline(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[network]\noffline = "perhaps"\n')
    door = Door(SettingsFile(path), lambda allowed: pytest.fail("nothing is fetched"))
    assert door.state is DoorState.OFFLINE


def test_every_purpose_says_what_is_sent_and_to_whom(hub: FakeHub) -> None:
    fields = {"words": "w", "repository": "r/r", "file": "f.gguf", "size": "98 MB"}
    for kind in network_texts().purpose:
        asked = purpose(kind, **fields)
        assert all((asked.what, asked.sends, asked.why, asked.learns))
        assert asked.host == f"127.0.0.1:{hub.port}", "the host that is really asked"
        assert "{" not in asked.what + asked.sends + asked.why + asked.learns


def test_a_token_is_told_of_before_it_goes_along(hub: FakeHub) -> None:
    assert "No account" in purpose("look", repository="r/r").learns
    HubToken(config_folder()).paste("hf_0123456789")
    assert "learns who you are" in purpose("look", repository="r/r").learns
