"""`lightwell network`: the offline switch, which the window's top bar shows too."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit

if TYPE_CHECKING:
    from app.cli.desk import Desk

ON = "Online: what you ask for is fetched without a question, and each connection is in the ledger."
OFF = "Offline: what needs the network asks first."


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "turn",
        nargs="?",
        choices=("on", "off"),
        help="turn it; without this, only say how it stands",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.settings import SettingsFile
    from runner.errors import RunnerError
    from runner.library import paths

    failed: list[RunnerError] = []
    settings = SettingsFile(paths.settings_file(), tell=failed.append)
    if wanted.turn is not None:
        settings.change("network", offline=wanted.turn == "off")
    if failed:
        raise failed[0]
    offline = settings.current.network.offline
    if wanted.json:
        desk.screen.json({"schema": "lightwell.network/1", "offline": offline})
    else:
        desk.screen.line(OFF if offline else ON)
    return Exit.DONE


COMMAND = Command(
    name="network",
    help="show or turn the offline switch",
    describe=_describe,
    run=_run,
)
