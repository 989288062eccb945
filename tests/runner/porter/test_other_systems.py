"""Nothing that starts first needs, while it is imported, what another system lacks."""

import os
import subprocess
import sys

import pytest

from tests.support.porter import ROOT

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
    },
    "darwin": {
        "modules": "",
        "socket": "AF_NETLINK AF_VSOCK",
        "signal": "",
        "os": "O_PATH pidfd_open sched_getaffinity fdatasync memfd_create posix_fadvise",
    },
}
"""By a system, what Linux has and it has not."""

SCRIPT = """
import importlib, pkgutil, sys
for name in {before!r}.split():
    importlib.import_module(name)
import _signal, _socket, os, signal, socket
for name in {lacking[modules]!r}.split():
    sys.modules[name] = None
for where, names in ((socket, {lacking[socket]!r}), (signal, {lacking[signal]!r}), (os, {lacking[os]!r})):
    for name in names.split():
        vars(where).pop(name, None)
        for raw in (_signal, _socket):
            vars(raw).pop(name, None)
sys.platform = {system!r}
for package in ("runner.porter", "runner.confine"):
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
        late=("client", "handle"),  # the front end's, after msgspec
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
