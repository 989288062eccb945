"""Frames survive any cut of the stream; damage ends the channel instead of becoming other data."""

import os
import struct
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runner.channel import bulk
from runner.channel.bulk import Frame, FrameError, FrameKind, frames, read_frame, write_frame

KINDS = some.sampled_from(FrameKind)
RUNS = some.integers(0, 2**32 - 1)


def read_all(data: bytes) -> list[Frame]:
    """Reads frames from bytes that arrive in small pieces."""
    reading, writing = os.pipe()

    def write() -> None:
        for start in range(0, len(data), 7):
            try:
                bulk.write_all(writing, data[start : start + 7])
            except BrokenPipeError:
                break
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    read = []
    try:
        while (frame := read_frame(reading)) is not None:
            read.append(frame)
    finally:
        os.close(reading)
        writer.join()
    return read


def encoded(*given_frames: Frame) -> bytes:
    reading, writing = os.pipe()
    for frame in given_frames:
        write_frame(writing, frame)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        return file.read()


@settings(max_examples=60, deadline=None)
@given(some.lists(some.tuples(KINDS, RUNS, some.binary(max_size=200)), max_size=6))
def test_frames_arrive_as_they_were_sent(sent: list[tuple[FrameKind, int, bytes]]) -> None:
    read = read_all(encoded(*(Frame(*frame) for frame in sent)))
    assert [(f.kind, f.run, bytes(f.payload)) for f in read] == sent


@settings(max_examples=80, deadline=None)
@given(some.binary(min_size=1, max_size=60), some.data())
def test_any_flipped_bit_is_noticed(payload: bytes, data: some.DataObject) -> None:
    whole = bytearray(encoded(Frame(FrameKind.STATE, 7, payload)))
    position = data.draw(some.integers(0, len(whole) - 1))
    whole[position] ^= 1 << data.draw(some.integers(0, 7))
    try:
        read = read_all(bytes(whole))
    except FrameError:
        return
    # The run and the kind are not covered by the checksum; another value of them is no crash, and
    # a frame of another run or kind is refused by whoever waits for this one.
    assert (read[0].run, read[0].kind) != (7, FrameKind.STATE)
    assert bytes(read[0].payload) == payload


@given(some.binary(max_size=40))
@settings(max_examples=15, deadline=None)
def test_every_truncation_is_noticed(payload: bytes) -> None:
    whole = encoded(Frame(FrameKind.TENSOR, 1, payload))
    for length in range(1, len(whole)):
        with pytest.raises(FrameError):
            read_all(whole[:length])
    assert read_all(b"") == []


@given(some.binary(min_size=20, max_size=200))
@settings(max_examples=50, deadline=None)
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(FrameError):
        read_all(noise)


def test_a_claimed_length_allocates_nothing() -> None:
    header = struct.pack("<4sHHIII", b"LWb1", 1, 0, 1, 2**32 - 1, 0)
    with pytest.raises(FrameError, match="claims 4294967295 bytes"):
        read_all(header)


def test_too_long_a_frame_is_not_sent(pipe: tuple[int, int]) -> None:
    with pytest.raises(FrameError):
        write_frame(pipe[1], Frame(FrameKind.STATE, 1, bytes(bulk.MAX_FRAME_BYTES + 1)))


def test_long_payloads_are_cut_and_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_FRAME_BYTES", 10)
    payload = bytes(range(35))
    cut = list(frames(FrameKind.STATE, 3, payload))
    assert [len(frame.payload) for frame in cut] == [10, 10, 10, 5]
    assert b"".join(bytes(frame.payload) for frame in cut) == payload
    assert len(list(frames(FrameKind.STATE, 3, b""))) == 1


def test_both_directions_at_once_do_not_block_each_other() -> None:
    """Each end writes far more than a pipe holds before the other has read all of its own."""
    there, back = os.pipe(), os.pipe()
    payload = os.urandom(1 << 20)
    received: dict[str, int] = {}

    def send(descriptor: int) -> None:
        for run in range(20):
            write_frame(descriptor, Frame(FrameKind.STATE, run, payload))
        os.close(descriptor)

    def receive(name: str, descriptor: int) -> None:
        while (frame := read_frame(descriptor)) is not None:
            received[name] = received.get(name, 0) + len(frame.payload)
        os.close(descriptor)

    threads = [
        threading.Thread(target=send, args=(there[1],)),
        threading.Thread(target=send, args=(back[1],)),
        threading.Thread(target=receive, args=("there", there[0])),
        threading.Thread(target=receive, args=("back", back[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert received == {"there": 20 << 20, "back": 20 << 20}
