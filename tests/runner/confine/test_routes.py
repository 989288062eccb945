"""A sealed child tries every route out; nothing arrives anywhere, and nothing is changed."""

import contextlib
import os
import platform
import queue
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.porter.client import PorterClient
from runner.porter.wire import Attempt, Facts
from runner.reader_client import ReaderClient
from tests.support import routes
from tests.support.porter import capabilities, running_porter

pytestmark = pytest.mark.fault

WAIT_S = 30
NOT_A_ROUTE = {"inherited socket": "EBADF"}
"""Nothing is inherited, which the proof checks; writing to one would be allowed."""


class Servers:
    """Five servers that nobody should reach."""

    def __init__(self, folder: Path) -> None:
        self.sockets = {
            "tcp4": self._listen(socket.AF_INET, ("127.0.0.1", 0)),
            "tcp6": self._listen(socket.AF_INET6, ("::1", 0)),
            "unix": self._listen(socket.AF_UNIX, str(folder / "server")),
            "abstract": self._listen(socket.AF_UNIX, f"\0lightwell-{folder.name}"),
            "udp4": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        }
        self.sockets["udp4"].bind(("127.0.0.1", 0))
        (folder / "secret").write_text("a secret")
        self.has_attributes = _hang_on(folder / "secret")

        self.targets = routes.Targets(
            tcp4=self.sockets["tcp4"].getsockname()[1],
            tcp6=self.sockets["tcp6"].getsockname()[1],
            udp4=self.sockets["udp4"].getsockname()[1],
            unix=str(folder / "server"),
            abstract=f"lightwell-{folder.name}",
            secret=str(folder / "secret"),
            folder=str(folder),
        )

    def _listen(self, family: int, address: Any) -> socket.socket:
        server = socket.socket(family, socket.SOCK_STREAM)
        server.bind(address)
        server.listen()
        return server

    def reached(self) -> list[str]:
        """Names the servers that something has arrived at."""
        reached = []
        for name, server in self.sockets.items():
            server.setblocking(False)
            try:
                if name == "udp4":
                    server.recv(1)
                else:
                    server.accept()[0].close()
            except BlockingIOError:
                continue
            reached.append(name)
        return reached

    def close(self) -> None:
        for server in self.sockets.values():
            server.close()


def _hang_on(file: Path) -> bool:
    """Hangs an attribute on a file, as browsers do; says whether this file system has any."""
    try:
        os.setxattr(file, "user.origin", b"https://example.org/where")
    except OSError:
        return False
    return True


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    folder = tmp_path / "outside"
    folder.mkdir()
    servers = Servers(folder)
    yield servers
    servers.close()


class Sealed:
    """A porter with one child that does what a test asks, and what the porter said of it."""

    def __init__(self, porter: PorterClient, facts: "queue.SimpleQueue[Facts | Attempt]") -> None:
        self.porter = porter
        self.facts = facts
        self.client = ReaderClient(porter, kind="jobs")

    def ask(self, job: str, argument: object, shape: Any, **more: Any) -> Any:
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.client.ask(job, argument, shape, answers.put, answers.put, **more)
        answer = answers.get(timeout=WAIT_S)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def sealed() -> Iterator[Sealed]:
    facts: queue.SimpleQueue[Facts | Attempt] = queue.SimpleQueue()
    with running_porter(facts.put) as porter:
        sealed = Sealed(porter, facts)
        yield sealed
        sealed.client.close()


def test_every_route_is_closed_and_nothing_arrives(sealed: Sealed, servers: Servers) -> None:
    before = sorted(Path(servers.targets.folder).iterdir())
    found = sealed.ask("routes", servers.targets, dict[str, str])
    assert {n: o for n, o in found.items() if o == "open"} == {}
    assert {n: found[n] for n in NOT_A_ROUTE} == NOT_A_ROUTE
    assert len(found) >= 50
    assert servers.reached() == []
    assert sorted(Path(servers.targets.folder).iterdir()) == before
    assert Path(servers.targets.secret).read_text() == "a secret"


COUNTED = {
    "socket IPv4": 5, "socket IPv6": 1, "socket unix": 2, "socketpair unix": 1, "socket packet": 1,
    "socket netlink": 1, "socket vsock": 1, "io_uring_setup": 1, "execve": 1, "execveat": 1, "ptrace": 1,
    "process_vm_readv": 1, "process_vm_writev": 1, "tkill": 1, "pidfd_open": 1, "pidfd_send_signal": 1,
    "unshare": 2, "mount": 1, "mq_open": 1, "shmget": 1, "bpf": 1, "userfaultfd": 1, "keyctl": 1,
    "perf_event_open": 1, "utimensat": 1, "setxattr": 1, "getxattr": 1, "listxattr": 1, "inotify_init1": 1,
    "clone": 2, "kill": 2, "prlimit64": 1, "sched_setaffinity": 1, "setpriority": 1, "fcntl F_SETOWN": 1,
    "fcntl F_SETLEASE": 1, "fcntl F_NOTIFY": 1, "ioctl FS_IOC_SETFLAGS": 1, "ioctl FS_IOC_ENABLE_VERITY": 1,
    "prctl PR_SET_PDEATHSIG": 1, "ioctl TIOCSTI": 1, "sendmsg": 1, "recvmsg": 1, "getsockname": 1,
    "getpeername": 1, "getsockopt": 1, "setsockopt": 1,
    "chmod" if platform.machine() == "x86_64" else "fchmodat": 1,
}  # fmt: skip
"""What the porter hears of those routes, call by call."""


