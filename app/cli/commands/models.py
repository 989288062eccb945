"""`lightwell models`: the models of this computer, those of other apps too."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--all", action="store_true", help="look for models of other apps too, where they lie"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli.shelf import run

    return run(wanted, desk)


COMMAND = Command(
    name="models",
    help="list the models of this computer",
    describe=_describe,
    run=_run,
)
