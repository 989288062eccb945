"""`lightwell run` where no wall stands: an unknown file needs somebody's word."""

import shutil
from pathlib import Path

import pytest

from tests.support.porter import run_front_end

NO_WALLS = '{"walls": []}'
ASK = ("-p", "hi", "--max-tokens", "2")


@pytest.fixture
def stranger(tmp_path: Path, starter_model: Path) -> Path:
    path = tmp_path / "stranger.gguf"
    shutil.copyfile(starter_model, path)
    return path


def test_an_unknown_file_is_refused_in_words(stranger: Path) -> None:
    done = run_front_end("terminal", "run", str(stranger), *ASK, PORTER=NO_WALLS)
    assert done.returncode == 1
    assert "(engine.not_enforced" in done.stderr
    assert "stranger.gguf did not come with this app" in done.stderr
    assert not done.stdout


def test_it_runs_when_somebody_says_so(stranger: Path) -> None:
    done = run_front_end("terminal", "run", str(stranger), "--unenforced", *ASK, PORTER=NO_WALLS)
    assert done.returncode == 0, done.stderr