def test_every_refused_call_is_told_to_the_porter(sealed: Sealed, servers: Servers) -> None:
    """But `clone3`, which each new thread asks for, and what the rules on files refuse."""
    sealed.ask("routes", servers.targets, dict[str, str])
    heard: Counter[str] = Counter()
    until = time.monotonic() + WAIT_S
    while (heard.total() < sum(COUNTED.values()) + 1) and time.monotonic() < until:
        with contextlib.suppress(queue.Empty):
            fact = sealed.facts.get(timeout=0.1)
            heard += Counter([fact.call] if isinstance(fact, Attempt) else [])
    sealed.ask("double", 1, int)
    ((_, total),) = sealed.porter.facts()
    assert total == heard.total(), "and nothing besides"
    (family,) = [call for call in heard if call not in COUNTED]
    assert family.startswith("socket "), "the cipher's, which has a number and no name"
    assert {call: times for call, times in heard.items() if call != family} == COUNTED


def test_the_same_routes_are_open_without_walls(servers: Servers) -> None:
    """Else the test above could pass for other reasons."""
    with running_porter(walls=[]) as porter:
        sealed = Sealed(porter, queue.SimpleQueue())
        reachable = (
            "tcp4",
            "tcp6",
            "udp4",
            "unix path",
            "unix abstract",
            "read a secret",
            "fork",
            "write a file",
            "io_uring",
            "netlink",
            "spawn",
            "raw call",
            *(["read what hangs on a file"] if servers.has_attributes else []),
            "change a file",
        )
        found = {n: sealed.ask("route", (n, servers.targets), str) for n in reachable}
        sealed.client.close()
    assert found == dict.fromkeys(reachable, "open")
    assert sorted(servers.reached()) == ["abstract", "tcp4", "tcp6", "udp4", "unix"]


def test_a_crash_would_put_nothing_on_disk(sealed: Sealed) -> None:
    """The limit on core dumps does not hold where the system pipes them into a program."""
    sealed.ask("route", ("fork", routes.Targets()), str)
    process = Path(f"/proc/{sealed.facts.get(timeout=WAIT_S).pid}")
    assert int((process / "coredump_filter").read_text(), 16) == 0
    assert re.search(r"Max core file size +0 +0 ", (process / "limits").read_text())


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the routes are code of x86-64")
@pytest.mark.parametrize("route", routes.FATAL)
def test_foreign_interfaces_end_the_process(sealed: Sealed, route: str) -> None:
    with pytest.raises(Exception, match=r"reader\.crashed") as raised:
        sealed.ask("route", (route, routes.Targets()), str)
    assert raised.value.context["number"] == 31, "SIGSYS"  # type: ignore[attr-defined]


def test_what_it_may_read_it_reads(sealed: Sealed, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("one")
    other.write_text("other")
    assert sealed.ask("read", str(one), str, readable=[one]) == "one"
    with pytest.raises(Exception, match="Permission denied"):
        sealed.ask("read", str(other), str, readable=[one])


def test_a_link_to_a_file_that_it_may_read_is_followed(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "blob").write_text("blob")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "blob")
    assert sealed.ask("read", str(link), str, readable=[link]) == "blob"


def test_threads_still_work(sealed: Sealed) -> None:
    assert sealed.ask("threads", 8, int) == 8


def test_a_thousand_attempts_are_counted_exactly(sealed: Sealed) -> None:
    assert sealed.ask("sockets", 1000, int) == 1000
    attempts: list[Attempt] = []
    while not attempts or attempts[-1].total < 1000:
        fact = sealed.facts.get(timeout=WAIT_S)
        if isinstance(fact, Attempt):
            attempts.append(fact)
    assert len(attempts) == 1000
    assert [attempt.total for attempt in attempts] == list(range(1, 1001))
    assert {attempt.call for attempt in attempts} == {"socket IPv4"}
    assert {attempt.pid for attempt in attempts} == {sealed.client._child.pid}  # type: ignore[union-attr]
    sealed.ask("double", 1, int)
    ((_, total),) = sealed.porter.facts()
    assert total == 1000


def test_a_thousand_attempts_that_their_arguments_decide_are_counted_exactly(
    sealed: Sealed,
) -> None:
    assert sealed.ask("signals", 1000, int) == 1000
    attempts: list[Attempt] = []
    while len(attempts) < 1000:
        fact = sealed.facts.get(timeout=WAIT_S)
        attempts += [fact] if isinstance(fact, Attempt) else []
    assert Counter(attempt.call for attempt in attempts) == {"kill": 500, "clone": 500}
    assert sealed.ask("threads", 8, int) == 8
    assert sealed.ask("own turns", 8, int) == 8
    ((_, total),) = sealed.porter.facts()
    assert total == 1000, "threads, and what is asked about its own, are none"


def test_an_ordinary_start_makes_no_attempt(sealed: Sealed) -> None:
    sealed.ask("double", 1, int)
    ((facts, total),) = sealed.porter.facts()
    assert (facts.label, total) == ("sealed off", 0)


def test_the_proof_stands_in_proc(sealed: Sealed) -> None:
    status = sealed.ask("status", 1, str)
    assert capabilities(sealed.porter.porter_pid) == [], "else this proves nothing"  # type: ignore[attr-defined]
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert lines["Seccomp"] == "2"
    assert lines["Seccomp_filters"].strip() == "2"
    assert lines["NoNewPrivs"] == "1"
    pid = int(lines["Pid"])
    assert capabilities(pid) == []
    targets = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    assert [target for target in targets if target.startswith("socket")] == []
    assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
