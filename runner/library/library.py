"""The models on this machine, as a person meets them: the starter, and every file they opened."""

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from runner.errors import RunnerError
from runner.library.paths import MOVE_NOTE, data_folder, is_file, models_folder
from runner.library.sets import KnownSets
from runner.library.splits import first_of_split, parts_of
from runner.library.starter import Starter, starter
from runner.library.trash import DAY_S, KEEP_DAYS, Removed, Trash
from runner.protocol.courier import RemoteFile
from runner.store import Store
from runner.store.fetches import FetchState
from runner.store.files import FileState, KnownFile, Origin
from runner.store.papers import LISTING
from runner.store.sources import Source

if TYPE_CHECKING:
    from runner.library.intention import MoveNote
    from runner.library.others import Found
    from runner.library.relocation import Tell, Unwanted

log = logging.getLogger(__name__)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A model of this machine.

    Attributes:
        file: what is known of its first file.
        state: what became of that since it was last looked at.
        parts: how many files it has.
        size: bytes of all of them.
        source: where it was fetched from; None where that is not known.
        is_own: it lies in the models folder, so removing it removes its files.
    """

    file: KnownFile
    state: FileState
    parts: int
    size: int
    source: Source | None
    is_own: bool


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a model's bytes found.

    Attributes:
        sha256: of each file, as measured now.
        promised: of each file, as it was listed where it came from; empty where nobody promised.
        matches: None where nothing was promised.
    """

    sha256: tuple[str, ...]
    promised: tuple[str, ...] = ()
    matches: bool | None = None


