"""strace as a witness that is not ours: what a chat asks of the kernel; and a chat without a network."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.porter import ROOT, WITHOUT_CAPABILITIES, front_end_command
from tests.support.trace import read_trace

pytestmark = pytest.mark.fault
NETWORK = "trace=%network,execve,execveat,io_uring_setup,io_uring_enter"
QUESTION = (
    "run",
    "-p",
    "Say a few words about trees.",
    "--seed",
    "1",
    "--max-tokens",
    "200",
    "--json",
)
LINE = re.compile(r"^(\d+) +(\w+)\((.*)")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PORTER": "{}"}


def test_a_chat_of_200_tokens_makes_no_network_call(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: .ci/run installs it")
    trace = tmp_path / "trace"
    ran = subprocess.run(
        [*WITHOUT_CAPABILITIES, "strace", "-f", "-qq", "-e", NETWORK, "-o", str(trace),
         *front_end_command("terminal", *QUESTION)],
        env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout), "an answer came"

    calls = [match.groups() for line in read_trace(trace) if (match := LINE.match(line))]
    log = (tmp_path / "state/lightwell/porter.log").read_text()
    assert "attempt" not in log
    (engine,) = re.findall(r"start 1 engine pid (\d+)", log)
    of_engine = [(call, rest) for pid, call, rest in calls if pid == engine]
    handed_over = [call for call, _ in of_engine].index("sendmsg")
    # Before that, its start; after that, its own test of the walls, all of it refused, and nothing.
    after = of_engine[handed_over + 1 :]
    assert [call for call, _ in after] == SELF_TEST
    assert [rest for _, rest in after if "EPERM" not in rest] == []
    # Every other thread of the app listens to the porter and says what has come, and nothing else.
    (terminal,) = re.findall(r"start 0 terminal pid (\d+)", log)
    known = {calls[0][0], terminal, engine}
    others = {f"{call}({rest[:2]}" for pid, call, rest in calls if pid not in known}
    assert others <= {"recvmsg(6,", "sendmsg(6,"}
    internet = [rest for _, _, rest in calls if "AF_INET" in rest and "EPERM" not in rest]
    assert internet == [], "no process of the app got an internet socket"


SELF_TEST = [*["socket"] * 5, "io_uring_setup", "execve", "socket"]


def test_a_chat_works_where_there_is_no_network() -> None:
    ran = subprocess.run(
        ["unshare", "--user", "--map-current-user", "--net", *front_end_command("terminal", *QUESTION[:6], "8", "--json")],
        env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)


def test_the_window_works_where_there_is_no_network() -> None:
    """S8: every page, every tab and an answer, in a network namespace that has no way out."""
    ran = subprocess.run(
        ["unshare", "--user", "--map-current-user", "--net", *front_end_command("touring", "offline")],
        env={**environment(), "QT_QPA_PLATFORM": "offscreen"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "the answer has ended" in ran.stdout
    assert "it was declined" in ran.stdout
