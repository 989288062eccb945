"""`lightwell pull`, `models` and `inspect REPO` as a person and a program call them: real processes."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.gguf.header import read_header
from inspector.gguf.limits import Limits
from inspector.gguf.ranges import FileBytes
from runner.library.paths import database_file, models_folder
from runner.store import Store
from tests.support.hub import Blob, Fault, HubServer, Repo
from tests.support.random_model import Extras, write_model

ROOT = Path(__file__).parents[3]
STARTER = "maker/starter-GGUF"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server(starter_model: Path) -> Iterator[HubServer]:
    """Real bytes: the starter model."""
    with HubServer() as hub:
        repo = Repo(STARTER, tags=["gguf", "license:apache-2.0", "base_model:maker/base"])
        hub.world.add(repo).commit(
            "first",
            {
                "README.md": "---\nlicense: apache-2.0\n---\n# Starter\n",
                "starter-Q4_1.gguf": Blob(starter_model, in_xet=True),
                "starter-Q8_0.gguf": os.urandom(4 * MIB),
            },
        )
        hub.world.add(Repo("maker/base")).commit("first", {"README.md": "# Base\n"})
        yield hub


@pytest.fixture
def hub(server: HubServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    server.sent.clear()
    server.faults.clear()
    yield server
    server.faults.clear()


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_model_is_pulled_listed_and_known(hub: HubServer) -> None:
    blob = next(iter(hub.world.repos[STARTER].revisions.values()))["starter-Q8_0.gguf"]
    done = call("pull", f"{STARTER}:Q8_0", "--online", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    path = models_folder() / STARTER / "starter-Q8_0.gguf"
    assert (told["schema"], told["path"]) == ("lightwell.pull/1", str(path))
    assert Blob(path).sha256 == blob.sha256
    assert "licence apache-2.0" in done.stderr

    listed = json.loads(call("models", "--json").stdout)
    (one,) = [model for model in listed["models"] if model["origin"] == "downloaded"]
    assert one["path"] == str(path)
    assert one["sha256"] == blob.sha256
    assert one["verified"] > 0
    assert listed["folder_bytes"] == path.stat().st_size
    with Store.open(database_file()) as store:
        assert [p.text for p in store.papers.of("maker/base") if p.name == "README.md"]

    hub.sent.clear()
    again = call("pull", f"{STARTER}:q8_0", "--online")
    assert again.stdout.strip() == str(path)
    assert hub.bytes_sent("/store/") == 0


def test_a_pull_that_was_cut_off_goes_on(hub: HubServer) -> None:
    hub.faults.plan(Fault.STATUS, 404, times=1, path="/store/", after=1)
    hub.faults.plan(Fault.CUT, 2 * MIB, times=1, path="/store/")
    first = call("pull", f"{STARTER}:Q8_0", "--online")
    assert first.returncode == 1
    assert "The connection ended too early." in first.stderr
    second = call("pull", f"{STARTER}:Q8_0", "--online")
    assert second.returncode == 0, second.stderr
    size = Path(second.stdout.strip()).stat().st_size
    assert hub.bytes_sent("/store/") < 1.05 * size


def test_the_switch_ends_a_pull_of_its_own(hub: HubServer) -> None:
    """The courier of downloads is another than the door's: it fetched on, whatever the switch said."""
    hub.faults.plan(Fault.SLOW, 128 * 1024, path="/store/")
    call("network", "on")
    command = [sys.executable, "-m", "app", "pull", f"{STARTER}:Q8_0"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    ) as pull:
        until = time.monotonic() + 30
        while not hub.bytes_sent("/store/") and time.monotonic() < until:
            time.sleep(0.02)
        call("network", "off")
        said = pull.communicate(timeout=20)[1]
    assert pull.returncode == 1
    assert "Lightwell went offline" in said
    assert 0 < hub.bytes_sent("/store/") < 4 * MIB


@pytest.mark.parametrize(
    ("arguments", "code", "there"),
    [
        (("pull", STARTER), "network.offline", ""),
        (("pull", "no name", "--online"), "cli.no_repository", ""),
        (("pull", f"{STARTER}:Q2_K", "--online"), "cli.no_such_choice", "Q8_0, Q4_1"),
        (("pull", "maker/none-GGUF", "--online"), "courier.not_found", ""),
    ],
)
def test_what_can_not_be_had_is_told_in_words(
    hub: HubServer, arguments: tuple[str, ...], code: str, there: str
) -> None:
    done = call(*arguments)
    assert done.returncode == 1
    assert f"({code}" in done.stderr
    assert there in done.stderr
    assert "Traceback" not in done.stderr


def test_a_look_inside_costs_the_header_and_a_mebibyte(hub: HubServer, starter_model: Path) -> None:
    with contextlib.closing(FileBytes(starter_model)) as source:
        header = read_header(source, Limits()).data_offset
    done = call("inspect", f"{STARTER}:Q4_1", "--online", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["summary"]["architecture"]["value"] == "llama"
    assert "# Starter" not in done.stderr
    with Store.open(database_file()) as store:
        lines = store.ledger.lines()
    opened = {line.number for line in lines if "/store/" in line.entry.path}
    came = sum(line.entry.bytes_down for line in lines if line.entry.of in opened)
    assert header < came <= header + MIB
    assert hub.bytes_sent("/store/") <= header + MIB


def test_a_look_inside_a_set_reads_every_header(hub: HubServer, tmp_path: Path) -> None:
    write_model(tmp_path / "many.gguf", extras=Extras(tensors_per_part=8))
    parts = {part.name: part for part in sorted(tmp_path.glob("many-*.gguf"))}
    hub.world.add(Repo("maker/many-GGUF")).commit("first", dict(parts))
    done = call("inspect", "maker/many-GGUF", "--online", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    whole = json.loads(call("inspect", str(next(iter(parts.values()))), "--json").stdout)
    assert len(told["files"]) == len(parts) == 3
    assert told["tensors"] == whole["tensors"]
    assert told["summary"]["parameters"]["value"] == whole["summary"]["parameters"]["value"]
    headers = 0
    for part in parts.values():
        with contextlib.closing(FileBytes(part)) as source:
            headers += read_header(source, Limits()).data_offset
    assert hub.bytes_sent("/store/") <= headers + MIB


def test_models_of_other_apps_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    theirs = tmp_path / "data/nomic.ai/GPT4All/falcon.gguf"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"GGUF" + bytes(100))
    told = json.loads(call("models", "--all", "--json").stdout)
    assert [(one["app"], one["path"]) for one in told["models"] if one["app"]] == [
        ("GPT4All", str(theirs))
    ]


def test_the_hubs_own_token_is_found_where_its_tools_were_told_to_keep_it(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "kept-elsewhere"
    place.write_text("hf_member\n")
    monkeypatch.setenv("HF_TOKEN_PATH", str(place))
    repo = hub.world.repos[STARTER]
    monkeypatch.setattr(repo, "gated", "manual")
    monkeypatch.setitem(hub.world.tokens, "hf_member", "member")
    monkeypatch.setattr(repo, "members", {"hf_member"})
    assert json.loads(call("token", "hub", "--json").stdout)["sends"] == "hub"
    done = call("pull", f"{STARTER}:Q8_0", "--online")
    assert done.returncode == 0, done.stderr
