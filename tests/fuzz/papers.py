"""Feeds cards and chat templates that were spoilt: `python -m tests.fuzz.papers [--cases 100000]`.

Half of the cases are cards: read as the reader does, and drawn on a real page (Qt off screen). Half
are templates: checked as the inspector does, and rendered as the engine does, within its limits. Each
has to end, or be refused with a code that has words; and no case may open a socket, start a program or
touch a file that is not one of Python's own. Not part of the suite, which has property tests.
"""

import argparse
import datetime as dt
import gc
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from app.reader.card import sheet_of
from app.words.wording import codes
from inspector.errors import InspectorError
from inspector.templates.check import check_template
from runner.engine.template import ChatTemplate
from runner.errors import RunnerError
from runner.protocol.engine import Role, Said
from tests.app.markdown.test_stream import HOSTILE, RICH
from tests.fuzz.run import Run, mutate
from tests.inspector.templates.hostile import CORPUS
from tests.support.shared_data import SHARED

LONGEST_S = 4.0
"""Of processor time: a template may compute for two seconds each time that it is rendered."""

DRAWN_AT_ONCE = 40
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "ctypes.dlopen")
SAID = (Said(Role.SYSTEM, "Be kind."), Said(Role.USER, "Hello"))
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
OURS = tuple(str(Path(place).resolve()) for place in (sys.prefix, sys.base_prefix, "."))

MEASURED = "/proc/self/statm"
"""Read by the limit on what rendering may take of memory."""


class Watch:
    """Counts what a case may not do, as Python's own audit tells it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        sys.addaudithook(self._hear)
        # Qt's own calls hand no exception on; they end here.
        sys.excepthook = lambda kind, error, _: self.seen.append(f"{kind.__name__}: {error}")

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN):
            self.seen.append(event)
        elif event == "open" and isinstance(path := arguments[0], str | bytes):
            place = os.fsdecode(path)
            if place != MEASURED and not os.path.realpath(place).startswith(OURS):
                self.seen.append(f"open {place}")


class Papers:
    """Takes a card or a template: the first byte says which."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from app.tabs.card.page import CardPage
        from app.theme.theme import Theme

        self._application = QApplication.instance() or QApplication(
            ["fuzz", "-platform", "offscreen"]
        )
        self._page = CardPage(Theme(self._application))
        self._page.resize(420, 900)
        self._page.show()
        self._watch = Watch()
        self._cards = 0

    def read(self, data: bytes) -> str:
        """Takes one case and says how it ended."""
        self._watch.seen.clear()
        end = self._card(data[1:]) if data[:1] == b"c" else self._template(data[1:])
        if self._watch.seen:
            raise PermissionError(", ".join(sorted(set(self._watch.seen))))
        return end

    def _card(self, data: bytes) -> str:
        self._cards += 1
        sheet = sheet_of(data, "README.md", changed_at=0.0)
        # Each is laid out; every so many are painted as well, which takes the most time.
        self._page.show_sheet(sheet)
        if self._cards % DRAWN_AT_ONCE == 0:
            self._application.processEvents()
            self._page.grab()
        return "card"

    def _template(self, data: bytes) -> str:
        text = data.decode("utf-8", "surrogateescape")
        ends = []
        for work in (self._check, self._render):
            try:
                ends.append(work(text))
            except (InspectorError, RunnerError) as error:
                if error.code not in codes():
                    raise LookupError(f"{error.code} has no words") from error
                ends.append(error.code)
        return "template: " + ", ".join(ends)

    def _check(self, text: str) -> str:
        return "to review" if check_template(text).findings else "nothing found"

    def _render(self, text: str) -> str:
        ChatTemplate(text, bos="<s>", eos="</s>").render(SAID, NOW)
        return "rendered"


def originals() -> Iterator[bytes]:
    """The cards and templates that are spoilt."""
    yield b"c" + RICH.encode()
    for path in sorted(SHARED.glob("cards/*/*.md")):
        yield b"c" + path.read_bytes()[:6_000]
    for text in HOSTILE.values():
        yield b"c" + text[:3_000].encode("utf-8", "surrogatepass")
    for _, _, text in CORPUS:
        yield b"t" + text.encode("utf-8", "surrogatepass")
    for path in sorted(Path(".venv/share/lightwell/llama.cpp-models").glob("templates/*.jinja")):
        yield b"t" + path.read_bytes()


def main() -> int:
    """Runs; returns 1 where any case ended badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path("tests/artefacts/papers"))
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    good = list(originals())
    kinds = [[case for case in good if case[:1] == kind] for kind in (b"c", b"t")]
    papers = Papers()
    for case in good:  # what is imported late is imported now, and no case is blamed for it
        papers.read(case) if case[:1] == b"t" else papers._card(case[1:])
    run = Run(asked.kept, papers.read, ".bin", LONGEST_S)
    gc.disable()
    while run.total < asked.cases:
        case = chance.choice(kinds[run.total % 2])
        run.take(case[:1] + mutate(case[1:], chance))
        if run.total % 500 == 0:
            gc.collect()
    return run.tell()


if __name__ == "__main__":
    sys.exit(main())
