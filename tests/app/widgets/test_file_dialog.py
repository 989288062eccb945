"""Dialogs for files begin where the last file was."""

import os
import subprocess
import sys
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


def test_what_qt_remembers_stays_with_the_app(tmp_path: Path) -> None:
    """Else the folders that were visited go into a file of all programs with Qt."""
    script = f"""
import sys
import os
import subprocess
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.settings import SettingsFile
from app.widgets.file_dialog import file_dialog, keep_history_own
application = QApplication(["x"])
keep_history_own(Path({str(tmp_path / "own")!r}))
dialog = file_dialog(SettingsFile(Path({str(tmp_path / "settings.toml")!r})), None, "x")
dialog.open()
dialog.done(1)
application.processEvents()
application.sendPostedEvents(None, 52)
"""
    shared = tmp_path / "shared"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "XDG_CONFIG_HOME": str(shared), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["QtProject.conf"]
    assert not shared.exists()
