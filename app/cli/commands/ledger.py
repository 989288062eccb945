"""`lightwell ledger`: every connection, the check of its chain, and its export."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk

MOST = 50


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--most", type=int, default=MOST, metavar="N", help="the newest N (default: %(default)s)"
    )
    parser.add_argument(
        "--export", metavar="FILE", help="write all of it: a table for .csv, else JSON"
    )
    parser.add_argument(
        "--compare", metavar="EXPORT", help="check it against the head of an earlier export too"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli import ledger

    return ledger.run(wanted, desk)


COMMAND = Command(
    name="ledger",
    help="show every connection of this app, and check that no line was changed",
    describe=_describe,
    run=_run,
)
