"""`lightwell pull`: downloads a model of the Hub, checked by its hash."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="REPO[:QUANT]",
        help="a repository as owner/name, with a quantisation such as :Q4_K_M or a file's name; or "
        "a link to it",
    )
    parser.add_argument(
        "--online", action="store_true", help="allow this command the network once, without asking"
    )
    parser.add_argument(
        "--rate", metavar="MB", type=float, default=0.0, help="most megabytes a second"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")


def _check(wanted: Namespace) -> str:
    return "--rate is a number of megabytes above 0.1" if 0 != wanted.rate < 0.1 else ""


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli.pull import run

    return run(wanted, desk)


COMMAND = Command(
    name="pull",
    help="download a model of the Hub, and go on with one that was cut off",
    describe=_describe,
    check=_check,
    run=_run,
)
