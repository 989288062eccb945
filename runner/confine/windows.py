"""The walls of Windows: an app container without a capability, and a job that ends with the porter.

A process puts the job up around itself (`put_up`, as on macOS); it then starts no other, and has no
more memory than the plan says. The container, which alone keeps it from the network, is put up by
whoever starts it (`runner.porter.windows_start`). No Windows machine was at hand: the label follows
what a process finds open there (decisions 0112, 0184).
"""

import ctypes
import errno
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from runner.confine.openings import INTERNET
from runner.confine.plan import Plan
from runner.confine.proof import CONTAINER, JOB

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
LOOK_AT_TOKEN, IS_CONTAINED = 0x0008, 29
END_PROCESS, DENIED = 0x0001, 5


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


def put_up(plan: Plan) -> dict[str, list[str]]:
    """Puts this process into a job with its limits, for good.

    Returns:
        The walls that hold it, and what each is meant to give. The container is among them where
        the system says that this process was started in one.

    Raises:
        OSError: this is not Windows, or the system refuses.
    """
    walls = Walls()
    walls.enter(container(plan))
    held = {JOB: ["programs", "memory"]}
    return {CONTAINER: ["files", "network"], **held} if walls.is_contained() else held


def reach(process: int) -> None:
    """Asks for the right to end a process, and lets go of it at once.

    Raises:
        OSError: this is not Windows, or the system refuses.
    """
    Walls().reach(process)


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
        if not hasattr(profiles, "CreateAppContainerProfile"):
            raise OSError(0, "this system has no app containers")
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
        if not self._kernel.AssignProcessToJobObject(HANDLE(handle), self._itself()):
            raise OSError(self._last_error(), "the job did not take this process")

    def is_contained(self) -> bool:
        """Says whether the system has this process in an app container."""
        token, answer, length = HANDLE(), DWORD(), DWORD()
        rights = self._load("advapi32", use_last_error=True)
        if not rights.OpenProcessToken(self._itself(), LOOK_AT_TOKEN, ctypes.byref(token)):
            return False
        try:
            asked = (token, IS_CONTAINED, ctypes.byref(answer), DWORD(ctypes.sizeof(answer)))
            found = rights.GetTokenInformation(*asked, ctypes.byref(length))
            return bool(found and answer.value)
        finally:
            self._kernel.CloseHandle(token)

    def reach(self, process: int) -> None:
        """Opens a process with the right to end it."""
        self._kernel.OpenProcess.restype = HANDLE
        handle = self._kernel.OpenProcess(END_PROCESS, 0, DWORD(process))
        if not handle:
            why = self._last_error()
            raise OSError(errno.EACCES if why == DENIED else errno.ESRCH, f"no hold on it: {why}")
        self._kernel.CloseHandle(HANDLE(handle))

    def _itself(self) -> ctypes.c_void_p:
        self._kernel.GetCurrentProcess.restype = HANDLE
        return HANDLE(self._kernel.GetCurrentProcess())


def own_interpreter() -> tuple[str, ...]:
    """Returns what this interpreter is made of, and the folders that it imports from, as far as there."""
    roots = [sys.base_prefix, sys.prefix, *(place for place in sys.path if place)]
    there = (Path(place) for place in roots if Path(place).exists())
    return tuple(dict.fromkeys(str(PureWindowsPath(place)) for place in there))
