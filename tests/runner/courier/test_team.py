"""Further connections for one file: they come where they help, and go where they don't."""

import hashlib
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from runner.courier import stripes, team
from runner.courier.answers import of_status
from runner.courier.fetching import Fetching
from runner.errors import RunnerError
from runner.protocol.courier import Fetch

KIB = 1024
SIZE = 1_400 * KIB + 17
CONTENT = os.urandom(SIZE)
BLOCK = 8 * KIB


class Server:
    """Answers for ranges of one file, each connection and all together at a speed of their own."""

    def __init__(self, *, each: float, all_of_them: float = 1e12, most: int = 99) -> None:
        self.each, self.all_of_them, self.most = each, all_of_them, most
        self.asked: list[str] = []
        self.sent = 0
        self.at_once = self.most_at_once = 0
        self.refused = 0
        self.etag = hashlib.sha256(CONTENT).hexdigest()
        self.ignores_ranges = False
        self.cut_after = 0
        self._lock = threading.Lock()
        self._free_at = time.monotonic()

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        wanted = request.headers.get("range", "")
        self.asked.append(wanted)
        if self.at_once >= self.most:
            self.refused += 1
            return httpx2.Response(429, headers={"retry-after": "1"})
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first or 0), int(last or SIZE - 1) + 1
        told = {"x-linked-etag": f'"{self.etag}"', "etag": '"x"'}
        if not wanted or self.ignores_ranges:
            told |= {"content-length": str(SIZE)}
            return httpx2.Response(200, headers=told, stream=_Body(self, 0, SIZE))
        told |= {"content-range": f"bytes {start}-{end - 1}/{SIZE}"}
        return httpx2.Response(206, headers=told, stream=_Body(self, start, end))

    def wait_for(self, count: int) -> None:
        """Waits until the line, which all share, has taken so many bytes."""
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + count / self.all_of_them
            until = self._free_at
            self.sent += count
        time.sleep(max(0.0, until - time.monotonic()))


class _Body(httpx2.SyncByteStream):
    def __init__(self, server: Server, start: int, end: int) -> None:
        self._server, self._start, self._end = server, start, end

    def __iter__(self) -> Iterator[bytes]:
        server = self._server
        server.at_once += 1
        server.most_at_once = max(server.most_at_once, server.at_once)
        began = time.monotonic()
        try:
            for at in range(self._start, self._end, BLOCK):
                if server.cut_after and at - self._start > server.cut_after:
                    raise httpx2.ReadError("cut")
                data = CONTENT[at : min(at + BLOCK, self._end)]
                due = began + (at - self._start) / server.each
                time.sleep(max(0.0, due - time.monotonic()))
                server.wait_for(len(data))
                yield data
        finally:
            server.at_once -= 1


class Tools:
    """Takes progress."""

    def progress(self, done: int, total: int) -> None:
        assert 0 <= done <= total == SIZE

    def cancelled(self) -> bool:
        return False


Get = Callable[[Mapping[str, str]], AbstractContextManager[httpx2.Response]]


def getter(server: Server) -> Get:
    client = httpx2.Client(transport=httpx2.MockTransport(server.answer))

    @contextmanager
    def get(fields: Mapping[str, str]) -> Iterator[httpx2.Response]:
        with client.stream("GET", "https://hub.example/x", headers=fields) as response:
            if (refusal := of_status(response)) is not None:
                raise refusal
            yield response

    return get


def fetch(
    server: Server,
    folder: Path,
    tools: Any = None,
    fetching: Fetching | None = None,
    *,
    rate: int = 0,
) -> Any:
    asked = Fetch(
        errand=1,
        repository="a/b",
        commit="main",
        path="x.gguf",
        size=SIZE,
        part=str(folder / "x.part"),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        rate=rate,
    )
    return (fetching or Fetching()).fetch(asked, tools or Tools(), getter(server))


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stripes, team):
        monkeypatch.setattr(module, "STRIPE", 64 * KIB)
    # A file this small would have one connection, so that a kill costs little.
    monkeypatch.setattr("runner.protocol.allowance.ONE", KIB)
    monkeypatch.setattr(team, "LOOK_S", 0.08)
    monkeypatch.setattr(team, "BETWEEN_S", 0.01)
    monkeypatch.setattr("runner.courier.heads.LEAST_ANSWER", 1)
    monkeypatch.setattr("runner.courier.fetching.TELL_S", 0.01)


def whole(folder: Path) -> bool:
    assert [path.name for path in folder.iterdir()] == ["x.part"], "nothing else is left"
    return (folder / "x.part").read_bytes() == CONTENT


def test_helpers_come_where_each_connection_is_slow(incoming: Path) -> None:
    server = Server(each=900 * KIB)
    began = time.monotonic()
    fetch(server, incoming)
    took = time.monotonic() - began
    assert whole(incoming)
    assert server.most_at_once >= 2
    assert took < 0.9 * SIZE / server.each
    assert server.sent < 1.1 * SIZE


