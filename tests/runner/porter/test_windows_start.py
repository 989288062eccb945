"""The start of a process on Windows, as far as it can be checked without one: a stand-in is asked."""

import ctypes
import os
import struct
from collections.abc import Callable
from typing import Any

import pytest

from runner.child import begin
from runner.confine import windows, windows_rights
from runner.confine.windows import MODIFY, READ_EXECUTE, Container, Entry
from runner.porter import windows_keyring, windows_start
from runner.porter.windows_start import spawn, table

ENGINE = Container(name="Lightwell.engine", memory_bytes=5)
GIVEN = {0: 10, 1: 11, 5: 15}


class System:
    """Stands for the libraries of Windows: notes what it is asked in turn; answers with numbers.

    Args:
        refuses: names of what fails.
        lacks: names of what is not there.
    """

    def __init__(self, refuses: tuple[str, ...] = (), lacks: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.given: dict[str, tuple[object, ...]] = {}
        self._refuses, self._lacks = refuses, lacks

    def __getattr__(self, name: str) -> object:
        if name in self._lacks:
            raise AttributeError(name)

        def answer(*given: object) -> int:
            self.asked.append(name)
            self.given[name] = given
            if name == "CreateAppContainerProfile":
                given[-1]._obj.value = 0x77  # type: ignore[attr-defined]
            if name in {"CreateAppContainerProfile", *NOTHING_IS_DONE}:
                return 5 if name in self._refuses else 0
            return 0 if name in self._refuses else 0x1_0000_0004

        vars(self)[name] = answer
        return answer


NOTHING_IS_DONE = {"GetNamedSecurityInfoW", "SetEntriesInAclW", "SetNamedSecurityInfoW"}
"""Calls that answer 0 where they have done it."""


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[System], System]:
    def put(system: System) -> System:
        monkeypatch.setattr(ctypes, "WinDLL", lambda name, **_: system, raising=False)
        monkeypatch.setattr(ctypes, "get_last_error", lambda: 87, raising=False)
        monkeypatch.setattr(windows_start, "inherited", lambda descriptor: descriptor + 100)
        return system

    return put


def start(entries: tuple[Entry, ...] | None = None) -> windows_start.Started:
    return spawn([r"C:\Python\python.exe", "-m", "a b"], {"B": "2"}, GIVEN, ENGINE, entries=entries)


def test_a_process_finds_descriptors_under_the_numbers_that_it_is_given() -> None:
    count, marks = struct.unpack_from("<i6s", told := table({0: 110, 1: 111, 5: 115}))
    assert (count, marks) == (6, bytes([9, 9, 0, 0, 0, 9]))
    nobody = 2**64 - 1
    assert struct.unpack_from("<6Q", told, 10) == (110, 111, nobody, nobody, nobody, 115)
    assert table({}) == b"\0\0\0\0"


def test_the_layouts_are_those_of_a_64_bit_system() -> None:
    sizes = {
        windows_start.StartupInfo: 112,
        windows_start.ProcessInformation: 24,
        windows_start.SecurityCapabilities: 24,
        windows_start.SidAndAttributes: 16,
        windows_rights.Trustee: 32,
        windows_keyring.Credential: 80,
        windows_rights.ExplicitAccess: 48,
    }
    assert {layout: ctypes.sizeof(layout) for layout in sizes} == sizes
    assert windows_start.StartupInfo.table.offset == 72
    assert windows_start.StartupInfo.attributes.offset == 104


def test_a_process_runs_only_once_it_is_in_its_job(on: Callable[[System], System]) -> None:
    system = on(System())
    assert start().missing == ""
    order = ["CreateJobObjectW", "CreateProcessW", "AssignProcessToJobObject", "ResumeThread"]
    assert [name for name in system.asked if name in order] == order
    assert system.given["CreateProcessW"][5].value & windows_start.SUSPENDED  # type: ignore[attr-defined]
    line = system.given["CreateProcessW"][1].value  # type: ignore[attr-defined]
    assert line == r'C:\Python\python.exe -m "a b"'
    folder = system.given["CreateProcessW"][7].value  # type: ignore[attr-defined]
    assert folder == r"C:\Python", "not the porter's, which a container may not see"
    inherits = system.given["UpdateProcThreadAttribute"][3]._obj  # type: ignore[attr-defined]
    assert list(inherits) == [110, 111, 115], "what is given, and no other"


