"""`lightwell token`: which token for the Hub is sent, if any."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit

if TYPE_CHECKING:
    from app.cli.desk import Desk

SENDS = {
    "none": "No token is sent to the Hub.",
    "pasted": "The token that you pasted is sent to the Hub.",
    "hub": "The token that the Hub's own tools keep is sent to the Hub.",
}
ASK = "Paste a token of the Hub (it is not shown): "


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "change",
        nargs="?",
        choices=("paste", "hub", "forget"),
        help="keep one that you paste, send the one of the Hub's own tools, or send none",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    import getpass
    import sys

    from runner.fetch.token import HubToken
    from runner.library import paths

    token = HubToken(paths.config_folder())
    if wanted.change == "paste":
        token.paste(getpass.getpass(ASK) if sys.stdin.isatty() else sys.stdin.readline())
    elif wanted.change == "hub":
        token.use_the_hubs()
    elif wanted.change == "forget":
        token.forget()
    sends = "pasted" if token.is_pasted else "hub" if token.uses_the_hubs else "none"
    if wanted.json:
        desk.screen.json({"schema": "lightwell.token/1", "sends": sends})
    else:
        desk.screen.line(SENDS[sends])
    return Exit.DONE


COMMAND = Command(
    name="token",
    help="show or change which token for the Hub is sent",
    describe=_describe,
    run=_run,
)
