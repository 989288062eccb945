"""What a command does while an open window has the database: it asks that, and tells how it gets on."""

import threading
from dataclasses import dataclass
from typing import Any

import msgspec

from app.cli.desk import Desk, Interrupted
from app.network.errands import LARGEST, Done, Line, Refused, Told, Wanted, knock
from app.own_socket import Connection
from runner.channel.packets import Inbox, PacketError
from runner.errors import RunnerError
from runner.library import paths
from runner.store import Store

GOES_ON = "The window goes on with it."


def open_or_knock(wanted: Wanted) -> Store | Connection:
    """Returns the database, or the connection over which an open window does what is wanted.

    Raises:
        RunnerError: codes of `store`; `store.in_use` where it is no window that has it.
    """
    try:
        return Store.open(paths.database_file())
    except RunnerError as error:
        if error.code != "store.in_use":
            raise
        window = knock(paths.runtime_folder(), wanted)
        if window is None:
            raise
        return window


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the window said; None where it went away."""

    told: Told | None


def through_the_window(window: Connection, desk: Desk) -> dict[str, Any]:
    """Shows how the open window gets on, until it is there.

    Raises:
        RunnerError: as the window met it; `cli.window_closed`.
        KeyboardInterrupt: the person has stopped watching; the window goes on.
    """
    screen = desk.screen

    def listen() -> None:
        decoder = msgspec.json.Decoder(Told)
        try:
            inbox = Inbox(window, LARGEST)
            while said := inbox.receive():
                desk.events.put(_Heard(decoder.decode(said.data)))
        except (OSError, PacketError, msgspec.DecodeError):
            pass
        desk.events.put(_Heard(None))

    threading.Thread(target=listen, name="window", daemon=True).start()
    while True:
        match desk.next_event():
            case Interrupted():
                screen.progress("")
                screen.note(GOES_ON)
                raise KeyboardInterrupt
            case _Heard(Line(text, passes)):
                (screen.progress if passes else screen.note)(text)
            case _Heard(Done(told)):
                screen.progress("")
                return told
            case _Heard(Refused() as refused):
                raise refused.error()
            case _Heard(None):
                raise RunnerError("cli.window_closed")
