"""A real porter on Windows in a process of its own, which serves the test as its front end."""

# ruff: noqa: E402 - the first line tells checkers too that nobody else imports the others
import sys

assert sys.platform == "win32"

import contextlib
import ctypes
import msvcrt
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from runner.channel.windows_pipes import Stream, opened, pipe
from runner.porter.client import FactListener, PorterClient
from runner.porter.handle import ignore
from runner.porter.windows_start import own_interpreter

ROOT = Path(__file__).resolve().parents[2]
HAND_OVER = 0x40
"""The right to give a process handles."""


@contextlib.contextmanager
def running_porter(
    log: Path, on_fact: FactListener = ignore
) -> "Iterator[tuple[PorterClient, subprocess.Popen[bytes]]]":
    """Starts a porter; yields a client of it, and its process.

    Args:
        log: where it writes its log.
        on_fact: see `PorterClient`.
    """
    # Not `windows_start.spawn`: a porter may start others, and its job takes one process.
    to_porter, out = pipe(reading_waits=True)
    in_, from_porter = pipe(writing_waits=True)
    given = [msvcrt.get_osfhandle(end) for end in (to_porter, from_porter)]
    for handle in given:
        os.set_handle_inheritable(handle, True)
    process = subprocess.Popen(
        [own_interpreter(), "-B", "-m", "tests.support.windows_porter",
         *map(str, given), str(os.getpid()), str(log)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": given}),
    )  # fmt: skip
    for end in (to_porter, from_porter):
        os.close(end)
    client = PorterClient(Stream(in_, out), on_fact)
    try:
        yield client, process
    finally:
        client.close()
        process.wait(20)


BABBLE = {"babbler": b"hello\n", "rambler": b"x" * (9 << 20)}
"""What a child of this kind says in place of messages."""

ASKER, REQUEST = "asker", "TEST_REQUEST"
"""A child that sends what this variable says through its gate, and prints the answer's end and size."""


def main() -> None:
    if sys.argv[1] in BABBLE:
        _babble()
    if sys.argv[1] == ASKER:
        sys.exit(_ask())
    from app.processes import table
    from runner.porter.kinds import Kind, Posture
    from runner.porter.log import Log
    from runner.porter.server import Porter
    from runner.porter.windows_loop import LoopStream

    in_, out, front_end = map(int, sys.argv[1:4])
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    process = kernel.OpenProcess(HAND_OVER, 0, front_end)
    babblers = {
        name: Kind(name=name, module="tests.support.windows_porter", posture=Posture.NO_NETWORK)
        for name in BABBLE
    }
    asker = Kind(
        name=ASKER,
        module="tests.support.windows_porter",
        posture=Posture.GATE_ONLY,
        environment=(REQUEST,),
        link_to="gate",
    )
    person = Kind(
        name="confirm",
        module="tests.support.answering_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
    )
    kinds = {**table(), **babblers, ASKER: asker, "confirm": person}
    porter = Porter(kinds, log=Log(Path(sys.argv[4])))
    porter.serve(LoopStream(opened(in_), opened(out), process))


def _babble() -> None:
    from runner.channel.bulk import write_all
    from runner.child.begin import begin

    beginning = begin()
    write_all(beginning.control_out, BABBLE[beginning.kind])
    time.sleep(30)


def _ask() -> int:
    from runner.channel import windows_link
    from runner.channel.bulk import write_all
    from runner.channel.packets import stream_at
    from runner.child.begin import begin
    from runner.confine.openings import LINK

    begin()
    link = stream_at(LINK)
    for _ in range(2):
        way_in, way_out = windows_link.asked(link, b"[5, 0]")
        taken = os.read(way_in, 1)
        write_all(way_out, os.environ[REQUEST].encode())
        came = b""
        while data := os.read(way_in, 1 << 16):
            came += data
        print(taken, len(came), came[-20:], flush=True)
        os.close(way_in)
        os.close(way_out)
    return 3


if __name__ == "__main__":
    main()
