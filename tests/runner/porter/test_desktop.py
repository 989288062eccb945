"""The desktop's bus: asked by the porter, closed to a window unless somebody is to hear it."""

import contextlib
import errno
import json
import os
import queue
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from runner.porter.bus import ANSWER, BusError, Listener, call, greeting
from runner.porter.desktop import Desktop, without_bus
from runner.porter.portal import Asker
from tests.support.ordinary_user import (
    as_ordinary_user,
    can_be_ordinary,
    ordinary_environment,
    ordinary_home,
)
from tests.support.porter import ROOT, run_front_end, running_porter
from tests.support.session_bus import _message, session_bus

# The porter has one thread when it makes its copy; a test's process has more.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")

OK = b"OK 1234\r\n"


def asked(environment: dict[str, str], *, wait_scheme: bool = False) -> Desktop:
    """Asks the desktop and waits for its answers."""
    with selectors.DefaultSelector() as selector:
        desktop = Desktop(selector, lambda line: None, environment, lambda: None)
        desktop.begin()
        desktop.settle(20)
        until = time.monotonic() + 20
        while wait_scheme and not desktop.said.scheme and time.monotonic() < until:
            for key, _ in selector.select(1):
                key.data()
        desktop.close()
    return desktop


# ---- the language -------------------------------------------------------------------------------


def test_a_call_reads_as_it_was_written() -> None:
    listener = Listener()
    said = OK + call(7, "a.b", "/c", "d.e.Read", "first", "second") + call(8, "a", "/b", "c.D")
    messages = [found for place in range(len(said)) for found in listener.take(said[place:][:1])]
    assert [message.value for message in messages] == ["first", None]


@pytest.mark.parametrize(
    ("body", "signature", "value"),
    [
        (b"\1b\0\0\1\0\0\0", "v", True),
        (b"\1v\0\1u\0\0\0\2\0\0\0", "v", 2),
        (b"\3\0\0\0abc\0", "s", "abc"),
        (b"\1v\0" * 9, "v", None),
        (b"\0\0\0\0", "as", None),
    ],
)
def test_single_values_are_read_and_nothing_else(
    body: bytes, signature: str, value: object
) -> None:
    (message,) = Listener().take(OK + _message(ANSWER, body, signature, 5, ":1.1"))
    assert (message.kind, message.reply_to, message.value) == (ANSWER, 5, value)


@given(some.binary(max_size=300), some.integers(0, 60))
def test_whatever_comes_is_read_or_refused(noise: bytes, keep: int) -> None:
    whole = call(1, "a.b", "/c", "d.E", "text")
    for said in (noise, OK + noise, OK + whole[:keep] + noise + whole[keep:]):
        try:
            Listener().take(said)
        except BusError:
            continue


# ---- a real bus ---------------------------------------------------------------------------------


def test_nobody_is_announced_so_the_bus_is_closed(tmp_path: Path) -> None:
    with session_bus(tmp_path, dark=1) as bus:
        desktop = asked({"DBUS_SESSION_BUS_ADDRESS": bus.address}, wait_scheme=True)
    assert desktop.said.scheme == "dark"
    assert desktop.said.is_read is False
    assert not desktop.is_open
    assert not desktop.places().allow(str(tmp_path / "session"))
    assert bus.calls == [("Read", "color-scheme")]


ASKS_CLOSED_OFF = """
import os, selectors, sys, time
from runner.confine.prctl import keep_memory_private
from runner.porter.desktop import Desktop
assert keep_memory_private()
said = []
with selectors.DefaultSelector() as selector:
    desktop = Desktop(selector, print, os.environ, lambda: said.append(desktop.said.scheme))
    desktop.begin()
    for wanted in ("dark", "light"):
        until = time.monotonic() + 20
        while wanted not in said and time.monotonic() < until:
            for key, _ in selector.select(1):
                key.data()
        print(wanted if wanted in said else "nothing", flush=True)
        sys.stdin.readline()
    desktop.close()
"""


