"""Looks inside a file of the Hub before it is downloaded: fetches its header, and hardly more.

The bytes lie in the cache under a name that says how long the whole file is, so the reader reads
them as it reads any file, and says so where it is asked for what was not fetched.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.reader import arguments
from inspector.gguf.ranges import NOT_FETCHED, beginning_name, whole_name
from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.protocol.courier import Ranged, RemoteFile
from runner.reader_client import ReaderClient, Ticket

log = logging.getLogger(__name__)

STEP = 1024 * 1024 - 64 * 1024
"""Bytes fetched beyond what the header is known to need: with what the network adds, 1 MiB."""

LEAST_STEP = 16 * 1024
"""What is fetched at a time of each further file of a split set: it has tensors only."""

MOST = 256 * 1024 * 1024
"""A longer header than any known by a factor of ten is not followed."""

SMALLEST_STEP = 60 * 1024
BROKEN_OFF = frozenset({"courier.cut_off", "courier.stalled", "courier.too_slow"})
"""What may go better with less at a time: of a part that breaks off nothing is kept."""

DEADLINE_S = 20.0
Failed = Callable[[RunnerError], None]
Progress = Callable[[int], None]


def no_progress(_: int) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class _Look:
    """One look, from its first byte to the end of the header."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]
    why: str
    paths: tuple[Path, ...]
    done: Callable[[Path], None]
    failed: Failed
    progress: Progress
    at: int = 0
    most: int = MOST
    wanted: bool = True
    ticket: Ticket | None = field(default=None)

    @property
    def file(self) -> RemoteFile:
        """The file whose header is being read."""
        return self.files[self.at]

    @property
    def path(self) -> Path:
        """Where its beginning lies, or will lie."""
        return self.paths[self.at]

    @property
    def step(self) -> int:
        """How much more of it is fetched than is known to be needed."""
        if len(self.files) == 1:
            return STEP
        share = STEP // 2
        return share if self.at == 0 else max(LEAST_STEP, share // (len(self.files) - 1))

    def held(self) -> int:
        """Returns how many bytes are here, of all files."""
        return sum(path.stat().st_size for path in self.paths if path.is_file())


class RemoteLook:
    """Fetches headers. One look at a time; a new one takes the place of the one before.

    Owned by: a front end. Thread: the one that `reader` and `courier` deliver on.

    Args:
        reader: says how far a header goes.
        folder: below which the beginnings are kept.
    """

    def __init__(self, reader: ReaderClient, folder: Path) -> None:
        self._reader = reader
        self._folder = folder
        self._look: _Look | None = None
        self._courier: CourierClient | None = None

    def place_of(self, repository: str, commit: str) -> Path:
        """Returns the folder of what was fetched of a repository at a commit."""
        owner, _, name = repository.partition("/")
        return self._folder / owner / name / commit[:16]

    def path_of(self, repository: str, commit: str, file: RemoteFile) -> Path:
        """Returns where the beginning of a file lies, or would lie."""
        name = beginning_name(file.path.rpartition("/")[2], file.size)
        folders = file.path.rpartition("/")[0]
        place = self.place_of(repository, commit)
        return (place / folders if folders else place) / name

    def look(
        self,
        courier: CourierClient | None,
        repository: str,
        commit: str,
        file: RemoteFile,
        why: str,
        done: Callable[[Path], None],
        failed: Failed,
        *,
        progress: Progress = no_progress,
        others: Sequence[RemoteFile] = (),
    ) -> None:
        """Fetches the header of a file, where it is not here already; of a set, of every file.

        Args:
            courier: asks the Hub; None reads what is here, and fails with `gguf.not_fetched`
                where that does not reach.
            repository: as `owner/name`.
            commit: that the file was listed at.
            file: as it was listed.
            why: the reason in words, for the ledger.
            done: called with the path of the beginning, which the reader reads as a file.
            failed: called with why there is none.
            progress: called with how many bytes have come.
            others: the further files of a split set, in order.
        """
        self.stop()
        self._courier = courier
        files = (file, *others)
        paths = tuple(self.path_of(repository, commit, one) for one in files)
        look = _Look(repository, commit, files, why, paths, done, failed, progress)
        self._look = look
        if not all(map(self._is_inside, paths)):
            self._fail(look, RunnerError("courier.bad_name", file.path))
        else:
            self._begin(look)

    def known(self, repository: str, commit: str, file: RemoteFile) -> Path | None:
        """Returns the beginning that an earlier look left; None where there is none."""
        path = self.path_of(repository, commit, file)
        return path if path.is_file() else None

    def keep_texts(self, repository: str, commit: str, texts: Mapping[str, str]) -> None:
        """Puts card and licence texts beside the beginnings, where the inspector looks for them."""
        place = self.place_of(repository, commit)
        if not self._is_inside(place):
            return
        try:
            make_private(place)
            for name, text in texts.items():
                if "/" not in name and not name.startswith("."):
                    (place / name).write_text(text, encoding="utf-8")
        except OSError as error:
            # The header is worth looking at without them, and the page has them anyway.
            log.warning("the card is not kept beside the header: %s", error)

    def stop(self) -> None:
        """Gives the present look up."""
        look, self._look = self._look, None
        if look is not None:
            look.wanted = False
            if look.ticket is not None:
                look.ticket.cancel()

    def _is_inside(self, path: Path) -> bool:
        """Whether a place that the Hub's names led to is in our folder."""
        return path.resolve().is_relative_to(self._folder.resolve())

    # ---- fetching and reading in turns -----------------------------------------------------------

    def _begin(self, look: _Look) -> None:
        """Begins with the present file."""
        if look.path.is_file():
            self._read(look)
        else:
            self._fetch(look, 0)

    def _fetch(self, look: _Look, needs: int) -> None:
        have = look.path.stat().st_size if look.path.is_file() else 0
        end = min(look.file.size, max(needs, have) + look.step, have + look.most)
        if self._courier is None:
            self._fail(look, RunnerError(NOT_FETCHED, path=look.file.path))
            return
        if end <= have or end > MOST:
            self._fail(look, RunnerError("models.no_header", name=look.file.path))
            return
        tickets: list[Ticket] = []

        def failed(error: RunnerError) -> None:
            if not look.wanted or error.code not in BROKEN_OFF or look.most <= SMALLEST_STEP:
                self._fail(look, error)
                return
            # A line that breaks off after some seconds lets less than that through at a time.
            look.most = max(SMALLEST_STEP, (end - have) // 4)
            self._fetch(look, needs)

        def done(ranged: Ranged) -> None:
            self._on_range(look, ranged, have, bytes(tickets[0].payload) if tickets else b"")

        ticket = self._courier.range(
            look.repository,
            look.commit,
            look.file.path,
            have,
            end - have,
            look.why,
            done,
            failed,
            size=look.file.size,
        )
        if ticket is not None:
            tickets.append(ticket)
            look.ticket = ticket

    def _on_range(self, look: _Look, ranged: Ranged, have: int, content: bytes) -> None:
        if not look.wanted:
            return
        if ranged.size != look.file.size or len(content) != ranged.received:
            self._fail(look, RunnerError("fetch.changed", name=look.file.path))
            return
        try:
            make_private(look.path.parent)
            with look.path.open("r+b" if look.path.exists() else "wb") as file:
                file.seek(have)
                file.write(content)
        except OSError as error:
            self._fail(look, RunnerError("files.cannot_write", str(error), path=str(look.path)))
            return
        look.progress(look.held())
        self._read(look)

    def _read(self, look: _Look) -> None:
        def failed(error: RunnerError) -> None:
            if error.code == NOT_FETCHED:
                named = error.context.get("path", "")
                # Once all beginnings are here they are read as a set, and any may be too short.
                look.at = next(
                    (at for at, path in enumerate(look.paths) if whole_name(path) == named), look.at
                )
                self._fetch(look, int(error.context.get("needs", 0)))
            else:
                look.path.unlink(missing_ok=True)
                self._fail(look, error)

        look.ticket = self._reader.ask(
            "kind",
            arguments.ModelFile(path=str(look.path)),
            str,
            lambda _: self._on_read(look),
            failed,
            deadline_s=DEADLINE_S,
            readable=(look.path.parent,) if len(look.paths) > 1 else (look.path,),
        )

    def _on_read(self, look: _Look) -> None:
        """Goes on with the next file of a set, or is done."""
        missing = next((at for at, path in enumerate(look.paths) if not path.is_file()), None)
        if not look.wanted or missing is None:
            self._succeed(look)
            return
        look.at = missing
        self._begin(look)

    def _succeed(self, look: _Look) -> None:
        if look.wanted and look is self._look:
            self._look = None
            look.done(look.paths[0])

    def _fail(self, look: _Look, error: RunnerError) -> None:
        if look.wanted and look is self._look:
            self._look = None
            look.failed(error)
