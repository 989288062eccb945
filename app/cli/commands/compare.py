"""`lightwell compare`: two or three models beside each other."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "models",
        nargs="+",
        metavar="MODEL",
        help="two or three: GGUF files, or ids of reference points such as olmo-7b-instruct",
    )
    parser.add_argument(
        "--without-reviewer", action="store_true", help="leave out what was disagreed with here"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--svg", metavar="PICTURE", default="", help="also write both fingerprints as an SVG file"
    )


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli import compare

    return compare.run(wanted, desk)


COMMAND = Command(
    name="compare",
    help="show where models are the same, where they differ, and what isn't known of each",
    describe=_describe,
    run=_run,
)
