"""The work of `lightwell check`: reads a report, reads the model again, and lists what became of each statement."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.cli.checked_lines import changed_lines, left_lines
from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.kept import kept_here
from app.cli.looking import outcome
from app.cli.models import placed, wanted_file
from app.cli.report import cards_from, read_content
from app.cli.screen import Screen
from app.dossier.papers import kept_of
from app.reader.arguments import ReportFileOf
from app.report.again import LARGEST, PageIs, page_is
from app.words.checked import CheckedWords
from app.words.report import report_words
from inspector.report.compare import DOCUMENT, Outcome, Recheck, recheck
from inspector.report.file import ReportRead
from inspector.report.values import Content
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.library.paths import is_file, is_folder, typed
from runner.library.starter import starter
from runner.reader_client import ReaderClient
from runner.store import Store

DEADLINE_S = 20.0
NO_LONGER_HOLDS = 3
CHANGED = 4
NOT_ALL = 5
"""Exit codes of their own: part of the command line's contract, as docs/report.md has them."""

_REPORT = "report.json"
_PAGES = frozenset({".html", ".htm"})


@dataclass(frozen=True, slots=True)
class PageSeen:
    """The page beside a report, and what it is to it."""

    name: str
    is_what: PageIs


def run(wanted: Namespace, desk: Desk) -> int:
    """Checks a report."""
    file = report_file(wanted.report)
    read = _read(desk, file)
    sheet = _page_seen(read, wanted.report)
    with kept_here() as here:
        model = model_of(read.content, file, wanted.file, here.store)
        # What this computer knows besides stays out: whoever made the report had another one.
        kept = (
            kept_of(here.store, model)
            if any(one.revision for one in read.content.documents)
            else ()
        )
        forebears = cards_from(here.store) if read.content.claims_of_forebears else None
        present = read_content(
            desk, model, None, quick=wanted.quick, kept=kept, forebears=forebears
        )
    found = recheck(read.content, present)
    if wanted.json:
        desk.screen.json(_as_json(read, found, model, sheet))
    else:
        desk.screen.line(report_words().check["unchanged" if read.is_unchanged else "changed"])
        if sheet is not None:
            desk.screen.line(_page_words(sheet))
        _print(read, present, found, model, desk.screen, quick=wanted.quick)
    return exit_code(read, found, sheet)


def report_file(name: str) -> Path:
    """Returns the file that is checked, where its folder or the page beside it was named.

    Raises:
        RunnerError: `report.no_file`; there is no such file, or none in that folder.
    """
    path = typed(name)
    beside = path / _REPORT if is_folder(path) else path.with_name(_REPORT)
    is_page = is_folder(path) or path.suffix.lower() in _PAGES
    file = beside if is_page and is_file(beside) else path
    if not is_file(file):
        raise RunnerError("report.no_file", path=shown(name))
    return wanted_file(str(file))


def page_file(name: str) -> Path | None:
    """Returns the page that goes with a report: the one named, or the one beside it; None where none lies there.

    A report under another name has its page under that name, so that no other report's page is taken for it.
    """
    path = typed(name)
    if is_folder(path):
        path /= _REPORT
    sheet = path if path.suffix.lower() in _PAGES else path.with_suffix(".html")
    return sheet if is_file(sheet) else None


def exit_code(read: ReportRead, found: Recheck, sheet: PageSeen | None = None) -> int:
    """Returns how a check ends: that a report or its page was changed weighs more than what it says.

    That nothing differs is no good end where papers were missing, and much was not looked at.
    """
    is_other_page = sheet is not None and sheet.is_what is PageIs.OTHER
    if not read.is_unchanged or is_other_page or found.sections:
        return CHANGED
    if found.of(Outcome.DIFFERS) or (found.same_app and found.added):
        return NO_LONGER_HOLDS
    return NOT_ALL if found.lacking else Exit.DONE


def _page_seen(read: ReportRead, name: str) -> PageSeen | None:
    """Returns what the page beside a report is to it; its bytes are compared, and never read as a page."""
    sheet = page_file(name)
    if sheet is None:
        return None
    try:
        with sheet.open("rb") as file:
            raw = file.read(LARGEST)
    except OSError as error:
        raise RunnerError("report.page_unread", str(error), path=shown(str(sheet))) from error
    return PageSeen(sheet.name, page_is(read, raw))


