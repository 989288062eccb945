"""The rules on files: read what is needed, write nothing, start nothing; and two scopes.

Landlock also closes the way to other processes' memory: a process under its rules can't reach into
one that is not. Older kernels know fewer rules; what the kernel at hand knows is asked for.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from runner.confine.prctl import PR_SET_NO_NEW_PRIVS, RefusalError, library, prctl
from runner.confine.syscalls import numbers

EXECUTE, WRITE, READ, LIST, TRUNCATE, CONTROL = 1, 2, 4, 8, 1 << 14, 1 << 15
REMOVE_FILE, MAKE_FILE, REFER = 1 << 5, 1 << 8, 1 << 13
BIND_TCP, CONNECT_TCP = 1, 2
ABSTRACT_SOCKETS, SIGNALS = 1, 2

FILE_RULES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Every right over files that a version of the interface knows, from that version on."""

REFER_SINCE, NETWORK_SINCE, SCOPES_SINCE = 2, 4, 6
ASK_VERSION, RULE_PATH = 1, 1
O_PATH = 0o10000000

SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/self",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)
"""What an interpreter and numeric libraries read; nothing of a person's."""

DEVICES = (
    "/proc/driver/nvidia",
    "/proc/devices",
    "/sys/bus/pci",
    "/sys/class/drm",
    "/sys/class/kfd",
    "/sys/dev/char",
    "/sys/devices",
    "/sys/module",
    "/etc/vulkan",
    "/etc/OpenCL",
    "/etc/glvnd",
    "/etc/drirc",
)
"""What the drivers of GPUs read."""

DEVICE_FILES = ("nvidia*", "dri", "kfd", "dxg")
"""Below /dev: what the drivers of GPUs write to."""


def version() -> int:
    """Returns the interface's version, 0 where the kernel has none."""
    try:
        return _call("landlock_create_ruleset", None, 0, ASK_VERSION)
    except (RefusalError, KeyError, OSError):
        return 0


def restrict_files(
    readable: Iterable[Path],
    *,
    devices: bool,
    connecting: bool = False,
    writable: Iterable[Path] = (),
) -> list[str]:
    """Leaves this process with reading what it needs, and nothing else.

    Args:
        readable: besides the interpreter, the packages and the system's libraries.
        devices: the GPU's device files may be used.
        connecting: it may open TCP connections, as the gate does.
        writable: folders with plain files that it may make, write and remove.

    Returns:
        What is in force, by name: files, tcp, scopes.

    Raises:
        RefusalError: where the kernel has no Landlock, or another wall forbids it.
    """
    abi = version()
    rules = _newest(FILE_RULES, abi)
    ruleset = _ruleset(abi, rules, scopes=ABSTRACT_SOCKETS | SIGNALS, connecting=connecting)
    read_only = READ | LIST
    for path in [*_interpreter(), *map(Path, SYSTEM), *readable]:
        _allow(ruleset, path, read_only & rules)
    _allow(ruleset, Path("/dev/null"), (READ | WRITE) & rules)
    for path in writable:
        own = read_only | WRITE | TRUNCATE | MAKE_FILE | REMOVE_FILE
        _allow(ruleset, path, own & rules)
    if devices:
        for path in map(Path, DEVICES):
            _allow(ruleset, path, read_only & rules)
        for pattern in DEVICE_FILES:
            for path in Path("/dev").glob(pattern):
                _allow(ruleset, path, (read_only | WRITE | CONTROL) & rules)
    _enforce(ruleset)
    return _in_force(abi, "files", connecting=connecting)


def restrict_programs() -> list[str]:
    """Leaves this process with all files, and forbids it programs, TCP and signals to others.

    Returns:
        What is in force, by name: programs, tcp, scopes.

    Raises:
        RefusalError: where the kernel has no Landlock, or another wall forbids it.
    """
    abi = version()
    moving = REFER if abi >= REFER_SINCE else 0
    # Abstract sockets stay: a display may listen on one.
    ruleset = _ruleset(abi, EXECUTE | moving, scopes=SIGNALS)
    if moving:
        # Unless it is allowed, files can't be moved to another folder under any rules at all.
        _allow(ruleset, Path("/"), moving)
    _enforce(ruleset)
    return _in_force(abi, "programs")


def _in_force(abi: int, first: str, *, connecting: bool = False) -> list[str]:
    names = [first]
    if abi >= NETWORK_SINCE and not connecting:
        names.append("tcp")
    if abi >= SCOPES_SINCE:
        names.append("scopes")
    return names


def _interpreter() -> list[Path]:
    """Returns where the interpreter and the packages lie."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, *filter(None, sys.path)}
    return [Path(place) for place in sorted(places) if Path(place) != Path("/")]


def _ruleset(abi: int, rules: int, *, scopes: int, connecting: bool = False) -> int:
    fields = [rules]
    if abi >= NETWORK_SINCE:
        fields.append(BIND_TCP if connecting else CONNECT_TCP | BIND_TCP)
    if abi >= SCOPES_SINCE:
        fields.append(scopes)
    described = struct.pack(f"={len(fields)}Q", *fields)
    return _call("landlock_create_ruleset", described, len(described), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Allows rights below a path; a path that is not there needs none."""
    try:
        descriptor = os.open(path, O_PATH)
    except OSError:
        return
    try:
        if not Path(f"/proc/self/fd/{descriptor}").is_dir():
            rights &= EXECUTE | WRITE | READ | TRUNCATE | CONTROL
        rule = struct.pack("=Qi", rights, descriptor)
        with contextlib.suppress(RefusalError):  # such as a file of a kind that takes no rules
            _call("landlock_add_rule", ruleset, RULE_PATH, rule, 0)
    finally:
        os.close(descriptor)


def _enforce(ruleset: int) -> None:
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        _call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _newest(table: dict[int, int], abi: int) -> int:
    known = [rules for since, rules in table.items() if since <= abi]
    if not known:
        raise RefusalError(38, "no Landlock")
    return known[-1]


def _call(name: str, *arguments: int | bytes | None) -> int:
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result: int = library().syscall(ctypes.c_long(numbers()[name]), *converted)
    if result < 0:
        number = ctypes.get_errno()
        raise RefusalError(number, f"{name}: {os.strerror(number)}")
    return result
