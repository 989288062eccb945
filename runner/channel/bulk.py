"""Frames of the bulk channel: state, tensor values, token probabilities, pictures.

A frame is a fixed header and its payload. The header says what it is, which run it belongs to, how
long it is and what its CRC-32 is; a reader refuses anything else, so a lost byte ends the channel
instead of turning into other numbers. Payloads longer than `MAX_FRAME_BYTES` are sent as several
frames of the same kind and run.

Both ends are blocking pipes. A writer that outruns its reader waits in `write`, so it must not be
the thread that reads the other direction: each end reads on a thread of its own.
"""

import os
import struct
import sys
import zlib
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from runner.channel.waiting import write

Buffer = bytes | bytearray | memoryview

MAGIC = b"LWb1"
HEADER = struct.Struct("<4sHHIII")
MAX_FRAME_BYTES = 8 * 1024 * 1024


class FrameKind(IntEnum):
    """What a payload holds."""

    STATE = 1
    TENSOR = 2
    LOGPROBS = 3
    PICTURE = 4
    BYTES = 5


class FrameError(Exception):
    """What arrived is not a frame; the channel cannot be read further."""


class FrameCut(FrameError):  # noqa: N818 - what happened, which need be nobody's error
    """The channel ended within a frame, as it does with a process that is killed."""


class Frame(msgspec.Struct, frozen=True):
    """One frame: its kind, the run that it belongs to, and the payload."""

    kind: FrameKind
    run: int
    payload: Buffer


def frames(kind: FrameKind, run: int, payload: Buffer) -> Iterator[Frame]:
    """Cuts a payload of any length into frames; an empty one becomes one empty frame."""
    view = memoryview(payload).cast("B")
    yield Frame(kind, run, view[:MAX_FRAME_BYTES])
    for start in range(MAX_FRAME_BYTES, len(view), MAX_FRAME_BYTES):
        yield Frame(kind, run, view[start : start + MAX_FRAME_BYTES])


def write_frame(descriptor: int, frame: Frame) -> None:
    """Writes a frame whole; waits where the other end is slower."""
    payload = memoryview(frame.payload).cast("B")
    if len(payload) > MAX_FRAME_BYTES:
        raise FrameError(f"a payload of {len(payload)} bytes is longer than a frame")
    header = HEADER.pack(MAGIC, frame.kind, 0, frame.run, len(payload), zlib.crc32(payload))
    write_all(descriptor, header)
    write_all(descriptor, payload)


def write_all(descriptor: int, data: Buffer) -> None:
    """Writes every byte, however many calls it takes."""
    view = memoryview(data)
    while view:
        view = view[write(descriptor, view) :]


def read_frame(descriptor: int) -> Frame | None:
    """Reads one frame, or None at the end of input.

    Raises:
        FrameCut: if the input ends within a frame.
        FrameError: if it is no frame, or is damaged.
    """
    header = _read_exactly(descriptor, HEADER.size)
    if not header:
        return None
    if len(header) < HEADER.size:
        raise FrameCut("the channel ended within a frame's header")
    magic, number, reserved, run, length, checksum = HEADER.unpack(header)
    if magic != MAGIC or reserved != 0:
        raise FrameError("a frame does not start as one")
    if length > MAX_FRAME_BYTES:
        raise FrameError(f"a frame claims {length} bytes")
    try:
        kind = FrameKind(number)
    except ValueError:
        raise FrameError(f"a frame is of the unknown kind {number}") from None
    payload = _read_exactly(descriptor, length)
    if len(payload) < length:
        raise FrameCut("the channel ended within a frame")
    if zlib.crc32(payload) != checksum:
        raise FrameError("a frame's checksum does not match")
    return Frame(kind, run, payload)


def _read_into(descriptor: int, room: memoryview) -> int:
    if sys.platform == "win32":
        data = os.read(descriptor, len(room))
        room[: len(data)] = data
        return len(data)
    else:
        return os.readv(descriptor, [room])


def _read_exactly(descriptor: int, length: int) -> bytearray:
    """Reads `length` bytes, fewer only at the end of input."""
    data = bytearray(length)
    view = memoryview(data)
    filled = 0
    while filled < length:
        count = _read_into(descriptor, view[filled:])
        if count == 0:
            break
        filled += count
    view.release()
    del data[filled:]
    return data
