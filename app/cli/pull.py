"""What `lightwell pull` does: fetches a model, by itself or through the window that is open."""

from argparse import Namespace
from pathlib import Path

from app.cli.beside import open_or_knock, through_the_window
from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.network import TERMINAL, fetch, terminal_door
from app.model.files import models_folder_in
from app.model.pull import Pull, as_json, purpose_of, wished
from app.network import mirror
from app.network.errands import PullWanted
from app.settings import SettingsFile
from runner.courier.client import CourierClient
from runner.fetch.queue import Fetches
from runner.library import paths
from runner.store import Store
from runner.store.fetches import Fetch

MEGABYTE = 1_000_000
BESIDE = "The open window fetches it, and shows it among its downloads."


def run(wanted: Namespace, desk: Desk) -> int:
    """Downloads a model and prints where it lies."""
    wished(wanted.model)  # what is no wish is told before anything is opened
    store = open_or_knock(PullWanted(wish=wanted.model, online=wanted.online))
    if isinstance(store, Store):
        with store:
            told = as_json(_by_itself(wanted, desk, store))
    else:
        desk.screen.note(BESIDE)
        told = through_the_window(store, desk)
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
        client = CourierClient(
            desk.porter,
            store.ledger,
            allowed=door.allows,
            token=mirror.token,
            asked=mirror.to_ask_the_porter,
            writable=(incoming,),
            who=TERMINAL,
        )
        return door.join(client)  # the switch ends it, as it ends the door's own

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
