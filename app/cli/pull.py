"""What `lightwell pull` does: fetches a model, by itself or through the window that is open."""

import socket
import threading
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk, Interrupted
from app.cli.network import fetch, terminal_door
from app.model.files import models_folder_in
from app.model.pull import Pull, as_json, choose, purpose_of, wished
from app.network import mirror
from app.network.errands import LARGEST, Done, Line, PullWanted, Refused, Told, knock
from app.settings import SettingsFile
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.fetch.queue import Fetches
from runner.library import paths
from runner.store import Store
from runner.store.fetches import Fetch

__all__ = ["choose", "run", "wished"]

MEGABYTE = 1_000_000
BESIDE = "The open window fetches it, and shows it among its downloads."
GOES_ON = "The window goes on with it."


def run(wanted: Namespace, desk: Desk) -> int:
    """Downloads a model and prints where it lies."""
    wished(wanted.model)  # what is no wish is told before anything is opened
    try:
        store = Store.open(paths.database_file())
    except RunnerError as error:
        if error.code != "store.in_use":
            raise
        asked = PullWanted(wish=wanted.model, online=wanted.online)
        window = knock(paths.runtime_folder(), asked)
        if window is None:
            raise  # it is no window that has the database, or one that takes no errands
        told = _through_the_window(window, desk)
    else:
        with store:
            told = as_json(_by_itself(wanted, desk, store))
    if wanted.json:
        desk.screen.json(told)
    else:
        desk.screen.line(str(told["path"]))
    return Exit.DONE


def _by_itself(wanted: Namespace, desk: Desk, store: Store) -> Fetch:
    """Fetches it with the database, the gate and the courier of this command."""
    wish = wished(wanted.model)
    settings = SettingsFile(paths.settings_file())
    door = terminal_door(desk, store, once=wanted.online)

    def make_courier(incoming: Path) -> CourierClient:
        return CourierClient(
            desk.porter,
            store.ledger,
            allowed=door.allows,
            token=mirror.token,
            asked=mirror.to_ask_the_porter,
            writable=(incoming,),
        )

    fetches = Fetches(store, make_courier, desk.post, rate=lambda: round(wanted.rate * MEGABYTE))
    screen = desk.screen
    folder = models_folder_in(settings.current)
    pull = Pull(wish, fetches, folder, screen.note, screen.progress, desk.post)
    try:
        fetched = fetch(desk, door, purpose_of(wish), pull.begin)
    finally:
        fetches.close()
        door.close()
    assert isinstance(fetched, Fetch)  # noqa: S101 - what `Pull` hands over
    return fetched


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the window said; None where it went away."""

    told: Told | None


def _through_the_window(window: socket.socket, desk: Desk) -> dict[str, Any]:
    """Shows how the open window gets on, until it is there.

    Raises:
        RunnerError: as the window met it; `cli.window_closed`.
        KeyboardInterrupt: the person has stopped watching; the window goes on.
    """
    screen = desk.screen
    screen.note(BESIDE)

    def listen() -> None:
        decoder = msgspec.json.Decoder(Told)
        try:
            while said := window.recv(LARGEST):
                desk.events.put(_Heard(decoder.decode(said)))
        except (OSError, msgspec.DecodeError):
            pass
        desk.events.put(_Heard(None))

    threading.Thread(target=listen, name="window", daemon=True).start()
    while True:
        match desk.next_event():
            case Interrupted():
                screen.progress("")
                screen.note(GOES_ON)
                raise KeyboardInterrupt
            case _Heard(Line(text, passes)):
                (screen.progress if passes else screen.note)(text)
            case _Heard(Done(told)):
                screen.progress("")
                return told
            case _Heard(Refused() as refused):
                raise refused.error()
            case _Heard(None):
                raise RunnerError("cli.window_closed")
