"""A service for tests: it answers who connects, and tries on request to connect by itself."""

import os
import socket
import sys
import threading

from runner.child.begin import begin
from runner.confine.openings import LINK


def main() -> int:
    beginning = begin()
    from runner.child.jobs import JobKind, serve_jobs
    from tests.support import routes
    from tests.support.jobs import jobs

    listener = socket.socket(fileno=LINK)

    def answer() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"heard " + connection.recv(100))

    def turn_around(target: tuple[str, int]) -> None:
        """Ends the listening, which makes it a fresh socket, and sends from it to somebody else."""
        listener.shutdown(socket.SHUT_RD)
        listener.sendto(b"out", routes.FAST_OPEN, target)

    threading.Thread(target=answer, daemon=True).start()
    tries = {
        "connect": JobKind(
            tuple[str, int],
            lambda target, tools: routes.outcome(lambda: listener.connect(target)),
        ),
        "turn around": JobKind(
            tuple[str, int], lambda target, tools: routes.outcome(lambda: turn_around(target))
        ),
    }
    return serve_jobs(beginning, {**jobs(), **tries}, {"tests": "1"}, ())


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
