"""The porter counts sockets when asked to, its own included."""

import os
import socket
import time
from pathlib import Path

from runner.confine import sockets
from runner.porter.client import PorterClient
from runner.porter.wire import Looked
from tests.support.porter import running_porter
from tests.support.sessions import Driver


def looked(porter: PorterClient) -> Looked:
    before = porter.snapshot().looked
    porter.look()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        now = porter.snapshot().looked
        if now is not None and now != before:
            return now
        time.sleep(0.01)
    raise AssertionError("the porter did not answer")


def test_no_process_holds_a_socket_that_leads_out(tmp_path: Path) -> None:
    model = tmp_path / "any.gguf"
    model.write_bytes(b"any")
    with running_porter() as porter:
        driver = Driver(porter, "echo")
        driver.load(model)
        answer = looked(porter)
        assert answer.porter == porter.porter_pid  # type: ignore[attr-defined]
        held, outside = answer.sockets[str(answer.porter)]
        assert held >= 1, "at least the one to its front end"
        assert outside == 0
        seen = porter.snapshot().find("echo")
        assert seen is not None
        assert (seen.sockets, seen.outside) == (0, 0)
        driver.session.unload()


def test_a_socket_that_leads_out_is_found() -> None:
    """The count can be other than 0: a porter that inherited a socket says so."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        running_porter(inherited=[server.fileno()]) as porter,
    ):
        answer = looked(porter)
        assert answer.sockets[str(answer.porter)][1] == 1


def test_local_sockets_are_told_from_others() -> None:
    held, outside = sockets.held(os.getpid())
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(socket.AF_INET, socket.SOCK_DGRAM):
        more, more_outside = sockets.held(os.getpid())
    assert more_outside == outside + 1
    assert more >= held + 3
    assert sockets.held(2**22 - 1) == sockets.UNKNOWN
