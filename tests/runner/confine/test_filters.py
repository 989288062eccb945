"""The filters' programs, run by a small interpreter of our own, for both processors."""

import errno
import os
import struct
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runner.child import begin
from runner.confine import bpf, judged, seccomp, syscalls
from runner.confine.bpf import ALLOW, KILL_PROCESS, USER_NOTIFY, Instruction
from runner.porter import first as first_of_porter

EPERM, ENOSYS = bpf.refuse_with(errno.EPERM), bpf.refuse_with(errno.ENOSYS)
OWN_PID = 4242
TABLES = {
    "x86_64": (syscalls.X86_64, syscalls.AUDIT_X86_64),
    "aarch64": (syscalls.AARCH64, syscalls.AUDIT_AARCH64),
}
FOREIGN = (0x40000003, 0x40000028, 0xC000003E ^ 0x40000000)  # i386, arm, and one that there is not


def run(program: list[Instruction], call: int, *arguments: int, arch: int) -> int:
    """Runs a program over one call, as the kernel does."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<iIQ6Q", call, arch, 0, *(a & (2**64 - 1) for a in padded))
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, value = program[position]
        position += 1
        if code == bpf.RETURN:
            return value
        if code == bpf.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
            continue
        holds = {
            bpf.JUMP_EQUAL: accumulator == value,
            bpf.JUMP_AT_LEAST: accumulator >= value,
            bpf.JUMP_ANY_BIT: accumulator & value != 0,
        }[code]
        position += if_true if holds else if_false


class Machine:
    """Both filters of a posture on one processor."""

    def __init__(self, machine: str, *, local_sockets: bool, listener: bool) -> None:
        self.table, self.arch = TABLES[machine]
        self.refused = USER_NOTIFY if listener else EPERM
        told = seccomp.told(local_sockets=local_sockets) if listener else []
        self.programs = [
            seccomp.refusals_program(local_sockets=local_sockets, besides=told, own_pid=OWN_PID)
        ]
        if listener:
            self.programs.append(
                seccomp.attempts_program(local_sockets=local_sockets, own_pid=OWN_PID)
            )

    def verdict(self, name: str, *arguments: int, arch: int | None = None) -> int:
        return self.number(self.table[name], *arguments, arch=arch)

    def number(self, call: int, *arguments: int, arch: int | None = None) -> int:
        """Returns the strictest verdict, as the kernel takes it."""
        order = (KILL_PROCESS, EPERM, ENOSYS, USER_NOTIFY, ALLOW)
        verdicts = [run(p, call, *arguments, arch=arch or self.arch) for p in self.programs]
        return min(verdicts, key=order.index)


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setattr(syscalls.os, "uname", lambda: SimpleNamespace(machine=name))
    return name


def test_without_network_no_socket_call_passes(machine: str) -> None:
    for listener in (True, False):
        posture = Machine(machine, local_sockets=False, listener=listener)
        for name in syscalls.known((*syscalls.SOCKETS, *syscalls.SHARED, *syscalls.MARKS)):
            assert posture.verdict(name, 1) in (EPERM, USER_NOTIFY), name


def test_everything_on_the_lists_is_refused_in_both_postures(machine: str) -> None:
    groups = (syscalls.RINGS, syscalls.PROGRAMS, syscalls.OTHERS, syscalls.SPACES, syscalls.KERNEL)
    for local_sockets in (True, False):
        posture = Machine(machine, local_sockets=local_sockets, listener=True)
        for name in syscalls.known(name for group in groups for name in group):
            assert posture.verdict(name) in (EPERM, USER_NOTIFY), name


def test_a_window_gets_local_sockets_and_no_others(machine: str) -> None:
    for listener in (True, False):
        posture = Machine(machine, local_sockets=True, listener=listener)
        refused = posture.refused
        for name in ("socket", "socketpair"):
            for flags in (0, 0o2000000, 0o4000):  # closed in children, not waiting
                assert posture.verdict(name, 1, 1 | flags) == ALLOW, "a stream"
                assert posture.verdict(name, 1, 5 | flags) == ALLOW, "a stream of packets"
                for kind in (0, 2, 3, 4, 6, 10):
                    # A datagram goes to any local address by name, past the porter.
                    assert posture.verdict(name, 1, kind | flags) == refused, (name, kind)
        # The porter decides, by the address, which lies in memory.
        assert posture.verdict("connect", 3) == (USER_NOTIFY if listener else ALLOW)
        assert posture.verdict("sendmsg", 3) == ALLOW
        for family in (0, 2, 10, 16, 17, 38, 40, 2**32 - 1):
            assert posture.verdict("socket", family) == refused, family
        # The kernel looks at 32 bits only; so must the filter.
        assert posture.verdict("socket", 2**32 + 2) == refused


@settings(max_examples=200, deadline=None)
@given(family=some.integers(0, 2**64 - 1))
def test_no_family_but_one_passes(family: int) -> None:
    posture = Machine(os.uname().machine, local_sockets=True, listener=True)
    expected = ALLOW if family & 0xFFFFFFFF == 1 else USER_NOTIFY
    assert posture.verdict("socket", family, 1) == expected


@pytest.fixture(params=[True, False], ids=["told", "untold"])
def postures(request: pytest.FixtureRequest, machine: str) -> list[Machine]:
    """Both kinds of process, with a porter that is told of what is refused, and without."""
    told: bool = request.param
    return [Machine(machine, local_sockets=local, listener=told) for local in (False, True)]


def test_threads_pass_and_processes_do_not(postures: list[Machine]) -> None:
    thread = 0x003D0F00  # what the C library asks for a thread
    for posture in postures:
        assert posture.verdict("clone", thread) == ALLOW
        assert posture.verdict("clone", 17) == posture.refused
        assert posture.verdict("clone", 0x4111) == posture.refused, "vfork"
        for space in (
            0x00020000,
            0x02000000,
            0x04000000,
            0x08000000,
            0x10000000,
            0x20000000,
            0x40000000,
        ):
            assert posture.verdict("clone", thread | space) == posture.refused, hex(space)
        # Each thread is asked for by it first, so nobody is told.
        assert posture.verdict("clone3") == ENOSYS


def test_signals_reach_itself_only(postures: list[Machine]) -> None:
    for posture in postures:
        for name in ("kill", "tgkill"):
            assert posture.verdict(name, OWN_PID, 1) == ALLOW
            for pid in (1, 0, -1, OWN_PID + 1, -OWN_PID):
                assert posture.verdict(name, pid, 9) == posture.refused, (name, pid)


def test_limits_and_turns_are_its_own_only(postures: list[Machine]) -> None:
    for posture in postures:
        for name in syscalls.OF_ITSELF:
            for pid in (0, OWN_PID):
                assert posture.verdict(name, pid) == ALLOW, name
            for pid in (1, OWN_PID + 1, -1):
                assert posture.verdict(name, pid) == posture.refused, (name, pid)
        for name, one_process in (("setpriority", 0), ("ioprio_set", 1)):
            for pid in (0, OWN_PID):
                assert posture.verdict(name, one_process, pid) == ALLOW, name
                for group in {0, 1, 2, 3} - {one_process}:
                    # 0 is its own group there, or everything that runs for this person.
                    assert posture.verdict(name, group, pid) == posture.refused, (name, group)
            for pid in (1, OWN_PID + 1, -1):
                assert posture.verdict(name, one_process, pid) == posture.refused, (name, pid)


def test_nobody_else_is_signalled_when_something_happens_to_a_descriptor(
    postures: list[Machine],
) -> None:
    for posture in postures:
        for command in (8, 15, 1024, 1026):
            assert posture.verdict("fcntl", 3, command, OWN_PID + 1) == posture.refused
        for request in (0x8901, 0x8902):  # the same, asked of a socket
            assert posture.verdict("ioctl", 3, request) == posture.refused, hex(request)
        assert posture.verdict("ioctl", 3, 0x8903) == ALLOW, "asking who it is"
        for command in (0, 1, 2, 3, 4, 1030, 1033):
            assert posture.verdict("fcntl", 3, command) == ALLOW


def test_terminals_and_parents_are_left_alone(postures: list[Machine]) -> None:
    for posture in postures:
        assert posture.verdict("ioctl", 0, 0x5412) == posture.refused
        assert posture.verdict("ioctl", 0, 0x541C) == posture.refused
        # The kernel looks at 32 bits of a request only.
        assert posture.verdict("ioctl", 0, 2**32 + 0x5412) == posture.refused
        assert posture.verdict("ioctl", 0, 0x5413) == ALLOW
        for change in judged.DEVICE_REQUESTS:
            assert posture.verdict("ioctl", 3, change) == posture.refused, hex(change)
        # Where a descriptor for reading, or being the owner, is enough for the kernel.
        for change in (0x40047602, 0x4008941A, 0xC0C89425, 0x40047211, 0x800C6613, 0xC0406618):
            assert posture.verdict("ioctl", 3, change) == posture.refused, hex(change)
        for look in (0x5401, 0x541B, 0x5421, 0x5450, 0x5451, 0x80086601, 0x801C581F):
            assert posture.verdict("ioctl", 3, look) == ALLOW, hex(look)
        assert posture.verdict("prctl", 1, 0) == posture.refused
        assert posture.verdict("prctl", 15, 0) == ALLOW


def test_ordinary_work_passes(machine: str) -> None:
    posture = Machine(machine, local_sockets=False, listener=True)
    listed = set(posture.table.values())
    passing = [number for number in range(470) if number not in listed]
    assert {posture.number(number) for number in passing} == {ALLOW}


def test_foreign_interfaces_kill(machine: str) -> None:
    posture = Machine(machine, local_sockets=True, listener=True)
    for foreign in FOREIGN:
        for number in (1, 11, 41, 102, 198, 281, 359):
            assert posture.number(number, arch=foreign) == KILL_PROCESS, hex(foreign)
    assert posture.number(0x40000000 + 41) == KILL_PROCESS
    other = {"x86_64": "aarch64", "aarch64": "x86_64"}[machine]
    assert posture.number(1, arch=TABLES[other][1]) == KILL_PROCESS


def test_the_listener_never_waits_for_what_hands_it_over(machine: str) -> None:
    posture = Machine(machine, local_sockets=False, listener=True)
    first = posture.programs[1]
    sent = posture.table["sendmsg"]
    assert run(first, sent, begin.SEAL, arch=posture.arch) == ALLOW
    assert posture.verdict("sendmsg", begin.SEAL) == EPERM, "once it has been handed over"
    assert posture.verdict("sendmsg", begin.SEAL + 1) == USER_NOTIFY
    assert first_of_porter.SEAL == begin.SEAL == seccomp.HANDED_ON


@pytest.mark.parametrize("local_sockets", [False, True])
def test_a_call_that_is_refused_is_told_to_the_porter(machine: str, *, local_sockets: bool) -> None:
    """Whatever is refused without a porter that counts, it hears of where there is one."""
    alone = Machine(machine, local_sockets=local_sockets, listener=False)
    heard = Machine(machine, local_sockets=local_sockets, listener=True)
    arguments = ((), (1, 1), (1, 8), (2, 2), (0, 0x5412), (OWN_PID + 1, 0), (2**31, 1))
    silent = {
        name
        for name in alone.table
        for given in arguments
        if alone.verdict(name, *given) != ALLOW and heard.verdict(name, *given) != USER_NOTIFY
    }
    assert silent == {"clone3"}
    told = seccomp.told(local_sockets=local_sockets)
    assert len(told) == len(set(told))
    assert set(judged.CALLS) <= set(told)


def test_a_program_must_fit() -> None:
    with pytest.raises(ValueError, match="0 instructions"):
        bpf.pack([])
    with pytest.raises(ValueError, match="too long"):
        bpf.for_number(1, [bpf.verdict(ALLOW)] * 256)
