"""The control channel: messages arrive whole however the stream is cut; anything else ends it."""

import os
import threading
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runner.channel import lines
from runner.channel.lines import LineError, LineReader, LineWriter
from runner.protocol import engine
from runner.protocol.common import Failed, Log
from runner.protocol.engine import Chunk

DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(engine.Event)
MESSAGES = some.one_of(
    some.builds(Chunk, run=some.integers(0, 2**31), text=some.text(), tokens=some.lists(some.integers(0, 2**31 - 1), max_size=5)),
    some.builds(Log, level=some.text(max_size=9), text=some.text()),
    some.builds(Failed, code=some.text(), run=some.integers(0, 2**31), detail=some.text()),
)  # fmt: skip


def read_all(data: bytes, step: int = 5) -> list[Any]:
    reading, writing = os.pipe()

    def write() -> None:
        for start in range(0, len(data), step):
            try:
                os.write(writing, data[start : start + step])
            except BrokenPipeError:
                break
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return list(LineReader(reading, DECODER))
    finally:
        os.close(reading)
        writer.join()


@settings(max_examples=60, deadline=None)
@given(some.lists(MESSAGES, max_size=5), some.integers(1, 400))
def test_messages_arrive_as_they_were_sent(sent: list[Any], step: int) -> None:
    data = b"".join(msgspec.json.encode(message) + b"\n" for message in sent)
    assert read_all(data, step) == sent


@settings(max_examples=100, deadline=None)
@given(some.binary(min_size=1, max_size=80))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(LineError):
        read_all(noise.replace(b"\n", b" ") + b"\n")


@pytest.mark.parametrize(
    "line",
    [
        b'{"type": "chunk", "run": "1", "text": ""}',
        b'{"type": "chunk", "run": 1, "text": "", "more": 1}',
        b'{"type": "nonesuch"}',
        b'{"run": 1}',
        b"[]",
        b"",
        b"[" * 100_000,
        b'{"type": "chunk", "run": 1, "text": "\xff"}',
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(LineError):
        read_all(line + b"\n", 4096)


def test_a_line_without_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1000)
    with pytest.raises(LineError, match="longer than 1000"):
        read_all(b"x" * 1_000_000, 4096)
    with pytest.raises(LineError, match="longer than 1000"):
        read_all(b'{"type": "log", "level": "' + b"x" * 2000 + b'"}\n', 4096)


def test_an_unfinished_last_line_is_dropped() -> None:
    whole = msgspec.json.encode(Log(level="info", text="whole"))
    assert read_all(whole + b"\n" + whole) == [Log(level="info", text="whole")]


def test_too_long_a_message_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    reading, writing = os.pipe()
    with pytest.raises(LineError):
        LineWriter(writing).send(Log(level="info", text="x" * 200))
    os.close(writing)
    assert os.read(reading, 10) == b""
    os.close(reading)


def test_silence_is_reported_while_it_lasts() -> None:
    reading, writing = os.pipe()
    silences: list[float] = []
    three = threading.Event()

    def on_silence(seconds: float) -> None:
        silences.append(seconds)
        if len(silences) == 3:
            three.set()

    def write() -> None:
        three.wait(10)
        os.write(writing, msgspec.json.encode(Log(level="info", text="back")) + b"\n")
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    assert len(list(LineReader(reading, DECODER, 0.02, on_silence))) == 1
    writer.join()
    os.close(reading)
    assert silences[:3] == [0.02, 0.04, 0.06]
