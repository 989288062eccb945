"""What another system lacks is needed neither by imports nor by a whole run."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runner.confine.labels import Label
from tests.support.as_mac import interpreter
from tests.support.porter import ROOT, WITHOUT_CAPABILITIES

BEFORE = (
    "argparse asyncio collections contextlib ctypes ctypes.util dataclasses enum errno functools hashlib"
    " itertools json pathlib queue random selectors shutil signal socket struct subprocess sysconfig"
    " threading time types typing urllib.parse"
)
LACKING = {
    "win32": {
        "modules": "fcntl resource pwd grp termios pty",
        "socket": "AF_UNIX AF_NETLINK AF_VSOCK send_fds recv_fds SOCK_SEQPACKET",
        "signal": "SIGCHLD SIGHUP SIGKILL SIGPIPE SIGXFSZ SIGSTOP pthread_sigmask",
        "os": "posix_spawn uname getuid geteuid O_PATH O_CLOEXEC O_NOFOLLOW pidfd_open WNOHANG"
        " POSIX_SPAWN_DUP2 pread sched_getaffinity",
        "has": "_overlapped _winapi msvcrt",
        "goes without": "",
    },
    "darwin": {
        "modules": "",
        "socket": "AF_NETLINK AF_VSOCK",
        "signal": "",
        "os": "O_PATH pidfd_open sched_getaffinity fdatasync memfd_create posix_fadvise",
        "has": "",
        "goes without": "windows_pipes windows_door windows_link windows_loop windows_relay windows_child",
    },
}
"""By a system, what Linux has and it has not; modules that it alone has, empty here; and
those of ours that it does not import."""

SCRIPT = """
import importlib, pkgutil, sys
for name in {before!r}.split():
    importlib.import_module(name)
import _signal, _socket, os, signal, socket, types
for name in {lacking[modules]!r}.split():
    sys.modules[name] = None
for where, names in ((socket, {lacking[socket]!r}), (signal, {lacking[signal]!r}), (os, {lacking[os]!r})):
    for name in names.split():
        vars(where).pop(name, None)
        for raw in (_signal, _socket):
            vars(raw).pop(name, None)
for name in {lacking[has]!r}.split():
    sys.modules[name] = types.ModuleType(name)
sys.platform = {system!r}
for package in ("runner.channel", "runner.porter", "runner.confine"):
    found = importlib.import_module(package)
    for one in pkgutil.iter_modules(found.__path__):
        if one.name not in {late!r}:
            importlib.import_module(f"{{package}}.{{one.name}}")
for name in ("runner.child.begin", "app.main", "app.processes", "app.front_ends", "app.settings_watch"):
    importlib.import_module(name)
"""


@pytest.mark.parametrize("system", LACKING)
def test_what_starts_first_is_imported_without_what_is_linuxs_own(system: str) -> None:
    script = SCRIPT.format(
        before=BEFORE,
        lacking=LACKING[system],
        system=system,
        # The front end's, after msgspec; and those of another system.
        late=("client", "handle", "bulk", "lines", *LACKING[system]["goes without"].split()),
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


# ---- a whole run, as far as macOS can be had here ------------------------------------------------


@pytest.fixture
def as_mac(tmp_path: Path) -> list[str]:
    """The beginning of a command that runs as if macOS were below it."""
    return [*WITHOUT_CAPABILITIES, str(interpreter(tmp_path))]


def test_a_chat_runs_where_linux_is_taken_away(
    as_mac: list[str], starter_model: Path, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [*as_mac, "-m", "app", "run", str(starter_model), "-p", "Say hello.", "--seed", "1",
         "--max-tokens", "6", "--json"],
        stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["answer_tokens"] == 6
    log = next(tmp_path.rglob("porter.log")).read_text()
    proved = re.findall(r"proof \d (\w+): ([a-z, ]+) Proof", log)
    assert proved == [("terminal", Label.WATCHED), ("engine", Label.WATCHED)]
    assert "macOS: no such interface on this system" in log, "the profile was tried"


@pytest.mark.parametrize("group", ["a session", "a group"])
def test_without_a_parents_last_word_children_see_that_it_is_gone(
    as_mac: list[str], group: str
) -> None:
    """Its front end is killed with it, which would hold their input open."""
    process = subprocess.Popen(
        [*as_mac, "-m", "tests.support.porter", "run", "owner", "wait"],
        env={**os.environ, "PORTER": "{}", "TEST_SPAWNS": group},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    pids = [int(word) for word in process.stdout.readline().split()]
    assert len(pids) == 3
    apart = {os.getpgid(pid) for pid in pids[1:]}
    assert os.getpgid(process.pid) not in apart, "Ctrl+C does not reach them"
    process.kill()
    process.wait(10)
    until = time.monotonic() + 20
    while any(map(lives, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(lives, pids))
    process.stdout.close()


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
