"""Which local services a front end may reach, and how the porter connects it. Standard library only.

The kernel holds each `connect` of a front end and asks the porter. The porter copies the address,
decides, and connects the front end's own socket itself, so that an address that is changed
meanwhile changes nothing (decision 0114). A filter of system calls can't see an address.

A front end writes the person's files, so a name alone says little: it could lead elsewhere by now.
The porter opens what the name leads to, judges that, and connects to that very one (decision 0182).
"""

import ctypes
import errno
import os
import re
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from runner.confine.prctl import library
from runner.confine.syscalls import numbers
from runner.values import Value

LONGEST_ADDRESS = 128
UNIX = 1
X11 = "/tmp/.X11-unix/X"  # noqa: S108 - where the display is, by agreement
OWN_FOLDER = "lightwell"
QUIET = ("/run/systemd/userdb/", "/run/nscd/", "/var/run/nscd/", "/var/lib/sss/", "/dev/log")
"""What the system's library tries by itself, to look up a user or to log: refused, and no attempt."""


BY_DESCRIPTOR = re.compile(r"/proc/self/fd/(\d{1,9})/([^/]+)")
"""How a name is given for which an address has no room: by way of its folder, which is held open."""

HELD: int = getattr(os, "O_PATH", 0) | getattr(os, "O_CLOEXEC", 0)
"""Opens what a name leads to without asking anything of it."""

PEER: int = getattr(socket, "SO_PEERCRED", 0)
"""Who listens; only Linux has it, and only there is anything of this called."""

DELETED = " (deleted)"
"""What the kernel adds to a program's name once its file is gone."""

INPUT_METHOD = "ibus-daemon"
"""The program that listens where an input method does that came after the window."""

STAND_INS = frozenset({INPUT_METHOD, "fcitx5"})
"""Programs that speak as IBus does; Fcitx does so over the desktop's bus, and listens nowhere itself."""

PATIENCE_S = 0.05
"""How long a connection may wait for room at the other side; the porter has others to serve."""

HAS_LOCAL_SOCKETS = hasattr(socket, "AF_UNIX")
"""Windows' library has none; a variable that names one there is for programs of another kind."""

Inode = tuple[int, int]
"""What a file is, whatever it is called: its device and its number there."""


class Places(Value):
    """Where a front end may connect to; an abstract name begins with `@`.

    Attributes:
        names: whole names.
        below: beginnings of names.
    """

    names: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()

    def allow(self, name: str) -> bool:
        """Says whether a name is one of them; `..` leads out of any folder."""
        if "/../" in name:
            return False
        return name in self.names or name.startswith(self.below)


def places(environment: Mapping[str, str], *, draws: bool, files: bool = True) -> Places:
    """Returns what a front end needs: its own door, and where it draws the display and what types.

    Neither the desktop's bus (see `buses`), nor the session manager, which starts programs.

    Args:
        environment: the porter's own.
        draws: it opens windows.
        files: what the person's files name is among them; any window could have written these.
    """
    own = own_folders(environment)
    if not draws:
        return Places(below=own)
    names = input_method_names(environment) if files else set()
    return Places(x11_names(environment) | wayland_names(environment) | names, own)


def x11_names(environment: Mapping[str, str]) -> frozenset[str]:
    """Returns where the person's X11 display listens."""
    _, colon, number = environment.get("DISPLAY", "").rpartition(":")
    if not HAS_LOCAL_SOCKETS or not colon or not (screen := number.partition(".")[0]).isdecimal():
        return frozenset()
    return frozenset({f"{X11}{screen}", f"@{X11}{screen}"})


def wayland_names(environment: Mapping[str, str]) -> frozenset[str]:
    """Returns where the person's Wayland display listens.

    Without the variable nothing draws there, so whoever leaves something by that name is not heard.
    """
    runtime = environment.get("XDG_RUNTIME_DIR", "").rstrip("/")
    wayland = environment.get("WAYLAND_DISPLAY", "")
    names = {f"{runtime}/{wayland}"} if runtime and wayland else set()
    return frozenset(names | ({wayland} if wayland.startswith("/") else set()))


def own_folders(environment: Mapping[str, str]) -> tuple[str, str]:
    """Returns where a second start knocks, as it is called and as it really lies.

    It is `runner.library.paths.runtime_folder`.
    """
    runtime = environment.get("XDG_RUNTIME_DIR", "").rstrip("/")
    home = environment.get("HOME") or "/"
    cache = environment.get("XDG_CACHE_HOME") or f"{home}/.cache"
    folder = f"{runtime}/{OWN_FOLDER}" if runtime else f"{cache}/{OWN_FOLDER}/run"
    return f"{folder}/", f"{os.path.realpath(folder)}/"


def pinned(allowed: Places) -> frozenset[Inode]:
    """Returns what is behind the names now, to be asked before a front end could change them."""
    found: set[Inode] = set()
    for name in allowed.names:
        if not name.startswith("/"):
            continue  # an abstract one is nothing that lies anywhere
        try:
            seen = os.stat(name)  # noqa: PTH116 - a name may be no path at all
        except (OSError, ValueError):
            continue
        found.add((seen.st_dev, seen.st_ino))
    return frozenset(found)


