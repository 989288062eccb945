"""What is said of the models folder as a whole, and what can be done with it and what was removed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.models_page.here.folder_dialog import free_disk
from app.models_page.here.folders import show_folder
from app.models_page.here.keeping import Keeping
from app.models_page.here.shelf import ShelfItem, total_words
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from app.widgets.plain_tip import plain_tip
from app.words.quantities import bytes_in_words
from inspector.untrusted import shown


class FolderLine(QWidget):
    """How much disk the models take, and links below it. Owned by: OnComputer. Thread: GUI.

    Args:
        keeping: has the trash.
        folder: returns the models folder in force.
    """

    move_wanted = Signal()
    """Another folder is to be chosen."""

    def __init__(
        self,
        context: AppContext,
        keeping: Keeping,
        folder: Callable[[], Path],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._keeping = keeping
        self._folder = folder
        self.total = QLabel()
        self.total.setWordWrap(True)
        set_look(self.total, Look.SMALL)
        self.open_folder = self._link(self.tr("Open the models folder"), self._on_open)
        self.change_folder = self._link(self.tr("Move the models folder…"), self.move_wanted.emit)
        self.put_back = self._link("", self._on_put_back)
        self.empty = self._link("", keeping.empty_trash)
        links = QWidget()
        row = FlowLayout(links, gap=context.theme.px("space_2"))
        for link in (self.open_folder, self.change_folder, self.put_back, self.empty):
            row.addWidget(link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self.total)
        column.addWidget(links)

    def show_items(self, items: Sequence[ShelfItem]) -> None:
        """Says what the models take, and offers what can be done now."""
        folder = self._folder()
        self.total.setText(total_words(items, free_disk(folder)))
        self.open_folder.setToolTip(plain_tip(shown(str(folder), 400)))
        # There is none before the first download.
        self.open_folder.setVisible(folder.is_dir())
        trash = self._keeping.trash()
        for link in (self.put_back, self.empty):
            link.setVisible(bool(trash))
        if trash:
            name = shown(trash[0].path.stem, 40)
            self.put_back.setText(self.tr("Put {name} back").format(name=name))
            size = bytes_in_words(sum(one.size for one in trash))
            self.empty.setText(self.tr("Empty the trash ({size})").format(size=size))

    def allow(self, allowed: bool) -> None:
        """Lets files be moved about, or not while they are on their way."""
        for link in (self.change_folder, self.put_back, self.empty):
            link.setEnabled(allowed)

    def _link(self, text: str, pressed: Callable[[], None]) -> QPushButton:
        link = QPushButton(text)
        set_look(link, Look.LINK)
        link.clicked.connect(lambda _: pressed())
        return link

    def _on_open(self) -> None:
        show_folder(self._context, self._folder())

    def _on_put_back(self) -> None:
        trash = self._keeping.trash()
        if trash:
            self._keeping.put_back(trash[0])
