"""Dialogs for files begin where the last file was."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.settings import SettingsFile
from app.widgets.file_dialog import file_dialog


def begins_in(settings: SettingsFile, section: str = "window") -> Path:
    dialog = file_dialog(settings, None, "x", section=section)
    folder = Path(dialog.directory().absolutePath())
    dialog.close()
    return folder


def test_it_begins_at_home_and_then_where_the_last_file_was(
    qapp, tmp_path: Path, monkeypatch
) -> None:
    home, texts = tmp_path / "home", tmp_path / "texts"
    home.mkdir()
    texts.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    settings = SettingsFile(tmp_path / "settings.toml", tell=lambda error: None)
    assert begins_in(settings) == home, "not in the folder of the start"
    dialog = file_dialog(settings, None, "x", QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.emit([str(texts / "one.txt"), str(texts / "two.txt")])
    dialog.close()
    assert begins_in(settings) == texts
    assert begins_in(settings, "models") == home, "models lie elsewhere"
    texts.rmdir()
    assert begins_in(settings) == home
