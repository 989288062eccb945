"""The work of `lightwell compare`: reads each model, sets them beside each other, prints that."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.looking import outcome
from app.cli.models import wanted_file
from app.dossier.openness import openness_asked
from app.reader.arguments import Openness
from app.review.openness import Reviews, with_reviews
from app.words.compare import plain_text
from app.words.openness import machine_parts
from inspector.comparison import MOST, Side, compare, reference_side
from inspector.findings import fingerprint
from inspector.frameworks.profile import findings_of
from inspector.frameworks.published import reference_points
from runner.errors import RunnerError
from runner.library.paths import database_file, is_there, typed
from runner.reader_client import ReaderClient
from runner.store import Store
from runner.store.files_written import write_whole
from runner.store.judged_file import JudgedFile
from runner.store.reading import open_copy

DEADLINE_S = 60.0
LEAST = 2


def run(wanted: Namespace, desk: Desk) -> int:
    """Prints the comparison, in words or as one JSON object.

    Raises:
        RunnerError: `cli.compare_count`, or what a file was refused for.
    """
    if not LEAST <= len(wanted.models) <= MOST:
        raise RunnerError("cli.compare_count", count=len(wanted.models), most=MOST)
    store = open_copy(database_file())
    try:
        sides = [
            _side(name, desk, store, with_reviewer=not wanted.without_reviewer)
            for name in wanted.models
        ]
    finally:
        if store is not None:
            store.close()
    found = compare(sides)
    if wanted.svg:
        pictures = [findings_of(one.profile, with_items=False) for one in sides]
        write_whole(Path(wanted.svg), fingerprint.svg_beside(pictures, found.names).encode())
    if wanted.json:
        desk.screen.json(msgspec.to_builtins(found))
    else:
        desk.screen.line(plain_text(found).rstrip("\n"))
    return Exit.DONE


def _side(name: str, desk: Desk, store: Store | None, *, with_reviewer: bool) -> Side:
    point = next((one for one in reference_points() if one.id == name), None)
    if point is not None and not is_there(typed(name)):
        return reference_side(point)
    path = wanted_file(name)
    asked, readable = openness_asked(store, path, machine=machine_parts())
    read = _read(desk, asked, readable)
    if store is None or not with_reviewer:
        return read
    reviews = Reviews(store).of(JudgedFile(name=path.name, size=path.stat().st_size))
    return msgspec.structs.replace(read, profile=with_reviews(read.profile, reviews))


def _read(desk: Desk, asked: Openness, readable: Sequence[Path]) -> Side:
    """Has the reader do the job and waits for it."""
    reader = ReaderClient(desk.porter, desk.post)

    def begin(
        came: Callable[[Side], None], failed: Callable[[RunnerError], None]
    ) -> Callable[[], None]:
        return reader.ask(
            "side", asked, Side, came, failed, deadline_s=DEADLINE_S, readable=readable
        ).cancel

    try:
        return outcome(desk, begin)
    finally:
        reader.close()
