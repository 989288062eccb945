"""The system's keyring, by the desktop's own tool for it. Standard library only.

The porter runs it: no window may reach the bus over which it speaks, and one that was taken over
can have a token kept, or given to a courier, but never reads one (decision 0153).
"""

import contextlib
import os
import selectors
from collections.abc import Callable, Mapping

from runner.confine.local import session_bus
from runner.porter import tools
from runner.porter.ending import ended
from runner.porter.first import start_program

TOOL = "secret-tool"
NAMED = ("service", "lightwell", "what", "token for the Hub")
STORE = ("store", "--label=Lightwell: token for the Hub", *NAMED)
LOOK_UP = ("lookup", *NAMED)
CLEAR = ("clear", *NAMED)
LONGEST = 4096
MOST_AT_ONCE = 4
"""So many tools run at a time: each may wait for the person, and a front end could ask without end."""

Came = Callable[[bool, str], None]


class Keyring:
    """Keeps one secret.

    Thread: the porter's.

    Args:
        selector: the porter's own.
        environment: the porter's own.
        tool: the program; tests have one of theirs.
    """

    def __init__(
        self, selector: selectors.BaseSelector, environment: Mapping[str, str], tool: str = TOOL
    ) -> None:
        self._selector = selector
        self._environment = environment
        self._tool = tool
        self._running = 0
        self._said_all: dict[int, Callable[[bool], None]] = {}

    def keep(self, secret: str, came: Came) -> None:
        """Keeps a secret, or none any more where it is empty; `came` hears whether that went."""
        if secret:
            self._run(STORE, secret, came)
        else:
            self._run(CLEAR, "", came)

    def look_up(self, came: Came) -> None:
        """Hands the secret to `came`; a person may be asked for their password in between."""
        self._run(LOOK_UP, "", came)

    def _run(self, command: tuple[str, ...], said: str, came: Came) -> None:
        tool = tools.find(self._tool, self._environment)
        there = tool is not None and any(map(_is_there, session_bus(self._environment)))
        if tool is None or not there or self._running >= MOST_AT_ONCE:
            came(False, "")
            return
        try:
            pid, from_tool = self._start([tool, *command], said)
        except OSError:  # no room for another program, or no descriptor left
            came(False, "")
            return
        self._running += 1
        heard = bytearray()

        def on_word() -> None:
            data = os.read(from_tool, LONGEST)
            heard.extend(data)
            if data and len(heard) <= LONGEST:
                return
            self._selector.unregister(from_tool)
            os.close(from_tool)
            secret = heard.decode("ascii", "replace").strip()
            self._said_all[pid] = lambda went: came(went, secret)
            self.wait_for_ended()  # it may have ended before we had read all

        self._selector.register(from_tool, selectors.EVENT_READ, on_word)

    def _start(self, command: list[str], said: str) -> tuple[int, int]:
        """Starts the tool and says to it what it is to keep; returns its number and where it answers.

        Raises:
            OSError: it was not started, and nothing is left open of the attempt.
        """
        with contextlib.ExitStack() as passing, contextlib.ExitStack() as lasting:
            to_tool, in_tool = os.pipe()
            passing.callback(os.close, to_tool)
            passing.callback(os.close, in_tool)
            from_tool, out_tool = os.pipe()
            lasting.callback(os.close, from_tool)
            passing.callback(os.close, out_tool)
            pid = start_program(command, self._environment, {0: to_tool, 1: out_tool})
            with contextlib.suppress(BrokenPipeError):  # it has ended, which its end of file says
                os.write(in_tool, said.encode())  # shorter than a pipe is deep
            lasting.pop_all()
        return pid, from_tool

    def wait_for_ended(self) -> None:
        """Answers for the tools that have ended; one may go on for long after its last word."""
        for pid, answer in list(self._said_all.items()):
            if (status := ended(pid)) is not None:
                del self._said_all[pid]
                self._running -= 1
                answer(os.waitstatus_to_exitcode(status) == 0)


def _is_there(name: str) -> bool:
    return name.startswith("@") or os.path.exists(name)  # noqa: PTH110 - as little as possible
