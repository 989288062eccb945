"""The gate's process: seals itself, then takes what the courier hands over, one thread for each.

The porter starts it as `python -m runner.gate.process gate`. It ends with the courier.
"""

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator

from runner.channel.packets import Inbox, Packet, PacketError, Stream, stream, stream_at
from runner.child.begin import Beginning, begin
from runner.confine.openings import LINK

MOST_AT_ONCE = 32
LAST_LINES_S = 2.0
"""How long the last results have to become lines once the courier is gone; nothing flows then."""
LONGEST_WORD = 256
TAKEN = b"\x06"
"""Tells the courier that its descriptor has come; `runner.courier.line` waits for it."""


def main() -> int:
    """Serves until the courier or the front end goes; returns the exit status."""
    beginning = begin()
    # Only now: what is imported here must stand behind the walls.
    return _serve(beginning)


def _serve(beginning: Beginning) -> int:
    import msgspec

    from runner.child.serve import Server, Task
    from runner.gate.hosts import hosts
    from runner.gate.ledger_desk import Desk
    from runner.protocol.common import Hello, Quit
    from runner.protocol.gate import Command, Written

    def work(command: Written, task: Task) -> None:
        raise AssertionError("an answer is heard at once, not worked on")

    def heard(message: Written) -> None:
        desk.heard(message)

    decoder: msgspec.json.Decoder[Hello | Quit | Written] = msgspec.json.Decoder(Command)
    server: Server[Written] = Server(
        beginning, decoder, {"gate": "1"}, work, Written, (), heard=heard
    )
    desk = Desk(server.send)
    link = stream_at(LINK)
    threading.Thread(
        target=_take, args=(link, hosts(os.environ), desk), name="take", daemon=True
    ).start()
    return server.run()


def _take(link: Stream, hosts: object, desk: object) -> None:
    """Takes connections from the courier until it is gone, which ends the gate."""
    from runner.gate.passage import serve

    room = threading.BoundedSemaphore(MOST_AT_ONCE)
    passing: set[threading.Thread] = set()

    def pass_on(inner: socket.socket, errand: int, window: int) -> None:
        try:
            with contextlib.suppress(OSError):  # it is no socket, or closed already, which shows
                inner.sendall(TAKEN)
            serve(inner, errand, hosts, desk, window)  # type: ignore[arg-type]
        finally:
            passing.discard(threading.current_thread())
            room.release()

    for inner, said in handed_over(link):
        room.acquire()
        word = (inner, *_errand(said))
        thread = threading.Thread(target=pass_on, args=word, daemon=True)
        passing.add(thread)
        thread.start()
    _finish(passing)


if sys.platform == "win32":
    from runner.gate.windows_line import handed_over
else:

    def handed_over(link: Stream) -> Iterator[tuple[socket.socket, bytes]]:
        """Yields each connection of the courier and its word, until the courier is gone."""
        inbox = Inbox(link, LONGEST_WORD, most_descriptors=1)
        while (handed := _next(inbox)) is not None:
            if not handed.descriptors:
                continue
            try:
                inner = stream(handed.descriptors[0])
            except OSError:
                os.close(handed.descriptors[0])
                continue  # whatever it is, nothing can be asked over it
            yield inner, handed.data

    def _next(inbox: Inbox) -> Packet | None:
        """Returns what the courier hands over next; None where it is gone, or keeps to no packets."""
        try:
            return inbox.receive()
        except (OSError, PacketError):
            return None


def _finish(passing: set[threading.Thread]) -> None:
    """Ends the gate once the last connections have told how many bytes they had.

    The courier is gone and its ends are closed, so nothing more leaves.
    """
    until = time.monotonic() + LAST_LINES_S
    for thread in list(passing):
        thread.join(max(0.0, until - time.monotonic()))
    os._exit(0)


def _errand(word: bytes) -> tuple[int, int]:
    """Returns the number of an errand, and how many bytes of it may wait with the system."""
    try:
        said = json.loads(word)
    except ValueError:
        return 0, 0
    if not isinstance(said, list) or [type(number) for number in said] != [int, int]:
        return 0, 0
    errand, window = said
    return errand if 0 <= errand < 2**31 else 0, window


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
