"""A file comes whole and right, or not at all, whatever the far side does."""

import errno
import hashlib
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from runner.errors import RunnerError
from runner.fetch.names import INCOMING
from runner.fetch.place import arrived
from runner.porter.client import PorterClient
from runner.store import Store
from runner.store.fetches import Fetch, FetchState
from runner.store.files import Origin
from tests.runner.fetch.checks import check_told, check_whole
from tests.runner.fetch.conftest import MIB, MODEL
from tests.support.children import children
from tests.support.fetching import FetchingQueue
from tests.support.hub import HubServer, Repo

pytestmark = pytest.mark.fault


def test_a_file_comes_whole_and_is_known(
    queue: FetchingQueue, repo: Repo, content: bytes, hub: HubServer, store: Store
) -> None:
    fetch = queue.settled(queue.add(repo, MODEL))
    check_whole(fetch, content)
    assert fetch.path == queue.folder / "somebody/small-GGUF" / MODEL
    assert hub.paths == [
        f"GET /somebody/small-GGUF/resolve/{repo.head}/{MODEL}",
        f"GET /store/{hashlib.sha256(content).hexdigest()}",
    ]
    known = store.files.at(fetch.path)
    assert known is not None
    assert known.origin is Origin.DOWNLOADED
    assert known.sha256 == hashlib.sha256(content).hexdigest()
    source = store.sources.of(known.id)
    assert source is not None
    assert (source.repository, source.commit, source.path) == (repo.name, repo.head, MODEL)
    assert source.verified > 0


