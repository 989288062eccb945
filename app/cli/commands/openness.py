"""`lightwell openness`: what every published framework says of a model, side by side."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE|REPO|MOF-FILE",
        help="a GGUF file, a repository of the Hub as owner/name, or a release file of the Model "
        "Openness Framework (YAML or JSON)",
    )
    parser.add_argument(
        "--online", action="store_true", help="allow the network once, without asking; for REPO"
    )
    parser.add_argument(
        "--framework", metavar="ID", default="", help="read by this one alone, such as mof or osaid"
    )
    parser.add_argument(
        "--without-reviewer", action="store_true", help="leave out what was disagreed with here"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--mof",
        metavar="RELEASE",
        default="",
        help="also write a release file of the Model Openness Framework; .json or YAML by its name",
    )
    parser.add_argument(
        "--svg", metavar="PICTURE", default="", help="also write the fingerprint as an SVG file"
    )


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli import openness

    return openness.run(wanted, desk)


COMMAND = Command(
    name="openness",
    help="show how open a model is, by every published framework",
    describe=_describe,
    run=_run,
)
