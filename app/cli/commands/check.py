"""`lightwell check`: what of a report still holds."""

from argparse import ArgumentParser

from app.cli.command import Command, work_of


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument("report", metavar="REPORT", help="a report.json")
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="",
        help="the model's file, where it lies elsewhere",
    )
    parser.add_argument("--quick", action="store_true", help="don't read the file whole")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


COMMAND = Command(
    name="check",
    help="read a model again and say what of a report still holds",
    describe=_describe,
    run=work_of("app.cli.check"),
)
