"""A real porter on Windows: its loop, its way to a front end, the ends of its children.

Run there by its path, with `-s` to see how each try of a child went; none of it runs elsewhere.
"""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("needs Windows", allow_module_level=True)

import ctypes
import os
import queue
import selectors
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from runner.channel import packets, waiting
from runner.channel.windows_door import Listener, knocked
from runner.channel.windows_pipes import pipe
from runner.hub_address import VARIABLE
from runner.porter import handle
from runner.porter.client import PorterClient
from runner.porter.windows_keyring import Keyring
from runner.porter.windows_loop import Loop, LoopStream
from runner.porter.windows_start import own_interpreter
from runner.porter.wire import Facts
from runner.protocol.common import Ended, EndKind, Silent
from runner.protocol.gate import Announce, Written
from runner.protocol.gate import Event as GateEvent
from runner.session import SessionState
from tests.support.sessions import Driver, driving
from tests.support.windows_porter import ASKER, BABBLE, REQUEST, ROOT, running_porter

SOON_S = 20.0
READING, WRITING = selectors.EVENT_READ, selectors.EVENT_WRITE


# ---- pipes that can be waited for ---------------------------------------------------------------


def test_what_has_come_is_told_and_what_has_not_in_time_too() -> None:
    reading, writing = pipe(reading_waits=True)
    began = time.monotonic()
    assert not waiting.has_come(reading, 0.2)
    assert 0.15 < time.monotonic() - began < 5
    os.write(writing, b"x")
    assert waiting.has_come(reading, 0)
    assert os.read(reading, 9) == b"x"
    os.close(writing)
    assert waiting.has_come(reading), "the end is something to read"
    assert os.read(reading, 9) == b""
    os.close(reading)


@pytest.fixture
def loop() -> Iterator[Loop]:
    with Loop() as loop:
        yield loop


def test_a_loop_hears_of_words_room_and_ends(loop: Loop) -> None:
    to_us, far_out = pipe(reading_waits=True)
    far_in, from_us = pipe(writing_waits=True)
    stream = LoopStream(to_us, from_us)
    loop.register(stream, READING, "stream")
    assert loop.select(0.05) == []
    with pytest.raises(BlockingIOError):
        stream.recv_into(memoryview(bytearray(9)))

    os.write(far_out, b"abc")
    ((key, ready),) = loop.select(SOON_S)
    assert (key.data, ready) == ("stream", READING)
    room = bytearray(2)
    assert (stream.recv_into(memoryview(room)), bytes(room)) == (2, b"ab")
    assert [ready for _, ready in loop.select(0)] == [READING], "one byte is left"
    assert stream.recv_into(memoryview(room)) == 1

    much = bytes(range(256)) * 4096
    assert stream.send(memoryview(much)) == len(much)
    with pytest.raises(BlockingIOError):
        stream.send(memoryview(b"more"))
    loop.modify(stream, READING | WRITING, "stream")
    assert loop.select(0.05) == []
    came = b""
    while len(came) < len(much):
        came += os.read(far_in, 1 << 16)
    assert came == much
    assert [ready for _, ready in loop.select(SOON_S)] == [WRITING]

    os.close(far_out)
    loop.modify(stream, READING, "stream")
    assert [ready for _, ready in loop.select(SOON_S)] == [READING]
    assert stream.recv_into(memoryview(room)) == 0
    os.close(far_in)
    with pytest.raises(BrokenPipeError):
        stream.send(memoryview(b"nobody"))
    loop.unregister(stream)
    stream.close()


def test_what_is_closed_while_it_is_watched_wakes_nobody(loop: Loop) -> None:
    for _ in range(20):  # a new call may come to lie where an old one was
        first, second = pipe(reading_waits=True), pipe(reading_waits=True)
        for reading, _ in (first, second):
            loop.register(reading, READING)
        assert loop.select(0) == []
        loop.unregister(first[0])
        os.close(first[0])
        assert loop.select(0.01) == []
        os.write(second[1], b"x")
        assert [key.fileobj for key, _ in loop.select(SOON_S)] == [second[0]]
        loop.unregister(second[0])
        for end in (first[1], *second):
            os.close(end)


# ---- a door --------------------------------------------------------------------------------------


