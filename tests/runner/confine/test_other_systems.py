"""What is written for macOS and Windows, as far as it can be checked without either."""

import ctypes
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from runner.confine import labels, macos, proof, seal, windows
from runner.confine.labels import Label
from runner.confine.openings import GATE_ONLY, INTERNET, LOCAL_ONLY
from runner.confine.plan import Plan
from tests.support.porter import ROOT

NO_NETWORK = "no network"


def plan(posture: str = NO_NETWORK, **fields: object) -> Plan:
    return Plan(**{"kind": "engine", "posture": posture, "parent": 1, **fields})  # type: ignore[arg-type]


def expressions(text: str) -> list[str]:
    """Takes a profile apart into its outermost lists; fails where they don't close."""
    found, depth, start, quoted, at = [], 0, 0, False, 0
    while at < len(text):
        sign = text[at]
        if quoted and sign == "\\":
            at += 1
        elif sign == '"':
            quoted = not quoted
        elif not quoted and sign == "(":
            start, depth = (at, 1) if depth == 0 else (start, depth + 1)
        elif not quoted and sign == ")":
            depth -= 1
            if depth == 0:
                found.append(text[start : at + 1])
        at += 1
    assert depth == 0
    assert not quoted
    return found


def test_everything_is_denied_that_no_line_allows() -> None:
    for posture in (NO_NETWORK, GATE_ONLY, INTERNET, LOCAL_ONLY):
        lines = expressions(macos.profile(plan(posture)))
        assert lines[:2] == ["(version 1)", "(deny default)"]
        assert all(line.startswith("(allow ") for line in lines[2:])


def test_an_engine_gets_no_network_no_programs_and_no_writing() -> None:
    text = macos.profile(plan(readable=("/models/a.gguf",)))
    assert "network" not in text
    assert "process-exec" not in text
    assert "process-fork" not in text
    assert "file-write*" not in text
    assert "mach-lookup" not in text
    assert '(allow file-read* (subpath "/models/a.gguf"))' in text


def test_a_gpu_is_reached_by_the_named_services_alone() -> None:
    (service,) = re.findall(r"\(allow mach-lookup .*\)", macos.profile(plan(devices=True)))
    assert service == f'(allow mach-lookup (global-name "{macos.METAL_SERVICE}"))'


def test_the_gate_connects_out_and_the_courier_nowhere() -> None:
    gate = [line for line in expressions(macos.profile(plan(INTERNET))) if "network" in line]
    assert all("network-outbound" in line for line in gate)
    assert "network" not in macos.profile(plan(GATE_ONLY))


def test_a_courier_writes_where_it_downloads_to_and_nowhere_else() -> None:
    lines = expressions(macos.profile(plan(GATE_ONLY, writable=("/models",))))
    assert [line for line in lines if "file-write*" in line] == [
        '(allow file-read* file-write* (subpath "/models"))'
    ]


@given(some.text(min_size=1).filter(lambda text: "\0" not in text))
def test_a_name_can_not_end_its_own_quotes(name: str) -> None:
    usual = len(expressions(macos.profile(plan(readable=("/a",)), [Path("/python")])))
    hostile = expressions(macos.profile(plan(readable=(f"/{name}",)), [Path("/python")]))
    assert len(hostile) == usual


def test_the_probe_says_what_happened_and_only_a_refusal_holds() -> None:
    ran = subprocess.run(macos.probe_command(), capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout.strip()) == (0, "open"), "there is no wall around this test"
    assert "let through" in macos.refusal(plan(), ran.returncode, ran.stdout)
    assert macos.refusal(plan(), 0, "EPERM\n") == ""
    assert "does not work" in macos.refusal(plan(), 1, "")
    assert macos.refusal(plan(INTERNET), 0, "open") == ""
    assert macos.refusal(plan(INTERNET), 0, "EPERM")


def test_elsewhere_nothing_is_put_up_here() -> None:
    with pytest.raises(OSError, match="no such interface"):
        macos.put_up(plan())
    with pytest.raises(OSError, match="no such interface"):
        windows.Walls()


WALLS = {"darwin": {"profile": ["said"]}, "win32": {"container": ["said"], "job": ["said"]}}


def reported(system: str, monkeypatch: pytest.MonkeyPatch, **walls: object) -> dict[str, object]:
    """Seals as on another system, whose walls are only claimed here; returns the report."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", system)
        # As the system itself would say it: on Linux a hold on a process is asked for by a signal.
        patch.setattr(windows, "reach", lambda process: os.kill(process, 0))
        for module in (macos, windows):
            patch.setattr(module, "put_up", lambda plan: WALLS[system])
        given = plan(unreadable=__file__, parent=os.getppid(), **walls)
        return seal.seal(given, lambda listener: None)


def proof_of(report: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> proof.Proof:
    monkeypatch.setattr(proof, "_status", lambda pid: {})
    return proof.read(1, report, listened=False, local_sockets=False)


@pytest.mark.parametrize("system", WALLS)
def test_the_label_is_watched_whatever_is_claimed(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reported(system, monkeypatch)
    assert report["walls"] == WALLS[system]
    found = proof_of(report, monkeypatch)
    assert labels.label(found) is Label.WATCHED
    assert any(name.startswith("system: ") for name in labels.missing(found))
    # Nothing holds this test in, and the tries say so: a profile or a job would have to change it.
    tests = report["tests"]
    assert isinstance(tests, dict)
    assert {tests[name] for name in ("program", "read", "tcp4", "udp4", "parent signal")} == {
        "open"
    }
    assert {how for name, how in tests.items() if name.startswith("write ")} == {"open"}


HELD = """
import json, os, sys
from runner.confine import elsewhere, seal
from runner.confine.plan import Plan
from tests.support.porter import ROOT
plan = Plan(
    kind="engine", posture="no network", parent=os.getppid(), unreadable=sys.argv[1],
    walls=("namespaces", "capabilities", "landlock", "seccomp"),
)
seal.seal(plan, lambda listener: None)
print(json.dumps(elsewhere.attempts(plan)))
"""


@pytest.fixture(scope="module")
def tries_of_a_held_process(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How each try went behind the walls of Linux, which stand for another system's."""
    outside = tmp_path_factory.mktemp("outside") / "porter.log"
    outside.write_text("not for an engine")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", HELD, str(outside)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    tests: dict[str, str] = json.loads(ran.stdout)
    assert set(tests.values()) <= {"EPERM", "EACCES"}, tests
    return tests


