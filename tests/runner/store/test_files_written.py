"""A file is the old one or the new one, and its failure is told as its own."""

import errno
import os
import resource
import stat
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.store import Store
from runner.store.files_written import write_whole


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path: Path):
    target = tmp_path / "chat.md"
    write_whole(target, b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [target]


def test_a_missing_folder_is_told_without_a_word_on_chats(tmp_path: Path):
    for write in (
        lambda: write_whole(tmp_path / "none" / "chat.md", b"x"),
        lambda: write_whole(tmp_path, b"x"),
    ):
        with pytest.raises(RunnerError, match=r"files\.cannot_write"):
            write()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "files.disk_full"),
        (errno.EDQUOT, "files.disk_full"),
        (errno.EROFS, "files.read_only"),
        (errno.EACCES, "files.read_only"),
        (errno.EIO, "files.cannot_write"),
    ],
)
def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch, number: int, code: str):
    target = tmp_path / "chat.md"
    write_whole(target, b"old")

    def refuse(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunnerError) as refused:
        write_whole(target, b"new")
    assert refused.value.code == code
    assert target.read_bytes() == b"old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [target]


def test_a_backup_that_does_not_fit_is_told_as_a_file(store: Store, tmp_path: Path):
    store.chats.create("x" * 100_000).result()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        failure = store.back_up(tmp_path / "b").exception(10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(failure, RunnerError)
    assert failure.code in {"files.cannot_write", "files.disk_full"}
    assert not [file for file in tmp_path.iterdir() if file.is_file()]
