"""How long the GUI thread stands still while 200 tokens a second stream into a 2,000-turn chat.

`python -m tests.benchmarks.stream_stall [SECONDS]` prints one JSON object. The window is the real
one, over the echo engine at 5 ms a token; a timer of 1 ms in the same event loop measures the gaps
between its own calls, which are what a click or a key would have waited.
"""

import argparse
import json
import os
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.home import passing_home
from tests.support.tiny_model import gguf

TOKEN_MS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=5.0, help="how long it streams")
    seconds = parser.parse_args().seconds
    with passing_home() as home:
        print(json.dumps(measure(home, seconds)))


def measure(folder: Path, seconds: float) -> dict[str, object]:
    """Opens the chat, streams into it, and returns the gaps in milliseconds."""
    from app.chat.running.wishes import Step
    from tests.benchmarks.long_chat import add_long_chat
    from tests.support.window import running_parts

    application = QApplication(["lightwell"])
    model = folder / "Echo-1.gguf"
    model.write_bytes(gguf())
    with running_parts(application) as parts:
        chat = add_long_chat(parts.context.store)
        parts.window.resize(1440, 900)
        parts.window.show()
        page = parts.window.page()
        controller = page.controller
        parts.context.models.open(model)
        wait(lambda: controller.can_ask)
        begun = time.perf_counter()
        page.open_chat(chat.id)
        wait(lambda: len(controller.chat.path) == chat.turns)
        opened_s = time.perf_counter() - begun
        words = " ".join(f"word{n}" + (".\n\n" if n % 40 == 39 else "") for n in range(1500))
        controller.ask(f"!slow {TOKEN_MS} {words}")
        wait(lambda: controller.step in (Step.CHOOSING, Step.ANSWERING))
        if controller.step is Step.CHOOSING:
            page.choice._leave_out.click()
        wait(lambda: controller.live is not None and controller.live.tokens)
        gaps: list[float] = []
        last = time.perf_counter()

        def probe() -> None:
            nonlocal last
            now = time.perf_counter()
            gaps.append((now - last) * 1000)
            last = now

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(probe)
        timer.start(1)
        before = len(controller.live.tokens)
        used = time.process_time()
        # A loop of its own: qWait sleeps 10 ms between looks, which the probe would count.
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
        used = time.process_time() - used
        tokens = (len(controller.live.tokens) if controller.live else before) - before
        timer.stop()
        controller.stop()
        wait(lambda: controller.live is None)
        # The probe and an idle window cost something too; it is told beside, not taken off.
        timer.timeout.disconnect(probe)
        idle: list[float] = []
        timer.timeout.connect(lambda: idle.append(time.perf_counter()))
        timer.start(1)
        idle_used = time.process_time()
        QTimer.singleShot(2000, loop.quit)
        loop.exec()
        idle_used = (time.process_time() - idle_used) / 2
        timer.stop()
    gaps.sort()
    return {
        "turns": chat.turns,
        "open_s": round(opened_s, 3),
        "tokens_per_s": round(tokens / seconds, 1),
        "gaps": len(gaps),
        "stall_ms_p50": round(gaps[len(gaps) // 2], 2),
        "stall_ms_p99": round(gaps[int(len(gaps) * 0.99)], 2),
        "stall_ms_max": round(gaps[-1], 2),
        "window_cpu_of_one_core": round(used / seconds, 3),
        "of_it_probe_and_idle": round(idle_used, 3),
        "load_average": os.getloadavg()[0],
        "platform": QApplication.platformName(),
    }


def wait(condition: object, seconds: float = 30.0) -> None:
    """Lets the window work until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError
        QTest.qWait(5)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
