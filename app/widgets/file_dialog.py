"""The one way to ask for a file: beside the window, never instead of it, and where the last one was."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSettings, Qt  # noqa: TID251 - says where Qt's own go; ours are in app/settings.py
from PySide6.QtWidgets import QFileDialog, QWidget

from app.settings import SettingsFile


def keep_history_own(folder: Path) -> None:
    """Has Qt keep what its dialogs remember in a folder of this app.

    It would write the folders that were visited into a file that all programs with Qt share.
    """
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))


def file_dialog(
    settings: SettingsFile,
    parent: QWidget | None,
    title: str,
    mode: QFileDialog.FileMode = QFileDialog.FileMode.ExistingFile,
    *,
    section: Literal["window", "models"] = "window",
) -> QFileDialog:
    """Returns a dialog that begins in the folder of the last file, or at home.

    Args:
        settings: remember the folder.
        parent: what the dialog belongs to.
        title: what is asked for.
        mode: a file that is there, several, or one to be written.
        section: whose `last_folder` it is: models lie elsewhere than texts and exports.
    """
    before = settings.current.models if section == "models" else settings.current.window
    last = Path(before.last_folder or Path.home())
    folder = last if last.is_dir() else Path.home()
    dialog = QFileDialog(parent, title, str(folder))
    # The desktop's own dialog would start programs and speak to its bus.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def remember(names: list[str]) -> None:
        if names:
            settings.change(section, last_folder=str(Path(names[0]).parent))

    dialog.filesSelected.connect(remember)
    dialog.fileSelected.connect(lambda name: remember([name]))
    return dialog
