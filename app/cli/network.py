"""The door to the network for commands: the same switch as the window's, asked about on the terminal."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.cli.desk import Desk, Interrupted
from app.cli.screen import Screen
from app.network import mirror
from app.network.door import Answer, Door, DoorState, Visit
from app.network.purposes import Purpose, network_texts
from app.settings import SettingsFile
from app.settings_watch import SettingsWatch
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.library import paths
from runner.store import Store

ANSWERS = {"o": Answer.ONCE, "once": Answer.ONCE, "g": Answer.ONLINE, "go online": Answer.ONLINE}

TERMINAL = "terminal"
"""Who asks, for the ledger."""

Work = Callable[[Visit, Callable[[Any], None], Callable[[RunnerError], None]], None]
"""Begins something with an open visit, and has one of the two called when it is over."""


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of it, as an event: only these end a wait."""

    what: object


def terminal_door(desk: Desk, store: Store, *, once: bool) -> Door:
    """Returns the door of a command; close it at the end.

    Args:
        desk: whose main thread hears what comes.
        store: has the ledger.
        once: the person has said `--online`.
    """
    settings = SettingsFile(
        paths.settings_file(), tell=lambda error: desk.screen.note(f"({error.code})")
    )
    mirror.follow(settings)
    door = Door(
        settings,
        lambda allowed: CourierClient(
            desk.porter,
            store.ledger,
            desk.post,
            allowed,
            token=mirror.token,
            asked=mirror.to_ask_the_porter,
            who=TERMINAL,
        ),
    )
    # A window that goes offline ends what a command has under way, and the other way round.
    watch = SettingsWatch(settings.path, lambda: desk.post(settings.look_again))
    door.when_closed(watch.close)
    if once:
        door.take_asker(AnsweredBefore())
    elif sys.stdin.isatty():
        door.take_asker(TerminalAsker(desk.screen))
    return door


def fetch(desk: Desk, door: Door, purpose: Purpose, work: Work) -> Any:
    """Uses the network for one thing and waits for what comes of it; Ctrl+C gives it up.

    Raises:
        RunnerError: it was not allowed, or it failed.
        KeyboardInterrupt: the person gave it up.
    """

    def go(visit: Visit) -> None:
        work(visit, came, came)

    has_come: list[object] = []

    def came(what: object) -> None:
        if not has_come:
            has_come.append(what)
            desk.events.put(_Came(what))

    def look(_: DoorState) -> None:
        # A download lets itself wait for better times; nobody waits for a switch to be turned back.
        if visit.is_over:
            came(RunnerError("network.stopped", purpose.why))

    visit = door.use(purpose, go, came)
    door.listen(look)
    try:
        while True:
            match desk.next_event():
                case _Came(RunnerError() as error):
                    raise error
                case _Came(what):
                    return what
                case Interrupted():
                    raise KeyboardInterrupt
    finally:
        visit.close()


class AnsweredBefore:
    """Stands for a person who has said so on the command line."""

    def ask(self, purpose: Purpose, answered: Callable[[Answer], None]) -> Callable[[], None]:
        """Allows it once."""
        answered(Answer.ONCE)
        return lambda: None


class TerminalAsker:
    """Asks on the terminal; anything but a clear yes means no."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def ask(self, purpose: Purpose, answered: Callable[[Answer], None]) -> Callable[[], None]:
        """Shows what a use means, and waits for a line."""
        texts = network_texts().question
        for line in (
            purpose.what,
            f"{texts.sent}: {purpose.sends}",
            f"{texts.to}: {purpose.host}",
            f"{texts.learned}: {purpose.learns}",
        ):
            self._screen.note(line)
        try:
            with _interrupts_here():
                said = input(texts.terminal).strip().lower()
        except (EOFError, KeyboardInterrupt):
            said = ""
        answered(ANSWERS.get(said, Answer.NO))
        return lambda: None


@contextlib.contextmanager
def _interrupts_here() -> Iterator[None]:
    """Lets Ctrl+C mean no while the person is asked."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
