"""As much of the desktop bus's language as a few questions need. Standard library only.

The porter asks in the window's stead, so that the window needs no bus. Of what comes, a few
plain values are read; whatever is longer or stranger than that is passed over.
"""

import struct

from runner import values

LONGEST = 64 * 1024
CALL, ANSWER, ERROR, SIGNAL = 1, 2, 3, 4
NO_START = 0x2
"""Nobody is to be started for the sake of a question."""

PATH, INTERFACE, MEMBER, REPLY_TO, DESTINATION, SIGNATURE = 1, 2, 3, 5, 6, 8
TEXT, NUMBER, FLAG, VARIANT = "so", "u", "b", "v"
DEEPEST = 4
MOST_VALUES = 3
"""So many of a message are read: a change says whose, which and what."""

Value = str | int | bool | None


class BusError(Exception):
    """What came is no message of the bus."""


class Message(values.Value):
    """A message that came; its values up to the first that is not read."""

    kind: int
    reply_to: int
    values: tuple[Value, ...] = ()

    @property
    def value(self) -> Value:
        """The first of its values, None where it has none."""
        return self.values[0] if self.values else None


def greeting(user: int) -> bytes:
    """Returns what a connection begins with: who is there, by the number of the user."""
    return f"\0AUTH EXTERNAL {str(user).encode().hex()}\r\nBEGIN\r\n".encode()


def call(
    number: int, destination: str, path: str, method: str, *texts: str, flags: int = 0
) -> bytes:
    """Returns a call whose arguments are texts; the answer carries its number.

    Args:
        number: from 1 on, each once.
        destination: who is asked.
        path: the object.
        method: with its interface in front.
        texts: the arguments.
        flags: `NO_START` or none.
    """
    interface, _, member = method.rpartition(".")
    body = bytearray()
    for text in texts:
        body += bytes(-len(body) % 4) + _text(text)
    head = bytearray(struct.pack("<BBBBII", ord("l"), CALL, flags, 1, len(body), number))
    fields = bytearray()
    for code, kind, text in (
        (PATH, "o", path),
        (INTERFACE, "s", interface),
        (MEMBER, "s", member),
        (DESTINATION, "s", destination),
    ):
        fields += bytes(-len(fields) % 8) + bytes((code, 1, ord(kind), 0)) + _text(text)
    if texts:
        signature = "s" * len(texts)
        fields += bytes(-len(fields) % 8) + bytes((SIGNATURE, 1, ord("g"), 0, len(signature)))
        fields += signature.encode() + b"\0"
    head += struct.pack("<I", len(fields)) + fields
    return bytes(head + bytes(-len(head) % 8) + body)


class Listener:
    """Takes what a bus sends, in whatever pieces, and gives its messages."""

    def __init__(self) -> None:
        self._data = b""
        self._is_greeted = False

    def take(self, data: bytes) -> list[Message]:
        """Returns the messages that are whole now.

        Raises:
            BusError: it is no bus, or it does not let this user in.
        """
        self._data += data
        if not self._is_greeted:
            line, end, rest = self._data.partition(b"\r\n")
            if not end:
                if len(line) > LONGEST:
                    raise BusError("no greeting")
                return []
            if not line.startswith(b"OK "):
                raise BusError("not let in")
            self._is_greeted, self._data = True, rest
        found = []
        while (size := _size(self._data)) and len(self._data) >= size:
            one, self._data = self._data[:size], self._data[size:]
            found.append(_message(one))
        return found


def _size(data: bytes) -> int:
    """Returns how long the first message is; 0 where that is not known yet."""
    if len(data) < 16:
        return 0
    order = _order(data)
    body, fields = struct.unpack_from(f"{order}I", data, 4)[0], _number(data, 12, order)
    size: int = 16 + fields + -fields % 8 + body
    if size > LONGEST:
        raise BusError("a message is too long")
    return size


def _message(data: bytes) -> Message:
    order = _order(data)
    body = struct.unpack_from(f"{order}I", data, 4)[0]
    end, at = 16 + _number(data, 12, order), 16
    reply_to, signature = 0, ""
    try:
        while at < end:
            at += -at % 8
            code = data[at]
            kind, at = _signature(data, at + 1)
            value, at = _value(kind, data, at, order, 0)
            if code == REPLY_TO and isinstance(value, int):
                reply_to = value
            elif code == SIGNATURE and isinstance(value, str):
                signature = value
        found, at = [], len(data) - body
        for kind in signature[:MOST_VALUES]:
            value, at = _value(kind, data, at, order, 0)
            if value is None:
                break  # where the next one begins is not known
            found.append(value)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BusError("a message breaks off") from error
    return Message(data[1], reply_to, tuple(found))


def _value(kind: str, data: bytes, at: int, order: str, depth: int) -> tuple[Value, int]:
    """Returns the value at a place, and the place behind it; what is not read is None."""
    if kind == "g":
        return _signature(data, at)
    if kind == VARIANT and depth < DEEPEST:
        inner, at = _signature(data, at)
        return _value(inner, data, at, order, depth + 1)
    if len(kind) != 1 or kind not in TEXT + NUMBER + FLAG:
        return None, len(data)
    at += -at % 4
    number = _number(data, at, order)
    at += 4
    if kind in TEXT:
        return data[at : at + number].decode(), at + number + 1
    return bool(number) if kind == FLAG else number, at


def _signature(data: bytes, at: int) -> tuple[str, int]:
    length = data[at]
    return data[at + 1 : at + 1 + length].decode("ascii"), at + length + 2


def _order(data: bytes) -> str:
    try:
        return {ord("l"): "<", ord("B"): ">"}[data[0]]
    except KeyError:
        raise BusError("no message") from None


def _number(data: bytes, at: int, order: str) -> int:
    found: int = struct.unpack_from(f"{order}I", data, at)[0]
    return found


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<I", len(encoded)) + encoded + b"\0"
