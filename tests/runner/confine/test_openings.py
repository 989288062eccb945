"""What the courier, the gate and a service may do with sockets, by the filters' own programs."""

import errno
from types import SimpleNamespace

import pytest

from runner.confine import bpf, seccomp, syscalls
from runner.confine.bpf import ALLOW, KILL_PROCESS, USER_NOTIFY
from runner.confine.openings import (
    FAST_OPEN,
    GATE_ONLY,
    INTERNET,
    LINK,
    LISTEN_ONLY,
    LOCAL_ONLY,
    NO_NETWORK,
    opening,
)
from runner.porter.kinds import Posture
from tests.runner.confine.test_filters import OWN_PID, TABLES, run

REFUSED = (bpf.refuse_with(errno.EPERM), USER_NOTIFY)
UNIX, IPV4, NETLINK, IPV6, PACKET = 1, 2, 16, 10, 17
STREAM, DATAGRAM, RAW, SEQUENCED, CLOEXEC = 1, 2, 3, 5, 0o2000000


def verdict(machine: str, posture: str, name: str, *arguments: int) -> int:
    table, arch = TABLES[machine]
    may = opening(posture)
    told = seccomp.told(local_sockets=False, opening=may)
    programs = [
        seccomp.refusals_program(local_sockets=False, besides=told, own_pid=OWN_PID, opening=may),
        seccomp.attempts_program(local_sockets=False, own_pid=OWN_PID, opening=may),
    ]
    order = (KILL_PROCESS, REFUSED[0], USER_NOTIFY, ALLOW)
    return min((run(p, table[name], *arguments, arch=arch) for p in programs), key=order.index)


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setattr(syscalls.os, "uname", lambda: SimpleNamespace(machine=name))
    return name


def test_the_courier_makes_local_streams_and_hands_them_on(machine: str) -> None:
    for kind in (STREAM, STREAM | CLOEXEC):
        assert verdict(machine, GATE_ONLY, "socketpair", UNIX, kind) == ALLOW
    for family, kind in ((UNIX, DATAGRAM), (UNIX, SEQUENCED), (UNIX, 0), (IPV4, STREAM)):
        assert verdict(machine, GATE_ONLY, "socketpair", family, kind) in REFUSED
    assert verdict(machine, GATE_ONLY, "sendmsg", LINK) == ALLOW
    assert verdict(machine, GATE_ONLY, "sendmsg", LINK + 1) in REFUSED
    for name in set(syscalls.known(syscalls.SOCKETS)) - {"socketpair", "sendmsg"}:
        assert verdict(machine, GATE_ONLY, name, UNIX, STREAM) in REFUSED, name


def test_the_gate_makes_internet_sockets_and_listens_on_none(machine: str) -> None:
    for family in (IPV4, IPV6):
        for kind in (STREAM, DATAGRAM, STREAM | CLOEXEC):
            assert verdict(machine, INTERNET, "socket", family, kind) == ALLOW
    for family, kind in ((UNIX, STREAM), (NETLINK, RAW), (PACKET, DATAGRAM), (IPV4, SEQUENCED)):
        assert verdict(machine, INTERNET, "socket", family, kind) in REFUSED
    for name in ("bind", "listen", "socketpair", "io_uring_setup"):
        assert verdict(machine, INTERNET, name, UNIX, STREAM) in REFUSED, name


def test_what_a_look_up_tries_by_itself_is_not_counted_and_the_rest_is(machine: str) -> None:
    for family, kind in ((UNIX, STREAM), (UNIX, DATAGRAM), (NETLINK, RAW)):
        assert verdict(machine, INTERNET, "socket", family, kind) == REFUSED[0]
    for family, kind in ((PACKET, DATAGRAM), (40, STREAM), (IPV6, SEQUENCED)):
        assert verdict(machine, INTERNET, "socket", family, kind) == USER_NOTIFY


@pytest.mark.parametrize("posture", [NO_NETWORK, GATE_ONLY, INTERNET, LISTEN_ONLY])
def test_each_can_hand_its_listener_over(machine: str, posture: str) -> None:
    table, arch = TABLES[machine]
    first = seccomp.attempts_program(local_sockets=False, own_pid=OWN_PID, opening=opening(posture))
    assert run(first, table["sendmsg"], seccomp.HANDED_ON, arch=arch) == ALLOW


def test_a_service_answers_and_begins_nothing(machine: str) -> None:
    for name in ("accept", "accept4", "recvfrom", "recvmsg", "shutdown", "getpeername"):
        assert verdict(machine, LISTEN_ONLY, name, LINK) == ALLOW, name
    assert verdict(machine, LISTEN_ONLY, "sendto", LINK, 0x1000, 5, 0x4000, 0, 0) == ALLOW
    assert verdict(machine, LISTEN_ONLY, "sendmsg", LINK, 0x1000, 0x4000) == ALLOW
    for address in (0x7F00, 0x7FFF00000000, 1):
        arguments = (LINK, 0x1000, 5, 0, address, 16)
        assert verdict(machine, LISTEN_ONLY, "sendto", *arguments) in REFUSED, hex(address)
    for flags in (FAST_OPEN, FAST_OPEN | 0x4000):
        assert verdict(machine, LISTEN_ONLY, "sendto", LINK, 0x1000, 5, flags) in REFUSED
        assert verdict(machine, LISTEN_ONLY, "sendmsg", LINK, 0x1000, flags) in REFUSED
    for name in ("socket", "socketpair", "connect", "bind", "listen", "sendmmsg", "recvmmsg"):
        for family in (UNIX, IPV4, IPV6):
            assert verdict(machine, LISTEN_ONLY, name, family, STREAM) in REFUSED, name


@pytest.mark.parametrize("posture", [GATE_ONLY, INTERNET, LISTEN_ONLY])
def test_everything_else_is_refused_to_all(machine: str, posture: str) -> None:
    groups = (syscalls.RINGS, syscalls.PROGRAMS, syscalls.OTHERS, syscalls.SPACES, syscalls.KERNEL)
    for group in (*groups, syscalls.SHARED):
        for name in syscalls.known(group):
            assert verdict(machine, posture, name) in REFUSED, name


def test_words_that_are_shared_are_the_same() -> None:
    assert (GATE_ONLY, INTERNET) == (Posture.GATE_ONLY, Posture.INTERNET)
    assert LISTEN_ONLY == Posture.LISTEN_ONLY
    assert (NO_NETWORK, LOCAL_ONLY) == (Posture.NO_NETWORK, Posture.LOCAL_ONLY)
    assert opening("no network") == opening("local only") == seccomp.NOTHING
