"""`lightwell inspect`: what a file says it is, here or on the Hub, each value with its source."""

from argparse import ArgumentParser

from app.cli.command import Command, work_of


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE|REPO[:QUANT]",
        help="a GGUF file, or the first of a split set; or a repository of the Hub as owner/name, of "
        "which only the header is fetched",
    )
    parser.add_argument(
        "--online", action="store_true", help="allow the network once, without asking; for REPO"
    )
    parser.add_argument(
        "--hash", action="store_true", help="read the whole file and print its fingerprints too"
    )
    parser.add_argument(
        "--sources", action="store_true", help="say below each value where it came from"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


COMMAND = Command(
    name="inspect",
    help="show what a GGUF file says it is, without loading it",
    describe=_describe,
    run=work_of("app.cli.inspection"),
)
