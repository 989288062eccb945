"""The memory of everything but the engine, with a chat of 2,000 turns open: the sum of PSS.

`python -m tests.benchmarks.memory` prints one JSON object: each process by its kind, and the sum,
after the start, with the chat open, and 10 s after an inspection.
"""

import argparse
import json
import os
from pathlib import Path

import psutil
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.stream_stall import wait
from tests.support.home import passing_home


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with passing_home():
        print(json.dumps(measure(), indent=1))


def measure() -> dict[str, object]:
    """Runs the window with the starter model and returns what it holds at each stage."""
    from tests.benchmarks.long_chat import add_long_chat
    from tests.support.window import running_parts

    application = QApplication(["lightwell"])
    found: dict[str, object] = {}
    with running_parts(application, engine="engine") as parts:
        chat = add_long_chat(parts.context.store)
        parts.window.resize(1440, 900)
        parts.window.show()
        page = parts.window.page()
        parts.context.models.begin()
        wait(lambda: page.controller.can_ask, 60)
        QTest.qWait(1500)
        engine = parts.context.session.child
        engine_pid = engine.pid if engine is not None else 0
        found["started"] = held(engine_pid)
        page.open_chat(chat.id)
        wait(lambda: len(page.controller.chat.path) == chat.turns)
        for share in (0.2, 0.5, 0.8, 1.0):
            bar = page.transcript.verticalScrollBar()
            bar.setValue(int(bar.maximum() * share))
            QTest.qWait(200)
        found["long_chat"] = held(engine_pid)
        QTest.qWait(10_000)
        found["ten_seconds_later"] = held(engine_pid)
    found["load_average"] = os.getloadavg()[0]
    return found


def held(engine_pid: int) -> dict[str, float]:
    """Returns the PSS of every process of the app but the engine, in MB, and their sum."""
    sizes: dict[str, float] = {}
    me = psutil.Process()
    for process in [me, *me.children(recursive=True)]:
        if process.pid == engine_pid:
            continue
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        name = "window" if process.pid == me.pid else _name(process)
        sizes[name] = round(sizes.get(name, 0) + int(pss.split()[1]) / 1024, 1)
    return {**sizes, "sum": round(sum(sizes.values()), 1)}


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    return next(
        (word for word in words if word.startswith(("app.", "tests.", "runner."))), words[0]
    )


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
