"""The control channel: one JSON message a line, checked against a union of types.

Reading is a loop on a thread of its own; writing is a lock around one `write` a message, because a
heartbeat thread and a work thread share the child's end.
"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

from runner.channel.bulk import write_all
from runner.channel.waiting import has_come
from runner.protocol import MAX_LINE_BYTES

T = TypeVar("T")

CHUNK_BYTES = 64 * 1024


class LineError(Exception):
    """What arrived is not a message of this channel; it cannot be read further."""


class LineReader(Generic[T]):
    """Reads messages of one union from a blocking pipe.

    Thread: one.

    Args:
        descriptor: the pipe's reading end.
        decoder: for the union.
        patience_s: how long a silence is worth a call of `on_silence`.
        on_silence: called with the length of the silence so far; without it, reading just waits.
    """

    def __init__(
        self,
        descriptor: int,
        decoder: msgspec.json.Decoder[T],
        patience_s: float = 0.0,
        on_silence: Callable[[float], None] | None = None,
    ) -> None:
        self._descriptor = descriptor
        self._decoder = decoder
        self._patience_s = patience_s
        self._on_silence = on_silence

    def __iter__(self) -> Iterator[T]:
        """Yields messages until the end of input; an unfinished last line is dropped.

        Raises:
            LineError: at a line that is too long, no JSON, or no message of the union.
        """
        for line in self._lines():
            try:
                yield self._decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise LineError(str(error)) from error

    def _lines(self) -> Iterator[bytes]:
        parts: list[bytes] = []
        length = 0
        while chunk := self._read():
            *complete, rest = chunk.split(b"\n")
            for piece in complete:
                if length + len(piece) > MAX_LINE_BYTES:
                    raise LineError(f"a line is longer than {MAX_LINE_BYTES} bytes")
                parts.append(piece)
                yield b"".join(parts)
                parts, length = [], 0
            length += len(rest)
            if length > MAX_LINE_BYTES:
                raise LineError(f"a line is longer than {MAX_LINE_BYTES} bytes")
            parts.append(rest)

    def _read(self) -> bytes:
        """Reads what there is, and calls `on_silence` each time that patience runs out."""
        if self._on_silence is not None:
            silent_s = 0.0
            while not has_come(self._descriptor, self._patience_s):
                silent_s += self._patience_s
                self._on_silence(silent_s)
        return os.read(self._descriptor, CHUNK_BYTES)


class LineWriter:
    """Writes messages to a blocking pipe. Thread: any."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._encoder = msgspec.json.Encoder()
        self._lock = threading.Lock()

    def send(self, message: msgspec.Struct) -> None:
        """Writes one message.

        Raises:
            LineError: if it is longer than the other side accepts.
            OSError: if the other side is gone.
        """
        line = encode_line(message, self._encoder)
        with self._lock:
            write_all(self._descriptor, line)


def encode_line(message: msgspec.Struct, encoder: msgspec.json.Encoder) -> bytes:
    """Encodes a message with its line end, within the limit of length."""
    line = encoder.encode(message)
    if len(line) > MAX_LINE_BYTES:
        raise LineError(f"a message of {len(line)} bytes is longer than a line may be")
    return line + b"\n"
