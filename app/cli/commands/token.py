"""`lightwell token`: which token for the Hub is sent, if any."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit

if TYPE_CHECKING:
    from app.cli.desk import Desk

SENDS = {
    "none": "No token is sent to the Hub.",
    "keyring": "The token that you pasted is sent to the Hub. It lies in the system's keyring.",
    "pasted": "The token that you pasted is sent to the Hub. It lies in {file}, which only you can "
    "read: no keyring was found.",
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

    from app.network.token_keeper import keep
    from runner.fetch.token import FILE, HubToken, checked
    from runner.library import paths

    token = HubToken(paths.config_folder())
    was_in_keyring = token.in_keyring
    if wanted.change == "paste":
        pasted = checked(getpass.getpass(ASK) if sys.stdin.isatty() else sys.stdin.readline())
        if keep(desk.porter, pasted):
            token.went_to_keyring()
        else:
            token.paste(pasted)
    elif wanted.change == "hub":
        token.use_the_hubs()
    elif wanted.change == "forget":
        token.forget()
    if was_in_keyring and not token.in_keyring:
        keep(desk.porter, "")
    sends = "none"
    if token.is_pasted:
        sends = "keyring" if token.in_keyring else "pasted"
    elif token.uses_the_hubs:
        sends = "hub"
    if wanted.json:
        desk.screen.json({"schema": "lightwell.token/1", "sends": sends})
    else:
        desk.screen.line(SENDS[sends].format(file=paths.config_folder() / FILE))
    return Exit.DONE


COMMAND = Command(
    name="token",
    help="show or change which token for the Hub is sent",
    describe=_describe,
    run=_run,
)
