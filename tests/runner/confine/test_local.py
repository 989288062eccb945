"""Local services: a front end reaches what it needs to draw, and nothing else that listens here."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.own_socket import short_name
from runner.confine.local import Place, Places, buses, places
from tests.support.porter import ROOT, WITHOUT_CAPABILITIES, run_front_end


@pytest.mark.parametrize(
    ("display", "number"), [(":0", "0"), ("unix:12.1", "12"), ("elsewhere:3", "3")]
)
def test_the_display_is_allowed_by_both_its_names(display: str, number: str) -> None:
    allowed = places({"DISPLAY": display}, draws=True)
    assert allowed.allow(f"/tmp/.X11-unix/X{number}")
    assert allowed.allow(f"@/tmp/.X11-unix/X{number}")
    assert not allowed.allow("/tmp/.X11-unix/X99")
    assert not places({"DISPLAY": display}, draws=False).allow(f"/tmp/.X11-unix/X{number}")


BUSES = {
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/a,guid=1;unix:abstract=/b;tcp:host=c",
    "XDG_RUNTIME_DIR": "/run/user/7",
    "SESSION_MANAGER": "local/host:@/tmp/.ICE-unix/1,unix/host:/tmp/.ICE-unix/1",
}


def test_neither_a_bus_nor_the_session_manager_is_among_them() -> None:
    allowed = places(BUSES, draws=True)
    for name in ("/run/a", "@/b", "/run/user/7/bus", "/run/user/7/at-spi/bus_0"):
        assert not allowed.allow(name), name
    for name in ("/tmp/.ICE-unix/1", "@/tmp/.ICE-unix/1", "/run/user/7/systemd/private"):
        assert not allowed.allow(name), name


def test_buses_are_allowed_by_their_addresses() -> None:
    allowed = buses(BUSES, ["/elsewhere/at-spi"])
    assert allowed.allow("/elsewhere/at-spi")
    for name in ("/run/a", "@/b", "/run/user/7/bus", "/run/user/7/at-spi/bus_0"):
        assert allowed.allow(name), name
    for name in ("c", "/b", "/run/user/7/keyring/ssh", "/run/user/7/at-spi/../keyring/ssh", ""):
        assert not allowed.allow(name), name


def test_an_input_method_names_itself_in_a_file(tmp_path: Path) -> None:
    folder = tmp_path / ".config/ibus/bus"
    folder.mkdir(parents=True)
    (folder / "1-unix-0").write_text("# x\nIBUS_ADDRESS=unix:path=/c/dbus-1,guid=2\nIBUS_PID=3\n")
    assert places({"HOME": str(tmp_path)}, draws=True).allow("/c/dbus-1")


def test_nothing_is_allowed_where_nothing_is_named() -> None:
    assert not Places().allow("/run/docker.sock")
    assert not places({"HOME": "/nowhere"}, draws=True).allow("/run/docker.sock")


class Service:
    """Something that listens on a local socket, and what came in."""

    def __init__(self, name: str) -> None:
        self.heard: list[bytes] = []
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(name.replace("@", "\0", 1))
        self._server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._server.accept()
            except OSError:
                return
            with one:
                self.heard.append(one.recv(100))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[dict[str, Service]]:
    """A key agent, a container service and another program's abstract name; and a session bus."""
    names = {
        "agent": str(tmp_path / "agent"),
        "containers": str(tmp_path / "containers.sock"),
        "abstract": f"@lightwell-test-{tmp_path.name}",
        "bus": str(tmp_path / "bus"),
    }
    services = {name: Service(where) for name, where in names.items()}
    for service, where in zip(services.values(), names.values(), strict=True):
        service.where = where  # type: ignore[attr-defined]
    yield services
    for service in services.values():
        service.close()