def _page_words(sheet: PageSeen) -> str:
    keys = {
        PageIs.SAME: "page_same",
        PageIs.FITS: "page_fits",
        PageIs.BEFORE: "page_before",
        PageIs.OTHER: "page_other",
        PageIs.NOT_COMPARED: "page_left",
    }
    return report_words().check[keys[sheet.is_what]].format(name=shown(sheet.name))


def _read(desk: Desk, file: Path) -> ReportRead:
    reader = ReaderClient(desk.porter, desk.post)

    def begin(
        done: Callable[[ReportRead], None], failed: Callable[[RunnerError], None]
    ) -> Callable[[], None]:
        asked = ReportFileOf(path=str(file))
        ticket = reader.ask(
            "report_file", asked, ReportRead, done, failed, deadline_s=DEADLINE_S, readable=(file,)
        )
        return ticket.cancel

    try:
        return outcome(desk, begin)
    finally:
        reader.close()


def model_of(report: Content, file: Path, named: str, store: Store | None) -> Path:
    """Returns the model's file: the one named, one beside the report or here, or one known here.

    Raises:
        RunnerError: `report.no_model`.
    """
    if named:
        return wanted_file(named)
    first = report.files[0]
    name = Path(first.name).name
    own = starter().path()
    for near in (file.parent / name, Path(name), *([own] if own and own.name == name else [])):
        if is_file(near):
            return placed(near)
    known = store.files.list() if store else ()
    for one in known:
        path = Path(one.path)
        is_it = (
            one.sha256 == first.sha256 if first.sha256 and one.sha256 else path.name == first.name
        )
        if is_it and is_file(path):
            return path
    raise RunnerError("report.no_model", name=first.name, report=file.name)


def _as_json(
    read: ReportRead, found: Recheck, model: Path, sheet: PageSeen | None
) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(found)
    told["model"] = str(model)
    told["digest"] = {"stated": read.stated, "counted": read.counted, "fits": read.is_unchanged}
    told["page"] = {"name": sheet.name, "is": sheet.is_what.value} if sheet else None
    told["counts"] = {one.value: found.counts[one] for one in Outcome}
    return told


def _print(
    read: ReportRead,
    present: Content,
    found: Recheck,
    model: Path,
    screen: Screen,
    *,
    quick: bool,
) -> None:
    said, words = report_words().check, CheckedWords(read.content, present)
    screen.line(said["model"].format(name=model.name))
    files = {one.outcome for one in found.checked if one.id.endswith(":sha256")}
    if files == {Outcome.HOLDS}:
        screen.line(said["same_file"])
    elif Outcome.DIFFERS in files:
        screen.line(said["other_file"])
    if quick:
        screen.line(said["quick"])
    every = len(found.checked)
    if not found.same_app:
        screen.line(said["other_app"])
    if found.sections:
        titles = report_words().section
        named = ", ".join(f"“{titles[key]}”" for key in found.sections)
        screen.line(said["sections"].format(sections=named))
    if found.other_rules:
        screen.line(said["other_rules"].format(rules=", ".join(map(shown, found.other_rules))))
    papers = ", ".join(map(shown, found.lacking))
    if papers:
        missing = sum(one.why == DOCUMENT for one in found.checked)
        screen.line(said["lacking"].format(papers=papers, count=missing, of=every))
    screen.line()
    screen.line(said["holds"].format(count=found.counts[Outcome.HOLDS], of=every))
    differs = found.of(Outcome.DIFFERS)
    screen.line(said["differs"].format(count=len(differs)) if differs else said["none_differ"])
    _print_all(changed_lines(differs, words), screen)
    if left := found.of(Outcome.NOT_CHECKED):
        screen.line(said["not_checked"].format(count=len(left)))
        _print_all(left_lines(left, words, differs), screen)
        if papers:
            screen.line(said["papers"].format(papers=papers))
    if found.added:
        screen.line(said["added"].format(count=len(found.added)))
        _print_all(changed_lines(found.added, words), screen)


def _print_all(lines: Iterable[str], screen: Screen) -> None:
    for line in lines:
        screen.line(line)
