"""`lightwell report`: one page to read and one file to re-check, on one model."""

from argparse import ArgumentParser, Namespace

from app.cli.command import Command, work_of


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="a GGUF file; the starter model without one"
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="DIR",
        default="",
        help="the folder to write report.html and report.json into",
    )
    parser.add_argument(
        "--quick", action="store_true", help="don't read the file whole, so leave fingerprints out"
    )
    parser.add_argument(
        "--chat", metavar="NUMBER", type=int, action="append", default=[],
        help="put in the branch on show of a kept chat, with its recipes; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--chats", action="store_true", help="list the kept chats with their numbers"
    )
    parser.add_argument(
        "--turn", metavar="NUMBER", type=int, action="append", default=[],
        help="put in one turn, with its recipe; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--turns", metavar="CHAT", type=int, help="list the turns of a kept chat with their numbers"
    )
    parser.add_argument(
        "--reviewer", metavar="NAME", help="who says so; without it what was kept in the window"
    )
    parser.add_argument(
        "--conclusion", metavar="TEXT",
        help="a conclusion in your own words; - reads it from standard input",
    )  # fmt: skip
    parser.add_argument(
        "--alone", action="store_true",
        help="leave out what people said and what was measured here: verdicts, notes, answers, benches, conclusion",
    )  # fmt: skip
    parser.add_argument(
        "--papers", action="store_true",
        help="put copies of the card and the licence texts beside the two files, for whoever checks",
    )  # fmt: skip
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of reports, and write none"
    )
    parser.add_argument("--json", action="store_true", help="print where the files are as JSON")


def _check(wanted: Namespace) -> str:
    return (
        ""
        if wanted.out or wanted.chats or wanted.turns is not None or wanted.schema
        else "name a folder with -o, or list chats with --chats"
    )


COMMAND = Command(
    name="report",
    help="write a report on a model: a page, and a file that others can check",
    describe=_describe,
    check=_check,
    run=work_of("app.cli.report"),
)
