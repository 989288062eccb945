"""`lightwell run`: answer one prompt, or chat in the terminal."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command

if TYPE_CHECKING:
    from app.cli.desk import Desk

LARGEST_SEED = 2**32 - 1
MOST_TOKENS = 1024
"""Small models fall into loops; without a limit one would fill its whole context with them."""


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a GGUF file; else the starter model"
    )
    parser.add_argument(
        "-p", "--prompt", help="answer this and end; - reads it from standard input"
    )
    parser.add_argument("--seed", type=_seed, help="the same seed draws the same tokens again")
    parser.add_argument(
        "--max-tokens",
        type=_count,
        default=MOST_TOKENS,
        help="longest answer, in tokens (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object (with -p)")
    parser.add_argument(
        "--unenforced",
        action="store_true",
        help="run an unknown file where this system can't keep it from the network",
    )
    parser.add_argument(
        "--echo",
        action="store_true",
        help="use the echo engine, which needs no model: for trying out",
    )


def _check(wanted: Namespace) -> str:
    if wanted.json and wanted.prompt is None:
        return "--json needs -p: a chat is for people"
    return ""


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise ArgumentTypeError(f"a seed is a whole number from 0 to {LARGEST_SEED}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("give a whole number of tokens, at least 1")
    return int(text)


def _run(wanted: Namespace, desk: "Desk") -> int:
    from app.cli import chat, once

    return once.run(wanted, desk) if wanted.prompt is not None else chat.run(wanted, desk)


COMMAND = Command(
    name="run",
    help="answer a prompt, or chat in this terminal",
    describe=_describe,
    check=_check,
    run=_run,
)
