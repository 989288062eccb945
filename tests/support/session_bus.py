"""A real session bus for a test, and a desktop's services on it: what reads aloud, and what is dark."""

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runner.porter.bus import ANSWER, CALL, ERROR, SIGNAL, _signature, _value, call, greeting

ASSISTANCE, PORTAL = "org.a11y.Bus", "org.freedesktop.portal.Desktop"
BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
SENDER, REPLY_TO, DESTINATION, SIGNATURE = 7, 5, 6, 8
WHO_ASKS = 1000
"""The number of the call by which the portal asks the bus for the process at the other end."""


@dataclass
class Desktop:
    """What the services on the bus say, and every call that they got.

    Attributes:
        turn: has the desktop become dark or light.
        assistance: whether a screen reader is announced; None where nobody serves that name.
        dark: 1 for dark, 2 for light; None where nobody serves that name.
        looks: the portal opens the root folder of whoever asks, and refuses where it can't, as the
            desktops' own does.
    """

    address: str
    assistance: bool | None = None
    dark: int | None = None
    reading_bus: str = ""
    looks: bool = False
    calls: list[tuple[str, str]] = field(default_factory=list)
    turn: Callable[[int], None] = lambda dark: None


@contextlib.contextmanager
def session_bus(folder: Path, **says: object) -> Iterator[Desktop]:
    """Runs the system's own bus, with services that say what they are told to."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("not run: dbus-daemon is missing (packaging/setup.sh missing dev names it)")
    place = folder / "session"
    with subprocess.Popen(
        [program, "--session", "--nofork", "--nopidfile", "--print-address",
         f"--address=unix:path={place}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as daemon:  # fmt: skip
        assert daemon.stdout is not None
        desktop = Desktop(daemon.stdout.readline().strip(), **says)  # type: ignore[arg-type]
        service = Service(str(place), desktop)
        desktop.turn = service.turn
        try:
            yield desktop
        finally:
            service.close()
            daemon.terminate()


class Service:
    """Answers calls as the desktop does."""

    def __init__(self, place: str, desktop: Desktop) -> None:
        self._desktop = desktop
        self._bus = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._bus.connect(place)
        self._bus.sendall(greeting(os.getuid()))
        self._data, self._answered = b"", None
        while b"\r\n" not in self._data:
            self._data += self._bus.recv(4096)
        self._data = self._data.partition(b"\r\n")[2]
        self._bus.sendall(call(1, BUS, BUS_PATH, f"{BUS}.Hello"))
        names = [
            *([ASSISTANCE] if desktop.assistance is not None else []),
            *([PORTAL] if desktop.dark is not None else []),
        ]
        for number, name in enumerate(names, 2):
            self._bus.sendall(_with_flags(number, name))
            while self._one()[0] != number:
                pass
        threading.Thread(target=self._serve, daemon=True).start()

    def turn(self, dark: int) -> None:
        """Says to all that the desktop is dark now, or light."""
        self._desktop.dark = dark
        place = ("org.freedesktop.appearance", "color-scheme")
        fields = b""
        for code, kind, text in (
            (1, "o", "/org/freedesktop/portal/desktop"),
            (2, "s", "org.freedesktop.portal.Settings"),
            (3, "s", "SettingChanged"),
        ):
            fields += bytes(-len(fields) % 8) + bytes((code, 1, ord(kind), 0)) + _string(text)
        fields += bytes(-len(fields) % 8) + bytes((SIGNATURE, 1, ord("g"), 0, 3)) + b"ssv\0"
        body = b""
        for text in place:
            body += bytes(-len(body) % 4) + _string(text)
        body += b"\1u\0" + bytes(-(len(body) + 3) % 4) + struct.pack("<I", dark)
        head = struct.pack("<BBBBIII", ord("l"), SIGNAL, 0, 1, len(body), 98, len(fields)) + fields
        self._bus.sendall(head + bytes(-len(head) % 8) + body)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._bus.shutdown(socket.SHUT_RDWR)
        self._bus.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError, IndexError, struct.error):
            while True:
                self._one()

    def _one(self) -> tuple[int, int]:
        """Takes one message and answers it where it is a call; returns whose answer it is."""
        data = self._read()
        order = "<" if data[0] == ord("l") else ">"
        body, number, length = struct.unpack_from(f"{order}III", data, 4)
        fields, at = {}, 16
        while at < 16 + length:
            at += -at % 8
            code = data[at]
            kind, at = _signature(data, at + 1)
            fields[code], at = _value(kind, data, at, order, 0)
        if data[1] == ANSWER and fields.get(SIGNATURE) == "u":
            self._answered = _value("u", data, len(data) - body, order, 0)[0]
        if data[1] == CALL:
            at, words = len(data) - body, []
            for _ in str(fields.get(SIGNATURE) or ""):
                word, after = _value("s", data, at, order, 0)
                at = after
                words.append(str(word))
            self._desktop.calls.append((str(fields[3]), words[-1] if words else ""))
            self._answer(number, str(fields[SENDER]), str(fields[3]), words)
        return int(fields.get(REPLY_TO) or 0), data[1]

    def _may_ask(self, sender: str) -> bool:
        """Says whether the process that asks lets others look at it."""
        if not self._desktop.looks:
            return True
        who = call(WHO_ASKS, BUS, BUS_PATH, f"{BUS}.GetConnectionUnixProcessID", sender)
        self._bus.sendall(who)
        while self._one()[0] != WHO_ASKS:
            pass
        try:
            os.close(os.open(f"/proc/{self._answered}/root", os.O_RDONLY))
        except OSError:
            return False
        return True

    def _answer(self, number: int, sender: str, member: str, words: list[str]) -> None:
        desktop = self._desktop
        if member == "Read" and not self._may_ask(sender):
            self._bus.sendall(_message(ERROR, _string("not allowed"), "s", number, sender))
            return
        if member == "GetAddress":
            body, signature = _string(desktop.reading_bus), "s"
        elif member == "Get":
            is_on = desktop.assistance and words[-1] == "ScreenReaderEnabled"
            body, signature = b"\1b\0\0" + struct.pack("<I", bool(is_on)), "v"
        else:
            body, signature = b"\1v\0\1u\0\0\0" + struct.pack("<I", desktop.dark or 0), "v"
        self._bus.sendall(_message(ANSWER, body, signature, number, sender))

    def _read(self) -> bytes:
        while True:
            if len(self._data) >= 16:
                order = "<" if self._data[0] == ord("l") else ">"
                body, _, fields = struct.unpack_from(f"{order}III", self._data, 4)
                size = 16 + fields + -fields % 8 + body
                if len(self._data) >= size:
                    one, self._data = self._data[:size], self._data[size:]
                    return one
            if not (more := self._bus.recv(4096)):
                raise OSError("the bus has ended")
            self._data += more


def _with_flags(number: int, name: str) -> bytes:
    """Asks for a name, not to wait for it in a line."""
    plain = bytearray(
        call(
            number,
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.RequestName",
            name,
        )
    )
    at = plain.index(b"\x08\x01g\0\x01s\0")
    grown = plain[:at] + b"\x08\x01g\0\x02su\0"
    body = _string(name)
    body += bytes(-len(body) % 4) + struct.pack("<I", 4)
    fields = len(grown) - 16
    struct.pack_into("<I", grown, 4, len(body))
    struct.pack_into("<I", grown, 12, fields)
    return bytes(grown + bytes(-len(grown) % 8) + body)


def _message(kind: int, body: bytes, signature: str, reply_to: int, destination: str) -> bytes:
    fields = bytes((REPLY_TO, 1, ord("u"), 0)) + struct.pack("<I", reply_to)
    fields += bytes((DESTINATION, 1, ord("s"), 0)) + _string(destination)
    fields += bytes(-len(fields) % 8)
    fields += bytes((SIGNATURE, 1, ord("g"), 0, len(signature))) + signature.encode() + b"\0"
    head = struct.pack("<BBBBIII", ord("l"), kind, 0, 1, len(body), 99, len(fields)) + fields
    return head + bytes(-len(head) % 8) + body


def _string(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode() + b"\0"
