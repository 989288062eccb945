"""Files that no model comes out of, and a home that nothing can be written to, at the real engine."""

import json
import os
import struct
from pathlib import Path

import pytest

from tests.app.cli.test_commands import call


def damaged(starter: Path, kind: str) -> bytes:
    """Returns the beginning of a real model, spoilt in one way."""
    with starter.open("rb") as file:
        start = bytearray(file.read(4_000_000))
    match kind:
        case "empty":
            return b""
        case "truncated":
            return bytes(start)
        case "wrong magic":
            return b"NOPE" + bytes(start[4:])
        case "future version":
            start[4:8] = struct.pack("<I", 99)
        case "big-endian":
            start[4:8] = struct.pack(">I", 3)
        case "2^63 tensors":
            start[8:16] = struct.pack("<Q", 2**63)
    return bytes(start)


@pytest.mark.parametrize(
    "kind",
    ["empty", "truncated", "wrong magic", "future version", "big-endian", "2^63 tensors"],
)
@pytest.mark.parametrize("command", [["run", "-p", "hi"], ["inspect"]], ids=["run", "inspect"])
def test_bad_file_ends_in_words(
    kind: str, command: list[str], starter_model: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.gguf"
    file.write_bytes(damaged(starter_model, kind))
    done = call(*command, file)
    assert done.returncode == 1
    assert done.stdout == ""
    title = done.stderr.splitlines()[0]
    assert title.endswith(".")
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr.lower()


def test_a_name_that_is_no_text_ends_in_words_and_hurts_no_neighbour(
    starter_model: Path, tmp_path: Path
) -> None:
    """On Linux a name may be any bytes; one such file kept every model beside it from being inspected."""
    odd, good = tmp_path / os.fsdecode(b"USE_POLICY \xff.gguf"), tmp_path / "good.gguf"
    for file in (odd, good):
        file.symlink_to(starter_model)
    (tmp_path / os.fsdecode(b"LICENSE\xfe")).write_text("none")
    for command in (["run", "-p", "hi"], ["inspect"]):
        done = call(*command, odd)
        assert done.returncode == 1
        assert "is no text" in done.stderr.splitlines()[0]
        assert "Traceback" not in done.stderr
    done = call("inspect", good)
    assert done.returncode == 0, done.stderr


def test_a_mistyped_place_is_asked_of_nobody(tmp_path: Path) -> None:
    """With the switch at online, folders and a file's name went to the Hub as an owner and a repository."""
    for name in (tmp_path / "letters.gguf", "letters/mine.gguf"):
        for command in ("inspect", "openness"):
            done = call(command, name, "--online")
            assert done.returncode == 1
            assert f"There is no file {name}." in done.stderr


def test_a_place_that_can_not_be_looked_at_ends_in_words(tmp_path: Path) -> None:
    """As a file in a closed folder, or on a drive that went away: the system refuses even to look."""
    for place in (tmp_path / f"{'x' * 300}.gguf", "~nobody-has-this-home/x.gguf"):
        for command in (["run", "-p", "hi"], ["inspect"]):
            done = call(*command, place)
            assert done.returncode == 1
            assert "Traceback" not in done.stderr
            assert "There is no file" in done.stderr


def test_vocabulary_alone_answers_nothing(llama_cpp_models: Path) -> None:
    done = call("run", "-p", "hi", llama_cpp_models / "ggml-vocab-gpt-2.gguf")
    assert done.returncode == 1
    assert "holds a vocabulary and no model" in done.stderr


def test_home_that_cannot_be_written_still_answers(
    tmp_path: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file in the place of a folder stops even root, whom permissions don't.
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(blocked))
    done = call("run", "-p", "hi", "--max-tokens", "4", "--json", starter_model)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answer_tokens"] == 4


def test_same_seed_gives_the_same_answer(starter_model: Path) -> None:
    command = ("run", "-p", "Name three birds.", "--seed", "11", "--max-tokens", "24", "--json")
    first, second = (json.loads(call(*command, starter_model).stdout) for _ in range(2))
    assert first["answer"] == second["answer"]
    assert first["evaluations"] == second["evaluations"]
