"""The Models page: two parts, "On this computer" and "Find"."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.models_page.on_computer import OnComputer
from app.open_models import GGUF
from app.theme.looks import Look, set_look
from app.widgets.segments import Segments

HERE, FIND = "here", "find"
MOST_DROPPED = 16


class ModelsPage(QWidget):
    """Shows one of the parts; takes files that are dropped on it where they lie.

    Owned by: MainWindow. Thread: GUI.
    """

    key = "models"
    icon = "models"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.title = self.tr("Models")
        set_look(self, Look.READING)
        self.setAcceptDrops(True)
        self.here = OnComputer(context)
        self._build()
        self.here.counted.connect(self._on_counted)
        self.choose(HERE)

    def choose(self, key: str) -> None:
        """Shows a part."""
        self.parts.choose(key)
        self._stack.setCurrentWidget(self._widgets[key])
        self._add.setVisible(key == HERE)

    def finish(self) -> None:
        """Ends what works for the page."""
        self.here.close_down()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes GGUF files from this machine."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes note of what was dropped, and loads nothing."""
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            self.choose(HERE)
            self.here.adopt(paths)

    def _build(self) -> None:
        theme = self._context.theme
        title = QLabel(self.title)
        set_look(title, Look.TITLE)
        self._add = QPushButton(self.tr("Add a GGUF file…"))
        self._add.clicked.connect(self.here.choose_file)
        self.parts = Segments([(HERE, self.tr("On this computer"))])
        self.parts.chosen.connect(self.choose)
        self._widgets: dict[str, QWidget] = {HERE: self.here}
        self._stack = QStackedWidget()
        for part in self._widgets.values():
            part.setMinimumSize(1, 1)
            self._stack.addWidget(part)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._add)
        column = QVBoxLayout(self)
        edge = theme.px("space_3")
        column.setContentsMargins(edge, theme.px("space_2"), edge, theme.px("space_2"))
        column.setSpacing(theme.px("space_1"))
        column.addLayout(head)
        column.addWidget(self.parts)
        column.addWidget(self._stack, 1)

    def _on_counted(self, count: int) -> None:
        text = self.tr("On this computer · {count}").format(count=count)
        self.parts.set_title(HERE, text)


def _dropped(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == GGUF][:MOST_DROPPED]
