"""`lightwell network`: the offline switch, which the window's top bar shows too."""

import os
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit
from runner.hub_address import VARIABLE

if TYPE_CHECKING:
    from app.cli.desk import Desk

ON = "Online: what you ask for is fetched without a question, and each connection is in the ledger."
MIRROR = (
    "{address} is asked in the Hub's place, {token} your token; each start asks you before that."
)
AS_SAID = "{address} is asked in the Hub's place, {token} your token, as HF_ENDPOINT says."
OFF = "Offline: what needs the network asks first."


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "turn",
        nargs="?",
        choices=("on", "off"),
        help="turn it; without this, only say how it stands",
    )
    parser.add_argument(
        "--mirror",
        metavar="ADDRESS",
        help="ask this address in the Hub's place, such as https://mirror.example; none for the Hub. "
        "Each start of the app asks before it is used",
    )
    parser.add_argument(
        "--token-to-mirror",
        choices=("yes", "no"),
        help="whether your token goes along to another address than the Hub's",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.network import mirror
    from app.settings import SettingsFile
    from runner.errors import RunnerError
    from runner.library import paths

    failed: list[RunnerError] = []
    settings = SettingsFile(paths.settings_file(), tell=failed.append)
    address = None
    if wanted.mirror is not None:
        # Before anything is changed: whoever errs in the address is not turned online by it.
        address = mirror.checked("" if wanted.mirror == "none" else wanted.mirror)
    if wanted.turn is not None:
        settings.change("network", offline=wanted.turn == "off")
    if address is not None:
        settings.change("network", mirror=address)
    if wanted.token_to_mirror is not None:
        settings.change("network", token_to_mirror=wanted.token_to_mirror == "yes")  # noqa: S105 - a word
    if failed:
        raise failed[0]
    network = settings.current.network
    # What the person's own variable names wins over the setting.
    named = "" if mirror.to_ask_about() else os.environ.get(VARIABLE, "")
    if wanted.json:
        told = {"offline": network.offline, "mirror": network.mirror, "endpoint": named}
        desk.screen.json(
            {
                "schema": "lightwell.network/1",
                **told,
                "token_to_mirror": network.token_to_mirror,
            }
        )
        return Exit.DONE
    desk.screen.line(OFF if network.offline else ON)
    environment = dict(os.environ)
    mirror.put_in_force(network, environment)
    token = "with" if mirror.may_have_token(environment) else "without"
    if named:
        desk.screen.line(AS_SAID.format(address=named, token=token))
    elif network.mirror:
        desk.screen.line(MIRROR.format(address=network.mirror, token=token))
    return Exit.DONE


COMMAND = Command(
    name="network",
    help="show or turn the offline switch",
    describe=_describe,
    run=_run,
)
