"""A model in several files runs in the terminal too: its process may read all of them."""

from pathlib import Path

from tests.app.cli.test_commands import call
from tests.support.random_model import Extras, write_model


def test_any_file_of_a_set_runs_the_whole(tmp_path: Path) -> None:
    write_model(tmp_path / "many.gguf", extras=Extras(tensors_per_part=8))
    parts = sorted(tmp_path.glob("many-*.gguf"))
    assert len(parts) == 3
    for part in (parts[0], parts[1]):
        done = call("run", part, "-p", "hi", "--max-tokens", "2")
        assert done.returncode == 0, done.stderr
