"""What is left where a kernel knows less, and threads that were there before the walls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.confine import desktop, doors, landlock
from runner.confine.doors import DoorLabel
from runner.confine.labels import Label, label, means, missing, openings
from runner.confine.openings import GATE_ONLY, INTERNET, LISTEN_ONLY
from runner.confine.prctl import RefusalError
from runner.confine.preloaded import preloaded
from runner.confine.proof import Proof, read
from runner.confine.selftest import BEGINS
from tests.support.porter import ROOT, WITHOUT_CAPABILITIES

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5, 6, 7])
def test_older_landlock_still_closes_files(abi: int, tmp_path: Path) -> None:
    """Runs the real rules with the rights of an older version, in a process of its own."""
    (tmp_path / "readable").write_text("readable")
    (tmp_path / "secret").write_text("secret")
    script = f"""
import sys
from pathlib import Path
from runner.confine import desktop, landlock
landlock.version = lambda: {abi}
folder = Path(sys.argv[1])
print(*landlock.restrict_files([folder / "readable"], devices=False))
print((folder / "readable").read_text())
for attempt in (
    lambda: (folder / "secret").read_text(),
    lambda: (folder / "new").write_text(""),
    lambda: (folder / "readable").open("r+"),
    lambda: (folder / "readable").unlink(),
    lambda: list(folder.iterdir()),
):
    try:
        attempt()
        print("open")
    except PermissionError:
        print("closed")
"""
    ran = subprocess.run(
        [*WITHOUT_CAPABILITIES, sys.executable, "-P", "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    in_force, text, *outcomes = ran.stdout.splitlines()
    assert in_force.split() == [
        "files",
        *(["tcp"] if abi >= 4 else []),
        *(["scopes"] if abi >= 6 else []),
    ]
    assert text == "readable"
    assert outcomes == ["closed"] * 5


def test_no_landlock_is_an_error_that_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(RefusalError, match="no Landlock"):
        landlock.restrict_files([], devices=False)


def test_a_thread_that_was_there_before_is_held_too() -> None:
    ran = subprocess.run(
        [*WITHOUT_CAPABILITIES, sys.executable, "-P", "-m", "tests.support.early_thread"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.stdout == "1\n", ran.stderr


# ---- the label, from the proof alone ------------------------------------------------------------

TESTS = dict.fromkeys(("tcp4", "tcp6", "udp4", "netlink", "vsock", "io_uring", "unix", "program", "namespace", "parent memory", "parent read", "parent signal", "read", "write /tmp"), "EPERM")  # fmt: skip


def proof(**changes: object) -> Proof:
    whole: dict[str, object] = {
        "pid": 1,
        "local_sockets": False,
        "filters": 2,
        "no_new_privileges": True,
        "own_spaces": ("user", "net", "ipc"),
        "sockets": 0,
        "listeners": 0,
        "landlock": ("files", "tcp", "scopes"),
        "tests": TESTS,
        "listened": True,
    }
    return Proof(**{**whole, **changes})  # type: ignore[arg-type]


def with_test(name: str, outcome: str) -> Proof:
    return proof(tests={**TESTS, name: outcome})


def test_a_whole_proof_is_sealed_off() -> None:
    assert label(proof()) is Label.SEALED


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (proof(sockets=1), Label.WATCHED),
        (proof(sockets=-1), Label.WATCHED),
        (proof(filters=0), Label.WATCHED),
        (proof(listeners=1), Label.WATCHED),
        (proof(listeners=-1), Label.WATCHED),
        (proof(no_new_privileges=False), Label.WATCHED),
        (proof(tests={}), Label.WATCHED),
        (proof(landlock=()), Label.NO_NETWORK),
        (proof(capabilities=("CapEff",)), Label.CALLS_REFUSED),
        *((with_test(n, "open"), Label.WATCHED) for n in ("tcp4", "unix", "io_uring", "vsock")),
        *((with_test(n, "ECONNREFUSED"), Label.WATCHED) for n in ("tcp4", "udp4")),
        (with_test("parent memory", "open"), Label.CALLS_REFUSED),
        (with_test("parent memory", "nothing there"), Label.CALLS_REFUSED),
        *((with_test(n, "open"), Label.NO_NETWORK) for n in ("read", "write /tmp", "program")),
        (with_test("write /tmp", "nothing there"), Label.NO_NETWORK),
        (with_test("parent signal", "open"), Label.NO_NETWORK),
    ],
)
def test_every_condition_counts(changed: Proof, expected: Label) -> None:
    assert label(changed) is expected


def test_means_name_only_what_is_there() -> None:
    bare = proof(filters=0, landlock=(), own_spaces=(), sockets=3, listened=False, tests={})
    assert means(bare) == ("no new privileges", "no capabilities")
    assert missing(proof(missing={"landlock": "no Landlock"})) == ("landlock: no Landlock",)


@pytest.mark.parametrize(
    "lacking",
    [
        proof(sockets=1),
        proof(sockets=-1),
        proof(filters=0),
        proof(landlock=()),
        proof(capabilities=("CapEff",)),
        *(with_test(n, "open") for n in ("tcp4", "parent memory", "read", "program")),
        proof(local_sockets=True, sockets=2, outside=1),
    ],
)
def test_a_lesser_label_always_says_what_is_missing(lacking: Proof) -> None:
    """An ordinary person's window was once labelled down with nothing named as missing."""
    assert label(lacking) is not Label.SEALED
    assert missing(lacking)


