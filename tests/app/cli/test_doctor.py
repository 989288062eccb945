"""`lightwell doctor`: every line is what was found, here and now."""

import json
from pathlib import Path

import pytest

from app.cli.checkup import Checkup, DeviceFound
from app.cli.commands.doctor import _device, _memory
from runner.porter.log import state_folder
from tests.app.cli.test_commands import call


def test_json_says_what_works_and_what_is_in_force(starter_model: Path) -> None:
    done = call("doctor", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["schema"] == "lightwell.doctor/1"
    assert set(found) == set(Checkup.__struct_fields__)
    assert found["engine"]["works"]
    assert found["engine"]["tokens_per_second"] > 0
    assert found["engine"]["build"]["llama-cpp-python"]
    assert found["reader"]["works"]
    assert found["starter"] == {
        "name": "SmolLM2 135M Instruct",
        "path": str(starter_model),
        "matches": True,
    }
    assert [process["process"] for process in found["enforced"]] == ["terminal", "engine", "reader"]
    assert all(process["label"] for process in found["enforced"])
    log = (state_folder() / "porter.log").read_text().splitlines()
    assert [line for line in log if " start 0 terminal" in line], "it is this command's log"
    assert [line for line in log if " attempt " in line] == [], "it tries nothing that is refused"


def test_without_json_it_is_for_people(starter_model: Path) -> None:
    done = call("doctor")
    assert done.returncode == 0
    for heading in ("Machine", "Engine", "Folders", "In force for the engine"):
        assert f"{heading}\n" in done.stdout


def test_folder_in_the_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(blocked))
    found = json.loads(call("doctor", "--json").stdout)
    chats = next(folder for folder in found["folders"] if folder["name"] == "chats")
    assert not chats["writable"]


def test_device_never_tried_says_so() -> None:
    device = DeviceFound(
        name="CUDA0", description="Some GPU", memory_total=2**33, memory_free=2**32, tried=False
    )
    assert _device(device) == (
        "CUDA0: Some GPU, 4.0 GB free of 8.0 GB (not tried on this kind of device)"
    )


def test_unknown_memory_is_unknown() -> None:
    assert _memory(0, 0, limited=False) == "unknown"
