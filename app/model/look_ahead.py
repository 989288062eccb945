"""A look into a model of the Hub that is not here: its headers, and the card and terms beside them."""

from collections.abc import Callable
from pathlib import Path

from app.dossier.remote_look import RemoteLook
from app.model.pull import choose
from app.models_page.find.addresses import Wish
from app.models_page.repository.grouping import Choice
from app.network.door import Visit
from app.network.purposes import Purpose, purpose
from inspector.licences.documents import is_licence_file
from runner.errors import RunnerError
from runner.protocol.courier import Card, RemoteFile, Repository

LOOKS = "looks"
"""The folder of the cache in which headers lie."""

CARD = "README.md"
MOST_LICENCES = 2

Came = Callable[[Path], None]
Failed = Callable[[RunnerError], None]


def purpose_of(wish: Wish) -> Purpose:
    """Returns what a person is asked about before a look goes out."""
    what = wish.file or wish.quantisation or "a model"
    return purpose("header", repository=wish.repository, file=what)


class Look:
    """One look, from the question what there is to the end of the header.

    Thread: the one that the visit's courier and the reader deliver on.

    Args:
        wish: what a person named.
        inside: fetches the headers.
        progress: takes a line that is replaced by the next one.
    """

    def __init__(self, wish: Wish, inside: RemoteLook, progress: Callable[[str], None]) -> None:
        self._wish = wish
        self._inside = inside
        self._progress = progress
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
            progress=lambda count: self._progress(f"{count / 1_000_000:.1f} MB of the header"),
            others=choice.files[1:],
        )