def test_a_split_set_is_one_fetch(queue: FetchingQueue, hub: HubServer, content: bytes) -> None:
    repo = hub.world.add(Repo("somebody/split-GGUF"))
    names = [f"big-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    repo.commit("first", {name: content[n * MIB :] for n, name in enumerate(names)})
    fetch = queue.settled(queue.add(repo, *names))
    assert fetch.state is FetchState.DONE
    assert [path.read_bytes() for path in fetch.paths] == [content[n * MIB :] for n in range(3)]
    assert fetch.done == fetch.size == 6 * MIB


def test_pause_resume_and_cancel(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    queue.rate = 2 * MIB
    fetch = queue.add(repo, MODEL)
    queue.under_way(fetch)
    queue.fetches.resume(fetch.id)  # it had begun by itself, just before
    queue.under_way(fetch, queue.told[-1].fetch.done + 1)
    queue.fetches.pause(fetch.id)
    held = queue.settled(fetch)
    assert held.state is FetchState.PAUSED
    assert not held.path.exists()
    queue.rate = 0
    after = len(queue.told)
    queue.fetches.resume(fetch.id)
    check_whole(queue.settled(fetch, after=after), content)
    assert hub.bytes_sent("/store/") < 1.5 * len(content) + 2 * MIB

    queue.rate = MIB
    other = hub.world.add(Repo("somebody/other-GGUF"))
    other.commit("first", {MODEL: content[::-1]})
    fetch = queue.add(other, MODEL)
    queue.under_way(fetch)
    queue.fetches.cancel(fetch.id)
    queue.settle()
    assert [told.fetch.repository for told in queue.fetches.list()] == [repo.name]
    queue.store.fetches.keep(held).result()  # what was asked before is written before
    assert [row.repository for row in queue.store.fetches.list()] == [repo.name]


def test_what_two_wish_for_is_kept_for_the_other_when_one_is_given_up(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    queue.rate = 4 * MIB
    copy = hub.world.add(Repo("somebody/copy-GGUF"))
    copy.commit("first", {MODEL: content})
    given_up, fetch = queue.add(copy, MODEL), queue.add(repo, MODEL)
    queue.under_way(given_up, len(content) // 2)
    queue.fetches.cancel(given_up.id)
    queue.settle()
    assert arrived(fetch) >= len(content) // 2
    queue.rate = 0
    check_whole(queue.settled(fetch), content)


def test_the_rate_is_kept_to(queue: FetchingQueue, repo: Repo, content: bytes) -> None:
    queue.rate = 2 * MIB
    began = time.monotonic()
    fetch = queue.settled(queue.add(repo, MODEL))
    assert fetch.state is FetchState.DONE
    assert time.monotonic() - began > 0.9 * len(content) / queue.rate
    left = [told.seconds_left for told in queue.told if told.seconds_left]
    assert left
    assert left[-1] < left[0]


def test_offline_lets_it_wait_and_online_goes_on(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    queue.allowed = False
    fetch = queue.add(repo, MODEL)
    queue.wait(lambda told: told.fetch.state is FetchState.RUNNING)
    waiting = queue.wait(lambda told: told.fetch.state is FetchState.WAITING, after=2)
    assert waiting.fetch.done == 0
    assert hub.sent == []
    queue.allowed = True
    queue.fetches.start()
    check_whole(queue.settled(fetch), content)


def test_without_room_it_does_not_begin(
    make_queue: Callable[..., FetchingQueue], repo: Repo, hub: HubServer, tmp_path: Path
) -> None:
    seen = os.statvfs(tmp_path)
    queue = make_queue(keep_free=seen.f_bavail * seen.f_frsize - MIB)
    with pytest.raises(Exception, match=r"fetch\.no_space") as failure:
        queue.add(repo, MODEL)
    assert failure.value.context["missing_mb"] >= 1  # type: ignore[attr-defined]
    assert hub.sent == []


def test_a_file_of_the_same_name_is_left_alone(
    queue: FetchingQueue, repo: Repo, content: bytes
) -> None:
    place = queue.folder / repo.name / MODEL
    place.parent.mkdir(parents=True)
    place.write_bytes(b"mine")
    fetch = queue.settled(queue.add(repo, MODEL))
    assert (fetch.state, fetch.error.code) == (FetchState.FAILED, "fetch.there_already")
    assert place.read_bytes() == b"mine"


def test_a_file_that_is_there_is_not_fetched_again(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    check_whole(queue.settled(queue.add(repo, MODEL)), content)
    hub.sent.clear()
    check_whole(queue.settled(queue.add(repo, MODEL)), content)
    assert hub.sent == []


def test_over_the_border_of_a_disk_a_copy_is_checked(
    queue: FetchingQueue, repo: Repo, content: bytes
) -> None:
    (queue.folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:  # another disk
        (queue.folder / "somebody").symlink_to(elsewhere)
        check_whole(queue.settled(queue.add(repo, MODEL)), content)
        assert [path.name for path in Path(elsewhere).rglob("*.*")] == [MODEL]
        (queue.folder / "somebody").unlink()


def test_a_name_given_just_before_a_kill_is_checked_again(
    make_queue: Callable[..., FetchingQueue], repo: Repo, content: bytes, hub: HubServer
) -> None:
    queue = make_queue()
    fetch = queue.settled(queue.add(repo, MODEL))
    queue.fetches.close()
    # As the row stands when the kill comes between the rename and its record.
    files = tuple(msgspec.structs.replace(file, there=False) for file in fetch.files)
    before = msgspec.structs.replace(fetch, files=files, state=FetchState.VERIFYING)
    queue.store.fetches.keep(before).result()
    known = queue.store.files.at(fetch.path)
    assert known is not None
    queue.store.files.forget(known.id).result()
    hub.sent.clear()
    queue = make_queue()
    queue.fetches.start()
    check_whole(queue.settled(fetch), content)
    assert hub.sent == []


def test_orphans_are_swept_and_what_is_wanted_stays(
    make_queue: Callable[..., FetchingQueue], repo: Repo
) -> None:
    queue = make_queue(rate=MIB)
    fetch = queue.add(repo, MODEL)
    queue.under_way(fetch)
    queue.fetches.pause(fetch.id)
    queue.settled(fetch)
    queue.fetches.close()
    incoming = queue.folder / INCOMING
    (part,) = incoming.iterdir()
    ahead = part.with_name(f"{part.stem}.at-{2 * MIB}.part")
    ahead.write_bytes(bytes(1000))
    for name in (f"{'0' * 64}.part", f"{'0' * 64}.at-{MIB}.part"):
        (incoming / name).write_bytes(b"of nobody")
    queue = make_queue()
    queue.fetches.start()
    queue.settle()
    assert set(incoming.iterdir()) == {part, ahead}
    (told,) = queue.fetches.list()
    assert told.fetch.state is FetchState.PAUSED
    assert arrived(told.fetch) == part.stat().st_size + 1000, "what came before its turn counts"
    queue.fetches.cancel(fetch.id)
    queue.settle()
    assert list(incoming.iterdir()) == []


def test_where_nothing_can_be_removed_the_queue_goes_on(
    queue: FetchingQueue, repo: Repo, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An orphan in a folder that had become read-only ended the queue's thread, and each wish was lost."""
    incoming = queue.folder / INCOMING
    incoming.mkdir(exist_ok=True)
    orphan = incoming / f"{'0' * 64}.part"
    orphan.write_bytes(b"of nobody")
    remove = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == orphan:
            raise OSError(errno.EROFS, "a read-only file system")
        remove(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        fetch = queue.settled(queue.add(repo, MODEL))
    orphan.unlink()
    check_whole(fetch, content)


def test_a_store_that_takes_nothing_at_the_end_is_waited_for(
    queue: FetchingQueue, repo: Repo, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was full just then ended the queue's thread: the download stood there for ever."""
    keep, refused = queue.store.fetches.keep, []

    def keep_later(fetch: Fetch) -> "Future[None]":
        if fetch.state is not FetchState.VERIFYING or refused:
            return keep(fetch)
        refused.append(fetch)
        failing: Future[None] = Future()
        failing.set_exception(RunnerError("store.disk_full", path="x", free_mb=0))
        return failing

    with monkeypatch.context() as patch:
        patch.setattr(queue.store.fetches, "keep", keep_later)
        fetch = queue.add(repo, MODEL)
        waits = queue.wait(lambda told: told.retry_in_s is not None)
        assert (waits.fetch.state, waits.fetch.error.code) == (
            FetchState.STALLED, "store.disk_full",
        )  # fmt: skip
        check_told(waits.fetch.error)
        after = len(queue.told)
        queue.fetches.resume(fetch.id)
        check_whole(queue.settled(fetch, after=after), content)


def test_when_room_runs_out_it_waits_and_goes_on(
    queue: FetchingQueue, repo: Repo, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.rate = 2 * MIB
    fetch = queue.add(repo, MODEL)
    queue.under_way(fetch)
    queue.fetches.pause(fetch.id)
    came = queue.settled(fetch).done
    with monkeypatch.context() as patch:
        mover = queue.fetches._mover
        patch.setattr(mover, "_how", msgspec.structs.replace(mover._how, keep_free=2**62))
        queue.fetches.resume(fetch.id)
        waits = queue.wait(lambda told: told.retry_in_s is not None)
    assert (waits.fetch.state, waits.fetch.error.code) == (FetchState.STALLED, "fetch.no_space")
    check_told(waits.fetch.error)
    assert waits.fetch.done >= came > 0
    queue.rate = 0
    after = len(queue.told)
    queue.fetches.resume(fetch.id)
    check_whole(queue.settled(fetch, after=after), content)


def test_a_disk_that_fills_in_the_middle_is_told_and_gone_on_with(
    queue: FetchingQueue, repo: Repo, content: bytes, hub: HubServer, porter: PorterClient
) -> None:
    queue.rate = 2 * MIB
    fetch = queue.add(repo, MODEL)
    queue.under_way(fetch)
    # A limit on the size of files stands for a disk that is full.
    courier = children(porter.porter_pid)["courier"]  # type: ignore[attr-defined]
    _, hard = resource.prlimit(courier, resource.RLIMIT_FSIZE)
    resource.prlimit(courier, resource.RLIMIT_FSIZE, (2 * MIB, hard))
    try:
        waits = queue.wait(lambda told: told.retry_in_s is not None)
    finally:
        resource.prlimit(courier, resource.RLIMIT_FSIZE, (hard, hard))
    assert (waits.fetch.state, waits.fetch.error.code) == (FetchState.STALLED, "fetch.no_space")
    check_told(waits.fetch.error)
    assert waits.fetch.done == 2 * MIB
    queue.rate = 0
    after = len(queue.told)
    queue.fetches.resume(fetch.id)
    check_whole(queue.settled(fetch, after=after), content)
    assert children(porter.porter_pid)["courier"] == courier  # type: ignore[attr-defined]


def test_after_a_kill_only_the_file_that_was_being_named_is_taken_back(
    make_queue: Callable[..., FetchingQueue], hub: HubServer, content: bytes
) -> None:
    repo = hub.world.add(Repo("somebody/split-GGUF"))
    names = [f"big-0000{n}-of-00002.gguf" for n in (1, 2)]
    repo.commit("first", {name: content[n * MIB :] for n, name in enumerate(names)})
    queue = make_queue(rate=MIB)
    fetch = queue.add(repo, *names)
    queue.under_way(fetch)
    queue.fetches.pause(fetch.id)
    held = queue.settled(fetch)
    queue.fetches.close()
    queue.store.fetches.keep(msgspec.structs.replace(held, state=FetchState.VERIFYING)).result()
    own = fetch.paths[1]
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"mine")
    queue = make_queue()
    queue.fetches.start()
    failed = queue.settled(fetch)
    assert (failed.state, failed.error.code) == (FetchState.FAILED, "fetch.there_already")
    assert own.read_bytes() == b"mine"
    assert fetch.paths[0].read_bytes() == content
