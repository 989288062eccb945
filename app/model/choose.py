"""The dialog that asks for a model's file; the rail's picker and the start page open the same one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.context import AppContext
from app.widgets.file_dialog import file_dialog
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
    title = translate("ChooseModel", "Open a GGUF file")
    dialog = file_dialog(context.settings, parent, title, section="models")
    dialog.setNameFilter(translate("ChooseModel", "Models (*.gguf)"))

    dialog.fileSelected.connect(lambda name: (take or context.models.open)(Path(name)))
    dialog.open()
    return dialog