def abstract(allowed: Places) -> frozenset[str]:
    """Returns those of the abstract names at which somebody listens now; any program may take the others."""
    return frozenset(name for name in allowed.names if name.startswith("@") and _answers(name))


def _answers(name: str) -> bool:
    with socket.socket(UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(f"\0{name[1:]}")
        except BlockingIOError:
            return True  # it has no room just now
        except OSError:
            return False
        return True


def session_bus(environment: Mapping[str, str]) -> frozenset[str]:
    """Returns where the desktop's bus listens."""
    if not HAS_LOCAL_SOCKETS:
        return frozenset()
    names = bus_names(environment.get("DBUS_SESSION_BUS_ADDRESS", ""))
    if runtime := environment.get("XDG_RUNTIME_DIR", "").rstrip("/"):
        names.add(f"{runtime}/bus")
    return frozenset(names)


def buses(environment: Mapping[str, str], reading: Iterable[str] = ()) -> Places:
    """Returns the desktop's bus and that of its assistive programs, for a front end that may use them.

    Args:
        environment: the porter's own.
        reading: where the assistive programs' bus listens, as the desktop's bus says.
    """
    names = {
        *session_bus(environment),
        *reading,
        *bus_names(environment.get("AT_SPI_BUS_ADDRESS", "")),
    }
    home = environment.get("HOME") or "/"
    folders = (
        environment.get("XDG_RUNTIME_DIR", ""),
        environment.get("XDG_CACHE_HOME", "") or f"{home}/.cache",
    )
    below = tuple(f"{folder.rstrip('/')}/at-spi/" for folder in folders if folder)
    return Places(frozenset(names), below)


def can_look(pid: int) -> bool:
    """Says whether the system lets the porter read a process of its own; some let nobody.

    To be asked before the process has run anything foreign: later it could close itself off.
    """
    try:
        os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
        os.close(_take(pid, 0))
    except OSError as error:
        return (
            error.errno == errno.EBADF
        )  # it has no such descriptor, which the system let be asked
    return True


class Place(Value):
    """What a front end asks to be connected to.

    Attributes:
        name: as it was given; an abstract one begins with `@`.
        held: a descriptor of what it leads to, which no one can exchange any more; -1 for an
            abstract name, and where there is nothing.
    """

    name: str
    held: int = -1

    @property
    def path(self) -> str:
        """Where it really lies; the name itself for an abstract one, and where there is nothing."""
        return self.name if self.held < 0 else os.readlink(f"/proc/self/fd/{self.held}")  # noqa: PTH115

    @property
    def inode(self) -> Inode:
        """What it is, by whatever name."""
        seen = os.fstat(self.held)
        return seen.st_dev, seen.st_ino

    def program(self, below: tuple[str, ...] = ()) -> str:
        """Returns the program that listens there; empty where that can't be known.

        Args:
            below: folders in one of which it must have begun to listen. A socket can be moved, or have
                another name besides; the one that its program gave it can't be changed.

        Raises:
            BlockingIOError: nobody can be asked there just now.
        """
        with socket.socket(UNIX, socket.SOCK_STREAM) as probe:
            probe.setblocking(False)
            try:
                probe.connect(self._reached_by())
                if below and not self._was_bound(str(probe.getpeername()), below):
                    return ""
                listener = probe.getsockopt(socket.SOL_SOCKET, PEER, 12)
                return program_of(int.from_bytes(listener[:4], sys.byteorder))
            except BlockingIOError:
                raise  # who listens there has no room just now, which is no refusal
            except OSError:
                return ""

    def _was_bound(self, name: str, below: tuple[str, ...]) -> bool:
        last = os.path.basename(self.path)  # noqa: PTH119 - as little as possible
        if by_folder := BY_DESCRIPTOR.fullmatch(name):
            return by_folder[2] == last
        return name in {f"{folder}{last}" for folder in below}

    def _reached_by(self) -> str:
        return f"\0{self.name[1:]}" if self.name.startswith("@") else self.by_descriptor()

    def by_descriptor(self) -> str:
        """Returns a name that leads there and nowhere else."""
        return f"/proc/self/fd/{self.held}"


def program_of(pid: int) -> str:
    """Returns the program that a process runs; empty where that can't be known."""
    try:
        # One that was replaced by an update meanwhile is the same program.
        return os.readlink(f"/proc/{pid}/exe").removesuffix(DELETED)  # noqa: PTH115
    except OSError:
        return ""


def is_input_method(pid: int) -> bool:
    """Says whether a process is an input method, wherever that was installed."""
    return os.path.basename(program_of(pid)) in STAND_INS  # noqa: PTH119 - as little as possible


def connect(
    pid: int, descriptor: int, address: int, length: int, allows: Callable[[Place], bool]
) -> tuple[int, str]:
    """Connects a process's socket in its stead, where the place is allowed.

    Args:
        pid: the process.
        descriptor: its socket.
        address: where the socket's address lies in its memory.
        length: how many bytes of it there are.
        allows: says whether it may connect to a place.

    Returns:
        An error's number, 0 for none, and the name that was asked for.
    """
    if not 2 < length <= LONGEST_ADDRESS:
        return errno.EINVAL, ""
    try:
        raw = _memory(pid, address, length)
    except OSError:
        return errno.EFAULT, ""
    if int.from_bytes(raw[:2], "little") != UNIX:
        return errno.EAFNOSUPPORT, ""
    name = _name(raw[2:])
    missing, held = _hold(pid, name)
    place = Place(name, held)
    try:
        if not allows(place):
            return errno.EPERM, name
        if missing:
            return missing, name
        if held >= 0:
            if not stat.S_ISSOCK(os.fstat(held).st_mode):
                return errno.ECONNREFUSED, name
            raw = UNIX.to_bytes(2, "little") + os.fsencode(place.by_descriptor()) + b"\0"
        with socket.socket(fileno=_take(pid, descriptor)) as theirs:
            if theirs.family != UNIX:
                return errno.EPERM, name
            return _connect(theirs.fileno(), raw), name
    except OSError as error:
        return error.errno or errno.EPERM, name
    finally:
        if held >= 0:
            os.close(held)


def _connect(descriptor: int, raw: bytes) -> int:
    """Connects a socket, and returns an error's number; waits for a moment at most.

    Where the other side has no room, a socket that blocks waits without end, and the porter with it. That
    it should not block is no use to say: its process could take that back in time. A signal ends it.
    """
    if sys.platform == "win32":
        return errno.ENOSYS
    else:
        before = signal.signal(signal.SIGALRM, lambda number, frame: None)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_S, PATIENCE_S)
        try:
            # Not by Python's own: that would look at the socket's mode, which is shared.
            if library().connect(descriptor, raw, len(raw)) == 0:
                return 0
            number = ctypes.get_errno()
            return errno.EAGAIN if number == errno.EINTR else number
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _hold(pid: int, name: str) -> tuple[int, int]:
    """Opens what a name leads to; returns why not, 0 for no reason, and the descriptor or -1."""
    if not name.startswith("/"):
        return 0 if name.startswith("@") else errno.ENOENT, -1
    try:
        if by_folder := BY_DESCRIPTOR.fullmatch(name):
            folder = _take(pid, int(by_folder[1]))
            try:
                return 0, os.open(by_folder[2], HELD, dir_fd=folder)
            finally:
                os.close(folder)
        return 0, os.open(name, HELD)
    except (OSError, ValueError) as error:
        return getattr(error, "errno", 0) or errno.ENOENT, -1


