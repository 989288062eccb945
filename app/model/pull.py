"""Getting a model of the Hub: asks what a repository has, chooses, fetches, and tells in words."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from app.models_page.find.addresses import Kind, Wish, read
from app.models_page.repository.grouping import Choice, choices, chosen_by
from app.network.door import Visit
from app.network.purposes import Purpose, hub_host, purpose
from app.words.quantities import bytes_in_words
from app.words.wording import words
from runner.errors import RunnerError
from runner.fetch.queue import Fetches, FetchProgress
from runner.protocol.courier import RemoteFile, Repository
from runner.reader_client import Deliver
from runner.store.fetches import Fetch, FetchState

USUAL = ("Q4_K_M", "Q4_K_S", "Q5_K_M", "Q4_1", "Q4_0", "IQ4_XS", "Q8_0")
"""Which quantisation is taken where none is named: small, and close to what was published."""

Came = Callable[[Fetch], None]
Failed = Callable[[RunnerError], None]


def wished(text: str) -> Wish:
    """Returns the repository that a person named, with the file or the quantisation.

    Raises:
        RunnerError: `cli.no_repository`.
    """
    wish = read(text, frozenset({hub_host()}))
    if wish.kind not in (Kind.REPOSITORY, Kind.FILE):
        raise RunnerError("cli.no_repository", name=text)
    return wish


def purpose_of(wish: Wish) -> Purpose:
    """Returns what a person is asked about before a wish goes out."""
    what = wish.file or wish.quantisation or "a model"
    return purpose("pull", repository=wish.repository, file=what)


def as_json(fetched: Fetch) -> dict[str, object]:
    """Returns the form `lightwell.pull/1`."""
    return {
        "schema": "lightwell.pull/1",
        "repository": fetched.repository,
        "revision": fetched.revision,
        "commit": fetched.commit,
        "path": str(fetched.path),
        "size": fetched.size,
        "files": msgspec.to_builtins(fetched.files),
    }


def choose(wish: Wish, files: Sequence[RemoteFile]) -> Choice:
    """Returns what is to be fetched: what was named, or the usual quantisation.

    Raises:
        RunnerError: `cli.no_gguf`, `cli.no_such_choice`, `cli.set_not_whole`.
    """
    among = [choice for choice in choices(files) if choice.is_model]
    if not among:
        raise RunnerError("cli.no_gguf", name=wish.repository)
    if named := wish.file or wish.quantisation:
        chosen = chosen_by(named, choices(files))
    else:
        chosen = next(
            (found for quant in USUAL if (found := chosen_by(quant, among)) is not None), among[0]
        )
    if chosen is None:
        there = ", ".join(dict.fromkeys(one.quantisation or one.name for one in among))
        raise RunnerError("cli.no_such_choice", name=wish.repository, wanted=named, there=there)
    if chosen.missing:
        raise RunnerError("cli.set_not_whole", name=chosen.name, missing=chosen.missing)
    return chosen


class Pull:
    """One download, from the question what there is to the last byte.

    Thread: the one that the fetches and the visit's courier deliver on.

    Args:
        wish: what a person named.
        fetches: the queue.
        folder: the models folder.
        note: takes a line that stays.
        progress: takes a line that is replaced by the next one; empty ends it.
        post: has something done on that thread, after what the fetches have delivered before.
    """

    def __init__(
        self,
        wish: Wish,
        fetches: Fetches,
        folder: Path,
        note: Callable[[str], None],
        progress: Callable[[str], None],
        post: Deliver,
    ) -> None:
        self._post = post
        self._wish = wish
        self._fetches = fetches
        self._folder = folder
        self._note = note
        self._progress = progress
        self._told = ""
        self._is_over = False

    def begin(self, visit: Visit, came: Came, failed: Failed) -> None:
        """Asks for the repository and its files, then fetches the choice."""
        wish = self._wish

        def listed(said: Repository, files: list[RemoteFile]) -> None:
            try:
                choice = choose(wish, files)
            except RunnerError as error:
                failed(error)
                return
            licence = said.licence or "none named"
            size = bytes_in_words(choice.size)
            self._note(f"{choice.name} of {said.repository}: {size}, licence {licence}")
            self._fetch(visit, said, choice, came, failed)

        def answered(said: Repository) -> None:
            visit.courier.files(
                said.repository, said.commit, visit.why, lambda files: listed(said, files), failed
            )

        revision = wish.revision or "main"
        visit.courier.repository(wish.repository, revision, visit.why, answered, failed)

    def _fetch(
        self, visit: Visit, said: Repository, choice: Choice, came: Came, failed: Failed
    ) -> None:
        number = 0

        def hear(progress: FetchProgress) -> None:
            if progress.fetch.id == number and not self._is_over:
                self._hear(progress, came, failed)

        self._fetches.listen(hear)
        hashes = [file.sha256 for file in choice.files]
        for one in self._fetches.list():
            same = [file.sha256 for file in one.fetch.files] == hashes
            if same and one.fetch.commit == said.commit and one.fetch.state is not FetchState.DONE:
                number = one.fetch.id
                self._fetches.resume(one.fetch.id)
                return
        added = self._fetches.add(
            said.repository,
            said.commit,
            choice.files,
            visit.why,
            folder=self._folder,
            revision=self._wish.revision or "main",
            who=visit.purpose.who,
        )

        def known(done: "Future[Fetch]") -> None:
            nonlocal number
            error = done.exception()
            if isinstance(error, RunnerError):
                failed(error)
            else:
                number = done.result().id

        # In the order in which the queue speaks: whatever it tells of the fetch comes after this.
        added.add_done_callback(lambda done: self._post(lambda: known(done)))

    def _hear(self, progress: FetchProgress, came: Came, failed: Failed) -> None:
        fetch = progress.fetch
        match fetch.state:
            case FetchState.DONE:
                self._is_over = True
                self._progress("")
                came(fetch)
            case FetchState.PAUSED:
                self._is_over = True
                failed(RunnerError("fetch.stopped"))
            case FetchState.FAILED:
                self._is_over = True
                error = fetch.error
                failed(RunnerError(error.code, error.detail, **error.context))
            case FetchState.STALLED if fetch.error.code and fetch.error.code != self._told:
                self._told = fetch.error.code
                said = words(fetch.error.code, **fetch.error.context)
                self._note(said.title)
            case _:
                self._progress(_line(progress))


def _line(progress: FetchProgress) -> str:
    fetch = progress.fetch
    parts = [f"{fetch.done / max(fetch.size, 1):.0%} of {bytes_in_words(fetch.size)}"]
    if progress.checking:
        parts.append("reading what is here already")
    elif progress.preparing:
        parts.append("fetching its card and terms")
    elif progress.retry_in_s is not None:
        parts.append(f"trying again in {progress.retry_in_s:.0f} s")
    elif fetch.state is FetchState.STALLED:
        parts.append(f"nothing has come for {progress.silent_s:.0f} s")
    elif fetch.state is FetchState.VERIFYING:
        parts.append("checked; putting it in its place")
    elif progress.bytes_per_s:
        parts.append(f"{bytes_in_words(round(progress.bytes_per_s))}/s")
        if progress.seconds_left is not None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            parts.append(f"{minutes} min {seconds} s left" if minutes else f"{seconds} s left")
    return ", ".join(parts)
