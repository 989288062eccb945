"""The work of `lightwell openness`: asks the reader, then prints the profile."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import UNSET

from app.cli.beside import open_or_knock, through_the_window
from app.cli.command import Exit
from app.cli.desk import Desk, Interrupted
from app.cli.models import wanted_file
from app.cli.network import fetch, terminal_door
from app.cli.remote import is_remote
from app.cli.screen import Screen
from app.cli.wrap import LEAST_ROOM
from app.dossier.looked_file import take_looked
from app.dossier.openness import openness_asked
from app.dossier.repository_look import Looked, RepositoryLook
from app.network.door import Door, Visit
from app.network.errands import OpennessWanted
from app.network.purposes import purpose
from app.reader.arguments import Openness
from app.review.openness import Reviews, judged_repository, with_reviews
from app.words.openness import (
    left_out_words,
    line_words,
    looked_words,
    machine_parts,
    next_of,
    openness_words,
    range_of,
    rating_line,
    said_of,
    said_of_review,
)
from inspector.findings import fingerprint
from inspector.findings.machine import machine_evidence
from inspector.findings.stack import stack
from inspector.frameworks.profile import Profile, Row, choose, findings_of, profile, release_of
from inspector.frameworks.shapes import Kind
from inspector.frameworks.verdict import Verdict
from inspector.repository.read import is_repository
from runner.errors import RunnerError
from runner.library.paths import database_file
from runner.reader_client import ReaderClient
from runner.store import Store
from runner.store.files import FileState, KnownFile
from runner.store.judged_file import JudgedFile
from runner.store.reading import open_copy

DEADLINE_S = 60.0


def run(wanted: Namespace, desk: Desk) -> int:
    """Prints the profile of a file or a repository, in words or as one JSON object."""
    if is_repository(wanted.file) and is_remote(wanted.file):
        looked = look_at(desk, wanted.file, online=wanted.online)
        rule_sets = choose(wanted.framework) if wanted.framework else None
        found = looked.findings(tuple(machine_evidence(machine_parts())))
        read = profile(found, rule_sets=rule_sets, names=looked.names)
        if not wanted.without_reviewer:
            read = reviewed(read, judged_repository(looked.name), wanted.framework)
        _hand_out(wanted, desk, read, looked_words(looked))
    else:
        _hand_out(wanted, desk, _of_file(wanted, desk))
    return Exit.DONE


def look_at(desk: Desk, repository: str, *, online: bool) -> Looked:
    """Asks the Hub about a repository and those it was made of, if the person lets it.

    Raises:
        RunnerError: it was not allowed, or it failed.
        KeyboardInterrupt: the person gave it up.
    """
    store = open_or_knock(OpennessWanted(wish=repository, online=online))
    if not isinstance(store, Store):
        return take_looked(Path(through_the_window(store, desk)["path"]))
    reader = ReaderClient(desk.porter, desk.post)
    try:
        with store:
            door = terminal_door(desk, store, once=online)
            try:
                return _looked(desk, door, reader, repository)
            finally:
                door.close()
    finally:
        reader.close()


def _looked(desk: Desk, door: Door, reader: ReaderClient, repository: str) -> Looked:
    def work(
        visit: Visit, came: Callable[[Looked], None], failed: Callable[[RunnerError], None]
    ) -> None:
        RepositoryLook(visit.courier, reader, visit.why, came, failed).start(repository)

    looked = fetch(desk, door, purpose("openness", repository=repository), work)
    assert isinstance(looked, Looked)  # noqa: S101 - what `work` hands over
    return looked


def _of_file(wanted: Namespace, desk: Desk) -> Profile:
    path = wanted_file(wanted.file)
    store = open_copy(database_file())
    try:
        asked, readable = openness_asked(
            store, path, framework=wanted.framework, machine=machine_parts()
        )
    finally:
        if store is not None:
            store.close()
    read = _ask(desk, asked, readable)
    if wanted.without_reviewer or read.exact is not UNSET:
        return read
    return reviewed(read, JudgedFile(name=path.name, size=path.stat().st_size), wanted.framework)


def reviewed(read: Profile, file: JudgedFile, framework: str) -> Profile:
    """Returns a profile with the reviewer's word, where somebody disagreed with it here."""
    store = open_copy(database_file())
    if store is None:
        return read
    with store:
        known = next((one for one in store.files.list() if _is_it(one, file)), None)
        sha256 = known.sha256 if known else ""
        reviews = Reviews(store).of(JudgedFile(name=file.name, size=file.size, sha256=sha256))
    return with_reviews(read, reviews, rule_sets=choose(framework) if framework else None)


def _is_it(known: KnownFile, file: JudgedFile) -> bool:
    same = Path(known.path).name == file.name and known.look.size == file.size
    return same and known.state() is FileState.SAME


