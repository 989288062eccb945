"""Two clients, one Hub: what the Hub's own library is told, our courier is told too."""

import json
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.store import Store
from runner.store.fetches import FetchState
from tests.support.fetching import FetchingQueue
from tests.support.hub import Blob, Fault, HubServer, Repo
from tests.support.porter import ROOT, running_porter

pytestmark = pytest.mark.fault

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
CODES = {
    "RepositoryNotFoundError": "courier.not_found",
    "GatedRepoError": "courier.gated",
    "RemoteEntryNotFoundError": "courier.no_such_file",
    "RevisionNotFoundError": "courier.no_such_file",
    "HfHubHTTPError": "courier.bad_token",
}
"""What the library's errors are called here, for the same answer of the same server."""

STARTER, VOCABULARY, SPLIT = "maker/starter-GGUF", "maker/vocabulary-GGUF", "maker/split-GGUF"
GATED, PRIVATE, GONE = "maker/gated-GGUF", "maker/private-GGUF", "maker/gone-GGUF"


@pytest.fixture(scope="module")
def hub(starter_model: Path, llama_cpp_models: Path) -> Iterator[HubServer]:
    """Real bytes: the starter model and a real vocabulary."""
    with HubServer() as hub:
        world = hub.world
        world.tokens = {"hf_member": "member", "hf_stranger": "stranger"}
        starter = world.add(Repo(STARTER, downloads=5, likes=2, tags=["gguf", "license:mit"]))
        starter.commit("first", {"README.md": "# First"})
        starter.commit(
            "second", {"README.md": "# Ünï", "starter.gguf": Blob(starter_model, in_xet=True)}
        )
        vocabulary = next(iter(sorted(llama_cpp_models.glob("*.gguf"))))
        world.add(Repo(VOCABULARY, downloads=9)).commit("first", {"v/ocab.gguf": vocabulary})
        parts = {f"s-{n:05}-of-01200.gguf": b"%d" % n for n in range(1, 1201)}
        world.add(Repo(SPLIT, likes=7)).commit("first", {**parts, "README.md": "x"})
        members = {"hf_member"}
        for name, gated, private in ((GATED, "manual", False), (PRIVATE, "", True)):
            repo = world.add(Repo(name, gated=gated, private=private, members=members))
            repo.commit("first", {"README.md": "# Terms", "m.gguf": os.urandom(20_000)})
        for number in range(120):
            world.add(Repo(f"many/m{number:03}-GGUF", downloads=1000 - number)).commit(
                "first", {"a.gguf": b"x"}
            )
        yield hub


@pytest.fixture(scope="module")
def ask(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Asks our courier, with a token or without; returns the answer or the code of the failure."""
    folder = tmp_path_factory.mktemp("courier")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runner.store.ballast.SIZE", 64 * 1024)
        patch.setenv("HF_ENDPOINT", hub.endpoint)
        with Store.open(folder / "lightwell.sqlite") as store, running_porter() as porter:
            token = [""]
            client = CourierClient(porter, store.ledger, token=lambda: token[0])

            def ask(how: str, *arguments: Any, as_whom: str = "", **settings: Any) -> Any:
                token[0] = as_whom
                answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
                getattr(client, how)(*arguments, "a test", answers.put, answers.put, **settings)
                answer = answers.get(timeout=60)
                return answer.code if isinstance(answer, RunnerError) else answer

            ask.porter, ask.store = porter, store  # type: ignore[attr-defined]
            yield ask
            client.close()


def library(hub: HubServer, folder: Path, token: str, **asked: Any) -> dict[str, Any]:
    """Asks the Hub's own library, in a process of its own."""
    usual = {"search": ["", "downloads", 1], "info": [], "files": [], "whole": []}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.hub_library"],
        input=json.dumps(
            {**usual, "endpoint": hub.endpoint, "folder": str(folder), "token": token, **asked}
        ),
        env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT), "HF_HOME": str(folder / "home")},
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    answers: dict[str, Any] = json.loads(ran.stdout)
    return answers


