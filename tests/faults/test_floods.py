"""Whoever floods the porter keeps nobody else waiting, and makes it grow by nothing."""

import json
import os
import queue
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from runner.channel import packets
from runner.channel.lines import encode_line
from runner.porter.client import PorterClient
from runner.porter.handle import Child, ignore
from runner.porter.wire import MAX_PACKET_BYTES, Looked, Start, encode
from runner.protocol import reader
from runner.protocol.reader import Progress
from runner.reader_client import ReaderClient
from tests.support.porter import raw_porter, running_porter

pytestmark = pytest.mark.fault
SOON_S = 20.0

Heard = queue.SimpleQueue[object]


@pytest.fixture
def heard() -> Heard:
    return queue.SimpleQueue()


@pytest.fixture
def porter(heard: Heard) -> Iterator[PorterClient]:
    with running_porter(heard.put) as porter:
        yield porter


def looked(heard: Heard) -> Looked:
    """Waits for the next count of sockets; `queue.Empty` where the porter stands still."""
    while True:
        if isinstance(told := heard.get(timeout=SOON_S), Looked):
            return told


def test_a_child_that_writes_errors_without_end_stops_nobody(
    porter: PorterClient, heard: Heard
) -> None:
    """A pipe that is filled again faster than it is read was read for ever, and nothing else."""
    ends: Heard = queue.SimpleQueue()
    client = ReaderClient(porter, lambda call: call(), kind="jobs")
    client.ask("double", 2, int, ends.put, ends.put)
    assert ends.get(timeout=SOON_S) == 4
    client.ask("shout", 0, int, ends.put, ends.put, deadline_s=1.0)
    for _ in range(3):
        porter.look()
        assert looked(heard).porter
    ends.get(timeout=SOON_S)  # past its time, so it was killed: the porter heard that too
    client.close()


def test_who_says_more_than_can_be_heard_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.porter.handle.PER_S", 100)
    monkeypatch.setattr("runner.porter.handle.BURST", 10)
    said: Heard = queue.SimpleQueue()
    decoder: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(reader.Event)
    child = Child("echo", 1, decoder, said.put, ignore, lambda hard: None)
    pipes = [os.pipe() for _ in range(4)]
    began = time.monotonic()
    child.started(1, (pipes[0][1], pipes[1][0], pipes[2][1], pipes[3][0]))
    line = encode_line(Progress(run=1, done=1, total=2), msgspec.json.Encoder())
    os.write(pipes[1][1], line * 60)
    for _ in range(60):
        assert isinstance(said.get(timeout=SOON_S), Progress)
    assert time.monotonic() - began > 0.4
    for descriptor in (pipes[0][0], pipes[1][1], pipes[2][0], pipes[3][1]):
        os.close(descriptor)
    child.gone("exit", 0, "")
    assert child.wait(SOON_S)


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def send_without_end(connection: socket.socket, request: bytes) -> None:
    for _ in range(100_000):
        packets.send(connection, request)


def test_who_asks_and_reads_no_answer_is_not_heard_until_it_reads() -> None:
    """Its answers were kept without end, each as long as what it had asked."""
    options = {f"{number:032d}": "" for number in range(2500)}
    request = encode(Start(number=1, kind="echo", options=options))
    assert len(request) < MAX_PACKET_BYTES
    with raw_porter() as (ours, process):
        ours.settimeout(2)
        packets.send(ours, request)
        inbox = packets.Inbox(ours, 1 << 20)
        first = inbox.receive()
        assert first is not None
        assert b"bad_request" in first.data
        assert len(first.data) < 1000
        before = resident_bytes(process.pid)
        small = encode(Start(number=1, kind="nothing like it"))
        with pytest.raises(TimeoutError):
            send_without_end(ours, small)
        assert resident_bytes(process.pid) - before < 16 * 1024 * 1024
        assert inbox.receive() is not None


def test_a_person_is_asked_about_one_hub_at_a_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A window that was taken over had one question for each address stand on the screen."""
    monkeypatch.setenv("LIGHTWELL_TEST_SAYS", "nothing")
    monkeypatch.setenv("LIGHTWELL_TEST_ASKED", str(tmp_path / "asked"))

    def ask(ours: socket.socket, number: int, address: str) -> None:
        packets.send(ours, encode(Start(number=number, kind="gate", options={"hub": address})))

    with raw_porter() as (ours, _):
        ours.settimeout(SOON_S)
        inbox = packets.Inbox(ours, 1 << 20, 4)
        for number in range(1, 4):
            ask(ours, number, f"https://mirror{number}.example")
        for number in range(4, 40):
            ask(ours, number, "https://mirror1.example")
        refused: dict[int, Any] = {}
        while len(refused) < 23:
            packet = inbox.receive()
            assert packet is not None
            told = json.loads(packet.data)
            if told["type"] == "NotDone":
                refused[told["number"]] = told["code"]
    assert set(refused) == {2, 3, *range(19, 40)}
    assert (tmp_path / "asked").read_text().splitlines() == ["hub+https://mirror1.example"]
    assert {refused[2], refused[3]} == {"porter.busy_asking"}
    assert refused[39] == "porter.too_many"
