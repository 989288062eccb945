"""A file of the Hub for commands that read one: its header, and the card and terms beside it."""

from collections.abc import Callable
from pathlib import Path

from app.cli.desk import Desk
from app.cli.network import fetch, terminal_door
from app.dossier.remote_look import RemoteLook
from app.model.pull import choose, wished
from app.models_page.addresses import Kind, Wish, read
from app.models_page.grouping import Choice
from app.network.door import Visit
from app.network.purposes import hub_host, purpose
from inspector.licences.documents import is_licence_file
from runner.errors import RunnerError
from runner.library import paths
from runner.protocol.courier import Card, RemoteFile, Repository
from runner.reader_client import ReaderClient
from runner.store import Store

LOOKS = "looks"
CARD = "README.md"
MOST_LICENCES = 2

Came = Callable[[Path], None]
Failed = Callable[[RunnerError], None]


def is_remote(named: str) -> bool:
    """Whether a person means a repository of the Hub: nothing here has that name."""
    if Path(named).expanduser().exists():
        return False
    return read(named, frozenset({hub_host()})).kind in (Kind.REPOSITORY, Kind.FILE)


def header_of(named: str, desk: Desk, reader: ReaderClient, *, online: bool) -> Path:
    """Fetches the header of a file of the Hub and returns where it lies.

    Raises:
        RunnerError: it was not allowed, or it failed.
        KeyboardInterrupt: the person gave it up.
    """
    wish = wished(named)
    look = _Look(wish, RemoteLook(reader, paths.cache_folder() / LOOKS), desk)
    with Store.open(paths.database_file()) as store:
        door = terminal_door(desk, store, once=online)
        try:
            what = wish.file or wish.quantisation or "a model"
            path = fetch(
                desk, door, purpose("header", repository=wish.repository, file=what), look.begin
            )
        finally:
            door.close()
    assert isinstance(path, Path)  # noqa: S101 - what `_Look` hands over
    return path


class _Look:
    """One look, from the question what there is to the end of the header. Thread: main."""

    def __init__(self, wish: Wish, inside: RemoteLook, desk: Desk) -> None:
        self._wish = wish
        self._inside = inside
        self._screen = desk.screen
        self._texts: dict[str, str] = {}

    def begin(self, visit: Visit, came: Came, failed: Failed) -> None:
        """Asks for the repository and its files, then for the texts and the header."""
        wish = self._wish

        def answered(said: Repository) -> None:
            visit.courier.files(
                said.repository,
                said.commit,
                visit.why,
                lambda files: self._listed(visit, said, files, came, failed),
                failed,
            )

        revision = wish.revision or "main"
        visit.courier.repository(wish.repository, revision, visit.why, answered, failed)

    def _listed(
        self,
        visit: Visit,
        said: Repository,
        files: list[RemoteFile],
        came: Came,
        failed: Failed,
    ) -> None:
        try:
            choice = choose(self._wish, files)
        except RunnerError as error:
            failed(error)
            return
        paths_of_texts = [one.path for one in files if one.path == CARD]
        paths_of_texts += [one.path for one in files if is_licence_file(one.path)][:MOST_LICENCES]
        self._read_texts(
            visit, said, paths_of_texts, lambda: self._look(visit, said, choice, came, failed)
        )

    def _read_texts(
        self, visit: Visit, said: Repository, left: list[str], then: Callable[[], None]
    ) -> None:
        """Fetches one text after the other; one that can't be had is left out."""
        if not left:
            then()
            return
        path, *rest = left

        def go_on() -> None:
            self._read_texts(visit, said, rest, then)

        def had(card: Card) -> None:
            if not card.cut:
                self._texts[path] = card.text
            go_on()

        visit.courier.text(said.repository, said.commit, path, visit.why, had, lambda _: go_on())

    def _look(
        self, visit: Visit, said: Repository, choice: Choice, came: Came, failed: Failed
    ) -> None:
        self._inside.keep_texts(said.repository, said.commit, self._texts)
        self._inside.look(
            visit.courier,
            said.repository,
            said.commit,
            choice.files[0],
            visit.why,
            came,
            failed,
            progress=lambda count: self._screen.progress(
                f"{count / 1_000_000:.1f} MB of the header"
            ),
            others=choice.files[1:],
        )
