"""The walls of Windows: an app container without a capability, and a job that ends with the porter.

A process puts the job up around itself (`put_up`, as on macOS); it then starts no other, and has no
more memory than the plan says. The container, which alone keeps it from the network, is put up by
whoever starts it: `container` and `entries` say what is asked for, `Walls` asks the system for it, and
nobody calls that part before the porter starts processes there (docs/other-systems.md). No Windows
machine was at hand: whatever this gives, the label stays "watched, not enforced" until a self-test
there has proved it (decision 0112).
"""

import ctypes
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from runner.confine.openings import INTERNET
from runner.confine.plan import Plan

DWORD = ctypes.c_uint32
SIZE, HANDLE, POINTER = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p
READ_EXECUTE, MODIFY = 0x1200A9, 0x1301BF
INTERNET_CLIENT = "S-1-15-3-1"
"""The one capability that lets a container make connections; the gate's."""

KILL_ON_CLOSE, ONE_PROCESS, PROCESS_MEMORY = 0x2000, 0x0008, 0x0100
EXTENDED_LIMITS = 9
ALREADY_THERE = 0x800700B7
LONGEST_NAME = 64
NO_QUESTION, NO_REPORT = 0x0001, 0x0002


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What a process is started in.

    Attributes:
        name: of the container's profile; one for each kind.
        capabilities: none for all but the gate.
        memory_bytes: most private memory, 0 for no limit.
    """

    name: str
    capabilities: tuple[str, ...] = ()
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A right that a container gets to a file or folder, and to what is below it."""

    path: str
    rights: int


def container(plan: Plan) -> Container:
    """Returns the container for a plan."""
    return Container(
        name=f"Lightwell.{plan.kind}"[:LONGEST_NAME],
        capabilities=(INTERNET_CLIENT,) if plan.posture == INTERNET else (),
        memory_bytes=plan.data_limit_bytes,
    )


def entries(plan: Plan, interpreter: Sequence[str]) -> tuple[Entry, ...]:
    """Returns the rights that a container needs: to run Python, and to the files it was asked for.

    A container sees nothing of a person's files otherwise.
    """
    read = (*interpreter, *plan.readable)
    return (
        *(Entry(path, READ_EXECUTE) for path in dict.fromkeys(read)),
        *(Entry(path, MODIFY) for path in dict.fromkeys(plan.writable)),
    )


def environment_block(variables: Mapping[str, str]) -> str:
    """Returns variables as the system wants them: sorted, each ended, and one more end."""
    pairs = sorted(variables.items(), key=lambda pair: pair[0].upper())
    return "".join(f"{name}={value}\0" for name, value in pairs) + "\0"


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", DWORD),
        ("least_working_set", SIZE),
        ("most_working_set", SIZE),
        ("most_processes", DWORD),
        ("affinity", SIZE),
        ("priority", DWORD),
        ("scheduling", DWORD),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", SIZE),
        ("job_memory", SIZE),
        ("peak_process_memory", SIZE),
        ("peak_job_memory", SIZE),
    )


def job_limits(asked: Container) -> ExtendedLimits:
    """Returns a job's limits: it ends with its last handle, and holds one process."""
    limits = ExtendedLimits()
    limits.basic.flags = KILL_ON_CLOSE | ONE_PROCESS
    limits.basic.most_processes = 1
    if asked.memory_bytes:
        limits.basic.flags |= PROCESS_MEMORY
        limits.process_memory = asked.memory_bytes
    return limits


def put_up(plan: Plan) -> list[str]:
    """Puts this process into a job with its limits, for good.

    Returns:
        What it gave.

    Raises:
        OSError: this is not Windows, or the system refuses.
    """
    Walls().enter(container(plan))
    return ["job"]


def keep_no_dumps() -> None:
    """Has the system end this process without a word when it fails, and report it to nobody.

    A report would put its memory on disk. Does nothing elsewhere.
    """
    if (load := getattr(ctypes, "WinDLL", None)) is not None:
        load("kernel32").SetErrorMode(DWORD(NO_QUESTION | NO_REPORT))


class Walls:
    """Asks the system for containers and jobs.

    Raises:
        OSError: this is not Windows, or the system refuses.
    """

    def __init__(self) -> None:
        # By name: elsewhere the module has neither.
        load = getattr(ctypes, "WinDLL", None)
        if load is None:
            raise OSError(0, "no such interface on this system")
        self._last_error: Callable[[], int] = vars(ctypes)["get_last_error"]
        self._kernel = load("kernel32", use_last_error=True)
        self._load = load

    def identity(self, asked: Container) -> int:
        """Makes a container's profile, or finds the one there is; returns its identity.

        Needs no administrator.
        """
        profiles = self._load("userenv", use_last_error=True)
        found = POINTER()
        made = profiles.CreateAppContainerProfile(
            ctypes.c_wchar_p(asked.name),
            ctypes.c_wchar_p(asked.name),
            ctypes.c_wchar_p(asked.name),
            None,
            0,
            ctypes.byref(found),
        )
        if made & 0xFFFFFFFF == ALREADY_THERE:
            made = profiles.DeriveAppContainerSidFromAppContainerName(
                ctypes.c_wchar_p(asked.name), ctypes.byref(found)
            )
        if made != 0 or not found.value:
            raise OSError(made, "no app container could be made")
        return int(found.value)

    def job(self, asked: Container) -> int:
        """Makes a job with its limits; returns its handle, which must be kept open."""
        self._kernel.CreateJobObjectW.restype = HANDLE
        handle = self._kernel.CreateJobObjectW(None, None)
        limits = job_limits(asked)
        done = handle and self._kernel.SetInformationJobObject(
            HANDLE(handle), EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        if not done:
            raise OSError(self._last_error(), "no job could be made")
        return int(handle)

    def enter(self, asked: Container) -> None:
        """Puts this process into a job of its own, which ends with it; it can't leave it again."""
        handle = self.job(asked)
        self._kernel.GetCurrentProcess.restype = HANDLE
        itself = HANDLE(self._kernel.GetCurrentProcess())
        if not self._kernel.AssignProcessToJobObject(HANDLE(handle), itself):
            raise OSError(self._last_error(), "the job did not take this process")


def own_interpreter() -> tuple[str, ...]:
    """Returns what this interpreter is made of, and the folders that it imports from."""
    roots = [sys.base_prefix, sys.prefix, *(place for place in sys.path if place)]
    return tuple(dict.fromkeys(str(PureWindowsPath(Path(place))) for place in roots))
