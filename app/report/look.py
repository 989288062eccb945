"""Reads everything for a report on one file: one job for what it says, one for its fingerprints. Knows no Qt."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from app.dossier.claims import claims_of, known_beside, policies_of, readable_for
from app.dossier.openness import openness_asked
from app.dossier.papers import Kept, safeguards_of
from app.model.files import files_of_model
from app.reader import arguments
from app.reader.report import ReportParts
from inspector.claims.inputs import Beside
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import ReaderClient, Ticket
from runner.store import Store

DEADLINE_S = 60.0
HASH_DEADLINE_S = 4 * 3600.0
"""For a file of a terabyte on a slow disk; a person can stop it at any time."""

Done = Callable[[ReportParts, Digests | None], None]
Failed = Callable[[RunnerError], None]


class ReportLook:
    """One look at a file for a report; `cancel` ends it and calls nothing any more.

    Args:
        reader: reads what the file says.
        hashing: reads the file whole, in a process of its own where the window needs the other;
            None leaves that out.
        store: holds what was fetched with the model, and its runs; None where there is none.
        kept: texts of its repository, for who looks without a store.
        with_runs: whether claims are told with what only this computer knows, too.
        progress: how far the file has been read.
    """

    def __init__(
        self,
        reader: ReaderClient,
        hashing: ReaderClient | None,
        store: Store | None,
        done: Done,
        failed: Failed,
        progress: Callable[[int, int], None],
        *,
        kept: Kept = (),
        with_runs: bool = True,
    ) -> None:
        self._reader = reader
        self._hashing = hashing
        self._store = store
        self._kept = kept
        self._with_runs = with_runs
        self._done = done
        self._failed = failed
        self._progress = progress
        self._hashed: Digests | None = None
        self._ticket: Ticket | None = None
        self._is_over = False
        self._path = Path()

    def start(self, path: Path) -> None:
        """Begins with the file at `path`: fingerprints first, because claims may name them."""
        self._path = path
        if self._hashing is None:
            self._read()
            return
        self._ticket = self._hashing.ask(
            "digests",
            arguments.Hash(path=str(path)),
            Digests,
            self._on_hashed,
            self._on_failed,
            progress=self._progress,
            deadline_s=HASH_DEADLINE_S,
            readable=files_of_model(path),
        )

    def cancel(self) -> None:
        """Gives it up."""
        self._is_over = True
        if self._ticket is not None:
            self._ticket.cancel()

    def _on_hashed(self, hashed: Digests) -> None:
        if not self._is_over:
            self._hashed = hashed
            self._read()

    def _read(self) -> None:
        here = self._here()
        # Who checks the report has other runs and other files; of these is told apart.
        beside = msgspec.structs.replace(here or Beside(kept=self._kept), runs=(), known=None)
        if (hashed := self._hashed) is not None:
            prints = {"sha256": ", ".join(hashed.files), "weights_digest": hashed.weights}
            beside = msgspec.structs.replace(beside, **prints)
            here = here and msgspec.structs.replace(here, **prints)
        claims = claims_of(self._path, beside)
        about, readable = openness_asked(self._store, self._path)
        self._ticket = self._reader.ask(
            "report",
            arguments.ReportOf(
                openness=about,
                claims=claims,
                safeguards=safeguards_of(self._path, beside.kept),
                here=claims_of(self._path, here).beside if here and self._with_runs else None,
            ),
            ReportParts,
            self._on_parts,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=(*readable, *readable_for(self._path), *policies_of(self._path)),
        )

    def _here(self) -> Beside | None:
        """Returns what is kept of the file here; None where there is nothing to look in."""
        if self._store is None:
            return None
        path = first_of_split(self._path)
        try:
            return known_beside(self._store, self._store.files, path)
        except RunnerError:
            # The rules that need it say so; the others still have their say.
            return None

    def _on_parts(self, parts: ReportParts) -> None:
        if not self._is_over:
            self._is_over = True
            self._done(parts, self._hashed)

    def _on_failed(self, error: RunnerError) -> None:
        if not self._is_over:
            self._is_over = True
            self._failed(error)
