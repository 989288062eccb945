"""One errand of a terminal, without the models that it is about."""

import socket
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.window.errand import Errand
from runner.errors import RunnerError


@pytest.mark.usefixtures("qtbot")
def test_what_the_courier_says_after_its_end_is_nobodys_trouble() -> None:
    ours, terminal = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    over: list[Errand] = []
    parent = QObject()
    errand = Errand(cast("Any", None), ours, over.append, parent)
    errand.end()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    errand._failed(RunnerError("network.stopped"))
    assert over == [errand]
    assert terminal.recv(16) == b""
    terminal.close()