def test_a_process_that_no_job_takes_never_runs(on: Callable[[System], System]) -> None:
    system = on(System(refuses=("AssignProcessToJobObject",)))
    with pytest.raises(OSError, match="job"):
        start()
    assert "ResumeThread" not in system.asked
    assert "TerminateProcess" in system.asked


@pytest.mark.parametrize("call", ["CreateProcessW", "InitializeProcThreadAttributeList"])
def test_the_job_goes_with_a_start_that_fails(call: str, on: Callable[[System], System]) -> None:
    system = on(System(refuses=(call,)))
    with pytest.raises(OSError, match=r"not started|no list"):
        start()
    assert system.asked[-1] == "CloseHandle"


def test_a_container_comes_with_its_rights_and_without_a_capability(
    on: Callable[[System], System],
) -> None:
    system = on(System())
    started = start((Entry(r"C:\models\a.gguf", READ_EXECUTE),))
    assert started.missing == ""
    asked = system.given["UpdateProcThreadAttribute"]
    capabilities = asked[3]._obj  # type: ignore[attr-defined]
    assert (capabilities.container, capabilities.count) == (0x77, 0)
    (entry,) = (system.given["SetEntriesInAclW"][1]._obj,)  # type: ignore[attr-defined]
    assert (entry.rights, entry.trustee.identity) == (READ_EXECUTE, 0x77)
    assert system.asked[-1] == "FreeSid"


def test_where_there_is_no_container_it_starts_and_says_so(on: Callable[[System], System]) -> None:
    system = on(System(lacks=("CreateAppContainerProfile",)))
    assert "no app containers" in start(()).missing
    assert "ResumeThread" in system.asked


def test_a_right_that_was_refused_is_named(on: Callable[[System], System]) -> None:
    on(System(refuses=("SetNamedSecurityInfoW",)))
    assert "a.gguf" in start((Entry(r"C:\models\a.gguf", READ_EXECUTE),)).missing


def test_what_every_container_may_read_needs_no_entry(on: Callable[[System], System]) -> None:
    system = on(System(refuses=("SetNamedSecurityInfoW",)))

    def rights(_: object, trustee: Any, found: Any) -> int:
        found._obj.value = 0 if trustee._obj.identity == 0x77 else READ_EXECUTE
        return 0

    def everyone(name: Any, found: Any) -> int:
        found._obj.value = 0x15 if name.value == windows_rights.ALL_CONTAINERS else 0
        return 1

    vars(system).update(GetEffectiveRightsFromAclW=rights, ConvertStringSidToSidW=everyone)
    assert start((Entry(r"C:\Program Files\Python", READ_EXECUTE),)).missing == ""
    assert "SetEntriesInAclW" not in system.asked
    assert "a.gguf" in start((Entry(r"C:\models\a.gguf", MODIFY),)).missing


def works(system: System) -> bool:
    works: bool = windows_start.works_contained([r"C:\Python\python.exe"], {}, ENGINE, ())
    assert system.asked[-3:] == ["TerminateJobObject", "CloseHandle", "CloseHandle"], (
        "it is let go of"
    )
    return works


@pytest.mark.parametrize(
    ("ends", "status", "expected"), [(0, 0, True), (0, 1, False), (0x102, 0, False)]
)
def test_containers_are_used_where_the_interpreter_works_in_one(
    ends: int, status: int, expected: bool, on: Callable[[System], System]
) -> None:
    system = on(System())

    def tell(_: object, told: Any) -> int:
        told._obj.value = status
        return 1

    vars(system).update(WaitForSingleObject=lambda *_: ends, GetExitCodeProcess=tell)
    assert works(system) is expected


def test_here_nothing_of_it_is_there() -> None:
    with pytest.raises(OSError, match="no such interface"):
        start()
    with pytest.raises(OSError, match="no such interface"):
        windows_rights.grant((), 1)
    with pytest.raises(OSError, match="no such interface"):
        windows.reach(1)


def test_input_is_empty_where_a_container_closes_the_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(path: str, flags: int) -> int:
        raise PermissionError(13, "Access is denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        nothing = begin._nothing()
    assert os.read(nothing, 9) == b""
    os.close(nothing)
