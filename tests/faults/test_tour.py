"""A tour of the whole app with strace as the witness: nothing leaves but by the gate and the ledger.

Start, search, look inside by ranges, download, chat, Monitor, in the real window; then a report. It
runs on an X server where there is one to start, else off screen.
"""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.store import Store
from runner.store.ledger_lines import Entry, Event
from tests.support.hub import HubServer
from tests.support.models_world import STARTER_REPOSITORY, models_world
from tests.support.ordinary_user import as_ordinary_user, can_be_ordinary, ordinary_home
from tests.support.porter import ROOT, WITHOUT_CAPABILITIES, front_end_command
from tests.support.trace import read_trace

pytestmark = [pytest.mark.fault, pytest.mark.slow]

CALLS = "trace=clone,clone3,fork,vfork,connect,sendto,sendmsg,sendmmsg,bind,io_uring_setup"
# With --seccomp-bpf strace stops at these calls alone; one that our own filter refuses is not among
# them then, and leads nowhere.
CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
STARTED = re.compile(r"^(\d+) +(?:clone3?|v?fork)\b.* = (\d+)$")
INTERNET = re.compile(r'AF_INET6?, .*?htons\((\d+)\), .*?"([0-9a-f.:]+)"')
UNSEEN = re.compile(r"^\d+ +connect\(\d+, 0x[0-9a-f]+, \d+\) += 0$")
LOCAL = re.compile(r'AF_UNIX, sun_path=(@?"[^"]*")')
FAMILY = re.compile(r"\b(AF_\w+|PF_\w+)\b")
EXPECTED = re.compile(
    rf"GET (/api/(models|resolve-cache/models)\b|/{STARTER_REPOSITORY}/resolve/|/store/)"
)
"""Every request that a tour needs; telemetry, and look-ups of updates or agents, are none of them."""

FAMILIES = {"AF_INET", "AF_INET6", "AF_UNIX"}


@dataclass(frozen=True, slots=True)
class Toured:
    """What a tour left behind."""

    trace: list[str]
    entries: list[Entry]
    arrived: int
    strangers: list[str]
    log: str
    display: str
    runtime: Path
    report: Path

    def porters(self) -> set[str]:
        """Returns the processes that started the front ends."""
        starts = (STARTED.match(line) for line in self.trace)
        parents = {match[2]: match[1] for match in starts if match}
        ends = re.findall(r"start 0 \w+ pid (\d+)", self.log)
        return {parents[pid] for pid in ends if pid in parents}


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory, starter_model: Path) -> Iterator[Toured]:
    """As an ordinary user of this computer where the tests are a superuser's, else as who they are."""
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: .ci/run installs it")
    with contextlib.ExitStack() as stack:
        if can_be_ordinary():
            home, as_whom = stack.enter_context(ordinary_home()), as_ordinary_user()
        else:
            home, as_whom = tmp_path_factory.mktemp("tour"), list(WITHOUT_CAPABILITIES)
        yield tour(home, as_whom, starter_model)