def _hand_out(wanted: Namespace, desk: Desk, read: Profile, about: str = "") -> None:
    """Writes what was wanted besides, and prints the profile."""
    if wanted.svg:
        _write(Path(wanted.svg), fingerprint.svg(findings_of(read, with_items=False)))
    if wanted.mof:
        _write(Path(wanted.mof), release_of(read, as_json=wanted.mof.endswith(".json")))
    if wanted.json:
        desk.screen.json(msgspec.to_builtins(read))
    else:
        if about:
            desk.screen.line(about)
        print_profile(read, desk.screen, whole=bool(wanted.framework))


def _ask(desk: Desk, asked: Openness, readable: Sequence[Path]) -> Profile:
    """Has the reader do the job and waits for it.

    Raises:
        RunnerError: if it fails.
        KeyboardInterrupt: if the person gave it up.
    """
    reader = ReaderClient(desk.porter, desk.post)
    try:
        reader.ask(
            "openness",
            asked,
            Profile,
            desk.events.put,
            desk.events.put,
            deadline_s=DEADLINE_S,
            readable=readable,
        )
        while True:
            match desk.next_event():
                case Profile() as read:
                    return read
                case RunnerError() as error:
                    raise error
                case Interrupted():
                    raise KeyboardInterrupt
    finally:
        reader.close()


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunnerError("openness.not_written", str(error), path=str(target)) from error


def print_profile(read: Profile, screen: Screen, *, whole: bool = False) -> None:
    """Prints the stack and the verdicts; `whole` prints every line of each verdict too."""
    words = openness_words()
    screen.line(read.subject)
    if said := left_out_words(read):
        screen.line(said)
    for review in read.reviews:
        said = said_of_review(review)
        screen.line(words.sentence["reviewer"].format(part=stack().name(review.part), said=said))
    if not whole:
        for kind in ("component", "attribute"):
            _print_rows([row for row in read.rows if row.kind == kind], screen)
        screen.line()
        screen.line(words.sentence["about_stack"])
    for verdict in read.verdicts:
        _print_verdict(verdict, screen, whole=whole)
    if read.exact is not UNSET:
        screen.line()
        screen.line(f"{read.exact.title}, exactly as its public tool computes it")
        screen.line(f"  {read.exact.reading}  ({_progress(read.exact)})")
    if not whole:
        _print_beside(read, screen)


def _print_rows(rows: list[Row], screen: Screen) -> None:
    words, group = openness_words(), ""
    width = max(len(row.name) for row in rows)
    tiles = max(map(len, words.tile.values()))
    is_narrow = bool(screen.width) and width + tiles + LEAST_ROOM > screen.width
    for row in rows:
        if row.group != group:
            group = row.group
            heading = stack().groups[group]
            screen.line()
            screen.line(heading.title)
            if heading.note:
                screen.line(f"  {heading.note}")
        owner = stack().parts[row.part].owner
        mark = f"  [{words.link[owner]}]" if row.ours else ""
        tile, said = words.tile[row.tile.value], said_of(row.finding)
        said = "" if said == tile else said
        if is_narrow:
            screen.line(f"  {row.name}")
            told = f"{tile}: {said}" if said else tile
            screen.line(f"    {told}{mark}")
            continue
        line = f"  {row.name:<{width}}  {tile:<{tiles}}  {said}{mark}".rstrip()
        screen.line(line, hang=width + tiles + 6)


def _print_verdict(verdict: Verdict, screen: Screen, *, whole: bool) -> None:
    screen.line()
    screen.line(f"{verdict.title}, {verdict.version} ({verdict.date})")
    progress = f"  ({_progress(verdict)})" if verdict.progress is not UNSET else ""
    screen.line(f"  {verdict.reading}{progress}")
    screen.line(f"  {range_of(verdict)}")
    if following := next_of(verdict):
        screen.line(f"  {following}")
    if whole:
        for line in verdict.decided:
            screen.line(f"  {line_words(line, verdict.kind)}")
        for table in verdict.tables:
            screen.line(f"  {table.title}")
            for line in table.lines:
                screen.line(f"    {line_words(line, Kind.CHECKLIST)}")
        for note in verdict.notes:
            screen.line(f"  {note}")
    for duty in verdict.duties:
        screen.line(f"  {duty}")
    screen.line(f"  {verdict.source.title}: {verdict.source.url}")


def _print_beside(read: Profile, screen: Screen) -> None:
    screen.line()
    for one in read.disagreements:
        screen.line(f"{one.title}: {one.why}")
    screen.line()
    if not read.ratings:
        screen.line(openness_words().sentence["no_ratings"])
    for rating in read.ratings:
        screen.line(rating_line(rating))


def _progress(verdict: Verdict) -> str:
    if verdict.progress is UNSET:
        return ""
    names = {"3": "III", "2": "II", "1": "I"}
    return ", ".join(f"{names[key]} {value:.0f} %" for key, value in verdict.progress.items())