def _memory(pid: int, address: int, length: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - not a folder's
        memory.seek(address)
        read = memory.read(length)
    if len(read) != length:
        raise OSError(errno.EFAULT, "the address lies outside its memory")
    return read


def _take(pid: int, descriptor: int) -> int:
    """Returns a descriptor of our own for a process's socket."""
    process: int = library().syscall(
        ctypes.c_long(numbers()["pidfd_open"]), ctypes.c_int(pid), ctypes.c_uint(0)
    )
    if process < 0:
        raise OSError(ctypes.get_errno(), "it has ended")
    try:
        taken: int = library().syscall(
            ctypes.c_long(numbers()["pidfd_getfd"]),
            ctypes.c_int(process),
            ctypes.c_int(descriptor),
            ctypes.c_uint(0),
        )
    finally:
        os.close(process)
    if taken < 0:
        raise OSError(ctypes.get_errno(), "its socket could not be taken")
    return taken


def _name(path: bytes) -> str:
    if path.startswith(b"\0"):
        return "@" + path[1:].decode("utf-8", "surrogateescape")
    name = path.partition(b"\0")[0].decode("utf-8", "surrogateescape")
    # A folder called `@` must not make a name that is none an abstract one.
    return name if name.startswith("/") else f"./{name}"


def bus_names(addresses: str) -> set[str]:
    """Returns the local names in a bus's addresses, such as `unix:path=/run/user/1/bus,guid=…`."""
    found = set()
    for address in addresses.split(";"):
        kind, _, fields = address.partition(":")
        for field in fields.split(",") if kind == "unix" else ():
            key, _, value = field.partition("=")
            if value and key in {"path", "abstract"}:
                found.add(f"@{value}" if key == "abstract" else value)
    return found


def input_method_names(environment: Mapping[str, str]) -> set[str]:
    """Returns where an input method listens, which names itself in a file of the person's.

    Some of them listen on the desktop's bus.
    """
    found = bus_names(environment.get("IBUS_ADDRESS", ""))
    home = Path(environment.get("HOME") or "/")
    folder = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        for file in (folder / "ibus/bus").iterdir():
            for line in file.read_text(errors="replace").splitlines():
                if line.startswith("IBUS_ADDRESS="):
                    found |= bus_names(line.partition("=")[2])
    except OSError:
        return found
    return found