class Library:
    """The models that are known, and the one to begin with.

    Owned by: the composition root. Thread: any.

    Attributes:
        sets: fingerprints of sets of files, which the store does not keep.
    """

    def __init__(
        self,
        store: Store,
        folder: Callable[[], Path] = models_folder,
        notes: Callable[[], Path] = data_folder,
    ) -> None:
        """Takes the store, what returns the models folder in force, and where a move is noted."""
        self._store = store
        self._files = store.files
        self._folder = folder
        self._notes = notes
        self.sets = KnownSets()

    @property
    def starter(self) -> Starter:
        """The facts about the model that comes along."""
        return starter()

    def list(self) -> list[KnownFile]:
        """Returns the files that were opened, the latest used first; also those that are gone."""
        return self._files.list()

    def entries(self) -> Sequence[Entry]:
        """Returns the models with what became of them, the latest used first.

        Those in the trash are left out; others that are gone are told as such.
        """
        sources = self._store.sources.all()
        removed = {path for one in self.removed() for path in one.paths}
        # Once for all of them: a library may hold thousands.
        own = os.path.join(self._folder(), "")  # noqa: PTH118 - with a separator at its end
        return [
            self._entry(file, sources.get(file.id), own)
            for file in self._files.list()
            if file.path not in removed
        ]

    def found_elsewhere(self) -> "Sequence[Found]":
        """Looks for models of other apps that are not known yet; takes a while on a slow disk."""
        known = {str(Path(file.path).resolve()) for file in self._files.list()}
        from runner.library.others import found_elsewhere  # late: a start looks for none

        return [one for one in found_elsewhere() if str(one.path.resolve()) not in known]

    def at(self, path: Path) -> KnownFile | None:
        """Returns what is known of the file at `path`."""
        return self._files.at(first_of_split(path))

    def open(self, path: Path) -> "Future[KnownFile]":
        """Takes note of a file where it lies: a person opened it, or it came along.

        Raises:
            RunnerError: `files.missing`, `files.not_a_file` or `files.unreadable`, at once.
        """
        path = first_of_split(path)
        if path.absolute() == self.starter.path():
            return self._files.adopt(path, self.starter.name, origin=Origin.STARTER)
        return self._files.adopt(path)

    def used(self, file: KnownFile) -> "Future[None]":
        """Notes that a file was loaded now."""
        return self._files.used(file.id)

    def record_digests(
        self, file: KnownFile, *, sha256: str = "", weights_digest: str = ""
    ) -> "Future[bool]":
        """Keeps what was measured of a file; False where it has changed in the meantime."""
        return self._files.record_digests(file, sha256=sha256, weights_digest=weights_digest)

    def forget(self, file: KnownFile) -> "Future[None]":
        """Drops the record of a file; the file itself stays."""
        return self._files.forget(file.id)

    def remove(self, file: KnownFile) -> "Future[Removed | None]":
        """Moves a model of the models folder into the trash; of another place, only forgets it.

        Raises:
            RunnerError: `library.not_removed`, at once; nothing has changed.
        """
        path = Path(file.path)
        done: Future[Removed | None] = Future()
        if not self._is_own(path) or not is_file(path):
            forgotten = self._files.forget(file.id)
            forgotten.add_done_callback(lambda _: done.set_result(None))
        else:
            done.set_result(self._trash().put(parts_of(path)))
        return done

    def removed(self) -> tuple[Removed, ...]:
        """Returns what is in the trash, the latest first."""
        return self._trash().list()

    def undo(self, removed: Removed) -> "Future[KnownFile]":
        """Puts a model back where it lay; what was known of it is known again.

        Raises:
            RunnerError: `library.place_taken`, `library.not_restored`, at once.
        """
        self._trash().put_back(removed)
        return self._files.adopt(removed.path)

    def empty_trash(self, *, older_than_s: float = KEEP_DAYS * DAY_S) -> int:
        """Removes models for good that have been in the trash for so long; returns how many bytes."""
        gone = self._trash().empty(older_than_s=older_than_s)
        for removed in gone:
            known = self._files.at(removed.path)
            if known is not None and known.state() is FileState.GONE:
                self._files.forget(known.id).result()
        return sum(removed.size for removed in gone)

    def move_folder(self, new: Path, tell: "Tell", unwanted: "Unwanted") -> bool:
        """Moves the models folder, and what is known of its models; says whether it was moved.

        Takes long between disks: call it on a thread. Where it returns True the caller then, on
        the thread of the settings, sets `models.folder` to `new` and calls `move_settled()`. What
        was intended is on the disk from before the first change until then: after a kill at any
        moment `settle_move` of the next start finishes the move or takes it back.

        Args:
            new: made where it is missing; may not hold a name that lies in the old folder.
            tell: called on this thread with the bytes that are through, and of how many; between
                disks only, since a move on one disk is done at once.
            unwanted: asked between blocks; once it says yes, the copies are removed again and
                False is returned.

        Raises:
            RunnerError: `library.downloads_wait`, or a code of `runner.library.relocation`.
        """
        old = self._folder()
        if any(fetch.state is not FetchState.DONE for fetch in self._store.fetches.list()):
            raise RunnerError("library.downloads_wait")
        inside = [
            (file, Path(file.path).relative_to(old))
            for file in self._files.list()
            if self._is_own(Path(file.path)) and file.state() is FileState.SAME
        ]
        from runner.library.relocation import relocate  # late: a start moves nothing

        if not relocate(old, new, tell, unwanted, self._note()):
            return False
        for file, below in inside:
            self._files.relocate(file, new / below).result()
        return True

    def move_settled(self) -> None:
        """Hears that the settings name the folder to which the models were moved."""
        self._note().drop()

    def settle_move(self, set_folder: Callable[[Path], object]) -> None:
        """Ends a move of the models folder that was cut off; called at each start.

        Costs one look for a file where there was none.

        Args:
            set_folder: puts the folder in which the models lie into the settings.
        """
        if not self._store.is_kept or not (self._notes() / MOVE_NOTE).exists():
            return  # who does not write the store is not the one to settle anything
        note = self._note()
        from runner.library.intention import Stage, settle  # late: rare

        try:
            intention = settle(note)
        except (OSError, RunnerError) as error:
            log.warning("the move of the models folder could not be settled yet: %s", error)
            return
        if intention is not None and intention.stage is Stage.MOVED:
            old, new = Path(intention.old), Path(intention.new)
            self._relocate_gone(old, new)
            set_folder(new)
        note.drop()

    def _relocate_gone(self, old: Path, new: Path) -> None:
        """Notes of files that are gone from one folder that they lie in the other."""
        for file in self._files.list():
            path = Path(file.path)
            if not path.is_relative_to(old) or file.state() is not FileState.GONE:
                continue
            place = new / path.relative_to(old)
            if is_file(place) and place.stat().st_size == file.look.size:
                self._files.relocate(file, place).result()

    def take_check(
        self, file: KnownFile, sha256: Sequence[str], weights_digest: str = ""
    ) -> Verified:
        """Compares the hashes of a model's files, as just measured, with what was promised.

        Args:
            file: as it was when the reader began; a change since then is not recorded.
            sha256: of each file of the model, in order.
            weights_digest: of its tensors, where it was measured too.
        """
        measured = tuple(sha256)
        self._files.record_digests(file, sha256=measured[0], weights_digest=weights_digest)
        promised = self._promised(file, len(measured))
        if not promised:
            return Verified(sha256=measured)
        matches = promised == measured
        self._store.sources.verified(file.id, matches=matches)
        return Verified(sha256=measured, promised=promised, matches=matches)

    def to_begin_with(self, last_file: str = "") -> tuple[Path, ...]:
        """Returns what to load at the start: the model of the last time where it still lies, the starter.

        Each later one stands in where those before can't be loaded.
        """
        last = Path(last_file) if last_file else None
        known = [last, self.starter.path()]
        return tuple(dict.fromkeys(path for path in known if path is not None and is_file(path)))

    def has_changed(self, path: Path) -> bool:
        """Whether a known file looks different from when it was last opened."""
        known = self.at(path)
        return known is not None and known.state() is FileState.CHANGED

    # ---- of the models folder --------------------------------------------------------------------

    def _entry(self, file: KnownFile, source: Source | None, own: str) -> Entry:
        path, state = Path(file.path), file.state()
        parts = [path] if state is FileState.GONE else parts_of(path)
        size = file.look.size
        if len(parts) > 1:
            size = sum(part.stat().st_size for part in parts)
        return Entry(
            file=file,
            state=state,
            parts=len(parts),
            size=size,
            source=source,
            is_own=file.path.startswith(own),
        )

    def _promised(self, file: KnownFile, count: int) -> tuple[str, ...]:
        """Returns the hashes that were listed where a model came from; empty where any is missing."""
        source = self._store.sources.of(file.id)
        if source is None:
            return ()
        if count == 1:
            return (source.sha256,) if source.sha256 else ()
        papers = self._store.papers.of(source.repository, source.commit)
        listing = next((paper for paper in papers if paper.name == LISTING), None)
        if listing is None:
            return ()
        listed = {
            one.path.rpartition("/")[2]: one.sha256
            for one in msgspec.json.decode(listing.text, type=list[RemoteFile])
        }
        hashes = tuple(listed.get(part.name, "") for part in parts_of(Path(file.path)))
        return hashes if len(hashes) == count and all(hashes) else ()

    def _is_own(self, path: Path) -> bool:
        return path.is_relative_to(self._folder())

    def _note(self) -> "MoveNote":
        from runner.library.intention import MoveNote  # late: a start moves nothing

        return MoveNote(self._notes())

    def _trash(self) -> Trash:
        return Trash(self._folder())