def test_who_knocks_is_heard_also_after_it_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "window.sock"
    with pytest.raises(OSError, match="2"):
        knocked(path, 0)
    door = Listener(path)
    assert not door.has_come(0.05)
    for gone_before in (True, False):
        speaker = knocked(path, 1)
        packets.send(speaker, b"open this")
        if gone_before:
            speaker.close()
        assert door.has_come(SOON_S)
        heard, _ = door.accept()
        heard.setblocking(False)
        inbox = packets.Inbox(heard, 99)
        packet = inbox.receive()
        assert packet is not None
        assert packet.data == b"open this"
        if not gone_before:
            with pytest.raises(BlockingIOError):
                inbox.receive()
            packets.send(heard, b"done")
            speaker.settimeout(SOON_S)
            answer = packets.Inbox(speaker, 99).receive()
            assert answer is not None
            assert answer.data == b"done"
            speaker.close()
            assert waiting.has_come(heard.fileno(), SOON_S)
        assert inbox.receive() is None
        heard.close()
    door.close()
    assert door.has_come(SOON_S), "whoever waits at a door that was closed hears of it"


# ---- a keyring ----------------------------------------------------------------------------------


def test_a_token_is_kept_read_and_taken_away(loop: Loop) -> None:
    keyring = Keyring(loop, os.environ, "Lightwell: a test")
    came: list[tuple[bool, str]] = []

    def hear(went: bool, secret: str) -> None:
        came.append((went, secret))

    keyring.keep("hf_ofnobody", hear)
    keyring.look_up(hear)
    keyring.keep("", hear)
    keyring.look_up(hear)
    assert came == [(True, ""), (True, "hf_ofnobody"), (True, ""), (False, "")]


# ---- a porter and its children ------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "any.gguf"
    file.write_bytes(b"any")
    return file


@pytest.fixture
def facts() -> "queue.SimpleQueue[Any]":
    return queue.SimpleQueue()


@pytest.fixture
def porter(tmp_path: Path, facts: "queue.SimpleQueue[Any]") -> Iterator[PorterClient]:
    with running_porter(tmp_path / "porter.log", facts.put) as (porter, _):
        yield porter


@pytest.fixture
def echo(porter: PorterClient, model: Path) -> Iterator[Driver]:
    with driving(porter, "echo") as driver:
        driver.load(model)
        yield driver


