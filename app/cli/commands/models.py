"""`lightwell models`: the models of this computer, those of other apps too."""

from argparse import ArgumentParser

from app.cli.command import Command, work_of


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--all", action="store_true", help="look for models of other apps too, where they lie"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


COMMAND = Command(
    name="models",
    help="list the models of this computer",
    describe=_describe,
    run=work_of("app.cli.shelf"),
)
