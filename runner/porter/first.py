"""Starts the front end's interpreter before the porter has imported anything that takes time.

Built-in modules only, for the same reason: `socket`, `signal`, `dataclasses` and the table of kinds
would keep the window waiting for twenty milliseconds. Used once, at the start of `lightwell`;
`runner.porter.spawn` shares what both need.
"""

import _signal  # type: ignore[import-not-found]  # it has no stub
import _socket
import os
import sys

if sys.platform != "win32":
    import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from collections.abc import Iterable, Mapping, Sequence

SEAL, PORTER = 5, 7 if sys.platform == "win32" else 6
"""Where a front end finds the socket over which it is told how to seal itself, and its porter's. On Windows
each is two pipes, the way out under the next number."""

SECRETS = ("TOKEN", "PASSW", "PASSPHRASE", "SECRET", "_PROXY", "_KEY", "APIKEY", "CREDENTIALS")
"""Parts of names of variables that not even a front end needs."""

NO_SECRETS = frozenset({"HF_TOKEN_PATH"})
"""It says where the Hub's own tools keep their token; who may read that file finds it anyway."""

PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
"""Variables that name a proxy, in the order in which the gate looks at them."""

WAY_OUT, WAY_AROUND = "LIGHTWELL_WAY_OUT", "LIGHTWELL_WAY_AROUND"
"""Tell a front end of the proxy and of the hosts that are reached without it; neither is a secret."""

OURS = frozenset({WAY_OUT, WAY_AROUND, "LIGHTWELL_MIRROR"})
"""Names by which processes of this app tell each other things. Whoever sets them before the start would
have the window name another Hub or another proxy than the gate goes to."""

