"""What can be done with a model of this computer: a row of buttons, each with its tip."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from app.context import AppContext
from app.models_page.fit import Fit
from app.models_page.here.folders import show_folder
from app.models_page.here.shelf import ShelfItem
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from runner.store.files import FileState


class ShelfActions(QWidget):
    """The buttons for one model. Owned by: OnComputer. Thread: GUI."""

    chat_wanted = Signal()
    """A model is being loaded to talk with it."""
    looked_inside = Signal()
    """The inspector has something to show."""
    newer_wanted = Signal(object)
    """Whether there is a newer revision of a `ShelfItem` is to be asked."""
    verify_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._item: ShelfItem | None = None
        self._row = FlowLayout(self, gap=context.theme.px("space_1"))
        self.load = self._button("", self._on_load)
        set_look(self.load, Look.PRIMARY)
        self.look = self._button(self.tr("Look inside"), self.look_inside)
        self.newer = self._button(
            self.tr("Ask for a newer revision"),
            self._on_newer,
            self.tr("Asks the Hub what has changed since this was fetched. Fetches nothing."),
        )
        self.open_folder = self._button(
            self.tr("Open its folder"),
            self._on_folder,
            self.tr("Shows it in your file manager, after asking."),
        )
        self.copy_place = self._button(self.tr("Copy its path"), self._on_copy)
        self.verify = self._button(
            self.tr("Verify now"),
            self._on_verify,
            self.tr("Reads every byte, and compares its SHA-256 with what the Hub listed."),
        )
        self.remove = self._button("", self._on_remove)
        self.show_item(None, Fit.UNKNOWN)

    def show_item(self, item: ShelfItem | None, level: Fit) -> None:
        """Offers what can be done with a model, or nothing.

        Args:
            item: the model that is pointed at.
            level: how it fits; a sum is no wall, so whoever wants to try may.
        """
        self._item = item
        self.setEnabled(item is not None)
        if item is None:
            return
        is_here = item.state is not FileState.GONE
        self.load.setVisible(is_here and not item.is_loaded)
        self.load.setText(self.tr("Load anyway") if level is Fit.NOT else self.tr("Load and chat"))
        self.look.setVisible(is_here)
        self.open_folder.setVisible(is_here)
        self.newer.setVisible(bool(item.repository and item.commit))
        self.verify.setVisible(is_here)
        self.remove.setVisible(not item.is_starter and not item.is_loaded)
        if item.is_own and is_here:
            self.remove.setText(self.tr("Move to the trash"))
            self.remove.setToolTip(self.tr("It can be put back for 30 days."))
        else:
            self.remove.setText(self.tr("Forget"))
            self.remove.setToolTip(self.tr("Takes it off this list. The file is not touched."))

    def look_inside(self) -> None:
        """Has the inspector look at the model; nothing is loaded."""
        if self._item is not None:
            self._context.models.inspect_file(self._item.path)
            self.looked_inside.emit()

    def _button(self, text: str, pressed: Callable[[], None], tip: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(pressed)
        self._row.addWidget(button)
        return button

    def _on_load(self) -> None:
        if self._item is not None:
            self._context.models.open(self._item.path)
            self.chat_wanted.emit()

    def _on_newer(self) -> None:
        if self._item is not None:
            self.newer_wanted.emit(self._item)

    def _on_folder(self) -> None:
        if self._item is not None:
            show_folder(self._context, self._item.path.parent)

    def _on_copy(self) -> None:
        if self._item is not None:
            QGuiApplication.clipboard().setText(str(self._item.path))
            self._context.notices.toast(self.tr("The path is on the clipboard."))

    def _on_verify(self) -> None:
        if self._item is not None:
            self.verify_wanted.emit(self._item)

    def _on_remove(self) -> None:
        if self._item is not None:
            self.remove_wanted.emit(self._item)
