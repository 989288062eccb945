"""The jobs of the tests' reader."""

import ctypes
import errno
import os
import threading
import time
from pathlib import Path
from typing import Any

from runner.channel.bulk import FrameKind, write_all
from runner.child.jobs import JobKind, JobTools
from runner.errors import RunnerError
from tests.support import routes


def jobs() -> dict[str, JobKind]:
    return {
        "double": JobKind(int, lambda number, tools: number * 2),
        "read": JobKind(str, lambda path, tools: Path(path).read_text()),
        "count": JobKind(int, _count),
        "bulk": JobKind(int, _bulk),
        "wait": JobKind(float, _wait),
        "fail": JobKind(str, _fail),
        "fail in odd words": JobKind(int, _fail_oddly),
        "bug": JobKind(int, lambda number, tools: 1 // number),
        "crash": JobKind(int, lambda number, tools: ctypes.string_at(number)),
        "memory": JobKind(int, lambda size, tools: len(bytearray(size))),
        "environment": JobKind(int, lambda _, tools: dict(os.environ)),
        "threads": JobKind(int, _threads),
        "babble": JobKind(tuple[str, int], _babble),
        "memory of": JobKind(int, _memory_of),
        "shout": JobKind(int, _shout),
        "routes": JobKind(routes.Targets, lambda targets, tools: routes.try_all(targets)),
        "route": JobKind(tuple[str, routes.Targets], _route),
        "sockets": JobKind(int, _sockets),
        "signals": JobKind(int, _signals),
        "own turns": JobKind(int, _own_turns),
        "status": JobKind(int, lambda _, tools: Path("/proc/self/status").read_text()),
    }


def _count(to: int, tools: JobTools) -> int:
    for number in range(to):
        tools.progress(number + 1, to)
    return to


def _bulk(size: int, tools: JobTools) -> int:
    tools.send_bulk(FrameKind.BYTES, bytes(size))
    return size


def _wait(seconds: float, tools: JobTools) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if tools.cancelled():
            return "cancelled"
        time.sleep(0.01)
    return "waited"


def _fail(code: str, tools: JobTools) -> Any:
    raise RunnerError(code, "as asked", path="/some/where")


def _fail_oddly(size: int, tools: JobTools) -> Any:
    """Fails with what a hostile file can have put into words: half of a sign, numbers and texts beyond all."""
    raise RunnerError(
        "gguf.truncated", "half \ud800 a sign" + "x" * size, path="odd \udcff name", bytes=2**70
    )


def _babble(what: tuple[str, int], tools: JobTools) -> None:
    """Writes what is no message where messages belong."""
    text, times = what
    write_all(tools._task._voice._lines._descriptor, text.encode() * times)
    time.sleep(30)


def _memory_of(pid: int, tools: JobTools) -> str:
    """Opens the memory of another process for writing; returns how that went."""
    try:
        os.close(os.open(f"/proc/{pid}/mem", os.O_RDWR))
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "open"


def _shout(_: int, tools: JobTools) -> None:
    """Writes to the standard error without end."""
    while True:
        write_all(2, b"no\n" * 20_000)


def _route(which: tuple[str, routes.Targets], tools: JobTools) -> str:
    name, targets = which
    return routes.outcome(routes.table(targets)[name])


def _signals(times: int, tools: JobTools) -> int:
    """Signals the parent and starts processes in turn, which is refused; returns how often it was."""
    refused = 0
    for number in range(times):
        try:
            if number % 2:
                os.kill(os.getppid(), 0)
            elif os.fork() == 0:
                os._exit(0)
        except PermissionError:
            refused += 1
    return refused


def _own_turns(count: int, tools: JobTools) -> int:
    """Has threads of this process set the processors of their own; returns how many were refused."""
    refused: list[int] = []

    def work() -> None:
        try:
            os.sched_setaffinity(threading.get_native_id(), {0})
        except PermissionError:
            refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


def _sockets(count: int, tools: JobTools) -> int:
    """Plants attempts by native calls; returns how many the kernel refused."""
    return sum(ctypes.CDLL(None).socket(2, 1, 0) == -1 for _ in range(count))


def _threads(count: int, tools: JobTools) -> int:
    """Starts real threads, as numpy does."""
    ran = []
    threads = [threading.Thread(target=ran.append, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(ran)
