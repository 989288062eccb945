"""A file comes whole and right, or not at all, whatever the far side does."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.words.wording import codes, words
from runner.fetch.names import INCOMING
from runner.fetch.place import arrived
from runner.store import Store
from runner.store.fetches import Fetch, FetchError, FetchState
from runner.store.files import Origin
from tests.runner.fetch.conftest import MIB, MODEL
from tests.support.fetching import FetchingQueue
from tests.support.hub import Fault, HubServer, Repo

pytestmark = pytest.mark.fault


def check_whole(fetch: Fetch, content: bytes) -> None:
    assert fetch.state is FetchState.DONE, fetch.error
    assert fetch.path.read_bytes() == content
    assert list(Path(fetch.folder, INCOMING).iterdir()) == []


def check_told(error: FetchError) -> None:
    """A person gets sentences: none without words, with a gap, or with a bare status in it."""
    assert error.code in codes()
    said = words(error.code, **error.context)
    sentences = f"{said.title} {said.meaning} {said.remedy}"
    assert "…" not in sentences
    assert not re.search(r"\b[45]\d\d\b", sentences)


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


@pytest.mark.parametrize(
    ("fault", "amount", "most_sent"),
    [
        (Fault.CUT, MIB, 1.1),
        (Fault.RESET, 2 * MIB, 2.1),
        (Fault.NO_RANGES, 0, 2.1),
        (Fault.OTHER_RANGE, 0, 2.1),
        (Fault.COMPRESSED, 0, 2.1),
        (Fault.FLIPPED, 2 * MIB, 2.1),
        (Fault.LONGER, 5, 2.1),
        (Fault.STATUS, 503, 1.1),
        (Fault.OTHER_COMMIT, 0, 2.1),
    ],
)
def test_one_fault_on_the_way_costs_little_and_spoils_nothing(
    queue: FetchingQueue,
    repo: Repo,
    content: bytes,
    hub: HubServer,
    fault: Fault,
    amount: int,
    most_sent: float,
) -> None:
    if fault in (Fault.NO_RANGES, Fault.OTHER_RANGE):
        # There is something to go on with first.
        hub.faults.plan(Fault.CUT, MIB, times=1, path="/store/")
    where = "/resolve/" if fault is Fault.OTHER_COMMIT else "/store/"
    hub.faults.plan(fault, amount, times=1, path=where)
    fetch = queue.settled(queue.add(repo, MODEL))
    if fault in (Fault.COMPRESSED, Fault.OTHER_COMMIT):
        # Nobody would send that by accident: it is told, and the person decides.
        assert fetch.state is FetchState.FAILED
        assert not fetch.path.exists()
        after = len(queue.told)
        queue.fetches.resume(fetch.id)
        fetch = queue.settled(fetch, after=after)
    check_whole(fetch, content)
    assert hub.bytes_sent("/store/") < most_sent * len(content)


@pytest.mark.parametrize(
    ("fault", "amount", "code"),
    [
        (Fault.FLIPPED, 100, "fetch.wrong_hash"),
        (Fault.LONGER, 5, "courier.too_long"),
        (Fault.LOOP, 0, "courier.redirects"),
        (Fault.STATUS, 401, "courier.not_found"),
        (Fault.STATUS, 403, "courier.forbidden"),
        (Fault.STATUS, 404, "courier.not_found"),
        (Fault.STATUS, 410, "courier.gone"),
        (Fault.STATUS, 451, "courier.withheld"),
        (Fault.STATUS, 416, "fetch.changed"),
        (Fault.PROXY_LOGIN, 0, "courier.proxy_login"),
        (Fault.OTHER_COMMIT, 0, "fetch.changed"),
    ],
)
def test_a_lasting_fault_is_told_and_leaves_nothing_wrong(
    queue: FetchingQueue, repo: Repo, hub: HubServer, fault: Fault, amount: int, code: str
) -> None:
    body = fault in (Fault.FLIPPED, Fault.LONGER)
    hub.faults.plan(fault, amount, path="/store/" if body else "/resolve/")
    fetch = queue.settled(queue.add(repo, MODEL))
    assert (fetch.state, fetch.error.code) == (FetchState.FAILED, code)
    check_told(fetch.error)
    assert not fetch.path.exists()
    assert fetch.done == 0


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:1/x", "courier.not_encrypted"),
        ("https://evil.example/x", "courier.refused"),
    ],
)
def test_sent_on_to_a_host_that_is_not_listed(
    queue: FetchingQueue, repo: Repo, hub: HubServer, address: str, code: str
) -> None:
    hub.faults.plan(Fault.SENT_ON, address=address)
    fetch = queue.settled(queue.add(repo, MODEL))
    assert (fetch.state, fetch.error.code) == (FetchState.FAILED, code)
    check_told(fetch.error)
    assert fetch.error.context["host"] in address


@pytest.mark.parametrize(
    ("fault", "amount", "code"),
    [(Fault.PORTAL, 0, "courier.not_the_hub"), (Fault.RATE_LIMIT, 30, "courier.rate_limited")],
)
def test_what_passes_by_itself_is_waited_for(
    queue: FetchingQueue,
    repo: Repo,
    hub: HubServer,
    content: bytes,
    fault: Fault,
    amount: int,
    code: str,
) -> None:
    hub.faults.plan(fault, amount, times=1)
    fetch = queue.add(repo, MODEL)
    told = queue.wait(lambda told: told.retry_in_s is not None)
    assert (told.fetch.state, told.fetch.error.code) == (FetchState.STALLED, code)
    check_told(told.fetch.error)
    assert told.retry_in_s is not None
    assert 15 < told.retry_in_s <= 30
    queue.fetches.resume(fetch.id)  # the person has logged in, and does not wait
    check_whole(queue.settled(fetch), content)


def test_a_stall_is_told_within_ten_seconds_and_mended(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    hub.faults.plan(Fault.STALL, MIB, times=1, path="/store/")
    fetch = queue.add(repo, MODEL)
    told = queue.wait(lambda told: told.fetch.state is FetchState.STALLED)
    assert told.silent_s < 10
    assert told.fetch.done == MIB
    check_whole(queue.settled(fetch), content)
    assert hub.bytes_sent("/store/") < 1.05 * len(content)


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


@pytest.mark.parametrize(
    "path",
    ["../x.gguf", "/x.gguf", "a/../../x.gguf", "a\\b.gguf", "CON.gguf", ".x.gguf", "x.gguf/",
     "a\u202efgg.gguf", "x\0.gguf", "C:x.gguf", "x" * 300 + ".gguf", "-x.gguf", "x.py", "a//b.gguf",
     "./x.gguf", "~/x.gguf", "a /x.gguf", "nul.txt.gguf"],
)  # fmt: skip
def test_names_that_could_lead_elsewhere_are_refused(
    queue: FetchingQueue, hub: HubServer, content: bytes, path: str
) -> None:
    repo = hub.world.add(Repo("somebody/evil-GGUF"))
    repo.commit("first", {path: content})
    with pytest.raises(Exception, match=r"fetch\.bad_name"):
        queue.add(repo, path)
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


def test_gated_and_private_and_tokens(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    repo.gated = "manual"
    hub.world.tokens |= {"hf_stranger": "stranger", "hf_member": "member"}
    repo.members.add("hf_member")
    fetch = queue.add(repo, MODEL)
    for token, code in (
        ("", "courier.gated"),
        ("hf_stranger", "courier.gated"),
        ("hf_wrong", "courier.bad_token"),
    ):
        failed = queue.settled(fetch)
        assert (failed.state, failed.error.code) == (FetchState.FAILED, code)
        check_told(failed.error)
        assert failed.error.context["page"] == f"{hub.endpoint}/{repo.name}"
        queue.token = {"": "hf_stranger", "hf_stranger": "hf_wrong"}.get(token, "hf_member")
        queue.settle()
        queue.told.clear()
        queue.fetches.resume(fetch.id)
    check_whole(queue.settled(fetch), content)
    ledger = "".join(line.entry.path for line in queue.store.ledger.lines())
    assert "hf_" not in ledger


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
