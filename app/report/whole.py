"""Reads a model's file whole, beside the window's other work: its bytes, not its name, say what was kept of it. No Qt."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.dossier.fingerprints import FingerprintsKept
from app.model.files import files_of_model
from app.reader import arguments
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.library.library import Library
from runner.porter.client import PorterClient
from runner.reader_client import ReaderClient
from runner.store.files import FileState

if TYPE_CHECKING:
    from app.mailbox import Mailbox

HASH_DEADLINE_S = 4 * 3600.0
"""For a file of a terabyte on a slow disk; a person can stop it at any time."""


class WholeRead:
    """One reading of a whole file, in a process of its own; `cancel` ends it and calls nothing any more.

    Args:
        porter: starts the process.
        post: hands what it says to the thread that asked.
        done: called with the fingerprints.
        failed: called with the reason.
        progress: how far it has come.
    """

    def __init__(
        self,
        porter: PorterClient,
        post: Callable[[Callable[[], None]], None],
        done: Callable[[Digests], None],
        failed: Callable[[RunnerError], None],
        progress: Callable[[int, int], None],
    ) -> None:
        self._reader = ReaderClient(porter, post)
        self._done, self._failed, self._progress = done, failed, progress
        self._is_over = False

    def start(self, path: Path) -> None:
        """Begins with the model whose first file is at `path`."""
        self._reader.ask(
            "digests",
            arguments.Hash(path=str(path)),
            Digests,
            self._on_done,
            self._on_failed,
            progress=self._progress,
            deadline_s=HASH_DEADLINE_S,
            readable=files_of_model(path),
        )

    def cancel(self) -> None:
        """Gives it up."""
        if not self._is_over:
            self._is_over = True
            self._reader.close()

    def _on_done(self, read: Digests) -> None:
        if not self._is_over:
            self.cancel()
            self._done(read)

    def _on_failed(self, error: RunnerError) -> None:
        if not self._is_over:
            self.cancel()
            self._failed(error)


def keep_fingerprints(library: Library, mailbox: "Mailbox", path: Path, hashed: Digests) -> None:
    """Keeps what was measured with what is known of a file, and has the tabs told that they find by it too."""
    with suppress(RunnerError):
        known = library.at(path)
        if known is None or known.state() is not FileState.SAME or len(hashed.files) > 1:
            return
        kept = library.record_digests(known, sha256=hashed.files[0], weights_digest=hashed.weights)
        event = FingerprintsKept(Path(known.path))
        kept.add_done_callback(lambda _done: mailbox.put(event))
