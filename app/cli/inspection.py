"""What `lightwell inspect` does: asks the reader, and prints rows or one JSON object."""

import functools
from argparse import Namespace
from pathlib import Path
from typing import TypeVar

import msgspec

from app.cli.claims import print_claims
from app.cli.columns import print_groups
from app.cli.command import Exit
from app.cli.desk import Desk, Interrupted
from app.cli.dossier import print_dossier
from app.cli.licence import print_licence
from app.cli.models import wanted_file
from app.cli.remote import header_of, is_remote
from app.cli.safeguards import print_safeguards
from app.cli.screen import Screen
from app.dossier.claims import claims_of, readable_for
from app.dossier.papers import safeguards_of
from app.model.files import card_file_of, licence_files_of
from app.reader import arguments
from app.words.facts import fact_texts, oddity_words
from app.words.summary import FactRow, summary_rows
from inspector.claims.inputs import Beside
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.gguf.digests import Digests
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from inspector.safeguards.values import SafeguardReport
from runner import hardware
from runner.errors import RunnerError
from runner.reader_client import ReaderClient, Ticket

DEADLINE_S = 10.0
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
        looking = _Looking(desk, reader, path)
        memory = hardware.memory()
        looked = looking.ask(
            "inspect",
            arguments.Inspect(path=str(path), free_bytes=memory.free if memory else None),
            Inspection,
            DEADLINE_S,
        )
        documents = tuple(map(str, licence_files_of(path)))
        licence = looking.ask(
            "licences",
            arguments.Licences(path=str(path), documents=documents),
            LicenceReport,
            DEADLINE_S,
        )
        card = card_file_of(path)
        origin = looking.ask(
            "dossier",
            arguments.DossierOf(path=str(path), card=str(card or "")),
            Dossier,
            DEADLINE_S,
        )
        hashed: Digests | None = None
        if wanted.hash:
            hashed = looking.ask(
                "digests", arguments.Hash(path=str(path)), Digests, HASH_DEADLINE_S
            )
        prints = Beside(sha256=hashed.files[0], weights_digest=hashed.weights) if hashed else None
        claimed = looking.ask("claims", claims_of(path, prints), ClaimReport, DEADLINE_S)
        guarded = looking.ask("safeguards", safeguards_of(path), SafeguardReport, DEADLINE_S)
    finally:
        reader.close()
    if wanted.json:
        desk.screen.json(as_json(looked, hashed, licence, origin, claimed, guarded))
    else:
        print_inspection(looked, hashed, desk.screen, sources=wanted.sources)
        desk.screen.line()
        print_licence(licence, desk.screen, sources=wanted.sources)
        desk.screen.line()
        print_dossier(origin, desk.screen, sources=wanted.sources)
        desk.screen.line()
        print_claims(claimed, desk.screen, sources=wanted.sources)
        desk.screen.line()
        print_safeguards(guarded, desk.screen, sources=wanted.sources)
    return Exit.DONE


def as_json(
    looked: Inspection,
    hashed: Digests | None,
    licence: LicenceReport,
    origin: Dossier,
    claimed: ClaimReport,
    guarded: SafeguardReport,
) -> dict[str, object]:
    """Returns the form `lightwell.inspect/1`: the inspection, licences, and `digests` if made."""
    told: dict[str, object] = msgspec.to_builtins(looked)
    told["digests"] = None if hashed is None else msgspec.to_builtins(hashed)
    told["licence"] = msgspec.to_builtins(licence)
    told["lineage"] = msgspec.to_builtins(origin.lineage)
    told["templates"] = msgspec.to_builtins(origin.templates)
    told["card"] = msgspec.to_builtins(origin.card)
    told["claims"] = msgspec.to_builtins(claimed)
    told["safeguards"] = msgspec.to_builtins(guarded)
    return told


def print_inspection(
    looked: Inspection, hashed: Digests | None, screen: Screen, *, sources: bool = False
) -> None:
    """Prints the rows that the window's Summary shows, and what is odd."""
    texts = fact_texts()
    groups = {
        heading: [(row.label, _value(row, sources=sources)) for row in rows]
        for heading, rows in summary_rows(looked).items()
    }
    if hashed is not None:
        groups[texts.groups["prints"]] = [
            (texts.labels["sha256"], "\n".join(hashed.files)),
            (texts.labels["weights"], hashed.weights),
        ]
    print_groups(groups, screen)
    for oddity in looked.oddities:
        screen.line()
        screen.line(oddity_words(oddity))


def _value(row: FactRow, *, sources: bool) -> str:
    """Returns a row's value, with its sources below it where they are wanted."""
    if not sources or not row.source:
        return row.value
    return "\n".join([row.value, *(f"  {line}" for line in row.source.split("\n"))])


class _Looking:
    """Asks the reader and waits for its answer."""

    def __init__(self, desk: Desk, reader: ReaderClient, path: Path) -> None:
        self._desk = desk
        self._reader = reader
        self._path = path
        self._readable = readable_for(path)

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
