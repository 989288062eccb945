"""Starts a process on Windows: in a job, in a container where it may have one, with what it is given.

In place of `os.posix_spawn`: a process finds descriptors under the same numbers as elsewhere, because
the C library reads a table of them from what a new process is told. It inherits these handles and no
other. The job ends it with the porter, whose handle is the last one, in place of a signal at a
parent's death; `Started.wait` stands in for SIGCHLD.

Tried only under a layer that imitates Windows, which has no containers (docs/other-systems.md).
"""

import ctypes
import ntpath
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from runner.confine.windows import (
    DWORD,
    HANDLE,
    POINTER,
    SIZE,
    Container,
    Entry,
    Walls,
    environment_block,
)
from runner.confine.windows_rights import grant
from runner.values import Value

OPEN, PIPE, DEVICE, A_FILE = 0x01, 0x08, 0x40, 0x00
"""How the C library marks a descriptor: there is one, and what it is of."""
BY_TYPE = {1: A_FILE, 2: DEVICE, 3: PIPE}
"""These marks, by what the system says of a handle."""
ALL_PIPES: Mapping[int, int] = {}
STANDARD = range(3)
"""Descriptors that may be of a console or a file."""

SUSPENDED, NO_CONSOLE, UNICODE, EXTENDED = 0x4, 0x8, 0x400, 0x80000
"""How a process is made. Without a console it has no Ctrl+C, and no program to serve that console."""

STANDARD_HANDLES = 0x100
HANDLE_LIST, CAPABILITIES = 0x20002, 0x20009
"""Attributes of a new process: what it inherits, and its container."""

ENABLED = 0x4
FOREVER, TIMED_OUT = 0xFFFFFFFF, 0x102
WAIT_FOR, ASK_OF = 0x100000, 0x1000
PATIENCE_MS = 20_000
KILLED = 1
"""The status of a process that could not be put into its job."""


class StartupInfo(ctypes.Structure):
    """STARTUPINFOEXW."""

    _fields_ = (
        ("size", DWORD),
        ("reserved", POINTER),
        ("desktop", POINTER),
        ("title", POINTER),
        ("places", DWORD * 7),
        ("flags", DWORD),
        ("show", ctypes.c_uint16),
        ("table_size", ctypes.c_uint16),
        ("table", POINTER),
        ("standard", HANDLE * 3),
        ("attributes", POINTER),
    )


class ProcessInformation(ctypes.Structure):
    """PROCESS_INFORMATION."""

    _fields_ = (("process", HANDLE), ("thread", HANDLE), ("pid", DWORD), ("thread_id", DWORD))


class SidAndAttributes(ctypes.Structure):
    """SID_AND_ATTRIBUTES."""

    _fields_ = (("sid", POINTER), ("attributes", DWORD))


class SecurityCapabilities(ctypes.Structure):
    """SECURITY_CAPABILITIES."""

    _fields_ = (
        ("container", POINTER),
        ("capabilities", POINTER),
        ("count", DWORD),
        ("reserved", DWORD),
    )


class Started(Value):
    """A process that has just been started.

    Attributes:
        handle: of the process; kept open, so that its number is nobody else's.
        job: the handle of its job; closing it ends the process.
        missing: why it is in no container, or has not all rights in it; else empty.
    """

    pid: int
    handle: int
    job: int
    missing: str = ""

    def wait(self, timeout_ms: int = FOREVER) -> int | None:
        """Returns its exit status once it has ended, None where it has not in time."""
        kernel, status = _kernel(), DWORD()
        if kernel.WaitForSingleObject(HANDLE(self.handle), DWORD(timeout_ms)) == TIMED_OUT:
            return None
        kernel.GetExitCodeProcess(HANDLE(self.handle), ctypes.byref(status))
        return status.value

    def fileno(self) -> int:
        """Returns its handle, by which the porter's loop waits for its end."""
        return self.handle

    def end(self) -> None:
        """Ends it where it still runs, and lets go of it. Once."""
        kernel = _kernel()
        kernel.TerminateJobObject(HANDLE(self.job), DWORD(KILLED))
        for handle in (self.job, self.handle):
            kernel.CloseHandle(HANDLE(handle))


def spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    given: Mapping[int, int],
    asked: Container,
    *,
    entries: Sequence[Entry] | None,
    own_session: bool = True,
) -> Started:
    """Starts a process.

    Args:
        command: the program's path first.
        environment: all that it gets.
        given: where it finds which of our descriptors.
        asked: its container and the limits of its job.
        entries: what it may do with files, in its container; None starts it in none: a front end,
            which opens a person's files.
        own_session: a person's Ctrl+C does not reach it, nor does this process's own folder.

    Raises:
        OSError: this is not Windows, or the system does not start it.
    """
    walls = Walls()
    identity, missing = 0, ""
    if entries is not None:
        try:
            identity = walls.identity(asked)
            refused = grant(entries, identity)
            missing = f"no right could be given to {', '.join(refused)}" if refused else ""
        except OSError as error:
            missing = error.strerror or str(error)
    job = walls.job(asked)
    handles = {place: inherited(descriptor) for place, descriptor in given.items()}
    try:
        # Standard output and errors may be one: the system takes no handle twice.
        with _attributes(identity, asked, list(dict.fromkeys(handles.values()))) as attributes:
            started = _create(command, environment, handles, attributes, own_session=own_session)
        _enter(started, job)
    except OSError:
        _kernel().CloseHandle(HANDLE(job))
        raise
    finally:
        if identity:
            _library("advapi32").FreeSid(POINTER(identity))
    return Started(started.pid, started.process, job, missing)


def works_contained(
    command: Sequence[str],
    environment: Mapping[str, str],
    asked: Container,
    entries: Sequence[Entry],
) -> bool:
    """Says whether a program does its work in a container, where there are any.

    One that the system starts and that finds no file of its own there would leave a person without
    any process of its kind.
    """
    empty, writing = os.pipe()
    os.close(writing)
    try:
        started = spawn(command, environment, {0: empty}, asked, entries=entries)
    finally:
        os.close(empty)
    try:
        return started.wait(PATIENCE_MS) == 0
    finally:
        started.end()


def wait_status(pid: int) -> int | None:
    """Returns the status of a child that has ended as `os.waitpid` tells it, None where it runs.

    Its number is nobody else's while `Started.handle` is open.
    """
    kernel = _kernel()
    kernel.OpenProcess.restype = HANDLE
    handle = kernel.OpenProcess(DWORD(WAIT_FOR | ASK_OF), 0, DWORD(pid))
    _given(handle, f"there is no process {pid}")
    try:
        status = Started(pid, handle, 0).wait(0)
    finally:
        kernel.CloseHandle(HANDLE(handle))
    return None if status is None else status << 8


def own_interpreter() -> str:
    """Returns the interpreter itself: what a virtual environment has starts it as a second process."""
    return getattr(sys, "_base_executable", "") or sys.executable


def table(handles: Mapping[int, int], types: Mapping[int, int] = ALL_PIPES) -> bytes:
    """Returns descriptors as the C library of a new process reads them: so many, marks, handles.

    Args:
        handles: by the number under which it finds each.
        types: by that number, what the system says of a handle that may be no pipe.
    """
    count = max(handles, default=-1) + 1
    marks = bytes(
        OPEN | BY_TYPE.get(types.get(place, 0), PIPE) if place in handles else 0
        for place in range(count)
    )
    nothing = ctypes.c_size_t(-1).value
    each = [handles.get(place, nothing) for place in range(count)]
    return struct.pack("<i", count) + marks + struct.pack(f"<{count}Q", *each)


def inherited(descriptor: int) -> int:
    """Returns the handle of a descriptor, which a new process may inherit from now on."""
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.get_osfhandle(descriptor)
        os.set_handle_inheritable(handle, True)
        return handle
    raise OSError(0, "no such interface on this system")


def hand_over(descriptor: int, process: int) -> int:
    """Gives a process, by its handle, one of ours; returns the number that it has there.

    In place of a descriptor that travels with a packet: the number is what travels.

    Raises:
        OSError: it has ended.
    """
    if sys.platform == "win32":
        import msvcrt

        theirs, same_rights = HANDLE(), 2
        kernel = _kernel()
        kernel.GetCurrentProcess.restype = HANDLE
        done = kernel.DuplicateHandle(
            HANDLE(kernel.GetCurrentProcess()), HANDLE(msvcrt.get_osfhandle(descriptor)),
            HANDLE(process), ctypes.byref(theirs), DWORD(0), 0, DWORD(same_rights),
        )  # fmt: skip
        return int(_given(done and theirs.value, "handed over nothing"))
    raise OSError(0, "no such interface on this system")


def let_go(handle: int) -> None:
    """Closes a handle."""
    _kernel().CloseHandle(HANDLE(handle))


