"""Whatever is wrong on the way or with the far side costs little, spoils nothing, and is told."""

import pytest

from runner.fetch.patience import STEPS_S
from runner.store.fetches import FetchState
from tests.runner.fetch.checks import check_told, check_whole
from tests.runner.fetch.conftest import MIB, MODEL
from tests.support.fetching import FetchingQueue
from tests.support.hub import Fault, HubServer, Repo

pytestmark = pytest.mark.fault


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
        (Fault.WRONG_LENGTH, 5, "fetch.changed"),
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
    body = fault in (Fault.FLIPPED, Fault.LONGER, Fault.WRONG_LENGTH)
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


def test_a_line_that_breaks_off_again_and_again_is_tried_soon_each_time(
    queue: FetchingQueue, repo: Repo, hub: HubServer, content: bytes
) -> None:
    hub.faults.plan(Fault.CUT, MIB // 16, times=4, path="/store/")
    check_whole(queue.settled(queue.add(repo, MODEL)), content)
    waits = [told.retry_in_s for told in queue.told if told.retry_in_s is not None]
    assert waits
    assert max(waits) <= STEPS_S[0]
