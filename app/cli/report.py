"""The work of `lightwell report`: has a model read, and writes the page and the file."""

import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.kept import kept_here
from app.cli.looking import outcome
from app.cli.models import wanted_file
from app.dossier.forebears import settled_folders
from app.dossier.papers import Kept
from app.reader.report import ReportParts
from app.report.gather import Chosen, content_of, ledger_head, runs_of
from app.report.kept import file_by, kept_of
from app.report.look import CardsFrom, ReportLook
from app.report.papers import copy_papers
from app.report.save import save
from app.review.conclusion import LONGEST_TEXT, conclusion
from app.settings import SettingsFile
from app.words.checked import left_out_words, own_words, parcel_words
from app.words.facts import when_words
from app.words.report import not_checked_words, report_words
from inspector.gguf.digests import Digests
from inspector.report.file import json_schema
from inspector.report.values import Conclusion, Content, RunTold
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.library import paths
from runner.reader_client import ReaderClient
from runner.store import Store
from runner.store.values import ChatId, TurnId


def run(wanted: Namespace, desk: Desk) -> int:
    """Writes a report, or lists the chats that one can hold."""
    if wanted.schema:
        desk.screen.json(json_schema())
        return Exit.DONE
    with kept_here() as kept:
        store = kept.store
        if wanted.chats:
            _list_chats(store, desk)
            return Exit.DONE
        if wanted.turns is not None:
            _list_turns(store, wanted.turns, desk)
            return Exit.DONE
        path = wanted_file(wanted.file)
        runs = tuple(one for number in wanted.chat for one in _runs(store, number))
        runs += tuple(_turn(store, number) for number in wanted.turn)
        content = read_content(
            desk,
            path,
            store,
            runs=runs,
            quick=wanted.quick,
            forebears=cards_from(store),
            alone=wanted.alone,
        )
        content = _concluded(content, wanted)
    folder = paths.typed(wanted.out)
    file, sheet = save(content, folder)
    left_out = copy_papers(content, path, folder) if wanted.papers else ()
    if wanted.json:
        desk.screen.json({"schema": "lightwell.reported/1", "json": str(file), "html": str(sheet)})
        return Exit.DONE
    desk.screen.line(str(sheet))
    desk.screen.line(str(file))
    if own := own_words(content):
        desk.screen.note(own if wanted.alone else f"{own} {report_words().said['leave_out']}")
    desk.screen.note(parcel_words(content))
    if left_out:
        desk.screen.note(left_out_words(left_out))
    for one in content.not_checked:
        desk.screen.note(not_checked_words(one))
    return Exit.DONE


def _concluded(content: Content, wanted: Namespace) -> Content:
    """Returns a report with the conclusion that was given, in place of the kept one."""
    if wanted.reviewer is None and wanted.conclusion is None:
        return content
    kept = content.conclusion or Conclusion()
    name = kept.reviewer if wanted.reviewer is None else wanted.reviewer
    text = kept.text if wanted.conclusion is None else wanted.conclusion
    if text == "-":
        text = sys.stdin.read(LONGEST_TEXT)
    return msgspec.structs.replace(content, conclusion=conclusion(name, text))


def cards_from(store: Store | None) -> CardsFrom:
    """Returns where cards of forebears are looked for: what is kept, and folders of models."""
    folder = SettingsFile(paths.settings_file()).current.models.folder
    return CardsFrom(store, settled_folders(folder))


def read_content(
    desk: Desk,
    path: Path,
    store: Store | None,
    *,
    runs: tuple[RunTold, ...] = (),
    quick: bool = False,
    kept: Kept = (),
    forebears: CardsFrom | None = None,
    alone: bool = False,
) -> Content:
    """Returns what a report on the file at `path` says now.

    Args:
        desk: what to ask through.
        path: the model's file.
        store: what is kept here; None leaves it out.
        runs: turns that a person chose.
        quick: whether to leave out what takes reading the file whole.
        kept: texts of its repository, for who asks without a store.
        forebears: where cards of its forebears are looked for; None leaves those out.
        alone: whether to leave out what people said and what was measured here.

    Raises:
        RunnerError: it can't be read.
        KeyboardInterrupt: the person gave it up.
    """
    reader = ReaderClient(desk.porter, desk.post)

    def progress(done: int, total: int) -> None:
        if total:
            desk.screen.progress(f"reading {path.name}: {done / total:.0%}")

    def begin(
        done: Callable[[tuple[ReportParts, Digests | None]], None],
        failed: Callable[[RunnerError], None],
    ) -> Callable[[], None]:
        hashing = None if quick else reader
        look = ReportLook(
            reader,
            hashing,
            store,
            lambda parts, hashed: done((parts, hashed)),
            failed,
            progress,
            kept=kept,
            with_runs=not alone,
            forebears=forebears,
        )
        look.start(path)
        return look.cancel

    try:
        parts, hashed = outcome(desk, begin)
    finally:
        reader.close()
        desk.screen.progress("")
    return content_of(parts, hashed, chosen_from(store, path, hashed, runs, alone=alone))


def chosen_from(
    store: Store | None,
    path: Path,
    hashed: Digests | None,
    runs: tuple[RunTold, ...],
    *,
    alone: bool,
) -> Chosen:
    """Returns what the store adds to a report: reviews, judgements and the ledger's head."""
    if store is None:
        return Chosen(runs=runs)
    if alone:
        return Chosen(runs=runs, ledger=ledger_head(store, kept=True))
    file = file_by(path.name, path.stat().st_size, hashed)
    return replace(kept_of(store, file), runs=runs, ledger=ledger_head(store, kept=True))


def _runs(store: Store | None, number: int) -> tuple[RunTold, ...]:
    return runs_of(_with_chat(store, number), ChatId(number))


def _with_chat(store: Store | None, number: int) -> Store:
    known = {chat.id for chat in store.chats.list()} if store else set()
    if store is None or number not in known:
        raise RunnerError("report.no_chat", number=number)
    return store


def _turn(store: Store | None, number: int) -> RunTold:
    """Returns one turn of any kept chat; turns of other branches can be named too."""
    for chat in store.chats.list() if store else ():
        assert store is not None  # noqa: S101 - it listed the chat
        turn = store.chats.tree(chat.id).by_id.get(TurnId(number))
        if turn is not None:
            return runs_of(store, chat.id, [turn])[0]
    raise RunnerError("report.no_turn", number=number)


def _list_turns(store: Store | None, number: int, desk: Desk) -> None:
    for turn in _with_chat(store, number).chats.tree(ChatId(number)).path():
        desk.screen.line(f"{turn.id:>6}  {shown(turn.question, 100)}")


def _list_chats(store: Store | None, desk: Desk) -> None:
    chats = store.chats.list() if store else ()
    if not chats:
        desk.screen.note("No chat is kept here.")
    for chat in chats:
        when = when_words(datetime.fromtimestamp(chat.changed, UTC))
        desk.screen.line(f"{chat.id:>6}  {when}  {chat.title}")
