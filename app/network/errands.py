"""What a terminal asks of an open window, which has the ledger: to fetch something in its stead.

Over a local connection below this person's own folder, in packets. One database has one writer, so
there is one chain of the ledger; the terminal shows how the window gets on. Knows no Qt.
"""

import logging
from pathlib import Path
from typing import Any

import msgspec

from app.own_socket import Connection, Listener, knock_at, listening_at
from runner.errors import RunnerError

log = logging.getLogger(__name__)

SOCKET = "errands.sock"
LARGEST = 64 * 1024
MOST_KNOCKS = 4


class PullWanted(msgspec.Struct, frozen=True, tag="pull", forbid_unknown_fields=True):
    """A model is to be fetched.

    Attributes:
        wish: as the command line has it, such as `owner/name:Q4_K_M`.
        online: the person has said so on the terminal, so the window need not ask.
    """

    wish: str
    online: bool = False


class LookWanted(msgspec.Struct, frozen=True, tag="look", forbid_unknown_fields=True):
    """The headers of a model are to be fetched, and its card and terms; fields as above."""

    wish: str
    online: bool = False


class OpennessWanted(msgspec.Struct, frozen=True, tag="openness", forbid_unknown_fields=True):
    """What a repository and those it was made of show of their openness; fields as above."""

    wish: str
    online: bool = False


class Line(msgspec.Struct, frozen=True, tag="line"):
    """How it gets on, in words; one that passes is replaced by the next."""

    text: str
    passes: bool = True


class Done(msgspec.Struct, frozen=True, tag="done"):
    """It is there: what was pulled, in the form `lightwell.pull/1`; of the others its `path`."""

    told: dict[str, Any]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It came to nothing; `code` has words."""

    code: str
    detail: str = ""
    context: dict[str, str | int | float] = {}

    def error(self) -> RunnerError:
        """Returns the error that the window met."""
        return RunnerError(self.code, self.detail, **self.context)


Told = Line | Done | Refused
Wanted = PullWanted | LookWanted | OpennessWanted


def knock(folder: Path, wanted: Wanted) -> Connection | None:
    """Asks the open window; returns the connection that it answers over, None where none listens."""
    try:
        return knock_at(folder / SOCKET, msgspec.json.encode(wanted))
    except OSError as error:
        log.info("no window takes errands: %s", error)
        return None


def open_for_errands(folder: Path) -> Listener:
    """Returns a socket on which errands come; what lies there is left over from an earlier window.

    Raises:
        OSError: the folder is not this person's alone, or can't be used.
    """
    return listening_at(folder / SOCKET, MOST_KNOCKS)
