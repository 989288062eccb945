"""A kill at any moment loses no line that was acknowledged. `LIGHTWELL_KILLS` sets how often."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from runner.store import Store

KILLS = int(os.environ.get("LIGHTWELL_KILLS", "8"))

WRITER = """
import sys
from pathlib import Path
from runner.store import Store
from runner.store.ledger_lines import Entry, Event

store = Store.open(Path(sys.argv[1]))
while True:
    line = store.ledger.add(Entry(event=Event.CONNECTION, host="h", why="w" * 200)).result()
    print(line.number, line.hash, flush=True)
"""


def test_no_acknowledged_line_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "lightwell.sqlite"
    promised: dict[int, str] = {}
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True
        )
        first = writer.stdout.readline()
        killing = threading.Timer(random.uniform(0.001, 0.15), writer.send_signal, [signal.SIGKILL])
        killing.start()
        said = first + writer.stdout.read()
        writer.wait()
        writer.stdout.close()
        killing.cancel()
        # The last line may be half: what was not read whole was not acknowledged.
        complete = said[: said.rfind("\n")].splitlines()
        promised |= {int(n): h for n, h in (line.split() for line in complete)}
    with Store.open(path) as store:
        found = {line.number: line.hash for line in store.ledger.lines(most=10**6)}
        assert store.ledger.verify().problems == ()
    assert promised
    assert {n: h for n, h in promised.items() if found.get(n) != h} == {}
    # A killed writer may have committed one line that nobody heard of.
    assert len(found) <= len(promised) + KILLS
