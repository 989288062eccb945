"""What a front end holds of a child, over pipes of the test's own."""

import os
import queue

import msgspec
import pytest

from runner.channel.bulk import HEADER, MAGIC, FrameKind
from runner.porter.handle import Child, ignore
from runner.protocol import reader
from runner.protocol.common import Ended, EndKind

SOON_S = 20


class Held:
    """A child, and the other ends of its pipes."""

    def __init__(self) -> None:
        self.said: queue.SimpleQueue[msgspec.Struct] = queue.SimpleQueue()
        self.ends: list[bool] = []
        decoder: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(reader.Event)
        self.child = Child("echo", 1, decoder, self.said.put, ignore, self.ends.append)
        pipes = [os.pipe() for _ in range(4)]
        self.child.started(1, (pipes[0][1], pipes[1][0], pipes[2][1], pipes[3][0]))
        self.bulk = pipes[3][1]
        self._others = (pipes[0][0], pipes[1][1], pipes[2][0])

    def close(self) -> None:
        """Closes the child's ends, as its end does."""
        for descriptor in (self.bulk, *self._others):
            os.close(descriptor)


@pytest.fixture
def held() -> Held:
    held = Held()
    os.write(held.bulk, HEADER.pack(MAGIC, FrameKind.STATE, 0, 1, 1000, 0) + b"half")
    return held


def test_who_is_killed_within_a_frame_is_said_to_be_killed(held: Held) -> None:
    """As for want of memory, while it sent a state: it was said to make no sense."""
    held.close()
    held.child.gone("out of memory", 9, "the last line")
    ended = held.said.get(timeout=SOON_S)
    assert ended == Ended(kind=EndKind.OUT_OF_MEMORY, number=9, tail="the last line")
    assert held.ends == [], "nobody asked for it to be killed"


def test_who_ends_within_a_frame_and_lives_on_makes_no_sense(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.porter.handle.CLOSE_S", 0.05)
    held.close()
    while not held.ends:  # the porter is asked to end it, and says then that it did
        held.child.wait(0.01)
    held.child.gone("asked", 0, "")
    ended = held.said.get(timeout=SOON_S)
    assert isinstance(ended, Ended)
    assert ended.kind is EndKind.PROTOCOL
    assert held.ends == [True]
