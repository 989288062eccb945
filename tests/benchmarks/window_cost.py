"""What the window costs of decoding: `python -m tests.benchmarks.window_cost`.

The same model answers in turn for the real window, which draws and keeps what comes, and for a
reader that throws it away; both through a sealed engine of their own that chooses its threads as in
the app. What is compared is the engine's own count of tokens a second.
"""

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication

from runner.protocol.engine import Done
from tests.benchmarks import pairs
from tests.benchmarks.peers import QUESTION, SAMPLING, Ours, our_engine, starter_file
from tests.benchmarks.stream_stall import wait
from tests.support.home import passing_home

if TYPE_CHECKING:
    from app.chat.chat_page import ChatPage
    from app.window.application import Parts

LEAST_TOKENS = 64
"""An answer that ends before says too little; another is asked for."""


class Window:
    """The real window with a model loaded, asked as a person asks."""

    def __init__(self, parts: "Parts", file: Path) -> None:
        self._page = cast("ChatPage", parts.window.page())
        self._done: list[Done] = []
        parts.context.mailbox.arrived.connect(
            lambda events: self._done.extend(event for event in events if isinstance(event, Done))
        )
        parts.window.resize(1440, 900)
        parts.window.show()
        parts.context.models.open(file)
        wait(lambda: self._page.controller.can_ask)

    def decode_tps(self, tokens: int, seed: int) -> float:
        """Tokens a second of an answer in a new chat, which is stopped at its length."""
        controller = self._page.controller
        self._page.new_chat()
        controller.chat.set_sampling(SAMPLING)
        controller.seed = seed
        self._done.clear()
        controller.ask(QUESTION)
        wait(lambda: self._done or (controller.live and len(controller.live.tokens) >= tokens))
        controller.stop()
        wait(lambda: self._done and controller.can_ask)
        (done,) = self._done
        return (
            done.decode_tps if done.tokens >= LEAST_TOKENS else self.decode_tps(tokens, seed + 1000)
        )


def discarding_tps(ours: Ours, tokens: int, seed: int) -> float:
    """Tokens a second of an answer that nobody looks at."""
    ours.driver.ask(QUESTION, seed=seed, sampling=SAMPLING, max_tokens=tokens)
    _, done = ours.driver.rest()
    return (
        done.decode_tps
        if done.tokens >= LEAST_TOKENS
        else discarding_tps(ours, tokens, seed + 1000)
    )


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=200)
    options = parser.parse_args()
    with passing_home():
        from tests.support.window import running_parts

        application = QApplication(["lightwell"])
        file = starter_file()
        seeds = itertools.count(1)
        with (
            running_parts(application, engine="engine") as parts,
            our_engine(file, threads=0) as ours,
        ):
            window = Window(parts, file)
            result = pairs.compare(
                f"decode for the window, against a reader that discards, {pairs.cores()} cores",
                lambda: window.decode_tps(options.tokens, next(seeds)),
                lambda: discarding_tps(ours, options.tokens, next(seeds)),
                bar=0.85,
                pairs=options.pairs,
            )
    pairs.report([result], options.json)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