def kept(process: int) -> int:
    """Returns another handle of a process, which stays open when the first is closed."""
    theirs, same_rights = HANDLE(), 2
    kernel = _kernel()
    kernel.GetCurrentProcess.restype = HANDLE
    own = HANDLE(kernel.GetCurrentProcess())
    done = kernel.DuplicateHandle(
        own, HANDLE(process), own, ctypes.byref(theirs), DWORD(0), 0, DWORD(same_rights)
    )
    return int(_given(done and theirs.value, "no second handle"))


def _create(
    command: Sequence[str],
    environment: Mapping[str, str],
    handles: Mapping[int, int],
    attributes: int,
    *,
    own_session: bool,
) -> ProcessInformation:
    kernel = _kernel()
    types = {n: kernel.GetFileType(HANDLE(handles[n])) for n in STANDARD if n in handles}
    told = table(handles, types)
    kept = ctypes.create_string_buffer(told, len(told))
    info = StartupInfo(
        size=ctypes.sizeof(StartupInfo),
        flags=STANDARD_HANDLES,
        table_size=len(told),
        table=ctypes.addressof(kept),
        attributes=attributes,
    )
    for place in STANDARD:
        info.standard[place] = handles.get(place)
    found = ProcessInformation()
    # Not this process's own folder: a container may have no right to be there.
    folder = ntpath.dirname(command[0]) if own_session else ""
    done = kernel.CreateProcessW(
        ctypes.c_wchar_p(command[0]),
        ctypes.create_unicode_buffer(subprocess.list2cmdline(command)),
        None,
        None,
        1,
        DWORD(SUSPENDED | UNICODE | EXTENDED | (NO_CONSOLE if own_session else 0)),
        ctypes.create_unicode_buffer(environment_block(environment)),
        ctypes.c_wchar_p(folder or None),
        ctypes.byref(info),
        ctypes.byref(found),
    )
    _given(done, "the process was not started")
    return found


def _enter(started: ProcessInformation, job: int) -> None:
    """Lets a process begin, once it is in its job."""
    kernel = _kernel()
    try:
        entered = kernel.AssignProcessToJobObject(HANDLE(job), HANDLE(started.process))
        _given(entered, "the job did not take the process")
    except OSError:
        kernel.TerminateProcess(HANDLE(started.process), DWORD(KILLED))
        kernel.CloseHandle(HANDLE(started.process))
        raise
    else:
        kernel.ResumeThread(HANDLE(started.thread))
    finally:
        kernel.CloseHandle(HANDLE(started.thread))


@contextmanager
def _attributes(identity: int, asked: Container, handles: Sequence[int]) -> Iterator[int]:
    """Yields the list of attributes: what is inherited, and the container where there is one."""
    kernel, size = _kernel(), SIZE()
    each: list[tuple[int, Any]] = [(HANDLE_LIST, (HANDLE * len(handles))(*handles))]
    rights: list[SidAndAttributes] = []
    if identity:
        rights = [SidAndAttributes(_sid(name), ENABLED) for name in asked.capabilities]
        array = (SidAndAttributes * len(rights))(*rights)
        each.append(
            (CAPABILITIES, SecurityCapabilities(identity, ctypes.addressof(array), len(rights), 0))
        )
    kernel.InitializeProcThreadAttributeList(None, DWORD(len(each)), DWORD(0), ctypes.byref(size))
    room = ctypes.create_string_buffer(size.value)
    made = kernel.InitializeProcThreadAttributeList(
        room, DWORD(len(each)), DWORD(0), ctypes.byref(size)
    )
    _given(made, "no list of attributes")
    try:
        for kind, value in each:
            done = kernel.UpdateProcThreadAttribute(
                room, DWORD(0), SIZE(kind), ctypes.byref(value), SIZE(ctypes.sizeof(value)), None, None
            )  # fmt: skip
            _given(done, f"attribute {kind:#x} was refused")
        yield ctypes.addressof(room)
    finally:
        kernel.DeleteProcThreadAttributeList(room)
        for one in rights:
            kernel.LocalFree(POINTER(one.sid))


def _sid(name: str) -> int:
    found = POINTER()
    convert = _library("advapi32").ConvertStringSidToSidW
    _given(convert(ctypes.c_wchar_p(name), ctypes.byref(found)), f"no such identity: {name}")
    return found.value or 0


def _given(result: Any, what: str) -> Any:
    if not result:
        last: Callable[[], int] = vars(ctypes)["get_last_error"]
        raise OSError(last(), what)
    return result


def _kernel() -> Any:
    return _library("kernel32")


def _library(name: str) -> Any:
    load = getattr(ctypes, "WinDLL", None)
    if load is None:
        raise OSError(0, "no such interface on this system")
    return load(name, use_last_error=True)
