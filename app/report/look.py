"""Reads everything for a report on one file: one job for what it says, one for its fingerprints. Knows no Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.dossier.claims import claims_of, known_beside, policies_of, readable_for
from app.dossier.forebears import Forebears, forebears_here
from app.dossier.openness import openness_asked
from app.dossier.papers import Kept, dossier_of, safeguards_of
from app.model.files import files_of_model
from app.reader import arguments
from app.reader.report import ReportParts
from app.report.whole import HASH_DEADLINE_S
from inspector.claims.inputs import Beside
from inspector.dossier import Dossier
from inspector.gguf.digests import Digests
from runner.errors import RunnerError
from runner.library.splits import first_of_split
from runner.reader_client import ReaderClient, Ticket
from runner.store import Store

DEADLINE_S = 60.0
Done = Callable[[ReportParts, Digests | None], None]
Failed = Callable[[RunnerError], None]


@dataclass(frozen=True, slots=True)
class CardsFrom:
    """Where cards of forebears are looked for: kept with a download, and in folders of models."""

    store: Store | None
    settled: tuple[Path, ...] = ()


class ReportLook:
    """One look at a file for a report; `cancel` ends it and calls nothing any more.

    Args:
        reader: reads what the file says.
        hashing: reads the file whole, in a process of its own where the window needs the other;
            None leaves that out.
        store: holds what was fetched with the model, and its runs; None where there is none.
        kept: texts of its repository, for who looks without a store.
        hashed: its fingerprints, where they were read already.
        with_runs: whether claims are told with what only this computer knows, too.
        forebears: where their cards are looked for; None leaves those out.
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
        hashed: Digests | None = None,
        with_runs: bool = True,
        forebears: CardsFrom | None = None,
    ) -> None:
        self._reader = reader
        self._hashing = hashing
        self._store = store
        self._kept = kept
        self._with_runs = with_runs
        self._cards_from = forebears
        self._done = done
        self._failed = failed
        self._progress = progress
        self._hashed = hashed
        self._ticket: Ticket | None = None
        self._is_over = False
        self._path = Path()

    def start(self, path: Path) -> None:
        """Begins with the file at `path`: fingerprints first, because claims may name them."""
        self._path = path
        if self._hashing is None or self._hashed is not None:
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
        """Asks who its forebears are; what of them is here belongs to what the report is asked with."""
        here = self._here()
        kept = here.kept if here is not None else self._kept
        self._ticket = self._reader.ask(
            "dossier",
            dossier_of(self._path, kept),
            Dossier,
            lambda found: self._on_dossier(found, here),
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable_for(self._path),
        )

    def _on_dossier(self, found: Dossier, here: Beside | None) -> None:
        if self._is_over:
            return
        forebears = Forebears()
        if (look_in := self._cards_from) is not None:
            forebears = forebears_here(found.lineage, self._path, look_in.store, look_in.settled)
        if here is not None:
            files = tuple(map(str, forebears.files))
            here = msgspec.structs.replace(here, parent_files=files)
        # Who checks the report has other runs and other files; of these is told apart.
        beside = msgspec.structs.replace(
            here or Beside(kept=self._kept), runs=(), known=None, parent_files=()
        )
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
                others=tuple(one for card in forebears.cards if (one := card.asked.other)),
            ),
            ReportParts,
            self._on_parts,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=(
                *readable,
                *readable_for(self._path),
                *policies_of(self._path),
                *forebears.readable,
            ),
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
