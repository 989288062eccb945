"""What a command of the command line is. Standard library only."""

import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.cli.desk import Desk


class Exit:
    """Exit codes; part of the command line's contract (docs/guide/command-line.md)."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130
    NOBODY_READS = 141


def work_of(module: str) -> "Callable[[Namespace, Desk], int]":
    """Returns what runs a command by the `run` of a module, imported when it is wanted."""

    def run(wanted: Namespace, desk: "Desk") -> int:
        code: int = importlib.import_module(module).run(wanted, desk)
        return code

    return run


def _fits(wanted: Namespace) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    Attributes:
        name: what a person types.
        help: one line for the list of commands.
        describe: adds its arguments to its parser.
        check: returns what is wrong with arguments that only together make no sense, or "".
        run: does the work and returns an exit code; expected failures are raised as errors that
            have words.
    """

    name: str
    help: str
    describe: Callable[[ArgumentParser], None]
    check: Callable[[Namespace], str] = _fits
    run: "Callable[[Namespace, Desk], int]"