def test_a_portal_that_looks_at_who_asks_answers_all_the_same(tmp_path: Path) -> None:
    """The porter closes its memory to everybody, and a portal refuses whom it can't look at.

    Not as root, who may look at every process.
    """
    with contextlib.ExitStack() as stack:
        as_whom: list[str] = []
        home = tmp_path
        if os.geteuid() == 0:
            if not can_be_ordinary():
                pytest.skip("this checkout's interpreter is closed to other users")
            home, as_whom = stack.enter_context(ordinary_home()), as_ordinary_user()
        script = (
            "import subprocess, sys;from pathlib import Path;"
            "from tests.support.session_bus import session_bus\n"
            f"with session_bus(Path({str(home)!r}), dark=1, looks=True) as bus:\n"
            f"    asks = subprocess.Popen([sys.executable, '-c', {ASKS_CLOSED_OFF!r}],"
            " env={'DBUS_SESSION_BUS_ADDRESS': bus.address}, stdin=subprocess.PIPE,"
            " stdout=subprocess.PIPE, text=True)\n"
            "    print(asks.stdout.readline(), end='')\n"
            "    bus.turn(2)\n"
            "    asks.stdin.write('\\n')\n"
            "    print(asks.communicate('\\n')[0], end='')"
        )
        ran = subprocess.run(
            [*as_whom, sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
            env={**ordinary_environment(home), "PYTHONPATH": str(ROOT)}, timeout=60,
        )  # fmt: skip
    assert ran.stdout.split() == ["dark", "light"], ran.stderr


def test_a_screen_reader_opens_both_buses(tmp_path: Path) -> None:
    reading = "unix:path=/somewhere/at-spi/bus_0,guid=1"
    with session_bus(tmp_path, assistance=True, reading_bus=reading) as bus:
        desktop = asked({"DBUS_SESSION_BUS_ADDRESS": bus.address})
        assert desktop.is_open
        assert desktop.places().allow(str(tmp_path / "session"))
        assert desktop.places().allow("/somewhere/at-spi/bus_0")
        assert not desktop.places().allow("/run/docker.sock")


@pytest.mark.parametrize(("wish", "is_open"), [("open", True), ("closed", False)])
def test_a_person_has_the_last_word(wish: str, is_open: bool, tmp_path: Path) -> None:
    with session_bus(tmp_path, assistance=not is_open) as bus:
        environment = {"DBUS_SESSION_BUS_ADDRESS": bus.address, "LIGHTWELL_DESKTOP_BUS": wish}
        assert asked(environment).is_open is is_open


def test_a_bus_that_comes_again_is_asked_again(tmp_path: Path) -> None:
    with selectors.DefaultSelector() as selector:
        desktop = None
        for dark, scheme in ((1, "dark"), (2, "light")):
            with session_bus(tmp_path, dark=dark) as bus:
                environment = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
                if desktop is None:
                    desktop = Desktop(selector, lambda line: None, environment, lambda: None)
                desktop.begin()
                until = time.monotonic() + 20
                while desktop.said.scheme != scheme and time.monotonic() < until:
                    for key, _ in selector.select(1):
                        key.data()
                assert desktop.said.scheme == scheme
            while selector.get_map():  # it hears that the bus has gone
                for key, _ in selector.select(20):
                    key.data()


@pytest.mark.parametrize("last", [0, 1])
def test_what_comes_with_the_bus_s_end_is_let_go(last: int, tmp_path: Path) -> None:
    """Both lie in one turn of the loop, and the first ends what the second belongs to."""
    with selectors.DefaultSelector() as selector:
        with session_bus(tmp_path, dark=1) as bus:
            environment = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
            desktop = Desktop(selector, lambda line: None, environment, lambda: None)
            desktop.begin()
        actions = [key.data for key in selector.get_map().values()]
        assert len(actions) == 2, "the bus and the process that asks the portal"
        desktop.close()
        actions[last]()
        assert not selector.get_map()


def test_who_asks_the_portal_is_ended_whatever_it_does(tmp_path: Path) -> None:
    """A copy that has only just been made still has the porter's own ways with signals."""
    asks = tmp_path / "asks"

    def connect() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        asks.touch()
        time.sleep(20)

    asker = Asker(connect)
    until = time.monotonic() + 20
    while not asks.exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    begun = time.monotonic()
    asker.stop()
    assert time.monotonic() - begun < 10


def test_without_a_copy_the_desktop_is_asked_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was the end of the porter, and of the app, for a colour."""

    def none_left() -> int:
        raise BlockingIOError(errno.EAGAIN, "no process is left")

    with session_bus(tmp_path, assistance=False, dark=1) as bus:
        monkeypatch.setattr(os, "fork", none_left)
        open_before = len(list(Path("/proc/self/fd").iterdir()))
        desktop = asked({"DBUS_SESSION_BUS_ADDRESS": bus.address})
        assert (desktop.said.is_read, desktop.said.scheme) == (False, "")
        assert len(list(Path("/proc/self/fd").iterdir())) <= open_before


def test_an_input_method_on_the_bus_opens_it(tmp_path: Path) -> None:
    with session_bus(tmp_path) as bus:
        folder = tmp_path / ".config/ibus/bus"
        folder.mkdir(parents=True)
        (folder / "1-unix-0").write_text(f"IBUS_ADDRESS={bus.address}\n")
        environment = {"DBUS_SESSION_BUS_ADDRESS": bus.address, "HOME": str(tmp_path)}
        assert asked(environment).is_open


def test_a_bus_that_does_not_answer_is_waited_for_and_left_open(tmp_path: Path) -> None:
    """A window that a screen reader can't reach is worse than one more opening."""
    with socket.socket(socket.AF_UNIX) as mute, selectors.DefaultSelector() as selector:
        mute.bind(str(tmp_path / "mute"))
        mute.listen()
        environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/mute"}
        desktop = Desktop(selector, lambda line: None, environment, lambda: None)
        desktop.begin()
        desktop.settle(0.05)
        assert desktop.is_open
        desktop.close()


@pytest.mark.parametrize("said", [b"REJECTED\r\n", OK + b"x" * 200, b""])
def test_what_is_no_bus_is_let_go(said: bytes, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as strange, selectors.DefaultSelector() as selector:
        strange.bind(str(tmp_path / "strange"))
        strange.listen()
        environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/strange"}
        desktop = Desktop(selector, lambda line: None, environment, lambda: None)
        desktop.begin()
        theirs, _ = strange.accept()
        assert theirs.recv(100).startswith(greeting(os.getuid()))
        theirs.sendall(said)
        theirs.close()
        desktop.settle(20)
        assert desktop.said.is_read is False
        assert not selector.get_map(), "nothing is left in the loop"


def test_libraries_are_told_not_to_try() -> None:
    told = without_bus({"QT_LOGGING_RULES": "a=true"})
    assert told["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"
    assert told["QT_LOGGING_RULES"].startswith("a=true;")


# ---- a window that was taken over ---------------------------------------------------------------


@pytest.mark.fault
@pytest.mark.parametrize("reads", [False, True])
def test_a_hostile_window_reaches_a_real_bus_only_where_it_is_said_to(
    reads: bool, tmp_path: Path
) -> None:
    with session_bus(tmp_path, assistance=reads, dark=2) as bus:
        place = str(tmp_path / "session")
        ran = run_front_end(
            "hostile", TEST_PLACES=place, DBUS_SESSION_BUS_ADDRESS=bus.address,
            DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="",
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)[f"local {place}"] == ("open" if reads else "EPERM")
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    assert f"'desktop bus': '{'open' if reads else 'EPERM'}'" in log
    assert ("attempt 0 hostile: connect" in log) is not reads


@pytest.mark.fault
def test_the_process_that_asks_for_the_porter_has_no_bus_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a terminal is the front end, nobody has asked the desktop before."""
    opener = tmp_path / "bin/xdg-open"
    opener.parent.mkdir()
    opener.write_text("#!/bin/sh\n")
    opener.chmod(0o755)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEST_TOOLS", "1")
    monkeypatch.setenv("PATH", f"{opener.parent}:{os.environ['PATH']}")
    answered: queue.SimpleQueue[bool] = queue.SimpleQueue()
    with session_bus(tmp_path, assistance=False) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        with running_porter() as porter:
            porter.open_address("https://a.example/", lambda opened, code: answered.put(opened))
            assert answered.get(timeout=30) is False, "nobody was there to agree"
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    (proof,) = [line for line in log.splitlines() if "proof -1 confirm" in line]
    assert "'desktop bus': 'EPERM'" in proof
