"""A real porter in a process of its own, serving the test as its front end."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.porter.client import FactListener, PorterClient
from runner.porter.handle import ignore

SUPERUSERS = ("--bounding-set=-all",) if os.geteuid() == 0 else ()
WITHOUT_CAPABILITIES = ("setpriv", "--inh-caps=-all", "--ambient-caps=-all", *SUPERUSERS)
"""A superuser's porter would prove nothing about an ordinary person's."""

ROOT = Path(__file__).resolve().parents[2]

INTERPRETER = os.environ.get("TEST_INTERPRETER", sys.executable)
"""What porters are started with; `tests.support.as_mac` writes one that has macOS below it."""


@contextlib.contextmanager
def running_porter(
    on_fact: FactListener = ignore, inherited: Sequence[int] = (), **settings: object
) -> Iterator[PorterClient]:
    """Starts a porter and yields a client; at the end no child of it may be left.

    Args:
        on_fact: see `PorterClient`.
        inherited: descriptors that the porter gets besides, as from a careless parent.
        settings: `walls` (a list of names), `memory_kills` (a path), `seal_s` (seconds), `filtered`
            and `blind`.
    """
    with raw_porter(inherited, **settings) as (ours, process):
        client = PorterClient(ours, on_fact)
        client.porter_pid = process.pid  # type: ignore[attr-defined]
        try:
            yield client
        finally:
            client.close()


@contextlib.contextmanager
def raw_porter(
    inherited: Sequence[int] = (), **settings: object
) -> Iterator[tuple[socket.socket, subprocess.Popen[bytes]]]:
    """Starts a porter and yields the front end's socket to it, for tests of its manners."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    process = subprocess.Popen(
        [
            *WITHOUT_CAPABILITIES,
            INTERPRETER,
            "-P",
            "-m",
            "tests.support.porter",
            str(theirs.fileno()),
        ],
        pass_fds=[theirs.fileno(), *inherited],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORTER": json.dumps(settings)},
    )
    theirs.close()
    try:
        yield ours, process
    finally:
        ours.close()
        process.wait(20)


def run_front_end(
    kind: str, *arguments: str, timeout: float = 30, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs a porter with a front end of its own, as `lightwell` does, to its end."""
    return subprocess.run(
        front_end_command(kind, *arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORTER": "{}", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def front_end_command(kind: str, *arguments: str) -> list[str]:
    """Returns the command that runs a porter with a front end of its own."""
    porter = (INTERPRETER, "-P", "-m", "tests.support.porter", "run")
    return [*WITHOUT_CAPABILITIES, *porter, kind, *arguments]


def capabilities(pid: int) -> list[str]:
    """Names the sets of capabilities of a process that are not empty."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    pairs = [line.split(":") for line in lines if line.startswith("Cap")]
    return [name for name, value in pairs if name != "CapBnd" and int(value, 16)]


def main() -> None:
    system: str = sys.platform
    if system == "linux":
        assert not capabilities(os.getpid()), "these tests prove nothing with capabilities"
    from app.processes import table
    from runner.porter.ending import MemoryKills
    from runner.porter.kinds import Kind, Posture
    from runner.porter.server import Porter

    settings = json.loads(os.environ.pop("PORTER"))
    walls = settings.get("walls")
    if settings.get("blind"):
        from runner.confine import local

        local.can_look = lambda pid: False
    if settings.get("filtered"):  # as by a container, whose filter holds every process
        from runner.confine import bpf, seccomp

        seccomp.install([bpf.verdict(bpf.ALLOW)], listener=False)
    if "TEST_TOOLS" in os.environ:  # programs of the test's own, in a folder of its own
        from runner.porter import tools

        tools.is_firm = lambda path: True
    if "seal_s" in settings:
        from runner.porter import processes

        processes.SEAL_S = settings["seal_s"]
    kills = settings.get("memory_kills")
    jobs = Kind(
        name="jobs",
        module="tests.support.jobs_process",
        posture=Posture.NO_NETWORK,
        data_limit_bytes=512 * 1024 * 1024,
    )
    hostile = Kind(
        name="hostile",
        module="tests.support.hostile_window",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
        draws=True,
    )
    lasting = Kind(
        name="lasting", module="tests.support.lasting_process", posture=Posture.NO_NETWORK
    )
    endless = Kind(
        name="endless", module="tests.support.endless_process", posture=Posture.NO_NETWORK
    )
    mute = Kind(name="mute", module="tests.support.mute_process", posture=Posture.NO_NETWORK)
    lying = Kind(name="lying", module="tests.support.lying_process", posture=Posture.NO_NETWORK)
    owner = Kind(
        name="owner",
        module="tests.support.owner_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
    )
    wanderer = Kind(
        name="wanderer",
        module="tests.support.wandering_process",
        posture=Posture.GATE_ONLY,
        link_to="gate",
    )
    fetching = Kind(
        name="fetching",
        module="tests.support.fetching_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
    )
    downloading = Kind(
        name="downloading",
        module="tests.support.downloading_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
    )
    touring = Kind(
        name="touring",
        module="tests.support.touring_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
        draws=True,
    )
    listening = Kind(
        name="listening",
        module="tests.support.listening_process",
        posture=Posture.LISTEN_ONLY,
        listens=True,
        options=frozenset({"port"}),
    )
    answering = Kind(
        name="confirm",
        module="tests.support.answering_process",
        posture=Posture.LOCAL_ONLY,
        front_end=True,
    )
    answers = (answering,) if "LIGHTWELL_TEST_SAYS" in os.environ else ()
    kinds = (
        *answers,
        listening,
        jobs,
        hostile,
        lasting,
        endless,
        mute,
        lying,
        owner,
        wanderer,
        fetching,
        downloading,
        touring,
    )
    porter = Porter(
        {**table(), **{kind.name: kind for kind in kinds}},
        walls=None if walls is None else frozenset(walls),
        memory_kills=MemoryKills(Path(kills)) if kills else None,
    )
    if sys.argv[1] == "run":
        sys.exit(porter.run(sys.argv[2], sys.argv[3:]))
    porter.serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
