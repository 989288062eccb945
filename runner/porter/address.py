"""Opens an address in the person's browser, after the person agreed to the porter itself.

Standard library only. The question is asked by a process of the porter's own, never by the window:
a window that was taken over could otherwise answer for the person.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from runner.porter.log import Log
from runner.porter.spawn import front_end_environment
from runner.porter.wire import Refused

SCHEMES = ("http", "https")
CONFIRM = "app.confirm_process"
YES = b"yes\n"


def checked(url: str) -> str:
    """Returns the address as it will be shown and opened.

    Raises:
        Refused: if it is no http or https address of plain visible letters, or names a user.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError as error:
        raise Refused("porter.bad_address", str(error)) from error
    if parts.scheme not in SCHEMES or not host:
        raise Refused("porter.bad_address", "only http and https addresses are opened")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Refused("porter.bad_address", "the address has signs that are easily mistaken")
    if parts.username is not None or parts.password is not None:
        raise Refused("porter.bad_address", "the address names a user before its host")
    return url


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question to the person that is still open.

    Attributes:
        answer: readable once the person has answered, or the question's window has closed.
    """

    url: str
    pid: int
    answer: int


class Browser:
    """Asks the person about an address, and opens it in their browser.

    Thread: the porter's.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._asked: Question | None = None
        self._pids: set[int] = set()

    def ask(self, url: str) -> Question:
        """Starts the question; one at a time, so that a window cannot bury a person in them.

        Raises:
            Refused: if the address is none that we open, or a question is open.
        """
        url = checked(url)
        if self._asked is not None:
            raise Refused("porter.busy_asking", "another address waits for an answer")
        if self._command() is None:
            raise Refused("porter.no_browser", "no program that opens addresses was found")
        reading, writing = os.pipe()
        try:
            pid = self._spawn(
                [sys.executable, "-P", "-s", "-B", "-m", CONFIRM, url],
                front_end_environment(os.environ),
                output=writing,
            )
        except OSError as error:
            os.close(reading)
            raise Refused("porter.cannot_ask", str(error)) from error
        finally:
            os.close(writing)
        self._asked = Question(url, pid, reading)
        return self._asked

    def settle(self, question: Question) -> bool:
        """Takes the person's answer; opens the address where it is yes."""
        answer = os.read(question.answer, 16)
        os.close(question.answer)
        self._asked = None
        agreed = answer == YES
        self._log.write(f"{'opened' if agreed else 'declined'} {question.url}")
        command = self._command()
        if agreed and command is not None:
            # Of the person's own variables, because it is their browser.
            self._spawn([*command, question.url], dict(os.environ), output=-1)
        return agreed

    def wait_for_ended(self) -> None:
        """Waits for helpers that have ended, so that none stays a zombie."""
        for pid in list(self._pids):
            ended, _ = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._pids.discard(pid)

    def _command(self) -> list[str] | None:
        return opener(os.environ)

    def _spawn(self, command: list[str], environment: dict[str, str], *, output: int) -> int:
        actions = [] if output < 0 else [(os.POSIX_SPAWN_DUP2, output, 1)]
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions, setsigmask=[])
        self._pids.add(pid)
        return pid


def opener(environment: Mapping[str, str]) -> list[str] | None:
    """Returns the command that opens an address here, or None where there is none."""
    if sys.platform == "darwin":
        return ["/usr/bin/open"]
    for name in ("xdg-open", "gio", "sensible-browser", "wslview"):
        if path := shutil.which(name, path=environment.get("PATH", os.defpath)):
            return [path, "open"] if name == "gio" else [path]
    return None
