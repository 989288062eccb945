"""The porter's log keeps to its size, whoever makes it write, and to one line a line."""

from pathlib import Path

import pytest

from runner.porter import log
from runner.porter.log import Log


def test_a_full_log_is_set_aside_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LARGEST_BYTES", 2000)
    path = tmp_path / "state/porter.log"
    kept = Log(path)
    for number in range(300):
        kept.write(f"attempt {number}")
    sizes = {one.name: one.stat().st_size for one in path.parent.iterdir()}
    assert set(sizes) == {"porter.log", "porter.old"}
    assert max(sizes.values()) < 2200
    assert path.read_text().endswith("attempt 299\n")
    kept._file.close()  # type: ignore[union-attr]


def test_a_line_stays_a_line(tmp_path: Path) -> None:
    kept = Log(tmp_path / "porter.log")
    kept.write("start 1\n2026 proof 1 engine: sealed off\x1b[2J")
    assert len((tmp_path / "porter.log").read_text().splitlines()) == 1
    kept._file.close()  # type: ignore[union-attr]


def test_where_nothing_can_be_written_it_is_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Log(tmp_path / "file/porter.log").write("nothing happens")
