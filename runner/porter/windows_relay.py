"""Makes the connections between a courier and its gate on Windows; see `runner.channel.windows_link`.

The porter is not on the way of what is said over them. Standard library only.
"""

# ruff: noqa: E402, S101 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import os
import selectors
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from runner.channel.packets import Inbox, Outbox, PacketError
from runner.channel.windows_link import LONGEST_WORD, told
from runner.channel.windows_pipes import pipe
from runner.porter.windows_loop import LoopStream
from runner.porter.windows_start import hand_over, let_go

MOST_WAITING = 8
"""So many connections may wait for the gate to hear of them; more are refused."""


class GatesEnd(int):
    """The descriptor of the way to a gate; whoever gets it can give that gate handles.

    Attributes:
        process: a handle of the gate, of this end's own.
    """

    process: int


class Relay:
    """Gives a courier and its gate the ends of new pipes, as the courier asks.

    Thread: the porter's.

    Args:
        courier: the stream to the courier.
        gate: the way to the gate; closed with this.
    """

    def __init__(self, courier: LoopStream, gate: GatesEnd) -> None:
        self._courier = courier
        self._asked = Inbox(courier, LONGEST_WORD)
        self._to_courier = Outbox(courier)
        nothing, writing = pipe()  # a gate says nothing here
        os.close(writing)
        self._gate = LoopStream(nothing, gate, gate.process)
        self._to_gate = Outbox(self._gate)

    def begin(self, selector: selectors.BaseSelector) -> None:
        """Listens to the courier until it is gone; the gate hears of that by the end of its way."""

        def on_word() -> None:
            if not self._heard():
                selector.unregister(self._courier)
                self._close()

        selector.register(self._courier, selectors.EVENT_READ, on_word)

    def _heard(self) -> bool:
        """Takes a word of the courier; says whether it goes on."""
        try:
            packet = self._asked.receive()
            if packet is not None:
                self._connect(packet.data)
        except BlockingIOError:
            return True
        except (OSError, PacketError):
            return False
        return packet is not None

    def _connect(self, word: bytes) -> None:
        self._to_gate.flush()
        if len(self._to_gate) >= MOST_WAITING:
            self._to_courier.put(b"")
        else:
            with _two_pipes() as (there, back):
                gates = (
                    hand_over(there[0], self._gate.process),
                    hand_over(back[1], self._gate.process),
                )
                own = self._courier.process
                couriers = (hand_over(back[0], own), hand_over(there[1], own))
            self._to_gate.put(told(*gates, word))
            self._to_courier.put(told(*couriers))
        self._to_gate.flush()
        self._to_courier.flush()

    def _close(self) -> None:
        for stream in (self._courier, self._gate):
            stream.close()
        let_go(self._gate.process)


@contextmanager
def _two_pipes() -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yields the ends of two pipes, which are closed here afterwards; those that are read can be waited for."""
    with ExitStack() as ends:
        pipes = []
        for _ in range(2):
            made = pipe(reading_waits=True)
            for end in made:
                ends.callback(os.close, end)
            pipes.append(made)
        yield pipes[0], pipes[1]