@pytest.mark.parametrize("token", ["", "hf_member", "hf_wrong"])
def test_both_are_told_the_same(
    hub: HubServer, ask: Callable[..., Any], tmp_path: Path, token: str
) -> None:
    names = [STARTER, VOCABULARY, SPLIT, GATED, PRIVATE, GONE]
    theirs = library(
        hub, tmp_path, token, search=["gguf", "likes", 3], info=names, files=names,
        whole=[[GATED, "m.gguf"], [STARTER, "none.gguf"], [GATED, "README.md"]],
    )  # fmt: skip

    def code(answer: Any) -> Any:
        if answer == "HfHubHTTPError" and not token:
            # The library knows a repository's address only where it begins with https.
            return "courier.not_found"
        return CODES.get(answer, answer) if isinstance(answer, str) else answer

    found = ask("search", "gguf", as_whom=token, most=3, sort="likes")
    assert (found if isinstance(found, str) else [m.repository for m in found]) == code(
        theirs["search"]
    )
    for name in names:
        said = ask("repository", name, "main", as_whom=token)
        if not isinstance(said, str):
            said = [said.commit, said.downloads, said.likes, said.gated, list(said.tags)]
        assert said == code(theirs["info"][name]), name
        listed = ask("files", name, "main", as_whom=token)
        if not isinstance(listed, str):
            listed = [[f.path, f.size, f.blob, f.sha256, f.xet] for f in listed]
        assert listed == code(theirs["files"][name]), name
    head = hub.world.repos[GATED].head
    gated = ask("range", GATED, head, "m.gguf", 0, 10, as_whom=token)
    none = ask("range", STARTER, "main", "none.gguf", 0, 10, as_whom=token)
    text = ask("text", GATED, head, "README.md", as_whom=token)
    for ours, their in zip((gated, none, text), theirs["whole"], strict=True):
        if isinstance(their, str):
            assert ours == code(their)
        else:
            assert not isinstance(ours, str), ours


def test_a_part_of_a_file_from_a_server_without_ranges(
    hub: HubServer, ask: Callable[..., Any]
) -> None:
    repo = hub.world.repos[VOCABULARY]
    size = repo.revisions[repo.head]["v/ocab.gguf"].size
    hub.faults.plan(Fault.NO_RANGES, times=1, path="/store/")
    for _ in range(2):
        part = ask("range", VOCABULARY, repo.head, "v/ocab.gguf", 1000, 5000)
        assert (part.received, part.size) == (5000, size)


def test_a_search_goes_over_pages(hub: HubServer, ask: Callable[..., Any]) -> None:
    found = ask("search", "", most=100, author="many")
    assert [one.repository for one in found] == [f"many/m{n:03}-GGUF" for n in range(100)]
    (one,) = ask("search", "starter")
    assert (one.licence, one.likes) == ("mit", 2)


def test_both_get_the_same_bytes_and_only_ours_sees_a_flipped_one(
    hub: HubServer, ask: Callable[..., Any], tmp_path: Path
) -> None:
    repo, name = hub.world.repos[VOCABULARY], "v/ocab.gguf"
    blob = repo.revisions[repo.head][name]
    theirs = library(hub, tmp_path / "a", "", whole=[[VOCABULARY, name]])["whole"][0]
    assert theirs[:4] == [repo.head, blob.sha256, blob.size, blob.sha256]
    ours = FetchingQueue(ask.porter, ask.store, tmp_path / "ours")  # type: ignore[attr-defined]
    fetch = ours.settled(ours.add(repo, name))
    assert fetch.state is FetchState.DONE
    assert Blob(fetch.path).sha256 == theirs[3]

    fetch.path.unlink()
    ours.fetches.clear()
    ours.settle()
    ours.told.clear()
    hub.faults.plan(Fault.FLIPPED, 100_000, path="/store/")
    theirs = library(hub, tmp_path / "b", "", whole=[[VOCABULARY, name]])["whole"][0]
    assert theirs[1] == blob.sha256 != theirs[3], "the library hands over what it got"
    fetch = ours.settled(ours.add(repo, name))
    ours.fetches.close()
    hub.faults.clear()
    assert (fetch.state, fetch.error.code) == (FetchState.FAILED, "fetch.wrong_hash")
    assert not fetch.path.exists()
