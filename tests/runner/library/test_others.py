"""Models of other apps are found where those put them, and nothing of theirs is touched."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from runner.library import others
from runner.library.library import Library
from runner.library.others import Found
from runner.store import Store
from runner.store.files import FileState

MODEL = b"GGUF" + bytes(range(100))


@pytest.fixture(autouse=True)
def nothing_of_the_whole_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out the places that are the same for everybody: this machine may have such an app."""
    apps = tuple(
        msgspec.structs.replace(
            app, places=tuple(place for place in app.places if not place.startswith("/"))
        )
        for app in others.other_apps()
    )
    monkeypatch.setattr(others, "other_apps", lambda: apps)


def found_elsewhere(environment: Mapping[str, str] = os.environ) -> list[Found]:
    return others.found_elsewhere(environment)


def put(path: Path, content: bytes = MODEL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def hugging_face(home: Path) -> None:
    """As its library lays out a cache: blobs, and snapshots of links to them."""
    repository = home / ".cache/huggingface/hub/models--maker--small-GGUF"
    digest = hashlib.sha256(MODEL).hexdigest()
    put(repository / "blobs" / digest)
    snapshot = repository / "snapshots" / ("a" * 40)
    snapshot.mkdir(parents=True)
    (snapshot / "small.gguf").symlink_to(f"../../blobs/{digest}")
    (snapshot / "config.json").write_text("{}")
    put(repository / "blobs" / f"{digest}.incomplete", b"GGUF")


def ollama(models: Path) -> None:
    digests = {}
    for kind, content in (("model", MODEL + b"m"), ("projector", MODEL + b"p")):
        digests[kind] = hashlib.sha256(content).hexdigest()
        put(models / "blobs" / f"sha256-{digests[kind]}", content)
    manifest = {
        "layers": [
            {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": f"sha256:{digest}"}
            for kind, digest in {**digests, "template": "0" * 64, "license": "1" * 64}.items()
        ]
    }
    place = models / "manifests/registry.ollama.ai/library/llama3/8b"
    put(place, json.dumps(manifest).encode())
    put(models / "manifests/registry.ollama.ai/somebody/own/latest", json.dumps(manifest).encode())
    put(models / "manifests/registry.ollama.ai/library/broken/latest", b"[" * 10_000)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    for name in ("HF_HUB_CACHE", "HF_HOME", "OLLAMA_MODELS", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    hugging_face(home)
    ollama(home / ".ollama/models")
    put(home / ".lmstudio/models/maker/other-GGUF/other-Q4.gguf", MODEL + b"1")
    put(home / ".lmstudio/models/maker/other-GGUF/mmproj-other.gguf", MODEL + b"2")
    for part in (1, 2):
        put(
            home / f".lmstudio/models/maker/big/big-0000{part}-of-00002.gguf",
            MODEL + b"%d" % part * 2,
        )
    put(home / ".local/share/nomic.ai/GPT4All/falcon.gguf", MODEL + b"3")
    put(home / ".local/share/nomic.ai/GPT4All/incomplete-x.gguf", b"")
    put(home / ".local/share/Jan/data/llamacpp/models/qwen/model.gguf", MODEL + b"4")
    put(home / ".cache/llama.cpp/maker_x_x.gguf", MODEL + b"5")
    put(home / ".cache/llama.cpp/text.gguf", b"no model")
    return home


def looks(home: Path) -> dict[str, tuple[int, int, int]]:
    return {
        str(path): (seen.st_size, seen.st_mtime_ns, seen.st_ino)
        for path in home.rglob("*")
        for seen in [path.lstat()]
    }


def test_each_app_is_found(home: Path) -> None:
    before = looks(home)
    found = {(one.app, one.name): one for one in found_elsewhere() if not one.is_projector}
    assert set(found) == {
        ("huggingface", "small"),
        ("lmstudio", "other-Q4"),
        ("lmstudio", "big-00001-of-00002"),
        ("ollama", "llama3:8b"),
        ("gpt4all", "falcon"),
        ("jan", "qwen"),
        ("llama.cpp", "maker_x_x"),
    }
    projectors = {(one.app, one.name) for one in found_elsewhere() if one.is_projector}
    assert projectors == {("lmstudio", "mmproj-other"), ("ollama", "llama3:8b")}
    cached = found["huggingface", "small"]
    assert (cached.repository, cached.commit) == ("maker/small-GGUF", "a" * 40)
    assert cached.sha256 == hashlib.sha256(MODEL).hexdigest()
    assert found["lmstudio", "other-Q4"].repository == "maker/other-GGUF"
    assert found["lmstudio", "big-00001-of-00002"].size == 2 * len(MODEL) + 4
    assert looks(home) == before


def test_models_and_projectors_of_ollama_are_told_apart(home: Path) -> None:
    found = [one for one in found_elsewhere() if one.app == "ollama"]
    kinds = {one.is_projector: one for one in found}
    assert set(kinds) == {True, False}
    assert kinds[False].path.read_bytes() == MODEL + b"m"
    assert kinds[False].sha256 == hashlib.sha256(MODEL + b"m").hexdigest()


def test_a_variable_of_the_person_leads_elsewhere(home: Path, tmp_path: Path) -> None:
    ollama(tmp_path / "drive")
    for variable in ("OLLAMA_MODELS", "HF_HOME"):
        found = found_elsewhere(
            {"HOME": str(tmp_path / "nobody"), variable: str(tmp_path / "drive")}
        )
        assert {one.app for one in found} == ({"ollama"} if variable == "OLLAMA_MODELS" else set())


def test_a_file_that_names_the_place_leads_there(tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    put(tmp_path / "drive/lm/models/maker/x-GGUF/x.gguf")
    put(home / ".lmstudio-home-pointer", f"{tmp_path}/drive/lm\n".encode())
    (found,) = found_elsewhere({"HOME": str(home)})
    assert (found.app, found.repository) == ("lmstudio", "maker/x-GGUF")
    for content in (b"\xff", b"relative/place", b""):
        put(home / ".lmstudio-home-pointer", content)
        assert found_elsewhere({"HOME": str(home)}) == []


@pytest.fixture
def library() -> Iterator[Library]:
    with Store.in_memory() as store:
        yield Library(store)


def test_an_adopted_model_is_used_where_it_lies(home: Path, library: Library) -> None:
    before = looks(home)
    found = next(
        one for one in library.found_elsewhere() if one.app == "ollama" and not one.is_projector
    )
    known = library.open(found.path).result()
    assert known.path == str(found.path)
    assert found.path not in {one.path for one in library.found_elsewhere()}
    assert library.remove(known).result() is None
    assert library.list() == []
    assert looks(home) == before


def test_one_that_moves_or_changes_is_noticed(home: Path, library: Library) -> None:
    path = home / ".local/share/nomic.ai/GPT4All/falcon.gguf"
    known = library.open(path).result()
    library.record_digests(known, sha256="0" * 64).result()
    put(path, MODEL + b"another")
    (entry,) = library.entries()
    assert entry.state is FileState.CHANGED
    moved = path.rename(path.with_name("moved.gguf"))
    (entry,) = library.entries()
    assert entry.state is FileState.GONE
    assert library.open(moved).result().sha256 == "", "it changed, so nothing measured holds"
