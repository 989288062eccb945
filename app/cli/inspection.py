"""What `lightwell inspect` does: asks the reader for everything, and prints rows or one JSON object."""

import functools
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk, Interrupted
from app.cli.everything import Everything
from app.cli.inspection_text import print_everything
from app.cli.kept import Kept, kept_here
from app.cli.models import wanted_file
from app.cli.remote import header_of, is_remote
from app.dossier.claims import claims_of, known_beside, readable_for
from app.dossier.forebears import CardAtHand, forebears_here, settled_folders
from app.dossier.openness import openness_asked
from app.dossier.papers import dossier_of, licences_of, safeguards_of
from app.reader import arguments
from app.report.benches import benches_of
from app.report.gather import judged_of
from app.settings import SettingsFile
from app.words.openness import machine_parts
from app.words.wording import words
from inspector.claims.inputs import Beside
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.frameworks.profile import Profile
from inspector.gguf.digests import Digests
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from inspector.safeguards.values import SafeguardReport
from runner import hardware
from runner.errors import RunnerError
from runner.library import paths
from runner.library.splits import first_of_split
from runner.reader_client import ReaderClient, Ticket
from runner.store.judged_file import JudgedFile

DEADLINE_S = 20.0
HASH_DEADLINE_S = 3600.0
"""A terabyte from a fast disk; Ctrl+C ends it earlier."""

T = TypeVar("T")


def run(wanted: Namespace, desk: Desk) -> int:
    """Looks at a file and prints what it says; with `--hash`, its fingerprints too."""
    reader = ReaderClient(desk.porter, desk.post)
    try:
        if is_remote(wanted.file):
            path = header_of(wanted.file, desk, reader, online=wanted.online)
        else:
            path = wanted_file(wanted.file)
        with kept_here() as kept:
            found = everything(desk, reader, path, kept, whole=wanted.hash)
    finally:
        reader.close()
    if wanted.json:
        desk.screen.json(found.as_json())
    else:
        print_everything(found, desk.screen, sources=wanted.sources)
    return Exit.DONE


def everything(
    desk: Desk, reader: ReaderClient, path: Path, kept: Kept, *, whole: bool = False
) -> Everything:
    """Returns all that is known of a file here; `whole` has it read for its fingerprints.

    Raises:
        RunnerError: it could not be read.
        KeyboardInterrupt: the person gave it up.
    """
    looking = _Looking(desk, reader, path)
    memory = hardware.memory()
    free = memory.free if memory else None
    asked = arguments.Inspect(path=str(path), free_bytes=free)
    looked = looking.ask("inspect", asked, Inspection, DEADLINE_S)
    hashed: Digests | None = None
    if whole:
        hashed = looking.ask("digests", arguments.Hash(path=str(path)), Digests, HASH_DEADLINE_S)
    beside = _beside(kept, path)
    if hashed is not None:
        beside = msgspec.structs.replace(
            beside, sha256=hashed.files[0], weights_digest=hashed.weights
        )
    dossier = looking.ask("dossier", dossier_of(path, beside.kept), Dossier, DEADLINE_S)
    settled = settled_folders(SettingsFile(paths.settings_file()).current.models.folder)
    forebears = forebears_here(dossier.lineage, path, kept.store, settled)
    looking.may_read(forebears.readable)
    beside = msgspec.structs.replace(beside, parent_files=tuple(map(str, forebears.files)))
    about, _ = openness_asked(kept.store, path, machine=machine_parts())
    file = JudgedFile(name=path.name, size=path.stat().st_size, sha256=beside.sha256)
    return Everything(
        inspection=looked,
        digests=hashed,
        licence=looking.ask("licences", licences_of(path, beside.kept), LicenceReport, DEADLINE_S),
        dossier=dossier,
        claims=looking.ask("claims", claims_of(path, beside), ClaimReport, DEADLINE_S),
        forebears=tuple(_of_cards(looking, forebears.cards, path, beside)),
        safeguards=looking.ask(
            "safeguards", safeguards_of(path, beside.kept), SafeguardReport, DEADLINE_S
        ),
        openness=looking.ask("openness", about, Profile, DEADLINE_S),
        judged=judged_of(kept.store, file) if kept.store else (),
        benches=benches_of(kept.store, file) if kept.store else (),
        kept=kept.state,
    )


def _of_cards(
    looking: "_Looking", cards: tuple[CardAtHand, ...], path: Path, beside: Beside
) -> Iterator[ClaimReport]:
    """Yields the claims of cards of forebears; one that can't be read costs only its own."""
    for one in cards:
        try:
            asked = claims_of(path, beside, one.asked)
            yield looking.ask("claims", asked, ClaimReport, DEADLINE_S)
        except RunnerError as error:
            looking.tell(f"{one.model}: {words(error.code, **error.context).title}")


def _beside(kept: Kept, path: Path) -> Beside:
    """Returns what is kept of a file, so that rules on runs, listings and other files can answer."""
    if kept.store is None:
        return Beside()
    return known_beside(kept.store, kept.store.files, first_of_split(path))


class _Looking:
    """One look at a file: does jobs one after the other, and hears Ctrl+C."""

    def __init__(self, desk: Desk, reader: ReaderClient, path: Path) -> None:
        self._desk = desk
        self._reader = reader
        self._path = path
        self._readable = readable_for(path)

    def tell(self, line: str) -> None:
        """Says something beside the result."""
        self._desk.screen.note(line)

    def may_read(self, more: tuple[Path, ...]) -> None:
        """Lets the jobs from here on open these files, too."""
        self._readable = (*self._readable, *more)

    def ask(self, job: str, asked: object, shape: type[T], deadline_s: float) -> T:
        """Does one job.

        Raises:
            RunnerError: if it fails.
            KeyboardInterrupt: if the person gave it up.
        """
        ticket: Ticket = self._reader.ask(
            job,
            asked,
            shape,
            functools.partial(self._desk.events.put),
            functools.partial(self._desk.events.put),
            progress=self._on_progress,
            deadline_s=deadline_s,
            readable=self._readable,
        )
        while True:
            event = self._desk.next_event()
            match event:
                case RunnerError():
                    raise event
                case Interrupted():
                    ticket.cancel()
                    raise KeyboardInterrupt
                case _ if isinstance(event, shape):
                    self._desk.screen.progress("")
                    return event
                case _:
                    pass

    def _on_progress(self, done: int, total: int) -> None:
        if total:
            self._desk.screen.progress(f"reading {self._path.name}: {done / total:.0%}")
