"""The longest step of the GUI thread while results of the Hub, and a large library, are shown.

`python -m tests.benchmarks.models_list [ROUNDS]` prints one JSON object, in milliseconds. The window
is the real one. Each step is one turn of its event loop, in the thread's own processor time: what the
machine does beside it counts against the wall clock, which is given too.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication

from tests.support.home import passing_home

SETTLE_S = 0.35
START_S = 5.0
ENTRIES = 1_000


class Steps:
    """Notes the longest turn of the event loop, by the thread's own time and by the clock's."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    def begin(self) -> None:
        self.longest = self.longest_wall = 0.0
        self._at, self._wall = time.thread_time(), time.perf_counter()
        self._timer.start()

    def end(self) -> tuple[float, float]:
        self._timer.stop()
        return self.longest * 1000, self.longest_wall * 1000

    def _turn(self) -> None:
        at, wall = time.thread_time(), time.perf_counter()
        self.longest = max(self.longest, at - self._at)
        self.longest_wall = max(self.longest_wall, wall - self._wall)
        self._at, self._wall = at, wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=30, help="how often each is shown")
    rounds = parser.parse_args().rounds
    with passing_home() as home:
        print(json.dumps({**measure(home, rounds), "load": os.getloadavg()[0]}))


def measure(folder: Path, rounds: int) -> dict[str, object]:
    """Shows results and a library in the real window, and returns the longest steps."""
    from tests.app.models_page.test_speed import answer
    from tests.support.window import running_parts

    application = QApplication(["lightwell"])
    with running_parts(application) as parts:
        parts.window.resize(1440, 900)
        # As the app does: what the start made is out of the garbage collector's way afterwards.
        parts.show([])
        turn(START_S)
        parts.window.show_page("models")
        page = parts.window.page()
        page.choose("find")
        turn(SETTLE_S)
        steps = Steps()

        def found(number: int) -> None:
            finder, hundred = page.finder, answer(f"model{number}")
            finder._wish = hundred.wish
            # By the way that everything from other processes comes.
            parts.context.mailbox.post(lambda: finder._on_found(hundred))

        def scrolled(number: int) -> None:
            bar = page.finder.table.verticalScrollBar()
            bar.setValue((number * 7 % 20) * bar.maximum() // 20)

        results = {
            "first_hundred": longest(steps, lambda: found(-1), 1),
            "hundred": longest(steps, found, rounds),
            "scrolled": longest(steps, scrolled, rounds),
        }
        fill(parts.context.library, folder)
        page.choose("here")
        listed, own = [], []
        for _ in range(max(5, rounds // 3)):
            began, worked = time.perf_counter(), time.thread_time()
            page.here.refresh()
            page.here.table.viewport().repaint()
            listed.append((time.perf_counter() - began) * 1000)
            own.append((time.thread_time() - worked) * 1000)
        results["entries_listed"] = summary(own)
        results["entries_listed_wall"] = summary(listed)
        return results


def fill(library: object, folder: Path) -> None:
    """Puts models into the library: small files that are really there."""
    place = folder / "many"
    place.mkdir()
    last = None
    for number in range(ENTRIES):
        path = place / f"Model-{number:04}-{1 + number % 9}B-Q4_K_M.gguf"
        path.write_bytes(b"GGUF" + bytes(20))
        last = library.open(path)  # type: ignore[attr-defined]
    assert last is not None
    last.result(timeout=120)


def longest(steps: Steps, act: Callable[..., None], rounds: int) -> dict[str, float]:
    """Returns the longest turns that an act brought, over all rounds."""
    own, wall = [], []
    for number in range(rounds):
        steps.begin()
        act(*([number] if rounds > 1 else []))
        turn(SETTLE_S)
        cpu, clock = steps.end()
        own.append(cpu)
        wall.append(clock)
    return {**summary(own), "wall_median": statistics.median(wall), "wall_longest": max(wall)}


def summary(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "longest": max(values)}


def turn(seconds: float) -> None:
    """Lets the event loop turn for a while."""
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < seconds * 1000:
        QApplication.processEvents()


if __name__ == "__main__":
    if "DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
