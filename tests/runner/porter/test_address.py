"""A folder is shown by the person's own program, after the person agreed, and by its real name."""

import os
import queue
import sys
import time
from pathlib import Path

import pytest

from runner.channel import packets
from runner.porter import tools
from runner.porter.address import Browser, checked_folder, folder_opener
from runner.porter.client import PorterClient
from runner.porter.log import Log
from runner.porter.wire import (
    MAX_ADDRESS,
    MAX_PACKET_BYTES,
    MAX_READABLE,
    OpenFolder,
    Refused,
    decode_request,
    encode,
)
from runner.protocol.common import Ended, EndKind
from tests.support.porter import running_porter

PATIENCE_S = 10.0


def answering(word: bytes) -> int:
    """Returns what a person's answer is read from."""
    reading, writing = os.pipe()
    os.write(writing, word)
    os.close(writing)
    return reading


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop's opener that notes what it was asked to open; returns where."""
    programs, told = tmp_path / "bin", tmp_path / "told"
    programs.mkdir()
    script = programs / "xdg-open"
    script.write_text(f'#!/bin/sh\nprintf %s "$*" > "{told}.new"\nmv "{told}.new" "{told}"\n')
    script.chmod(0o700)
    monkeypatch.setattr(tools, "is_firm", lambda path: True)  # as if the system had it
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return told


@pytest.mark.skipif(sys.platform != "linux", reason="the opener is the desktop's own elsewhere")
def test_a_program_that_is_gone_by_the_time_of_the_answer_ends_nothing(
    tmp_path: Path, opened: Path
) -> None:
    """It ended the porter, and every process with it."""
    browser = Browser(Log(Path(os.devnull, "porter.log")), lambda place: answering(b"yes\n"))
    question = browser.ask_folder(tmp_path)
    (tmp_path / "bin/xdg-open").unlink()
    assert not browser.settle(question)


@pytest.mark.skipif(sys.platform != "linux", reason="the opener is the desktop's own elsewhere")
def test_a_folder_is_opened_only_after_a_yes(tmp_path: Path, opened: Path) -> None:
    models = tmp_path / "the models"
    models.mkdir()
    (tmp_path / "link").symlink_to(models)
    asked: list[str] = []
    answers = [b"", b"yes\n"]

    def ask(place: str) -> int:
        asked.append(place)
        return answering(answers.pop(0))

    # A log where none can be made: nothing stays open.
    browser = Browser(Log(Path(os.devnull, "porter.log")), ask)
    assert not browser.settle(browser.ask_folder(tmp_path / "link"))
    assert browser.settle(browser.ask_folder(tmp_path / "link"))
    # What is asked about and opened is the folder itself, not the name that leads to it.
    assert asked == [str(models)] * 2
    until = time.monotonic() + PATIENCE_S
    while not opened.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert opened.read_text() == str(models)
    while browser._pids and time.monotonic() < until:
        browser.wait_for_ended()
        time.sleep(0.01)
    assert not browser._pids


def test_only_folders_with_plain_names_are_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"GGUF")
    hidden = tmp_path / "a\N{RIGHT-TO-LEFT OVERRIDE}b"
    hidden.mkdir()
    for place in (file, tmp_path / "missing", hidden):
        with pytest.raises(Refused) as refused:
            checked_folder(place)
        assert refused.value.code == "porter.bad_folder"


def test_without_a_file_manager_there_is_none() -> None:
    if sys.platform == "linux":
        assert folder_opener({"PATH": "/nowhere"}) is None


def test_the_request_survives_the_way(tmp_path: Path) -> None:
    request = OpenFolder(number=3, path=tmp_path)
    assert decode_request(encode(request)) == request
    with pytest.raises(Refused):
        decode_request(encode(OpenFolder(number=3, path=Path("not/absolute"))))


def test_what_no_packet_can_hold_is_answered_like_all_else() -> None:
    """A page's link, and what a person pastes for a token, may be of any length."""
    answers: list[tuple[bool, str]] = []
    ours, theirs = packets.pair()
    with theirs:
        client = PorterClient(ours)
        client.open_address(
            f"https://a.example/{'a' * MAX_PACKET_BYTES}", lambda *a: answers.append(a)
        )
        client.keep_secret("a" * MAX_PACKET_BYTES, lambda *a: answers.append(a))
        client.close()
    assert answers == [(False, "porter.bad_address"), (False, "porter.bad_request")]


@pytest.mark.fault
def test_what_is_refused_before_it_is_understood_is_answered_all_the_same() -> None:
    """Whoever had asked waited without end: the refusal had no number."""
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    with running_porter() as porter:
        for odd in ("a" * MAX_ADDRESS, "\u202e"):
            porter.open_address(f"https://a.example/{odd}", lambda *a: answers.put(a))
            assert answers.get(timeout=PATIENCE_S) == (False, "porter.bad_address")
        many = [Path(f"/models/{number}.gguf") for number in range(MAX_READABLE + 1)]
        porter.start("reader", readable=many, on_event=answers.put)
        ended = answers.get(timeout=PATIENCE_S)
    assert isinstance(ended, Ended)
    assert (ended.kind, ended.tail[:18]) == (EndKind.NOT_STARTED, "porter.bad_request")
