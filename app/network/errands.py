"""What a terminal asks of an open window, which has the ledger: to fetch something in its stead.

Over a local connection below this person's own folder, in packets. One database has one writer, so
there is one chain of the ledger; the terminal shows how the window gets on. Knows no Qt.
"""

import logging
import socket
from pathlib import Path
from typing import Any

import msgspec

from app.own_socket import make_own, short_name
from runner.channel import packets
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


class Line(msgspec.Struct, frozen=True, tag="line"):
    """How it gets on, in words; one that passes is replaced by the next."""

    text: str
    passes: bool = True


class Done(msgspec.Struct, frozen=True, tag="done"):
    """It is there: what was pulled, in the form `lightwell.pull/1`; of a look its `path`."""

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
Wanted = PullWanted | LookWanted


def knock(folder: Path, wanted: Wanted) -> socket.socket | None:
    """Asks the open window; returns the connection that it answers over, None where none listens."""
    speaker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_name(folder / SOCKET) as name:
            speaker.connect(name)
        packets.send(speaker, msgspec.json.encode(wanted))
    except OSError as error:
        log.info("no window takes errands: %s", error)
        speaker.close()
        return None
    return speaker


def open_for_errands(folder: Path) -> socket.socket:
    """Returns a socket on which errands come; what lies there is left over from an earlier window.

    Raises:
        OSError: the folder is not this person's alone, or can't be used.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.setblocking(False)
    try:
        make_own(folder)
        (folder / SOCKET).unlink(missing_ok=True)
        with short_name(folder / SOCKET) as name:
            listener.bind(name)
        listener.listen(MOST_KNOCKS)
    except OSError:
        listener.close()
        raise
    return listener
