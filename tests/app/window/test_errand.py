"""One errand of a terminal, without the models that it is about."""

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.network.door import Door
from app.network.errands import LARGEST, LookWanted, PullWanted, Refused, Told
from app.settings import SettingsFile
from app.window.errand import Errand
from runner.channel import packets
from runner.errors import RunnerError


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("kind", [LookWanted, PullWanted])
def test_offline_nothing_goes_out_that_nobody_has_allowed(
    kind: type[LookWanted] | type[PullWanted], tmp_path: Path
) -> None:
    ours, terminal = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    settings = SettingsFile(tmp_path / "settings.toml")
    couriers: list[object] = []
    door = Door(settings, lambda allowed: cast("Any", couriers.append(allowed)))
    context = SimpleNamespace(
        network=door, settings=settings, reader=None, mailbox=SimpleNamespace(post=None)
    )
    parent = QObject()
    errand = Errand(cast("Any", context), ours, lambda _: None, parent)
    errand.begin(kind(wish="maker/small-GGUF"), lambda: cast("Any", None))
    said = packets.Inbox(terminal, LARGEST).receive()
    assert said is not None
    told = msgspec.json.decode(said.data, type=Told)
    assert isinstance(told, Refused)
    assert told.code == "network.offline"
    assert couriers == []
    terminal.close()


@pytest.mark.usefixtures("qtbot")
def test_while_the_models_folder_moves_nothing_is_fetched_into_it() -> None:
    ours, terminal = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)

    def moving() -> Any:
        raise RunnerError("models.folder_moving")

    parent = QObject()
    errand = Errand(cast("Any", None), ours, lambda _: None, parent)
    errand.begin(PullWanted(wish="maker/small-GGUF", online=True), moving)
    said = packets.Inbox(terminal, LARGEST).receive()
    assert said is not None
    assert msgspec.json.decode(said.data, type=Told) == Refused("models.folder_moving")
    terminal.close()


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