SERVICES = frozenset({"SESSION_MANAGER", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO"})
"""Names of variables that lead to local services that no front end may reach."""

PACKAGES = ("site-packages", "dist-packages")
"""What folders of installed packages are called."""

NOT_WRITTEN = 95
"""The number of an error: this system has it, and this app does not use it yet."""

OPTIONS = ("-P", "-S", "-s", "-B", *(("-X", "utf8") if sys.platform == "win32" else ()))
"""Of the interpreter: only our own places are searched, and no compiled module is written. Windows
has another code for texts than the one in which all of this app's are written."""

HIGH = 64
"""Descriptors are moved up to here, so that placing them at 0 to 7 overwrites none of them."""

OWN_SIGNALS = tuple(
    getattr(_signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGXFSZ")
    if hasattr(_signal, name)
)
"""What a new process answers as any other program does, whatever its parent ignores."""


class StartedFrontEnd:
    """A front end that has just been started, and the porter's ends of its two sockets."""

    __slots__ = ("pid", "porter", "seal")

    def __init__(self, pid: int, seal: int, porter: int) -> None:
        self.pid = pid
        self.seal = seal
        self.porter = porter


def start_front_end(name: str, module: str, arguments: "Sequence[str]") -> StartedFrontEnd:
    """Starts the window or the terminal, which keeps the person's standard streams.

    It waits for its plan before it does anything.

    Args:
        name: of its kind.
        module: whose `main` is called; it returns the exit status.
        arguments: after the kind's name.
    """
    porter, porter_child = _pair()
    seal, seal_child = _pair()
    environment = {
        **front_end_environment(os.environ),
        "LIGHTWELL_SEAL_FD": str(SEAL),
        "LIGHTWELL_PORTER_FD": str(PORTER),
    }
    given = {SEAL: seal_child, PORTER: porter_child}
    # Not `-m`, which imports eight milliseconds of modules to find this one.
    program = ["-c", f"import sys; from {module} import main; sys.exit(main())"]
    try:
        pid = spawn(program, (name, *arguments), environment, given, own_session=False)
    finally:
        for descriptor in given.values():
            os.close(descriptor)
    return StartedFrontEnd(pid, seal, porter)


def spawn(
    program: "Sequence[str]",
    arguments: "Iterable[str]",
    environment: "Mapping[str, str]",
    given: "Mapping[int, int]",
    *,
    own_session: bool,
) -> int:
    """Starts a process of ours and returns its number.

    Args:
        program: what the interpreter runs, without `site` and without writing compiled modules.
        arguments: the kind's name first.
        environment: all that it gets.
        given: where it finds which of our descriptors.
        own_session: a person's Ctrl+C does not reach it.
    """
    command = [sys.executable, *OPTIONS, *program, *arguments]

    def start(**group: int) -> int:
        signals = {"setsigmask": [], "setsigdef": OWN_SIGNALS}
        return start_program(command, environment, given, **signals, **group)

    if not own_session:
        return start()
    try:
        return start(setsid=True)
    except NotImplementedError:
        # A macOS before 10.15. Ctrl+C goes to the terminal's group, so one of its own does too.
        return start(setpgroup=0)


def start_program(
    command: "Sequence[str]",
    environment: "Mapping[str, str]",
    given: "Mapping[int, int]",
    **more: object,
) -> int:
    """Starts any program and returns its number.

    Args:
        command: where it lies, and its arguments.
        environment: all that it gets.
        given: where it finds which of our descriptors.
        more: what else `os.posix_spawn` is told.
    """
    if sys.platform != "win32":
        places = [(os.POSIX_SPAWN_DUP2, ours, place) for place, ours in given.items()]
        return os.posix_spawn(
            command[0],
            list(command),
            dict(environment),
            file_actions=places,
            **more,  # type: ignore[arg-type]
        )
    raise OSError(NOT_WRITTEN, "no program is started on this system yet")


def code_root() -> str:
    """Returns the folder that holds the app's packages."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - pathlib is what this goes without


def import_path() -> str:
    """Returns where processes look for modules besides the standard library.

    They run without `site`: it reads the path files of every package, which may run code before
    the seal, and takes half of an interpreter's start. What it would have found is named instead.
    """
    packages = [place for place in sys.path if os.path.basename(place) in PACKAGES]  # noqa: PTH119 - as above
    return os.pathsep.join(dict.fromkeys([code_root(), *packages]))


def front_end_environment(own: "Mapping[str, str]") -> dict[str, str]:
    """Returns the person's variables without secrets, proxies and ways to other services."""
    kept = {
        name: value
        for name, value in own.items()
        if name in NO_SECRETS
        or (name not in SERVICES | OURS and not any(part in name.upper() for part in SECRETS))
    }
    return {**kept, **way_out(own), "PYTHONPATH": import_path()}


def way_out(own: "Mapping[str, str]") -> dict[str, str]:
    """Returns which proxy is in force, for a person to read: its address without name and password."""
    name = next((name for name in PROXIES if own.get(name, "").strip()), "")
    if not name:
        return {}
    scheme, _, rest = own[name].strip().rpartition("://")
    # The last @ of all: where a password has a slash in it, nobody can read the address, the gate no
    # more than we; and a part of the password would be taken for the host.
    login, at, rest = rest.rpartition("@")
    host = "" if "/" in login else rest.partition("/")[0]
    said = f"{name} {scheme or 'http'}://{host} {'login' if at and login else 'open'}"
    without = next((own[one] for one in ("NO_PROXY", "no_proxy") if own.get(one)), "")
    return {WAY_OUT: said, WAY_AROUND: without}


def keep_descriptors_private() -> None:
    """Marks every descriptor above 2 to be closed in children, whoever left it open here."""
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - as above
    except OSError:
        numbers = list(range(256))
    for number in numbers:
        if number > 2:
            try:
                os.set_inheritable(number, False)
            except OSError:
                continue  # the descriptor of the listing itself


def move_up(descriptor: int) -> int:
    """Moves a descriptor to a high number, closed in children."""
    if sys.platform == "win32":
        return descriptor  # a new process gets a table of them there
    else:
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, HIGH)
        os.close(descriptor)
        return moved


def _pair() -> tuple[int, int]:
    if sys.platform != "win32":
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM, 0)
        return move_up(ours.detach()), move_up(theirs.detach())
    raise OSError(NOT_WRITTEN, "no local streams on this system")