def test_a_child_is_proved_and_answers(
    echo: Driver, facts: "queue.SimpleQueue[Any]", capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts.get(timeout=SOON_S)
    assert isinstance(found, Facts)
    with capsys.disabled():
        print(f"\n{found}")
    assert found.kind == "echo"
    assert echo.answer("are you there")[0] == "are you there"


def test_a_long_answer_arrives_whole_and_in_order(echo: Driver) -> None:
    text, done = echo.answer("!long 2000")
    assert text.split() == [f"word{n}" for n in range(2000)]
    assert done.tokens == 2000


@pytest.mark.parametrize("order", ["!abort", "!kill"])
def test_an_accident_is_one_end_and_one_restart(echo: Driver, order: str) -> None:
    echo.ask(order)
    ended = echo.until(Ended)
    assert (ended.kind, ended.number != 0) == (EndKind.EXIT, True)
    echo.until_state(SessionState.FAILED)
    echo.session.restart()
    echo.until_state(SessionState.READY)
    assert echo.answer("once more")[0] == "once more"


def test_its_last_words_are_kept(echo: Driver) -> None:
    assert echo.answer("!print to nobody")[0] == "to nobody"
    echo.ask("!kill")
    assert "to nobody" in echo.until(Ended).tail


def test_a_hang_is_said_and_ended(
    porter: PorterClient, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "PATIENCE_S", 1.5)
    with driving(porter, "echo") as driver:
        driver.load(model)
        driver.ask("!hang")
        assert driver.until(Silent).seconds == 1.5
        driver.session.restart()
        driver.until_state(SessionState.READY)


def test_asking_is_enough_for_a_healthy_child(porter: PorterClient) -> None:
    child = porter.start("echo")
    wait_until(lambda: child.pid)
    begun = time.monotonic()
    child.stop()
    assert child.wait(SOON_S)
    assert time.monotonic() - begun < handle.ASK_S


@pytest.mark.parametrize("kind", BABBLE)
def test_babble_ends_the_child(porter: PorterClient, kind: str) -> None:
    ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
    child = porter.start(kind, on_event=ends.put)
    assert ends.get(timeout=SOON_S).kind is EndKind.PROTOCOL
    assert not lives(child.pid)


def test_an_address_is_asked_about_and_stays_closed_after_a_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "asked"
    monkeypatch.setenv("LIGHTWELL_TEST_ASKED", str(asked))
    monkeypatch.setenv("LIGHTWELL_TEST_SAYS", "no")
    answers: queue.SimpleQueue[tuple[bool, str]] = queue.SimpleQueue()
    with running_porter(tmp_path / "log") as (porter, _):
        porter.open_address("https://a.example/b,c", lambda *answer: answers.put(answer))
        assert answers.get(timeout=SOON_S) == (False, "")
        porter.open_folder(tmp_path, lambda *answer: answers.put(answer))
        assert answers.get(timeout=SOON_S) == (False, "")
    assert asked.read_text().splitlines() == ["https://a.example/b,c", str(tmp_path.resolve())]


def test_what_nobody_may_start_is_refused_in_words(porter: PorterClient) -> None:
    ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for kind in ("courier", "window", "no such kind"):
        porter.start(kind, on_event=ends.put)
        ended = ends.get(timeout=SOON_S)
        assert (ended.kind, ended.tail.startswith("porter.")) == (EndKind.NOT_STARTED, True)


def test_children_die_with_a_killed_porter(tmp_path: Path, model: Path) -> None:
    with running_porter(tmp_path / "log") as (porter, process), driving(porter, "echo") as driver:
        driver.load(model)
        child = driver.session.child
        assert child is not None
        process.kill()
        assert driver.until(Ended).kind is EndKind.SIGNAL
        wait_until(lambda: not lives(child.pid))


def test_all_goes_with_the_front_end(tmp_path: Path) -> None:
    with running_porter(tmp_path / "log") as (porter, process):
        children = [porter.start("echo"), porter.start("reader")]
        wait_until(lambda: all(child.pid for child in children))
        porter.close()
        assert process.wait(SOON_S) == 0
    assert not any(lives(child.pid) for child in children)


# ---- a gate, and who is linked to it ------------------------------------------------------------


class Served(BaseHTTPRequestHandler):
    """Answers every request with three megabytes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (3 << 20) + b" and that was all")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_who_is_linked_to_a_gate_reaches_its_host_by_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hub = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv(VARIABLE, hub)
        monkeypatch.setenv(REQUEST, f"GET {hub}/any HTTP/1.1\r\nHost: any\r\n\r\n")
        announced: queue.SimpleQueue[Any] = queue.SimpleQueue()
        ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with running_porter(tmp_path / "log") as (porter, _):

            def hear(message: Any) -> None:
                if isinstance(message, Announce):
                    announced.put(message)
                    gate.send(Written(run=message.number, done=True))

            gate = porter.start("gate", events=GateEvent, on_event=hear)
            porter.start(ASKER, on_event=ends.put)
            ended = ends.get(timeout=SOON_S)
            assert gate.wait(SOON_S), "it ends with whom it served"
        server.shutdown()
    assert ended.number == 3, ended.tail
    assert ended.tail.count("and that was all") == 2, ended.tail
    lines = [announced.get_nowait() for _ in range(announced.qsize())]
    assert [line.errand for line in lines if line.event == "connection"] == [5, 5]


def test_only_one_is_linked_to_a_gate(porter: PorterClient) -> None:
    ends: queue.SimpleQueue[Any] = queue.SimpleQueue()
    porter.start("gate", events=GateEvent)
    first = porter.start("courier")
    porter.start("courier", on_event=ends.put)
    assert ends.get(timeout=SOON_S).tail.startswith("porter.no_link")
    wait_until(lambda: first.pid)  # of one that was refused it stays 0


# ---- the whole command --------------------------------------------------------------------------


def test_a_model_is_looked_into_by_the_command(starter_model: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [own_interpreter(), "-B", "-m", "app", "inspect", str(starter_model)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
             "LOCALAPPDATA": str(tmp_path)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Apache License 2.0" in ran.stdout
    assert "proof 1 reader" in next(tmp_path.rglob("porter.log")).read_text("utf-8")


def lives(pid: int) -> bool:
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    process = kernel.OpenProcess(0x100000, 0, pid)
    if not process:
        return False
    waited: int = kernel.WaitForSingleObject(ctypes.c_void_p(process), 0)
    kernel.CloseHandle(ctypes.c_void_p(process))
    return waited != 0


def wait_until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
