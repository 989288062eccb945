"""Whoever floods the porter keeps nobody else waiting, and makes it grow by nothing."""

import queue
from collections.abc import Iterator

import pytest

from runner.porter.client import PorterClient
from runner.porter.wire import Looked
from runner.reader_client import ReaderClient
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault
SOON_S = 20.0

Heard = queue.SimpleQueue[object]


@pytest.fixture
def heard() -> Heard:
    return queue.SimpleQueue()


@pytest.fixture
def porter(heard: Heard) -> Iterator[PorterClient]:
    with running_porter(heard.put) as porter:
        yield porter


def looked(heard: Heard) -> Looked:
    """Waits for the next count of sockets; `queue.Empty` where the porter stands still."""
    while True:
        if isinstance(told := heard.get(timeout=SOON_S), Looked):
            return told


def test_a_child_that_writes_errors_without_end_stops_nobody(
    porter: PorterClient, heard: Heard
) -> None:
    """A pipe that is filled again faster than it is read was read for ever, and nothing else."""
    ends: Heard = queue.SimpleQueue()
    client = ReaderClient(porter, lambda call: call(), kind="jobs")
    client.ask("double", 2, int, ends.put, ends.put)
    assert ends.get(timeout=SOON_S) == 4
    client.ask("shout", 0, int, ends.put, ends.put, deadline_s=1.0)
    for _ in range(3):
        porter.look()
        assert looked(heard).porter
    ends.get(timeout=SOON_S)  # past its time, so it was killed: the porter heard that too
    client.close()
