"""A file of the Hub for commands that read one: its header, and the card and terms beside it."""

from pathlib import Path

from app.cli.beside import open_or_knock, through_the_window
from app.cli.desk import Desk
from app.cli.network import fetch, terminal_door
from app.dossier.remote_look import RemoteLook
from app.model.look_ahead import LOOKS, Look, purpose_of
from app.model.pull import wished
from app.models_page.find.addresses import Kind, read
from app.network.errands import LookWanted
from app.network.purposes import hub_host
from runner.library import paths
from runner.reader_client import ReaderClient
from runner.store import Store

TAKEN = "There is no file {name} here, so it is taken for one of the Hub."


def is_remote(named: str) -> bool:
    """Whether a person means a repository of the Hub: nothing here has that name."""
    if paths.is_there(paths.typed(named)):
        return False
    return read(named, frozenset({hub_host()})).kind in (Kind.REPOSITORY, Kind.FILE)


def header_of(named: str, desk: Desk, reader: ReaderClient, *, online: bool) -> Path:
    """Fetches the header of a file of the Hub and returns where it lies.

    Raises:
        RunnerError: it was not allowed, or it failed.
        KeyboardInterrupt: the person gave it up.
    """
    if "://" not in named:
        # A path that was mistyped looks like a file in a repository, too.
        desk.screen.note(TAKEN.format(name=named))
    wish = wished(named)
    store = open_or_knock(LookWanted(wish=named, online=online))
    if not isinstance(store, Store):
        return Path(through_the_window(store, desk)["path"])
    look = Look(wish, RemoteLook(reader, paths.cache_folder() / LOOKS), desk.screen.progress)
    with store:
        door = terminal_door(desk, store, once=online)
        try:
            path = fetch(desk, door, purpose_of(wish), look.begin)
        finally:
            door.close()
    assert isinstance(path, Path)  # noqa: S101 - what `Look` hands over
    return path
