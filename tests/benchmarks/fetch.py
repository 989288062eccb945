"""Downloads: through gate and courier, hashed, synced and renamed, beside curl and openssl.

`python -m tests.benchmarks.fetch`. A file of random bytes comes from a server on loopback in a
process of its own. Ours is timed from the wish to the model in its place, with gate and courier
started by it or (`--warm`) by a wish before; theirs is `curl` to the same disk, then
`openssl dgst -sha256` of what it wrote. Then what a download at 100 Mbit/s costs the processor:
gate, courier and front end together.

`--each MB` lets the server limit each connection, and compares one connection with several instead.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from runner.courier.client import CourierClient
from runner.fetch.queue import Fetches
from runner.protocol.courier import RemoteFile
from runner.store import Store
from runner.store.fetches import FetchState
from tests.benchmarks import pairs
from tests.benchmarks.fetch_server import EACH, NAME, REPOSITORY
from tests.support.porter import ROOT, running_porter

BAR = 1.5
CORE_BAR = 0.25
BLOCK = 1024 * 1024
LINE = 100_000_000 // 8
AT_THE_LINE_S = 10
TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(file: Path, each: int = 0) -> Iterator[tuple[str, str, RemoteFile]]:
    """Serves a file; yields the endpoint, the commit, and the file as it is listed.

    Args:
        file: what is served.
        each: how many bytes a second each connection gets; 0 for as many as go.
    """
    command = [sys.executable, "-m", "tests.benchmarks.fetch_server", str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), EACH: str(each or "")},
    ) as server:  # fmt: skip
        assert server.stdout is not None
        assert server.stdin is not None
        endpoint, commit, size, sha256, blob = server.stdout.readline().split()
        yield endpoint, commit, RemoteFile(path=NAME, size=int(size), blob=blob, sha256=sha256)
        server.stdin.close()


class Ours:
    """A queue of fetches with everything below it real."""

    def __init__(self, folder: Path, store: Store, porter: object, connections: int = 4) -> None:
        self.folder = folder
        self.rate = 0
        self.pids: dict[str, int] = {}
        self.fetches = Fetches(
            store,
            lambda incoming: CourierClient(porter, store.ledger, writable=(incoming,)),  # type: ignore[arg-type]
            rate=lambda: self.rate,
            with_papers=False,
            connections=connections,
        )

    def fetch(self, commit: str, file: RemoteFile) -> float:
        """Fetches the file; returns how long it took, and removes it again."""
        before = time.perf_counter()
        added = self.fetches.add(
            REPOSITORY, commit, [file], "a benchmark", folder=self.folder
        ).result()
        while True:
            (now,) = [one.fetch for one in self.fetches.list() if one.fetch.id == added.id]
            if now.state is FetchState.DONE:
                took = time.perf_counter() - before
                now.path.unlink()
                self.fetches.clear()
                return took
            assert now.state is not FetchState.FAILED, now.error
            time.sleep(0.002)


def by_curl(url: str, target: Path) -> float:
    """Fetches the file with curl and hashes it with openssl; returns how long both took."""
    before = time.perf_counter()
    subprocess.run(["curl", "-sS", "-L", "-o", str(target), url], check=True)
    subprocess.run(["openssl", "dgst", "-sha256", str(target)], check=True, capture_output=True)
    took = time.perf_counter() - before
    target.unlink()
    return took


def processor_s(pids: list[int]) -> float:
    """Returns the processor time of processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def at_the_line(ours: Ours, porter: int, commit: str, file: RemoteFile) -> str:
    """Says what a download at 100 Mbit/s takes of one core, once it runs."""
    ours.rate = LINE
    added = ours.fetches.add(REPOSITORY, commit, [file], "a benchmark", folder=ours.folder).result()
    while not any(one.fetch.done > LINE for one in ours.fetches.list()):
        time.sleep(0.05)
    children = Path(f"/proc/{porter}/task/{porter}/children").read_text().split()
    pids = [os.getpid(), porter, *map(int, children)]
    used, began = processor_s(pids), time.perf_counter()
    time.sleep(AT_THE_LINE_S)
    share = (processor_s(pids) - used) / (time.perf_counter() - began)
    ours.fetches.cancel(added.id)
    met = "met" if share <= CORE_BAR else "NOT MET"
    return f"at 100 Mbit/s: {share:.1%} of one core, bar {CORE_BAR:.0%}: {met}"


def with_helpers(
    folder: Path, store: Store, porter: object, commit: str, file: RemoteFile, each: int
) -> str:
    """Says how much further connections bring where a server limits each one."""
    took = []
    for connections in (1, 4):
        ours = Ours(folder / f"models-{connections}", store, porter, connections)
        took.append(ours.fetch(commit, file))
        ours.fetches.close()
    alone, together = took
    return (
        f"{file.size / 1e6:.0f} MB at {each / 1e6:.0f} MB/s a connection: {alone:.1f} s over one, "
        f"{together:.1f} s with helpers, {alone / together:.2f} times as fast"
    )


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=1000, help="size of the file in megabytes")
    parser.add_argument("--warm", action="store_true", help="gate and courier run already")
    parser.add_argument(
        "--each",
        type=float,
        default=0,
        help="megabytes a second that the server gives a connection",
    )
    options = parser.parse_args()
    each = round(options.each * 1_000_000)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        source = folder / "source"
        with source.open("wb") as file:
            for _ in range(options.mb * 1_000_000 // BLOCK):
                file.write(os.urandom(BLOCK))
        endpoint, commit, listed = stack.enter_context(served(source, each))
        os.environ["HF_ENDPOINT"] = endpoint
        store = stack.enter_context(Store.open(folder / "lightwell.sqlite"))
        porter = stack.enter_context(running_porter())
        if each:
            print(with_helpers(folder, store, porter, commit, listed, each))
            return
        url = f"{endpoint}/{REPOSITORY}/resolve/{commit}/{NAME}"
        warm = Ours(folder / "models", store, porter)

        def ours() -> float:
            if options.warm:
                return warm.fetch(commit, listed)
            cold = Ours(folder / "models", store, porter)
            took = cold.fetch(commit, listed)
            cold.fetches.close()
            return took

        if options.warm:
            warm.fetch(commit, listed)
        result = pairs.compare(
            f"a download of {options.mb} MB, {'warm' if options.warm else 'cold'}",
            ours,
            lambda: by_curl(url, folder / "theirs"),
            bar=BAR,
            at_most=True,
            pairs=options.pairs,
            unit="s",
        )
        pairs.report([result], options.json)
        print(at_the_line(warm, porter.porter_pid, commit, listed))  # type: ignore[attr-defined]
        warm.fetches.close()
        shutil.rmtree(folder / "models", ignore_errors=True)


if __name__ == "__main__":
    main()
