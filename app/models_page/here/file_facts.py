"""What the list of this computer's models says of each: read once by the reader, then kept.

Read again where the file looks different. What is kept can be made again, so it lies in the cache.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from app.context import AppContext
from app.dossier.papers import contradiction_of, kept_of, licences_of
from app.model.files import card_file_of, files_of_model, licence_files_of
from app.model.list_desk import ListDesk
from app.models_page.fit import Need, need_of_header
from app.reader import arguments
from inspector.inspection import Inspection
from inspector.licences.report import Finding, LicenceReport
from runner.errors import RunnerError
from runner.library.paths import cache_folder, make_private
from runner.store.files import Look
from runner.store.files_written import write_whole

log = logging.getLogger(__name__)

KEPT = "file-facts.json"
MOST_KEPT = 4_000
AT_ONCE = 64
"""Files that one reader process may look into before the next one starts."""

CONTEXT = 8_192
"""Tokens of context that memory is worked out for, unless the settings or the file say less."""

FOR_NOW = -1
"""The `folder` of what was not read here; it is read again."""

DEADLINE_S = 20.0
TELL_MS = 150
WRITE_MS = 2_000


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows of a file.

    Attributes:
        look: of the file that was read.
        folder: when something was last put beside it, such as the text of a licence.
        licence: as the header states it; empty where it states none.
        contradiction: that a licence's text beside it, or kept with it, says something else.
        weights: bytes of the tensors, and so on: the parts of the sum in `fit`.
        error: a code, where the file could not be read.
    """

    look: Look
    parameters: float = 0
    quantisation: str = ""
    architecture: str = ""
    kind: str = ""
    licence: str = ""
    folder: int = 0
    contradiction: Finding | None = None
    weights: int = 0
    cache: int = 0
    compute: int = 0
    context: int = 0
    error: str = ""

    @property
    def need(self) -> Need | None:
        """What the model needs; None where the header did not say."""
        if not self.weights:
            return None
        if not self.cache or not self.compute:
            return Need(weights=self.weights)
        return Need(
            weights=self.weights, cache=self.cache, compute=self.compute, context=self.context
        )


def facts_of(looked: Inspection, look: Look, folder: int = 0) -> FileFacts:
    """Returns what the list shows of an inspection."""
    summary = looked.summary
    need = need_of_header(summary.memory)
    return FileFacts(
        look=look,
        folder=folder,
        parameters=summary.parameters.number or 0,
        quantisation=summary.quantisation.text,
        architecture=summary.architecture.text,
        kind=summary.kind.text,
        licence=summary.licence_name.text or summary.licence.text,
        weights=need.weights,
        cache=need.cache or 0,
        compute=need.compute or 0,
        context=need.context,
    )


def context_for(wished: int, trained: float | None) -> int:
    """Returns the context that memory is worked out for."""
    most = int(trained or 0)
    wanted = wished or CONTEXT
    return min(wanted, most) if most else wanted


