"""The dialog for a model's file: where it begins, and what becomes of a choice."""

from pathlib import Path

from app.model.choose import choose_model
from app.window.application import Parts


def test_it_begins_at_home_and_then_where_the_last_file_was(
    parts: Parts, tmp_path: Path, monkeypatch
) -> None:
    home, models = tmp_path / "home", tmp_path / "models"
    home.mkdir()
    models.mkdir()
    monkeypatch.setenv("HOME", str(home))
    first = choose_model(parts.context, parts.window)
    assert Path(first.directory().absolutePath()) == home
    first.fileSelected.emit(str(models / "gone.gguf"))
    first.close()
    assert parts.context.notices.kept[-1].code == "files.missing"
    second = choose_model(parts.context, parts.window)
    assert Path(second.directory().absolutePath()) == models
    second.close()
    models.rmdir()
    third = choose_model(parts.context, parts.window)
    assert Path(third.directory().absolutePath()) == home
    third.close()
