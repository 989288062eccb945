"""Opens an address in the person's browser, or a folder, after the person agreed to the porter itself.

Standard library only. The question is asked by a process of the porter's own, never by the window:
a window that was taken over could otherwise answer for the person (on X11 it still can, by typing
into the question's window).
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from runner.porter import tools
from runner.porter.ending import ended
from runner.porter.first import start_program
from runner.porter.log import Log
from runner.porter.wire import Refused
from runner.values import Value

SCHEMES = ("http", "https")
OPENERS = ("xdg-open", "gio", "sensible-browser", "wslview")
FOLDER_OPENERS = ("xdg-open", "gio", "wslview")
YES = b"yes"
"""What the process that asks prints where the person agreed; anything else is no."""


class Question(Value):
    """A question to the person that is still open.

    Attributes:
        place: the address, or the folder's path.
        answer: readable once the person has answered, or the question's process has ended.
        command: what opens it.
    """

    place: str
    answer: int
    command: tuple[str, ...]


class Browser:
    """Asks the person about an address or a folder, and opens it with their own program.

    Thread: the porter's.

    Args:
        log: where each address and its answer are written.
        ask: starts the process that asks; returns what its answer is read from.
    """

    def __init__(self, log: Log, ask: Callable[[str], int]) -> None:
        self._log = log
        self._ask = ask
        self._asked: Question | None = None
        self._pids: set[int] = set()

    def ask(self, url: str) -> Question:
        """Starts the question; one at a time, so that a window cannot bury a person in them.

        Raises:
            Refused: if the address is none that we open, or a question is open.
        """
        url = checked(url)
        return self._begin(url, opener(os.environ), "porter.no_browser")

    def ask_folder(self, path: Path) -> Question:
        """Starts the question about a folder, as `ask` does about an address.

        Raises:
            Refused: if it is no folder, or a question is open.
        """
        folder = checked_folder(path)
        return self._begin(folder, folder_opener(os.environ), "porter.no_file_manager")

    def _begin(self, place: str, command: list[str] | None, without: str) -> Question:
        if self._asked is not None:
            raise Refused("porter.busy_asking", "another question waits for an answer")
        if command is None:
            raise Refused(without, "no program that opens it was found")
        try:
            self._asked = Question(place, self._ask(place), (*command, place))
        except OSError as error:
            raise Refused("porter.cannot_ask", str(error)) from error
        return self._asked

    def settle(self, question: Question) -> bool:
        """Takes the person's answer; opens the place where it is yes."""
        agreed = os.read(question.answer, 16).strip() == YES
        os.close(question.answer)
        self._asked = None
        if agreed:
            try:
                self._open(question)
            except OSError as error:
                self._log.write(f"could not open {question.place}: {error}")
                return False
        self._log.write(f"{'opened' if agreed else 'declined'} {question.place}")
        return agreed

    def _open(self, question: Question) -> None:
        if sys.platform == "win32":
            # Said to be a folder, it is never taken for a program that is called so.
            is_folder = os.path.isdir(question.place)  # noqa: PTH112 - it is text by now
            os.startfile(question.place + (os.sep if is_folder else ""))  # noqa: S606
        else:
            # With all of the person's own variables, because it is their program.
            self._pids.add(start_program(question.command, os.environ, {}))

    def wait_for_ended(self) -> None:
        """Waits for openers that have ended, so that none stays a zombie."""
        for pid in list(self._pids):
            if ended(pid) is not None:
                self._pids.discard(pid)


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


def opener(environment: Mapping[str, str]) -> list[str] | None:
    """Returns the command that opens an address here, or None where there is none."""
    if _system() == "darwin":
        return ["/usr/bin/open"]
    if _system() == "win32":
        return []  # the system itself does
    return _first_of(OPENERS, environment)


def checked_folder(path: Path) -> str:
    """Returns the folder as it will be shown and opened, with links followed.

    Raises:
        Refused: if it is no folder, or its name has signs that can't be seen.
    """
    try:
        place = os.path.realpath(path, strict=True)
    except (OSError, ValueError) as error:
        raise Refused("porter.bad_folder", str(error)) from error
    if not os.path.isdir(place) or not place.isprintable():  # noqa: PTH112 - it is text by now
        raise Refused("porter.bad_folder", "only a folder is opened")
    return place


def folder_opener(environment: Mapping[str, str]) -> list[str] | None:
    """Returns the command that shows a folder here, or None where there is none."""
    if _system() == "darwin":
        # Shown in its parent: a folder whose name makes it a program would be started otherwise.
        return ["/usr/bin/open", "-R"]
    if _system() == "win32":
        return []  # as above
    return _first_of(FOLDER_OPENERS, environment)


def _system() -> str:
    return sys.platform


def _first_of(names: Sequence[str], environment: Mapping[str, str]) -> list[str] | None:
    for name in names:
        if path := tools.find(name, environment):
            return [path, "open"] if name == "gio" else [path]
    return None
