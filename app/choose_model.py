"""The dialog that asks for a model's file; the rail's picker and the start page open the same one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.context import AppContext
from app.words.translation import translate


def choose_model(
    context: AppContext, parent: QWidget | None, take: Callable[[Path], None] | None = None
) -> QFileDialog:
    """Asks for a GGUF file and opens it; the dialog runs beside the window, never instead of it.

    Args:
        context: whose settings remember the folder.
        parent: what the dialog belongs to.
        take: called with the file instead of opening it.
    """
    last = Path(context.settings.current.models.last_folder or Path.home())
    folder = last if last.is_dir() else Path.home()
    dialog = QFileDialog(parent, translate("ChooseModel", "Open a GGUF file"), str(folder))
    # The desktop's own dialog would start programs and speak to its bus.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setNameFilter(translate("ChooseModel", "Models (*.gguf)"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def chosen(name: str) -> None:
        path = Path(name)
        context.settings.change("models", last_folder=str(path.parent))
        (take or context.models.open)(path)

    dialog.fileSelected.connect(chosen)
    dialog.open()
    return dialog
