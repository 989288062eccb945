"""Waiting for pipes with a limit, and what a broken one says."""

import contextlib
import errno
import os
import sys
import time

import pytest

from runner.channel import waiting
from runner.channel.bulk import write_all


def test_what_has_come_is_told_and_what_has_not_in_time_too(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    began = time.monotonic()
    assert not waiting.has_come(reading, 0.05)
    assert time.monotonic() - began >= 0.05
    os.write(writing, b"x")
    assert waiting.has_come(reading)
    os.read(reading, 9)
    os.close(writing)
    assert waiting.has_come(reading, 0), "the end is something to read"


def test_a_full_pipe_has_no_room(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    assert waiting.has_room(writing, 0)
    waiting.never_wait(writing)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, bytes(65536)):
            pass
    assert not waiting.has_room(writing, 0)
    while not waiting.has_room(writing, 0):
        os.read(reading, 65536)


def test_a_pipe_that_nobody_reads_is_broken_on_every_system(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = pipe
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        write_all(writing, b"nobody")

    def invalid(descriptor: int, data: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    # What Windows says of it; elsewhere that is another mistake.
    monkeypatch.setattr(os, "write", invalid)
    with pytest.raises(OSError, match="Invalid") as other:
        write_all(writing, b"nobody")
    assert not isinstance(other.value, BrokenPipeError)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BrokenPipeError):
        write_all(writing, b"nobody")
