"""Local services: a front end reaches what it needs to draw, and nothing else that listens here."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.confine.local import Places, buses, places
from tests.support.porter import run_front_end


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