@pytest.mark.parametrize("system", WALLS)
def test_the_label_follows_the_tries_where_everything_is_refused(
    system: str, monkeypatch: pytest.MonkeyPatch, tries_of_a_held_process: dict[str, str]
) -> None:
    tests = tries_of_a_held_process
    report = {"walls": WALLS[system], "missing": {"system": "never proved"}, "tests": tests}
    found = proof_of(report, monkeypatch)
    assert labels.label(found) is Label.TRIED
    assert labels.missing(found)
    # One way that is open, or was not tried, or no wall at all, and it is watched.
    for name in tests:
        for how in ("open", "ETIMEDOUT"):
            opened = {**report, "tests": {**tests, name: how}}
            assert labels.label(proof_of(opened, monkeypatch)) is Label.WATCHED, name
    for name in labels.TRIES_ELSEWHERE:
        untried = {**report, "tests": {n: how for n, how in tests.items() if n != name}}
        assert labels.label(proof_of(untried, monkeypatch)) is Label.WATCHED, name
    assert labels.label(proof_of({**report, "walls": {}}, monkeypatch)) is Label.WATCHED


def test_what_was_only_tried_is_not_called_enforced() -> None:
    assert Label.TRIED in labels.NOT_ENFORCED
    assert labels.NOT_ENFORCED.isdisjoint({Label.SEALED, Label.NO_NETWORK, Label.CALLS_REFUSED})


# ---- Windows ------------------------------------------------------------------------------------


def test_only_the_gate_has_a_capability() -> None:
    assert windows.container(plan()).capabilities == ()
    assert windows.container(plan(GATE_ONLY)).capabilities == ()
    assert windows.container(plan(INTERNET)).capabilities == (windows.INTERNET_CLIENT,)
    assert windows.container(plan()).name == "Lightwell.engine"


def test_a_container_gets_rights_to_what_was_asked_for() -> None:
    asked = plan(readable=(r"C:\models\a.gguf",), writable=(r"C:\models",))
    entries = windows.entries(asked, [r"C:\Python"])
    assert [(entry.path, entry.rights) for entry in entries] == [
        (r"C:\Python", windows.READ_EXECUTE),
        (r"C:\models\a.gguf", windows.READ_EXECUTE),
        (r"C:\models", windows.MODIFY),
    ]


def test_a_job_ends_with_its_handle_and_holds_one_process() -> None:
    limits = windows.job_limits(windows.Container(name="x", memory_bytes=5))
    assert limits.basic.flags == 0x2000 | 0x8 | 0x100
    assert limits.basic.most_processes == 1
    assert limits.process_memory == 5
    # As a 64-bit system lays them out.
    assert ctypes.sizeof(windows.BasicLimits) == 64
    assert ctypes.sizeof(windows.ExtendedLimits) == 144


class Kernel:
    """Stands for the system's library: notes what it is asked, and answers as it is told to."""

    def __init__(self, refuses: str = "") -> None:
        self.asked: list[str] = []
        self.limits = b""
        self._refuses = refuses

    def __getattr__(self, name: str) -> object:
        def answer(*given: object) -> int:
            self.asked.append(name)
            if name == "SetInformationJobObject":
                self.limits = bytes(given[2]._obj)  # type: ignore[attr-defined]
            return 0 if name == self._refuses else 0x1_0000_0004

        vars(self)[name] = answer
        return answer


def test_a_process_enters_a_job_that_lets_it_start_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel()
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, **_: kernel, raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: 5, raising=False)
    assert list(windows.put_up(plan(data_limit_bytes=7))) == ["job"], "in no container"
    assert kernel.asked[:4] == [
        "CreateJobObjectW", "SetInformationJobObject", "GetCurrentProcess",
        "AssignProcessToJobObject",
    ]  # fmt: skip
    assert kernel.limits == bytes(windows.job_limits(windows.container(plan(data_limit_bytes=7))))
    for refused in ("CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"):
        broken = Kernel(refused)
        monkeypatch.setattr(ctypes, "WinDLL", lambda name, b=broken, **_: b)
        with pytest.raises(OSError, match="job"):
            windows.put_up(plan())


def test_variables_become_one_block() -> None:
    assert windows.environment_block({"b": "2", "A": "1"}) == "A=1\0b=2\0\0"
