"""Calls that every process makes about itself, and that are refused where their arguments lead out.

A filter sees the arguments' values, not what lies in memory behind an address. What is refused
ends in a verdict that the filter gives: the porter's, which counts it, or an error at once.
"""

import errno

from runner.confine import bpf
from runner.confine.bpf import ALLOW, Program, refuse_with
from runner.confine.syscalls import OF_ITSELF, OF_ONE_PROCESS

THREAD = 0x00010000
NAMESPACES = 0x7E020000  # CLONE_NEW*: mount, cgroup, uts, ipc, user, pid, net
SET_PARENT_DEATH = 1

DESCRIPTOR_REQUESTS = {8: "F_SETOWN", 15: "F_SETOWN_EX", 1024: "F_SETLEASE", 1026: "F_NOTIFY"}
"""Commands of `fcntl`: the first two have another process signalled when something happens to a descriptor;
the others hear of, or hold up, whoever opens a file or names one."""

DEVICE_REQUESTS = {
    0x5412: "TIOCSTI",
    0x541C: "TIOCLINUX",
    0x8901: "FIOSETOWN",
    0x8902: "SIOCSPGRP",
    0x40086602: "FS_IOC_SETFLAGS",
    0x40046602: "FS_IOC32_SETFLAGS",
    0x40087602: "FS_IOC_SETVERSION",
    0x40047602: "FS_IOC32_SETVERSION",
    0x40086604: "EXT4_IOC_SETVERSION",
    0x6609: "EXT4_IOC_MIGRATE",
    0x401C5820: "FS_IOC_FSSETXATTR",
    0x40806685: "FS_IOC_ENABLE_VERITY",
    0x800C6613: "FS_IOC_SET_ENCRYPTION_POLICY",
    0xC0506617: "FS_IOC_ADD_ENCRYPTION_KEY",
    0xC0406618: "FS_IOC_REMOVE_ENCRYPTION_KEY",
    0xC0406619: "FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS",
    0x40047211: "FAT_IOCTL_SET_ATTRIBUTES",
    0x5000940E: "BTRFS_IOC_SUBVOL_CREATE",
    0x50009418: "BTRFS_IOC_SUBVOL_CREATE_V2",
    0x50009401: "BTRFS_IOC_SNAP_CREATE",
    0x50009417: "BTRFS_IOC_SNAP_CREATE_V2",
    0x5000940F: "BTRFS_IOC_SNAP_DESTROY",
    0x5000943F: "BTRFS_IOC_SNAP_DESTROY_V2",
    0x4008941A: "BTRFS_IOC_SUBVOL_SETFLAGS",
    0xC0C89425: "BTRFS_IOC_SET_RECEIVED_SUBVOL",
    0x50009402: "BTRFS_IOC_DEFRAG",
    0x40309410: "BTRFS_IOC_DEFRAG_RANGE",
}
"""Requests of `ioctl`: the first two type into a terminal, the next two are the first of the above for a socket.
The rest change a file of the person's, lock it, or make and remove folders, by way of a descriptor that was opened for
reading; no rule on files covers that."""

CALLS = ("clone", "kill", "tgkill", "fcntl", "ioctl", "prctl", *OF_ITSELF, *OF_ONE_PROCESS)
"""What is judged here, by name; both processors have all of them."""


def body(name: str, own_pid: int, refused: int) -> Program:
    """Returns what decides about one of `CALLS`; it ends in `ALLOW` or in `refused`."""
    if name == "clone":
        return [
            bpf.argument(0),
            *bpf.if_any_bit(NAMESPACES, refused),
            *bpf.if_any_bit(THREAD, ALLOW),
            bpf.verdict(refused),
        ]
    if name in ("kill", "tgkill"):
        return [bpf.argument(0), *bpf.if_equal(own_pid, ALLOW, refused)]
    if name == "fcntl":
        return _none_of(1, tuple(DESCRIPTOR_REQUESTS), refused)
    if name == "ioctl":
        return _none_of(1, tuple(DEVICE_REQUESTS), refused)
    if name == "prctl":
        return _none_of(0, (SET_PARENT_DEATH,), refused)
    if name in OF_ITSELF:
        return _of_itself(0, own_pid, refused)
    one_process = OF_ONE_PROCESS[name]
    return [
        bpf.argument(0),
        *bpf.unless_equal(one_process, refused),
        *_of_itself(1, own_pid, refused),
    ]


def in_memory() -> Program:
    """Refuses `clone3`, whose flags lie in memory; libraries ask it for each thread first.

    They fall back to `clone` where it is not there, whose flags can be seen.
    """
    return [bpf.verdict(refuse_with(errno.ENOSYS))]


def detail(name: str, arguments: tuple[int, ...]) -> str:
    """Names what a refused call asked for, where its own name says little; else nothing."""
    requests = {"fcntl": DESCRIPTOR_REQUESTS, "ioctl": DEVICE_REQUESTS}.get(name, {})
    if name == "prctl":
        return "PR_SET_PDEATHSIG"
    return requests.get(arguments[1] & 0xFFFFFFFF, "") if requests else ""


def whom(name: str, arguments: tuple[int, ...]) -> int:
    """Returns the process or thread that a call about limits and turns names; 0 for other calls."""
    if name in OF_ITSELF:
        return arguments[0] & 0xFFFFFFFF
    if OF_ONE_PROCESS.get(name) == arguments[0] & 0xFFFFFFFF:
        return arguments[1] & 0xFFFFFFFF
    return 0


def _of_itself(place: int, own_pid: int, refused: int) -> Program:
    """Allows a call where an argument names this process, by its number or by 0."""
    return [bpf.argument(place), (bpf.JUMP_EQUAL, 1, 0, 0), *bpf.if_equal(own_pid, ALLOW, refused)]


def _none_of(place: int, values: tuple[int, ...], refused: int) -> Program:
    """Refuses a call where an argument is one of some values."""
    jumps: Program = [
        (bpf.JUMP_EQUAL, over, 0, value)
        for over, value in zip(range(len(values), 0, -1), values, strict=True)
    ]
    return [bpf.argument(place), *jumps, bpf.verdict(ALLOW), bpf.verdict(refused)]