def test_back_to_one_where_the_line_is_full(tmp_path: Path) -> None:
    # A busy machine measures a speed now and then that was none, in looks this short: one of three
    # downloads without that shows the rule.
    most = []
    for number in range(3):
        incoming = tmp_path / str(number)
        incoming.mkdir()
        server = Server(each=1e12, all_of_them=1300 * KIB)
        fetch(server, incoming)
        assert whole(incoming)
        assert server.most_at_once >= 2
        assert server.sent < 1.25 * SIZE
        most.append(server.most_at_once)
        if most[-1] <= 3:
            break
    assert min(most) <= 3, most


def test_back_to_one_where_the_server_limits(incoming: Path) -> None:
    server = Server(each=1200 * KIB, most=1)
    fetch(server, incoming)
    assert whole(incoming)
    assert server.refused == 1, "it is not asked again"
    assert server.most_at_once == 1


def test_a_rate_that_a_person_set_is_kept_by_one_connection(incoming: Path) -> None:
    server = Server(each=1e12)
    began = time.monotonic()
    fetch(server, incoming, rate=2 * SIZE)
    assert time.monotonic() - began > 0.4
    assert whole(incoming)
    assert server.most_at_once == 1, "each further one would come on top of the rate"


def test_a_fast_connection_stays_alone(incoming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "FAST", 1000 * KIB)
    server = Server(each=3000 * KIB)
    fetch(server, incoming)
    assert whole(incoming)
    assert server.asked == [""]


def test_a_server_without_ranges_gives_the_whole(incoming: Path) -> None:
    server = Server(each=2000 * KIB)
    server.ignores_ranges = True
    fetch(server, incoming)
    assert whole(incoming)


def left_by_a_kill(incoming: Path) -> int:
    """Leaves a part and stretches ahead of it, as a kill does; returns how many bytes are missing."""
    here = [(0, 300), (250, 150), (600, 100), (1200, 128)]
    for start, length in here:
        name = f"x.at-{start * KIB}.part" if start else "x.part"
        (incoming / name).write_bytes(CONTENT[start * KIB : (start + length) * KIB])
    return SIZE - (400 + 100 + 128) * KIB


def test_what_helpers_brought_is_not_fetched_again(incoming: Path) -> None:
    missing = left_by_a_kill(incoming)
    server = Server(each=1e12)
    fetch(server, incoming)
    assert whole(incoming)
    assert server.sent == missing
    assert server.asked == [
        f"bytes={400 * KIB}-{600 * KIB - 1}",
        f"bytes={700 * KIB}-{1200 * KIB - 1}",
        f"bytes={1328 * KIB}-",
    ]


def test_breaks_cost_no_bytes_and_another_etag_is_told(incoming: Path) -> None:
    server = Server(each=1200 * KIB)
    server.cut_after = 300 * KIB
    fetching = Fetching()
    for tries in itertools.count():
        assert tries < 30
        try:
            fetch(server, incoming, fetching=fetching)
            break
        except RunnerError as error:
            assert error.code == "courier.cut_off"  # noqa: PT017 - until it is whole
    assert whole(incoming)
    assert server.sent < 1.1 * SIZE
    (incoming / "x.part").unlink()
    server.cut_after, server.etag = 0, "0" * 64
    with pytest.raises(RunnerError, match=r"fetch\.changed"):
        fetch(server, incoming)


def test_a_stretch_that_was_spoiled_spoils_nothing_for_good(incoming: Path) -> None:
    left_by_a_kill(incoming)
    (incoming / f"x.at-{600 * KIB}.part").write_bytes(bytes(100 * KIB))
    server = Server(each=1e12)
    with pytest.raises(RunnerError, match=r"fetch\.wrong_hash"):
        fetch(server, incoming)
    fetch(server, incoming)
    assert whole(incoming)


def test_a_stretch_that_goes_on_beyond_the_file_is_read_to_the_files_end(incoming: Path) -> None:
    (incoming / "x.part").write_bytes(CONTENT[: SIZE - 20 * KIB])
    beyond = CONTENT[-30 * KIB :] + bytes(10 * KIB)
    (incoming / f"x.at-{SIZE - 30 * KIB}.part").write_bytes(beyond)
    asked = itertools.count()

    class Patient(Tools):
        def cancelled(self) -> bool:
            assert next(asked) < 1000, "it never ends"
            return False

    server = Server(each=1e12)
    fetch(server, incoming, Patient())
    assert whole(incoming)
    assert server.asked == []


def test_a_link_in_the_place_of_a_stretch_is_not_followed(incoming: Path, tmp_path: Path) -> None:
    left_by_a_kill(incoming)
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(200 * KIB))
    place = incoming / f"x.at-{600 * KIB}.part"
    place.unlink()
    place.symlink_to(secret)
    with pytest.raises(RunnerError, match=r"fetch\.cannot_write"):
        fetch(Server(each=1e12), incoming)
    assert secret.read_bytes() == bytes(200 * KIB)
