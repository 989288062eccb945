"""The walls of macOS: a profile that denies everything but what a posture needs.

The profile is text in the system's sandbox language; `profile` makes it, and is tested anywhere.
`put_up` hands it to the system in the process itself, before its heavy imports. No Mac was at hand:
the label follows what a process finds open there (decisions 0112, 0184).
"""

import ctypes
import ctypes.util
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

from runner.confine.openings import INTERNET, LISTEN_ONLY, LOCAL_ONLY
from runner.confine.plan import Plan
from runner.confine.proof import PROFILE

SYSTEM_READABLE = (
    "/System/Library",
    "/usr/lib",
    "/usr/share",
    "/Library/Apple",
    "/private/var/db/dyld",
    "/private/etc/localtime",
    "/private/var/db/timezone",
)
NAMES = ("/private/etc/hosts", "/private/etc/resolv.conf", "/private/var/run/resolv.conf")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SANDBOX = "/usr/bin/sandbox-exec"
PROBE_S = 20
PROBE = """
import errno, json, ssl, threading, ctypes, socket
try:
    socket.create_connection(("127.0.0.1", 9), 2).close()
    print("open")
except OSError as error:
    name = errno.errorcode.get(error.errno or 0, "unknown")
    print("open" if name in ("ECONNREFUSED", "ETIMEDOUT") else name)
"""
"""Imports what reaches far into the system, then connects to a port of this computer's own that
nobody serves: no packet leaves it, walls or none."""

REFUSED = frozenset({"EPERM", "EACCES"})
METAL_CLASSES = ("AGXDeviceUserClient", "IOSurfaceRootUserClient", "AGXCommandQueue")
METAL_SERVICE = "com.apple.MTLCompilerService"
WINDOW_SERVICES = (
    "com.apple.windowserver.active",
    "com.apple.window_proxies",
    "com.apple.CoreServices.coreservicesd",
    "com.apple.fonts",
    "com.apple.pasteboard.1",
    "com.apple.tsm.uiserver",
)
"""What a program needs to draw; a front end alone may look them up."""


def profile(plan: Plan, interpreter: Sequence[Path] = ()) -> str:
    """Returns the profile for a plan: everything is denied that no line allows.

    Args:
        plan: the porter's instructions.
        interpreter: folders and files of Python and the packages; None given takes this one's.
    """
    front_end = plan.posture == LOCAL_ONLY
    lines = [
        "(version 1)",
        "(deny default)",
        # Its own memory, threads and clock, and nothing of another process.
        "(allow process-info* (target self))",
        "(allow signal (target self))",
        "(allow sysctl-read)",
        "(allow mach-task-name (target self))",
        _allow("file-read-metadata", ()),
        _allow("file-read* file-map-executable", _below(SYSTEM_READABLE)),
        _allow("file-read* file-map-executable", _below(interpreter or own_interpreter())),
        _allow("file-read* file-write-data file-ioctl", _exactly(DEVICES)),
    ]
    if plan.readable:
        lines.append(_allow("file-read*", _below(plan.readable)))
    if plan.writable:
        lines.append(_allow("file-read* file-write*", _below(plan.writable)))
    if plan.devices:
        lines += [
            f"(allow iokit-open (iokit-user-client-class {_quoted(METAL_CLASSES)}))",
            f"(allow mach-lookup (global-name {_quoted((METAL_SERVICE,))}))",
        ]
    if front_end:
        # A front end writes the person's chats and opens the files that they choose.
        lines += [
            "(allow file-read* file-write*)",
            f"(allow mach-lookup (global-name {_quoted(WINDOW_SERVICES)}))",
            "(allow network* (local unix-socket) (remote unix-socket))",
        ]
    if plan.posture == LISTEN_ONLY:
        lines.append('(allow network-inbound (local tcp "localhost:*"))')
    if plan.posture == INTERNET:
        lines += [
            _allow("file-read*", _exactly(NAMES)),
            '(allow network-outbound (remote tcp "*:443") (remote tcp "localhost:*"))',
            '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
            "(allow system-socket)",
        ]
    return "\n".join(lines) + "\n"


def put_up(plan: Plan) -> dict[str, list[str]]:
    """Hands the profile to the system, for this process and for good, once a probe has held.

    Returns:
        The wall, and what it is meant to give.

    Raises:
        OSError: the system has no such interface any more, or refuses the profile, or Python could
            not work under it: then this process would not either.
    """
    if not Path(SANDBOX).exists():
        raise OSError(0, "no such interface on this system")
    probe(plan)
    library = ctypes.CDLL(ctypes.util.find_library("System") or "libSystem.dylib", use_errno=True)
    try:
        sandbox_init = library.sandbox_init
    except AttributeError as error:
        raise OSError(0, "the system has no sandbox_init any more") from error
    sandbox_init.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_char_p)]
    why = ctypes.c_char_p()
    if sandbox_init(profile(plan).encode(), 0, ctypes.byref(why)) != 0:
        said = (why.value or b"").decode("utf-8", "replace")
        raise OSError(ctypes.get_errno(), said or "the profile was refused")
    return {PROFILE: ["files", "network", "programs"]}


def probe(plan: Plan) -> None:
    """Has another interpreter work under the profile, and try a socket.

    Raises:
        OSError: it could not work, or the socket was let through.
    """
    command = [SANDBOX, "-p", profile(plan), *probe_command()]
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_S, check=False
        )
    except subprocess.SubprocessError as error:
        raise OSError(0, f"the probe did not end: {error}") from error
    if why := refusal(plan, ran.returncode, ran.stdout.decode("utf-8", "replace")):
        raise OSError(0, why)


def probe_command() -> list[str]:
    """Returns the command that works a little, tries a socket, and says how that went."""
    return [sys.executable, "-I", "-B", "-c", PROBE]


def refusal(plan: Plan, status: int, said: str) -> str:
    """Returns why a probe speaks against the profile; empty where it holds."""
    if status != 0:
        return f"Python does not work under the profile: status {status}"
    outcome = said.strip()
    if plan.posture == INTERNET:
        return "" if outcome == "open" else f"the gate's socket: {outcome}"
    return "" if outcome in REFUSED else f"a socket was let through: {outcome}"


def own_interpreter() -> tuple[Path, ...]:
    """Returns what this interpreter is made of, and the folders that it imports from."""
    roots = {Path(sys.base_prefix), Path(sys.prefix), Path(sysconfig.get_paths()["stdlib"])}
    return tuple(sorted(roots | {Path(place) for place in sys.path if place}))


def _allow(operations: str, filters: Iterable[str]) -> str:
    return f"(allow {' '.join([operations, *filters])})"


def _below(paths: Iterable[str | Path]) -> list[str]:
    return [f"(subpath {_quoted((str(path),))})" for path in paths]


def _exactly(paths: Iterable[str]) -> list[str]:
    return [f"(literal {_quoted((path,))})" for path in paths]


def _quoted(words: Iterable[str]) -> str:
    """Quotes words; a name of a file can hold anything, and must not end its own quotes."""
    return " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
