"""The arguments of `lightwell`. Standard library only: the porter reads them first."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from app.cli.commands import COMMANDS
from runner.library.paths import is_there, typed

DESCRIPTION = (
    "Run open-weight language models on this machine, and see how open they are. "
    "Without a command, the window opens; `lightwell FILE` opens it with that model."
)

GGUF = ".gguf"
LINK = "lightwell:"


def file_to_open(arguments: Sequence[str]) -> str | None:
    """Returns the whole path of the file that the window is to open; None where none is named.

    A link to a repository of the Hub, which a browser hands over, is returned as it is. A word is a file if it looks like one: by its ending, by a separator, or because it is there.
    Whether it can be opened is for the window to say, which a file manager's user sees.
    """
    if len(arguments) != 1:
        return None
    word = arguments[0]
    if word.startswith("-") or word in {command.name for command in COMMANDS}:
        return None
    if word.startswith(LINK):
        return word
    path = typed(word)
    looks_like_one = word.lower().endswith(GGUF) or os.sep in word or is_there(path)
    return str(path.absolute()) if looks_like_one else None


def parse(arguments: Sequence[str]) -> Namespace:
    """Returns the arguments; `command` is the command asked for, or None for the window.

    Ends the process with a sentence where they are wrong, or where only help was wanted.
    """
    parser = ArgumentParser(prog="lightwell", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"Lightwell {own_version()}")
    choices = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=None)
    for command in COMMANDS:
        one = choices.add_parser(command.name, help=command.help, description=command.help)
        command.describe(one)
        one.set_defaults(command=command)
    wanted = parser.parse_args(list(arguments))
    if wanted.command is not None and (problem := wanted.command.check(wanted)):
        parser.error(problem)
    return wanted


def own_version() -> str:
    """Returns the app's version; a checkout that was never installed has none."""
    try:
        return version("lightwell")
    except PackageNotFoundError:
        return "(not installed)"
