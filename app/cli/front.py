"""Runs one command and turns every way in which it can end into words and an exit code."""

import contextlib
import io
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator

from app.cli.command import Command, Exit
from app.cli.desk import Desk, Interrupted
from app.cli.screen import Screen
from app.cli.tell import tell
from inspector.errors import InspectorError
from runner.errors import RunnerError
from runner.porter.client import PorterClient


def run_command(wanted: Namespace) -> int:
    """Runs the command in `wanted` and returns its exit code."""
    speak_utf8()
    screen = Screen()
    command: Command = wanted.command
    porter: PorterClient | None = None
    try:
        porter = PorterClient.from_environment()
        desk = Desk(screen=screen, porter=porter)
        with interrupts_as_events(desk):
            return command.run(wanted, desk)
    except (RunnerError, InspectorError) as error:
        tell(screen, error)
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.NOBODY_READS
    finally:
        if porter is not None:
            porter.close()


def speak_utf8() -> None:
    """Keeps a strange terminal encoding, or bytes that are none, from ending a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def interrupts_as_events(desk: Desk) -> Iterator[None]:
    """Makes Ctrl+C an event among the others, so that it never cuts through a write."""
    before = signal.signal(signal.SIGINT, lambda *_: desk.events.put(Interrupted()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
