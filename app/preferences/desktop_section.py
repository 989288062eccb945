"""The settings page's section on the desktop: a menu entry, and who opens the app's links."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.desktop.entry import DesktopEntry, is_for_this_system, own_command
from app.notices import Action
from app.preferences.setting_row import setting_row
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import button_line, dialog_column, size_on_screen
from runner.errors import RunnerError


class DesktopSection(QWidget):
    """One row: what is registered, and what changes that. Owned by: SettingsPage. Thread: GUI."""

    changed = Signal()
    """Something was written or taken back."""

    def __init__(
        self, context: AppContext, entry: DesktopEntry | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._entry = entry or DesktopEntry(own_command())
        self.add = QPushButton(self.tr("Add…"))
        self.add.clicked.connect(self._on_add)
        self.take_back = QPushButton(self.tr("Take back"))
        self.take_back.clicked.connect(self.remove)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        title = self.tr("Menu entry and lightwell:// links")
        controls = self._controls()
        rows.addLayout(setting_row(context.theme, title, self._said(), *controls))

    def install(self) -> None:
        """Writes the files."""
        try:
            self._entry.install()
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        undo = Action(self.tr("Take back"), self.remove)
        self._context.notices.toast(self.tr("Links are opened by Lightwell now."), undo)
        self.changed.emit()

    def remove(self) -> None:
        """Takes the files back."""
        try:
            self._entry.remove()
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        undo = Action(self.tr("Write again"), self.install)
        self._context.notices.toast(self.tr("The menu entry is gone; links open nothing."), undo)
        self.changed.emit()

    def _controls(self) -> list[QPushButton]:
        if not is_for_this_system():
            return []
        if self._entry.is_there:
            return [self.take_back]
        return [self.add, self.take_back] if self._entry.is_anywhere else [self.add]

    def _said(self) -> str:
        if not is_for_this_system():
            return self.tr(
                "On this system an app has to be installed for links, which is not made yet. Give a "
                "link to the command `lightwell`, or paste it into the search field of Models."
            )
        if self._entry.is_there:
            return self.tr(
                "They are there. A link shows a model's page and does nothing else; what it needs "
                "of the network is asked about as always."
            )
        if self._entry.is_anywhere:
            return self.tr("They lead to an installation that lies elsewhere, or lay elsewhere.")
        return self.tr(
            "Not registered. What would be written is shown first; no program is started for it."
        )

    def _on_add(self) -> None:
        dialog = EntryDialog(self._context.theme, self._entry, self)
        dialog.accepted.connect(self.install)
        dialog.open()


class EntryDialog(QDialog):
    """Shows every file that would be written, word for word; closing it writes nothing."""

    def __init__(self, theme: Theme, entry: DesktopEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Menu entry and links"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.files = QPlainTextEdit()
        self.files.setReadOnly(True)
        self.files.setTabChangesFocus(True)
        self.files.setAccessibleName(self.tr("What is written"))
        set_look(self.files, Look.MONO)
        self.files.setPlainText(_listing(entry))
        said = QLabel(self.tr("They lie in your own folders and can be taken back here."))
        said.setWordWrap(True)
        set_look(said, Look.SMALL)
        self.write = QPushButton(self.tr("Write them"))
        set_look(self.write, Look.PRIMARY)
        self.write.clicked.connect(self.accept)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.cancel.setDefault(True)
        column = dialog_column(self, theme, self.tr("Write these files?"))
        column.addWidget(self.files, 1)
        column.addWidget(said)
        column.addLayout(button_line([self.write], self.cancel))
        size_on_screen(self, theme.px("reading"), theme.px("reading") * 2 // 3)


def _listing(entry: DesktopEntry) -> str:
    parts = []
    for one in entry.wanted():
        lines = (one.adds or one.content).splitlines()
        parts.append("\n".join([f"{one.path}:", *(f"    {line}" for line in lines)]))
    return "\n\n".join(parts)
