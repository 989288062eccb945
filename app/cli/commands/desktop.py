"""`lightwell desktop`: the entry in the desktop's menu, and who opens `lightwell://` links."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit

if TYPE_CHECKING:
    from app.cli.desk import Desk

THERE = "The menu entry is there, and links are opened by this installation."
ELSEWHERE = "There is an entry of an installation that lies elsewhere; --install replaces it."
NOT_THERE = "There is no menu entry, and nothing opens links."
WRITES = "--install writes:"
TAKEN_BACK = "Taken back."


def _describe(parser: ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--install", action="store_true", help="write the entry, its icon and the line"
    )
    choice.add_argument("--remove", action="store_true", help="take them back")


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.desktop.entry import DesktopEntry, is_for_this_system, own_command
    from runner.errors import RunnerError

    if not is_for_this_system():
        raise RunnerError("desktop.other_system")
    entry = DesktopEntry(own_command())
    if wanted.remove:
        entry.remove()
        desk.screen.line(TAKEN_BACK)
        return Exit.DONE
    if wanted.install:
        files = [one.path for one in entry.wanted()]
        entry.install()
        for path in files:
            desk.screen.line(str(path))
    desk.screen.line(THERE if entry.is_there else ELSEWHERE if entry.is_anywhere else NOT_THERE)
    if not entry.is_there:
        desk.screen.line(WRITES)
        for one in entry.wanted():
            desk.screen.line()
            desk.screen.line(f"{one.path}:")
            for line in (one.adds or one.content).splitlines():
                desk.screen.line(f"    {line}")
    return Exit.DONE


COMMAND = Command(
    name="desktop",
    help="show, write or take back the desktop's menu entry and the opener of lightwell:// links",
    describe=_describe,
    run=_run,
)