def tour(home: Path, as_whom: list[str], starter_model: Path) -> Toured:
    """Goes through the whole app, with strace beside it."""
    (home / "runtime").mkdir(mode=0o700)
    shutil.chown(home / "runtime", home.stat().st_uid, home.stat().st_gid)
    with HubServer(models_world(starter_model)) as hub, display() as shown:
        environment = {
            **{name: value for name, value in os.environ.items() if name not in DROPPED},
            **{
                f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "DATA", "CACHE", "STATE")
            },
            "XDG_RUNTIME_DIR": str(home / "runtime"),
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PORTER": "{}",
            "HF_ENDPOINT": hub.endpoint,
            **({"DISPLAY": shown, "QT_QPA_PLATFORM": "xcb"} if shown else OFF_SCREEN),
        }
        # The capabilities are dropped before strace: else that program's own calls are seen too.
        both = " && ".join(
            shlex.join(front_end_command(*words)[len(WITHOUT_CAPABILITIES) :])
            for words in (
                ("touring",),
                ("terminal", "report", "-o", str(home / "report"), "--quick"),
            )
        )
        ran = subprocess.run(
            [*as_whom, "strace", "-f", "--seccomp-bpf", "-qq", "-e", CALLS, "-o", str(home / "trace"),
             "sh", "-c", both],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=110,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        strangers = [path for path in hub.paths if not EXPECTED.match(path)]
        arrived = len(hub.paths)
    with Store.open(home / "data/lightwell/lightwell.sqlite") as store:
        entries = [line.entry for line in store.ledger.lines(most=10**6)]
        assert store.ledger.verify().problems == ()
    return Toured(
        trace=read_trace(home / "trace"),
        entries=entries,
        arrived=arrived,
        strangers=strangers,
        log=(home / "state/lightwell/porter.log").read_text(),
        display=shown,
        runtime=home / "runtime",
        report=home / "report",
    )


DROPPED = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK"})
OFF_SCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Starts an X server for the tour; empty where there is none to start."""
    if shutil.which("Xvfb") is None:
        yield ""
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    try:
        yield f":{number}" if number else ""
    finally:
        server.terminate()
        server.wait(10)


def let_through(toured: Toured) -> list[tuple[str, str, str]]:
    """Returns process, call and arguments of every call with an address that was not refused."""
    calls = [match for line in toured.trace if "EPERM" not in line and (match := CALL.match(line))]
    return [
        (pid, call, rest) for pid, call, rest in (m.groups() for m in calls) if FAMILY.search(rest)
    ]


def test_the_internet_that_strace_saw_is_the_ledger_and_the_reverse(toured: Toured) -> None:
    seen = [
        (match[2], int(match[1]))
        for _, _, rest in let_through(toured)
        if (match := INTERNET.search(rest))
    ]
    lines = [(e.address, e.port) for e in toured.entries if e.event is Event.CONNECTION]
    assert sorted(seen) == sorted(lines)
    assert len(lines) == toured.arrived > 5
    assert not [e for e in toured.entries if e.event is Event.REFUSED]
    assert toured.strangers == []


def test_every_line_says_why(toured: Toured) -> None:
    reasons = {entry.why for entry in toured.entries if entry.event is Event.CONNECTION}
    words = {reason.split(" ", 1)[0] for reason in reasons}
    assert words == {"search", "look", "download"}


def test_only_gates_reach_it(toured: Toured) -> None:
    gates = set(re.findall(r"gate pid (\d+)", toured.log))
    assert gates
    threads = set(gates)
    for line in toured.trace:
        if (match := STARTED.match(line)) and match[1] in threads:
            threads.add(match[2])
    reached = [(pid, call) for pid, call, rest in let_through(toured) if "AF_INET" in rest]
    assert {pid for pid, _ in reached} <= threads
    assert {call for _, call in reached} == {"connect"}


def test_local_endpoints_are_an_explicit_list(toured: Toured) -> None:
    number = toured.display.removeprefix(":")
    # The display, by its abstract name or by its path.
    allowed = {f"@/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"}
    seen = [(pid, m[1]) for pid, _, rest in let_through(toured) if (m := LOCAL.search(rest))]
    porters = toured.porters()
    # Where a second start knocks, and where a terminal's errands come.
    own = {f'"{toured.runtime}/lightwell/{name}"' for name in ("window.sock", "errands.sock")}
    assert {where for pid, where in seen if pid not in porters} <= own
    # Before it has a front end the porter looks whether a display listens under the abstract name.
    assert {where for pid, where in seen if pid in porters} <= {f'@"/tmp/.X11-unix/X{number}"'}
    # The porter makes a front end's connections, and its memory is closed to strace too: that sees
    # how many there were, and the porter's log says where each led.
    unseen = [line for line in toured.trace if UNSEEN.match(line)]
    led_to = re.findall(r"connected 0 touring to '([^']*)'", toured.log)
    assert (
        len(unseen) == len(led_to) == len(re.findall(r"^\S+ connected ", toured.log, re.MULTILINE))
    )
    assert {line.split()[0] for line in unseen} <= toured.porters()
    assert set(led_to) <= allowed
    assert bool(led_to) is bool(toured.display)


def test_no_other_kind_of_address_is_used(toured: Toured) -> None:
    families = {name for _, _, rest in let_through(toured) for name in FAMILY.findall(rest)}
    assert families <= FAMILIES


def test_nothing_tried_what_it_may_not(toured: Toured) -> None:
    assert [line for line in toured.log.splitlines() if " attempt " in line] == []
    assert (toured.report / "report.json").is_file(), "the tour came to its end"
