"""Files by number: the same on a system that has the calls for it, and on one that hasn't."""

import errno
import os
import shutil
import sys
from pathlib import Path

import pytest

from inspector.gguf.ranges import FileBytes
from runner import hardware
from runner.courier.part import PartFile
from runner.errors import RunnerError
from runner.own_files import free_bytes, open_itself, read_at, write_at

CALLS = ("O_NOFOLLOW", "pread", "pwrite", "statvfs")


@pytest.fixture(params=["with the calls", "without them"], autouse=True)
def _system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without them":
        there = shutil.disk_usage(Path(__file__))
        # What such a system's own library asks instead, which takes no number of a file.
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: there if folder.exists() else None)
        for name in CALLS:
            monkeypatch.delattr(os, name, raising=False)


def test_a_link_is_not_followed_and_what_it_leads_to_stays(tmp_path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.write_bytes(b"kept")
    link.symlink_to(kept)
    for flags in (os.O_RDONLY, os.O_RDWR | os.O_CREAT, os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        with pytest.raises(OSError, match="link") as refused:
            open_itself(link, flags)
        assert refused.value.errno == errno.ELOOP
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError, match="link"):
        open_itself(dangling, os.O_RDWR | os.O_CREAT)
    assert kept.read_bytes() == b"kept"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_that_comes_in_between_is_not_kept_open(tmp_path, monkeypatch) -> None:
    kept, name = tmp_path / "kept", tmp_path / "name"
    kept.write_bytes(b"kept")
    name.symlink_to(kept)
    # Whoever looks before the opening sees no link yet.
    monkeypatch.setattr(os.path, "islink", lambda path: False)
    with pytest.raises(OSError, match="link"):
        open_itself(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    assert kept.read_bytes() == b"kept"


def test_a_file_is_opened_for_this_process_alone(tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    descriptor = open_itself(path, os.O_RDWR | os.O_TRUNC)
    try:
        assert not os.get_inheritable(descriptor)
        assert path.read_bytes() == b""
        assert write_at(descriptor, b"line\n", 3) == 5
        assert read_at(descriptor, 9, 2) == b"\0line\n"
        assert read_at(descriptor, 9, 100) == b""
    finally:
        os.close(descriptor)
    assert path.read_bytes() == b"\0\0\0line\n"


def test_a_part_arrives_and_refuses_a_link(tmp_path) -> None:
    whole = bytes(range(256)) * 40
    blob = "f3e2eb1d8d2c8f6a2f5a2d3b7b6d4a9f1c0e8b7a"
    path = tmp_path / "a.part"
    path.write_bytes(whole[:700])
    part = PartFile(path, len(whole), "", blob)
    part.read_what_is_there(lambda _: None, lambda: False)
    assert part.length == 700
    part.look_for_room()
    part.write(whole[700:])
    assert path.read_bytes() == whole
    with pytest.raises(RunnerError, match="wrong_hash"):
        part.finish()
    part.close()
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunnerError):
        PartFile(path, len(whole), "", blob)


def test_room_is_told_of_a_folder_and_of_an_open_file(tmp_path) -> None:
    with (tmp_path / "file").open("wb") as file:
        told = free_bytes(tmp_path), free_bytes(tmp_path, file.fileno())
    assert min(told) > 0
    assert abs(told[0] - told[1]) < 1 << 30


def test_a_model_is_read_at_places(tmp_path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(bytes(range(200)))
    with FileBytes(path) as model:
        assert model.read(150, 3) == bytes([150, 151, 152])
        assert model.read(0, 2) == b"\0\1"


def test_elsewhere_psutil_says_how_busy_the_others_are(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    told = iter([(5.0, 1.0), (9.0, 1.0)])

    class Times:
        def __init__(self) -> None:
            self.user, self.system = next(told)

    monkeypatch.setattr(hardware.psutil, "cpu_times", Times)
    clock = iter([10.0, 12.0])
    monkeypatch.setattr(hardware.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(hardware.time, "process_time", lambda: 0.0)
    assert hardware.BusyMeter(tmp_path / "none")() == 2.0