class FactsDesk(ListDesk):
    """Has the reader look at files that the list shows, one after the other.

    Owned by: the Models page. Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(context, TELL_MS, parent)
        self._file = cache_folder() / KEPT
        self._kept: dict[str, FileFacts] = _read(self._file)
        self._wanted: dict[str, Look] = {}
        self._changed = False
        # Not at the end alone: a window may be ended by a signal.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WRITE_MS)
        self._later.timeout.connect(self.write)
        self._writing = threading.Lock()

    def of(self, path: Path, look: Look) -> FileFacts | None:
        """Returns what is known of a file that looks so."""
        known = self._kept.get(str(path))
        return known if known is not None and known.look == look else None

    def want(self, files: Sequence[tuple[Path, Look]]) -> None:
        """Reads those of `files` that are not known."""
        asked = [
            (path, look)
            for path, look in files
            if not self._is_known(path, look) and self._wanted.get(str(path)) != look
        ]
        for start in range(0, len(asked), AT_ONCE):
            batch = asked[start : start + AT_ONCE]
            readable = [
                part for path, _ in batch for part in (*files_of_model(path), *_papers(path))
            ]
            for path, look in batch:
                self._wanted[str(path)] = look
                self._ask(path, look, readable)

    def take_for_now(
        self, path: Path, look: Look, looked: Inspection, licences: LicenceReport | None
    ) -> None:
        """Says what was read elsewhere of a file, until its own turn has come."""
        known = self.of(path, look)
        if known is not None and known.folder != FOR_NOW:
            return
        facts = facts_of(looked, look, FOR_NOW)
        trained = looked.summary.context_trained.number
        if looked.summary.memory.context != context_for(
            self._context.settings.current.running.context, trained
        ):
            # The sum for another context is another sum.
            facts = msgspec.structs.replace(facts, weights=0, cache=0, compute=0, context=0)
        differs = contradiction_of(licences) if licences is not None else None
        self._kept[str(path)] = msgspec.structs.replace(facts, contradiction=differs)

    def _is_known(self, path: Path, look: Look) -> bool:
        """Whether a file is known as it lies there, with the papers beside it."""
        known = self.of(path, look)
        return known is not None and known.folder == _changed(path.parent)

    def close(self) -> None:
        """Ends the reader and writes what was found."""
        super().close()
        self._later.stop()
        with self._writing:
            pass  # what is being written is whole now
        self.write()
        with self._writing:
            pass

    def write(self) -> None:
        """Writes what was found, where it is more than the last time; on a thread, for disks are slow."""
        if not self._changed:
            return
        if not self._writing.acquire(blocking=False):
            self._later.start()  # the disk is still busy with what was found before
            return
        self._changed = False
        newest = dict(list(self._kept.items())[-MOST_KEPT:])
        given = (self._file, newest, self._writing)
        threading.Thread(target=_put, args=given, name="file facts").start()

    def _ask(self, path: Path, look: Look, readable: Sequence[Path]) -> None:
        folder = _changed(path.parent)

        def done(looked: Inspection) -> None:
            trained = looked.summary.context_trained.number
            wanted = context_for(self._context.settings.current.running.context, trained)
            if looked.summary.memory.context != wanted:
                ask(wanted)
                return
            facts = facts_of(looked, look, folder)
            self._take(path, facts)
            self._ask_licence(path, facts, readable)

        def failed(error: RunnerError) -> None:
            if error.code.startswith("reader."):
                # It says something of the reader, not of the file: asked again with the next list.
                self._wanted.pop(str(path), None)
            else:
                self._take(path, FileFacts(look=look, folder=folder, error=error.code))

        def ask(context: int) -> None:
            self._reader.ask(
                "inspect",
                arguments.Inspect(path=str(path), context=context),
                Inspection,
                done,
                failed,
                deadline_s=DEADLINE_S,
                readable=readable,
            )

        ask(self._context.settings.current.running.context or CONTEXT)

    def _ask_licence(self, path: Path, facts: FileFacts, readable: Sequence[Path]) -> None:
        """Has the texts of a licence read, where there are any: a label is not what they say."""

        def done(report: LicenceReport) -> None:
            differs = contradiction_of(report)
            if differs is not None and self.of(path, facts.look) == facts:
                self._take(path, msgspec.structs.replace(facts, contradiction=differs))

        def failed(error: RunnerError) -> None:
            log.warning("the licence beside a file of the list was not read: %s", error)
            if self.of(path, facts.look) == facts:
                # Not held for known: it is read again with the next list.
                self._take(path, msgspec.structs.replace(facts, folder=FOR_NOW))

        try:
            papers = licences_of(path, kept_of(self._context.store, path))
        except RunnerError as error:
            failed(error)
            return
        if papers.documents or papers.kept:
            self._reader.ask(
                "licences",
                papers,
                LicenceReport,
                done,
                failed,
                deadline_s=DEADLINE_S,
                readable=readable,
            )

    def _take(self, path: Path, facts: FileFacts) -> None:
        self._wanted.pop(str(path), None)
        self._kept.pop(str(path), None)
        self._kept[str(path)] = facts
        self._changed = True
        self._tell_soon()
        self._later.start()


def _papers(path: Path) -> tuple[Path, ...]:
    """Returns what lies beside a model and tells of its licence."""
    card = card_file_of(path)
    return (*licence_files_of(path), *((card,) if card is not None else ()))


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _put(file: Path, facts: dict[str, FileFacts], writing: threading.Lock) -> None:
    """Writes the facts, and lets the next writing begin."""
    try:
        make_private(file.parent)
        write_whole(file, msgspec.json.encode(facts))
    except (OSError, RunnerError) as error:
        log.warning("what the list knows of files is not kept: %s", error)
    finally:
        writing.release()


def _read(file: Path) -> dict[str, FileFacts]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, FileFacts])
    except (OSError, msgspec.DecodeError):
        # Missing, damaged or of another version: everything in it can be read again.
        return {}
