"""Works out a model's fingerprints in the background, once for each state of its file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.dossier.fingerprints import FingerprintsKept
from app.model.files import files_of_model
from app.model.ref import ModelRef
from app.reader import arguments
from inspector.facts import Fact, Source, SourceKind, known, now, unknown
from inspector.gguf.digests import METHOD, Digests
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import ReaderClient
from runner.store.files import FileState, KnownFile, Look

DEADLINE_S = 4 * 3600.0
"""For a file of a terabyte on a slow disk; the person can stop it at any time."""


class Fingerprints(QObject):
    """The two fingerprints of the inspected model: from the store, or by reading the file.

    Reading takes a process of its own, so that the other jobs of the reader don't wait for it; the
    process ends with the work.

    Owned by: the Summary tab. Thread: GUI.

    Attributes:
        sha256: of the file; of a split set, of each file.
        weights: the weights digest.
        error: why they could not be worked out.
    """

    changed = Signal()
    progressed = Signal(float)
    """How much of the file has been read, 0 to 1."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reader: ReaderClient | None = None
        self._ref: ModelRef | None = None
        self._looks: tuple[Look, ...] = ()  # of the parts, when their reading began
        self.sha256: Fact = unknown("settle.sha256")
        self.weights: Fact = unknown("settle.weights")
        self.error: RunnerError | None = None

    @property
    def is_running(self) -> bool:
        """Whether the file is being read now."""
        return self._reader is not None

    def show(self, ref: ModelRef | None, *, begin: bool = True) -> None:
        """Finds the fingerprints of a model; reads its file where they aren't on record."""
        if ref == self._ref and (self.is_running or self.sha256.is_known):
            return
        self.stop()
        self._ref = ref
        self._forget()
        file = self._record()
        if ref is not None and ref.fetched_bytes:
            self._take_promised(ref)
        elif ref is not None and (whole := self._context.library.sets.of(ref.path)) is not None:
            self._take(tuple(whole.files.values()), whole.weights, None)
        elif file is not None and file.sha256 and file.weights_digest:
            self._take((file.sha256,), file.weights_digest, None)
        elif ref is not None and begin:
            self._begin(ref)
        self.changed.emit()

    def stop(self) -> None:
        """Gives the work up; what is unknown stays so."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
            self.changed.emit()

    def begin(self) -> None:
        """Reads the file, after it was stopped or failed."""
        if self._ref is not None and not self.is_running:
            self._begin(self._ref)
            self.changed.emit()

    def _begin(self, ref: ModelRef) -> None:
        self.error = None
        self._looks = self._context.library.sets.looks(ref.path)
        self._reader = ReaderClient(self._context.porter, self._context.mailbox.post)
        self._reader.ask(
            "digests",
            arguments.Hash(path=str(ref.path)),
            Digests,
            self._for(ref, self._on_done),
            self._for(ref, self._on_failed),
            progress=lambda done, total: self._on_progress(ref, done, total),
            deadline_s=DEADLINE_S,
            readable=files_of_model(ref.path),
        )

    def _for(self, ref: ModelRef, then: Callable[[object], None]) -> Callable[[object], None]:
        """Drops what arrives after another model was chosen."""

        def deliver(value: object) -> None:
            if ref == self._ref and self.is_running:
                then(value)

        return deliver

    def _on_progress(self, ref: ModelRef, done: int, total: int) -> None:
        if ref == self._ref and total:
            self.progressed.emit(done / total)

    def _on_done(self, hashed: object) -> None:
        if not isinstance(hashed, Digests):
            return
        self._take(hashed.files, hashed.weights, now())
        file = self._record()
        if self._ref is not None and len(hashed.files) > 1:
            sets, path = self._context.library.sets, first_of_split(self._ref.path)
            if sets.keep(path, self._looks, hashed.files, hashed.weights):
                self._context.mailbox.put(FingerprintsKept(path))
        elif file is not None and len(hashed.files) == 1:
            kept = self._context.library.record_digests(
                file, sha256=hashed.files[0], weights_digest=hashed.weights
            )
            # Not `self`: the store's thread lets go of this last, and must not be what ends it.
            mailbox, event = self._context.mailbox, FingerprintsKept(Path(file.path))
            kept.add_done_callback(lambda _done: mailbox.put(event))
        self.stop()

    def _on_failed(self, error: object) -> None:
        self.error = error if isinstance(error, RunnerError) else None
        self.stop()

    def _take(self, files: tuple[str, ...], weights: str, read_at: datetime | None) -> None:
        name = self._ref.path.name if self._ref else ""

        def source(how: str) -> Source:
            return Source(kind=SourceKind.MEASURED, document=name, where=how, read_at=read_at)

        self.sha256 = known("\n".join(files), source("SHA-256"))
        self.weights = known(weights, source(METHOD))

    def _take_promised(self, ref: ModelRef) -> None:
        """Takes what the Hub lists for a file that is not here: nothing can be measured of it."""
        self.weights = unknown("settle.whole_file")
        if ref.sha256:
            promised = Source(kind=SourceKind.HUB, document=ref.name, where="SHA-256")
            self.sha256 = known(ref.sha256, promised)
        else:
            self.sha256 = unknown("settle.whole_file")

    def _forget(self) -> None:
        self.sha256 = unknown("settle.sha256")
        self.weights = unknown("settle.weights")
        self.error = None

    def _record(self) -> KnownFile | None:
        """Returns the store's record of the file, where the file is still as it was recorded."""
        path: Path | None = self._ref.path if self._ref else None
        file = self._context.library.at(path) if path else None
        return file if file is not None and file.state() is FileState.SAME else None
