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
from app.model.files import files_of_model
from app.model.list_desk import ListDesk
from app.models_page.fit import Need, need_of_header
from app.reader import arguments
from inspector.inspection import Inspection
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

DEADLINE_S = 20.0
TELL_MS = 150
WRITE_MS = 2_000


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows of a file.

    Attributes:
        look: of the file that was read.
        licence: as the header states it; empty where it states none.
        weights: bytes of the tensors, and so on: the parts of the sum in `fit`.
        error: a code, where the file could not be read.
    """

    look: Look
    parameters: float = 0
    quantisation: str = ""
    architecture: str = ""
    kind: str = ""
    licence: str = ""
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


def facts_of(looked: Inspection, look: Look) -> FileFacts:
    """Returns what the list shows of an inspection."""
    summary = looked.summary
    need = need_of_header(summary.memory)
    return FileFacts(
        look=look,
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
            if self.of(path, look) is None and self._wanted.get(str(path)) != look
        ]
        for start in range(0, len(asked), AT_ONCE):
            batch = asked[start : start + AT_ONCE]
            readable = [part for path, _ in batch for part in files_of_model(path)]
            for path, look in batch:
                self._wanted[str(path)] = look
                self._ask(path, look, readable)

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
        threading.Thread(target=self._put, args=(newest,), name="file facts").start()

    def _put(self, facts: dict[str, FileFacts]) -> None:
        try:
            make_private(self._file.parent)
            write_whole(self._file, msgspec.json.encode(facts))
        except (OSError, RunnerError) as error:
            log.warning("what the list knows of files is not kept: %s", error)
        finally:
            self._writing.release()

    def _ask(self, path: Path, look: Look, readable: Sequence[Path]) -> None:
        def done(looked: Inspection) -> None:
            trained = looked.summary.context_trained.number
            wanted = context_for(self._context.settings.current.running.context, trained)
            if looked.summary.memory.context != wanted:
                ask(wanted)
                return
            self._take(path, facts_of(looked, look))

        def failed(error: RunnerError) -> None:
            if error.code.startswith("reader."):
                # It says something of the reader, not of the file: asked again with the next list.
                self._wanted.pop(str(path), None)
            else:
                self._take(path, FileFacts(look=look, error=error.code))

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

    def _take(self, path: Path, facts: FileFacts) -> None:
        self._wanted.pop(str(path), None)
        self._kept.pop(str(path), None)
        self._kept[str(path)] = facts
        self._changed = True
        self._tell_soon()
        self._later.start()


def _read(file: Path) -> dict[str, FileFacts]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, FileFacts])
    except (OSError, msgspec.DecodeError):
        # Missing, damaged or of another version: everything in it can be read again.
        return {}
