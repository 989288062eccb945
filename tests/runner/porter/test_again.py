"""A front end can have the whole app start again, as it was started."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_front_end_that_asks_for_it_is_started_once_more(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.again_process", str(notes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert notes.read_text() == "ran\nran\n"