def began(*outcomes: str) -> dict[str, object]:
    return {"tests": {**TESTS, **dict(zip(BEGINS, outcomes, strict=True))}}


DOORS: dict[str, tuple[DoorLabel, dict[str, object], list[dict[str, object]]]] = {
    GATE_ONLY: (DoorLabel.THROUGH_THE_GATE, {"sockets": 1, "outside": 0}, [{"outside": 1}]),
    INTERNET: (DoorLabel.THE_GATE, {"sockets": 3}, [{"no_new_privileges": False}]),
    LISTEN_ONLY: (
        DoorLabel.LISTENS,
        {"sockets": 1, **began("EPERM", "EPERM")},
        [{"sockets": 2}, {"tests": TESTS}, began("open", "EPERM"), began("EPERM", "open")],
    ),
}
"""By a posture, its label, what its proof holds, and what only its own proof may not hold."""


@pytest.mark.parametrize("posture", DOORS)
def test_every_condition_of_a_door_counts_and_is_named(posture: str) -> None:
    best, holds, own = DOORS[posture]
    whole = proof(**holds)
    assert (doors.label(posture, whole), doors.missing(posture, whole)) == (best, ())
    tests = whole.tests
    for change in (
        *own,
        {"listeners": 1},
        {"filters": 0},
        {"capabilities": ("CapEff",)},
        *({"tests": {**tests, name: "open"}} for name in ("parent memory", "read", "program")),
    ):
        lacking = proof(**{**holds, **change})
        assert doors.label(posture, lacking) is Label.WATCHED, change
        assert doors.missing(posture, lacking), change


def test_a_window_with_a_socket_that_leads_out_is_only_watched() -> None:
    local = {"local_sockets": True, "sockets": 2, "landlock": ("programs",)}
    assert label(proof(**local, outside=0)) is Label.NO_NETWORK
    assert missing(proof(**local, outside=0)) == ()
    for outside in (1, -1):
        assert label(proof(**local, outside=outside)) is Label.WATCHED
        assert missing(proof(**local, outside=outside))


def test_what_a_window_can_reach_is_listed(tmp_path: Path) -> None:
    here = {"DISPLAY": ":0", "HOME": str(tmp_path), "IBUS_ADDRESS": "unix:path=/ibus"}
    found = desktop.reachable(here, is_read=True)
    assert {"display (X11)", "input method", "accessibility bus"} <= set(found)
    assert "display (Wayland)" not in found
    assert "key agent" in desktop.reachable({"SSH_AUTH_SOCK": "/x"})
    assert desktop.reachable(here, closed=True, draws=False) == (), "a terminal draws nothing"
    held = {"local_sockets": True, "sockets": 2, "outside": 0, "landlock": ("programs",)}
    window = proof(**held)
    assert openings(window, found) == ("local sockets", *found)
    tests = {**window.tests, "desktop bus": "open", "other local services": "EPERM"}
    reads_it = proof(**held, tests=tests)
    assert openings(reads_it, found) == ("desktop bus", *found)
    assert "desktop bus closed" not in means(reads_it)
    closed = proof(**held, tests={**tests, "desktop bus": "EPERM"})
    assert openings(closed, found) == found
    assert "desktop bus closed" in means(closed)
    assert openings(proof(), found) == (), "a child without sockets reaches none of it"


def test_what_is_loaded_before_everything_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ld.so.preload"
    assert preloaded({"LD_PRELOAD": " ", "PATH": "/bin"}, file) == ()
    file.write_text("/lib/all.so\n")
    assert preloaded({"LD_PRELOAD": "/tmp/mine.so"}, file) == (
        "loaded first: /tmp/mine.so (LD_PRELOAD)",
        f"loaded first: /lib/all.so ({file})",
    )
    file.write_text("# nothing of ours\n\n/lib/one.so:/lib/two.so\t# and no /lib/three.so\n")
    assert preloaded({}, file) == (f"loaded first: /lib/one.so /lib/two.so ({file})",)
    file.write_text("# /lib/all.so\n")
    assert preloaded({}, file) == (), "what nobody loads is not named"


def test_a_process_that_is_gone_proves_nothing() -> None:
    found = read(2**22 + 1, {"tests": TESTS}, listened=True, local_sockets=False)
    assert found.sockets == -1
    assert label(found) is Label.WATCHED


def test_descriptors_that_come_and_go_are_no_doubt() -> None:
    """A child imports while its proof is read, and opens and closes files all the time."""
    busy = "while True: open('/dev/null').close()"
    with subprocess.Popen([sys.executable, "-S", "-c", busy]) as process:
        try:
            found = {
                read(process.pid, {}, listened=False, local_sockets=False).sockets
                for _ in range(300)
            }
        finally:
            process.kill()
    assert found == {0}


def test_a_report_that_is_no_report_proves_nothing() -> None:
    found = read(os.getpid(), {"tests": [1], "walls": "x"}, listened=False, local_sockets=False)
    assert label(found) is Label.WATCHED


def test_another_system_is_only_watched() -> None:
    """As macOS and Windows report until a self-test there says otherwise."""
    report: dict[str, object] = {"walls": {}, "missing": {"system": "darwin"}, "tests": {}}
    found = read(os.getpid(), report, listened=False, local_sockets=False)
    assert label(found) is Label.WATCHED
    assert missing(found) == ("system: darwin",)