def attempt(services: dict[str, Service], **settings: str) -> dict[str, str]:
    """Has a window that was taken over connect to each."""
    where = {name: service.where for name, service in services.items()}  # type: ignore[attr-defined]
    ran = run_front_end(
        "hostile",
        TEST_PLACES=";".join(where.values()),
        DBUS_SESSION_BUS_ADDRESS=f"unix:path={where['bus']},guid=1",
        DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="",
        LIGHTWELL_DESKTOP_BUS="open",
        **settings,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    results = json.loads(ran.stdout)
    return {name: results[f"local {place}"] for name, place in where.items()}


@pytest.mark.fault
def test_a_hostile_window_reaches_the_bus_alone_where_a_person_opened_it(
    services: dict[str, Service], tmp_path: Path
) -> None:
    assert attempt(services) == {
        "agent": "EPERM",
        "containers": "EPERM",
        "abstract": "EPERM",
        "bus": "open",
    }
    assert {name: len(s.heard) for name, s in services.items() if name != "bus"} == {
        "agent": 0, "containers": 0, "abstract": 0,
    }  # fmt: skip
    # Besides the porter's own question, and the window's own test of its walls.
    assert services["bus"].heard.count(b"from the window") == 1, "a bus that is connected works"
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    assert log.count("hostile a local service") == 3
    assert "attempt 0 hostile: connect" in log


@pytest.mark.fault
def test_without_a_listener_it_reaches_them_all(services: dict[str, Service]) -> None:
    """The test above can fail; and the label's openings say so in that case."""
    walls = json.dumps({"walls": ["capabilities", "landlock", "seccomp", "private porter"]})
    assert set(attempt(services, PORTER=walls).values()) == {"open"}


@pytest.mark.fault
def test_where_the_porter_may_not_look_it_works_and_says_what_is_open(
    services: dict[str, Service], tmp_path: Path
) -> None:
    """As on a system on which no process may read another, its own children included."""
    assert set(attempt(services, PORTER='{"blind": true}').values()) == {"open"}
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    assert "'other local services': 'open'" in log


# ---- names that lead elsewhere --------------------------------------------------------------------


def reached(runtime: Path, *where: Path, **settings: str) -> list[str]:
    """Has a window that was taken over connect to each; returns how it went."""
    ran = run_front_end(
        "hostile", TEST_PLACES=";".join(map(str, where)), XDG_RUNTIME_DIR=str(runtime),
        **{"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "", **settings},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(ran.stdout)[f"local {place}"] for place in where]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "run/lightwell"
    folder.mkdir(parents=True, mode=0o700)
    return folder


AGENT = """
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
name = sys.argv[1]
server.bind("\\0" + name[1:] if name.startswith("@") else name)
server.listen(*map(int, sys.argv[2:]))
print("listens", flush=True)
if sys.argv[2:]:
    time.sleep(60)
heard = b""
while not heard:  # another looks only who is here
    heard = server.accept()[0].recv(100)
print(heard.decode(), flush=True)
"""


@contextlib.contextmanager
def listening(program: Path, where: Path, *room: str) -> "Iterator[subprocess.Popen[str]]":
    """Starts a service; one with only so much room takes nobody."""
    abstract = contextlib.nullcontext(str(where)) if str(where).startswith("@") else None
    with abstract or short_name(where) as name:
        process = subprocess.Popen(
            [*WITHOUT_CAPABILITIES, program, "-S", "-c", AGENT, name, *room], stdout=subprocess.PIPE, text=True,
            env={"PYTHONHOME": sys.base_prefix}, pass_fds=descriptors_in(name),
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "listens\n"
    yield process
    process.kill()
    process.wait(10)
    process.stdout.close()


def descriptors_in(name: str) -> list[int]:
    return [int(name.split("/")[4])] if name.startswith("/proc/self/fd/") else []


def heard(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]"]]:
    """A service of another program: another file than the interpreter that the porter has."""
    program, where = tmp_path / "agent", tmp_path / "agent.sock"
    shutil.copy(Path(sys.executable).resolve(), program)
    with listening(program, where) as process:
        yield where, process


@pytest.mark.fault
def test_a_program_that_was_updated_meanwhile_is_the_same(
    agent: tuple[Path, "subprocess.Popen[str]"],
) -> None:
    where, process = agent
    program = Path(f"/proc/{process.pid}/exe").readlink()
    program.unlink()
    held = os.open(where, os.O_PATH)
    assert Place(str(where), held).program() == str(program)
    os.close(held)


@pytest.mark.fault
def test_no_link_in_its_own_folder_leads_to_another_service(
    own: Path, agent: tuple[Path, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    where, _ = agent
    (own / "soft").symlink_to(where)
    (own / "hard").hardlink_to(where)
    (own / "folder").symlink_to(tmp_path)
    tried = (own / "soft", own / "hard", own / "folder/agent.sock", own / "door", own / "none")
    with listening(Path(sys.executable), own / "door") as ours:
        assert reached(own.parent, *tried) == ["EPERM", "EPERM", "EPERM", "open", "ENOENT"]
        assert heard(ours) == "from the window"


@pytest.mark.fault
def test_a_display_that_was_exchanged_for_another_service_is_refused(
    own: Path, agent: tuple[Path, "subprocess.Popen[str]"]
) -> None:
    """As the window's first connection finds it, so it stays; whatever is put in its place later is not it."""
    where, process = agent
    display, real = own.parent / "wayland-0", own.parent / "compositor"
    compositor = Service(str(real))
    display.symlink_to(real)  # as on Windows' Linux
    here = {"WAYLAND_DISPLAY": "wayland-0"}
    assert reached(own.parent, display, **here) == ["open"]
    exchange = f"{where}>{display}"
    assert reached(own.parent, display, TEST_EXCHANGES=exchange, **here) == ["EPERM"]
    assert display.samefile(where)
    assert process.poll() is None, "the porter's own question was not asked there either"
    compositor.close()
    # It can fail: a display that was there from the start is one, whatever listens.
    assert reached(own.parent, display) == ["EPERM"], "nothing is drawn there"
    assert reached(own.parent, display, **here) == ["open"]
    assert heard(process) == "from the window"


@pytest.mark.fault
def test_whoever_draws_on_wayland_reaches_no_x11_beside_it(own: Path) -> None:
    """On X11 a program sees and types what is meant for others; most sessions have both."""
    number = 10_000 + os.getpid()
    screen, display = Path(f"@/tmp/.X11-unix/X{number}"), own.parent / "wayland-0"
    services = [Service(str(screen)), Service(str(display))]
    here = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": f":{number}"}
    assert reached(own.parent, screen, **here) == ["open"]
    assert reached(own.parent, display, screen, **here) == ["open", "EPERM"]
    for service in services:
        service.close()


@pytest.mark.fault
def test_an_input_method_is_believed_by_its_program(
    own: Path, agent: tuple[Path, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """The file that names it is the person's, so a window that was taken over can write it."""
    where, _ = agent
    folder = tmp_path / "config/ibus/bus"
    folder.mkdir(parents=True)
    wrote = tmp_path / "wrote"
    wrote.write_text(f"IBUS_ADDRESS=unix:path={where},guid=1\n")
    result = reached(
        own.parent, where,
        XDG_CONFIG_HOME=str(tmp_path / "config"), TEST_EXCHANGES=f"{wrote}>{folder / 'one'}",
    )  # fmt: skip
    assert result == ["EPERM"]


@pytest.mark.fault
@pytest.mark.parametrize("program", ["ibus-daemon", "fcitx5", "agent"])
def test_an_input_method_is_found_running_and_reached(
    own: Path, tmp_path: Path, program: str
) -> None:
    """As Qt's plugin for IBus does it: it asks whether the process is there, by a signal that is none.

    Debian 12's listens at an abstract name. Fcitx is found in its place, and speaks over the desktop's
    bus. A service of another program is neither shown nor reached.
    """
    copied = tmp_path / program
    shutil.copy(Path(sys.executable).resolve(), copied)
    folder = tmp_path / "config/ibus/bus"
    folder.mkdir(parents=True)
    names = (tmp_path / "bound.sock", Path(f"@{tmp_path}/abstract"))
    kinds = ("path", "abstract")
    for kind, where in zip(kinds, names, strict=True):
        address = f"unix:{kind}={str(where).removeprefix('@')},guid=1"
        (folder / kind).write_text(f"IBUS_ADDRESS={address}\n")
    with listening(copied, names[0]) as process, listening(copied, names[1]):
        ran = run_front_end(
            "hostile", TEST_PLACES=";".join(map(str, names)), XDG_RUNTIME_DIR=str(own.parent),
            TEST_SIGNALS=f"{process.pid}:0;{process.pid}:15;-1:0", DISPLAY="", WAYLAND_DISPLAY="",
            QT_QPA_PLATFORM="", XDG_CONFIG_HOME=str(tmp_path / "config"),
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        found = json.loads(ran.stdout)
    is_reached = "open" if program == "ibus-daemon" else "EPERM"
    assert [found[f"local {where}"] for where in names] == [is_reached] * 2
    assert found[f"signal {process.pid}:0"] == ("EPERM" if program == "agent" else "done")
    assert found[f"signal {process.pid}:15"] == "EPERM"
    assert found["signal -1:0"] == "EPERM"


@pytest.mark.fault
def test_a_method_named_by_an_earlier_window_is_believed_no_more_than_a_new_one(
    own: Path, agent: tuple[Path, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """What a name leads to at the start is believed; but any window could have written this one."""
    where, _ = agent
    folder = tmp_path / "config/ibus/bus"
    folder.mkdir(parents=True)
    (folder / "one").write_text(f"IBUS_ADDRESS=unix:path={where},guid=1\n")
    assert reached(own.parent, where, XDG_CONFIG_HOME=str(tmp_path / "config")) == ["EPERM"]


@pytest.mark.fault
def test_a_service_that_was_moved_to_its_own_folder_is_none_of_ours(own: Path) -> None:
    """Though the same program runs it: the name that a socket was bound to tells them apart."""
    elsewhere = own.parent / "other.sock"
    with listening(Path(sys.executable), elsewhere):
        (own / "hard").hardlink_to(elsewhere)
        assert reached(own.parent, own / "hard") == ["EPERM"]
        elsewhere.rename(own / "moved")
        assert reached(own.parent, own / "moved") == ["EPERM"]


@pytest.mark.fault
def test_a_folder_called_at_makes_no_abstract_name(
    own: Path, agent: tuple[Path, "subprocess.Popen[str]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is none from the root on was taken for the display's, and followed from there."""
    where, _ = agent
    planted = own / "@/tmp/.X11-unix/X7"
    planted.parent.mkdir(parents=True)
    planted.symlink_to(where)
    monkeypatch.chdir(own)
    assert reached(own.parent, Path("=@/tmp/.X11-unix/X7"), DISPLAY=":7") == ["EPERM"]


@pytest.mark.fault
def test_a_display_without_an_abstract_name_is_not_looked_for_by_one(own: Path) -> None:
    """Any program can take such a name, and answer there what the porter asks."""
    name = f"@/tmp/.X11-unix/X{1000 + os.getpid()}"
    here = {"DISPLAY": f":{1000 + os.getpid()}"}
    assert reached(own.parent, Path(name), TEST_TAKES=name, **here) == ["EPERM"]
    display = Service(name)
    assert reached(own.parent, Path(name), **here) == ["open"]
    display.close()


@pytest.mark.fault
def test_a_windows_own_bus_is_not_asked_what_the_desktop_says(own: Path) -> None:
    """Where there is none, a window could say over one of its own who reads the porter's question out."""
    bus = own.parent / "bus"
    ran = run_front_end(
        "hostile", XDG_RUNTIME_DIR=str(own.parent), TEST_TAKES=str(bus),
        DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="",
    )  # fmt: skip
    results = json.loads(ran.stdout)
    assert results["another Hub"] == "NotDone porter.hub_declined"
    assert results["knocks"], "the porter looked who is there"
    assert not results["heard"]


@pytest.mark.fault
def test_a_service_that_has_no_room_keeps_nobody_else_waiting(own: Path) -> None:
    """The porter waited with the window, without end."""
    full = own / "full"
    with listening(Path(sys.executable), full, "0"):  # room for one: the porter, who looks first
        assert reached(own.parent, full, Path(f"={full}")) == ["EAGAIN", "EAGAIN"]
    log = (own.parent.parent / "state/lightwell/porter.log").read_text()
    assert "connect" not in log, "who has no room refuses nothing"


NOT_TAKEN = """
import os, subprocess, sys
from runner.confine import bpf, local, seccomp
from runner.confine.syscalls import numbers
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(local.can_look(child.pid), flush=True)
refused = bpf.if_equal(numbers()["pidfd_getfd"], bpf.refuse_with(1), bpf.ALLOW)
seccomp.install([bpf.load(bpf.NUMBER), *refused], listener=False)
print(local.can_look(child.pid))
"""


def test_a_system_that_gives_no_descriptor_of_another_process_is_known_by_it() -> None:
    """As in many containers: no display could be connected to, and the window did not come up."""
    ran = subprocess.run(
        [sys.executable, "-c", NOT_TAKEN], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert ran.stdout.split() == ["True", "False"], ran.stderr


@pytest.mark.fault
def test_a_folder_too_deep_for_an_address_is_reached_by_way_of_its_descriptor(
    tmp_path: Path, agent: tuple[Path, "subprocess.Popen[str]"]
) -> None:
    where, _ = agent
    runtime = tmp_path / ("d" * 60) / ("e" * 60)
    own = runtime / "lightwell"
    own.mkdir(parents=True, mode=0o700)
    (own / "soft").symlink_to(where)
    elsewhere = own.parent / "agent"
    elsewhere.hardlink_to(where)
    with listening(Path(sys.executable), own / "door") as ours:
        tried = (own / "door", own / "soft", elsewhere)
        assert reached(runtime, *tried) == ["open", "EPERM", "EPERM"]
        assert heard(ours) == "from the window"
