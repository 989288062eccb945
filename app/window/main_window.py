"""The main window: assembles rail, top bar, pages, inspector and status line; decides nothing else."""

import base64
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.open_models import GGUF
from app.window.asker import WindowAsker
from app.window.bar_facts import BarFacts
from app.window.body import Body
from app.window.inspector_panel import InspectorPanel
from app.window.notice_area import NoticeArea
from app.window.pages import PageSpec, page_specs
from app.window.rail import Rail
from app.window.room import Room, room_for
from app.window.status_facts import StatusFacts
from app.window.status_line import StatusLine
from app.window.tab_order import enter, step
from app.window.text_keys import TextKeys
from app.window.top_bar import TopBar

if TYPE_CHECKING:
    from app.widgets.focus_ring import FocusRing
    from app.window.model_picker import ModelPicker

SAVE_AFTER_MS = 800
LEAST_WIDTH, LEAST_HEIGHT = 720, 480
FIRST_SIZE = QSize(1440, 900)
FRAME = QSize(16, 48)
"""Left free for the frame, whose size nobody knows before it is there: with less of it the status
line lies below the edge of a small screen."""


class MainWindow(QMainWindow):
    """One window for everything.

    A page may have `set_room(Room)`, called when the window's room changes; `new_chat()`, called
    by Ctrl+N; `begin_search()`, called by Ctrl+K; `stop()`, called by Esc; `late_parts()`, what is
    made after the first paint; `may_close() -> bool`, asked before the window closes; and
    `finish()`, called at the end.

    Owned by: the window process.
    """

    page_shown = Signal(str)

    def __init__(
        self,
        context: AppContext,
        pages: tuple[PageSpec, ...] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._specs = {page.key: page for page in (pages or page_specs())}
        self._pages: dict[str, QWidget] = {}
        self._key = self._before = ""
        self._room: Room | None = None
        self.setWindowTitle("Lightwell")
        self.setWindowIcon(context.theme.icon("mark", "accent"))
        self.setAcceptDrops(True)
        self._assemble()
        self._connect()
        context.network.take_asker(WindowAsker(context.theme, self))
        self._restore()
        self.show_page(next(iter(self._specs)))

    # ---- what others use ------------------------------------------------------------------------

    @property
    def inspector(self) -> InspectorPanel:
        """The panel on the trailing side."""
        return self._inspector

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self._status

    @property
    def top_bar(self) -> TopBar:
        """The top bar."""
        return self._top

    @property
    def room(self) -> Room:
        """How much room there is."""
        return room_for(self.width(), self._context.theme.tokens.scale)

    def page(self) -> QWidget | None:
        """Returns the page that is shown."""
        return self._stack.currentWidget()

    def show_page(self, key: str) -> None:
        """Shows a page, made at its first time."""
        if key != self._key:
            self._key, self._before = key, self._key
        self.make_page(key)
        self._stack.setCurrentWidget(self._pages[key])
        self._rail.mark(key)
        # Whoever goes along the rail by arrow keys goes on along it.
        if not self._rail.isAncestorOf(self.focusWidget()):
            enter(self._pages[key])
        self.page_shown.emit(key)

    def show_inspector(self) -> None:
        """Opens the inspector: a person asked to look into something."""
        self._body.set_open(True)

    def make_page(self, key: str) -> QWidget | None:
        """Returns a page, made where it is not yet; nobody sees it before it is shown."""
        if key in self._pages or key not in self._specs:
            return self._pages.get(key)
        page = self._specs[key].build(self._context)
        page.setMinimumSize(1, 1)
        self._pages[key] = page
        self._stack.addWidget(page)
        if (wanted := getattr(page, "models_wanted", None)) is not None:
            wanted.connect(self.find_models)
        if (wanted := getattr(page, "chat_wanted", None)) is not None:
            wanted.connect(self.show_chat)
        if (take := getattr(page, "take_learned", None)) is not None:
            self._bar_facts.learned.connect(take)
            take(self._bar_facts.known)
        self._tell_room(page)
        return page

    def open_file(self, path: Path) -> None:
        """Opens a model file, as a second start or a drop asks for."""
        self._context.models.open(path)

    def open_link(self, text: str) -> None:
        """Shows the page of a repository that a link names; nothing is sent without a person's word."""
        if "models" not in self._specs:
            return
        self.show_page("models")
        open_address = getattr(self._pages["models"], "open_address", None)
        if callable(open_address):
            open_address(text)

    def show_chat(self) -> None:
        """Shows the chat: a person loads a model to talk with it."""
        self.show_page(next(iter(self._specs)))

    def find_models(self) -> None:
        """Shows where models are found; nothing is asked of the Hub yet."""
        self.show_page("models")
        self._call(self._pages["models"], "find_models")

    # ---- making ---------------------------------------------------------------------------------

    def _assemble(self) -> None:
        context = self._context
        self._top = TopBar(context)
        self._rail = Rail(context.theme, tuple(self._specs.values()))
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(1, 1)
        self._inspector = InspectorPanel(context)
        reading = QWidget()
        self._notices = NoticeArea(context.theme, context.notices, reading)
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._notices)
        column.addWidget(self._stack, 1)
        self._body = Body(context.theme, reading, self._inspector)
        self._status = StatusLine(context.theme)
        self._facts = StatusFacts(context, self._status, self)
        self._bar_facts = BarFacts(context, self._top, self)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._rail)
        middle.addWidget(self._body, 1)
        self._whole = QWidget()
        rows = QVBoxLayout(self._whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._top)
        rows.addLayout(middle, 1)
        rows.addWidget(self._status)
        self.setCentralWidget(self._whole)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)

    def _connect(self) -> None:
        self._rail.chosen.connect(self.show_page)
        self._top.picker_wanted.connect(self._open_picker)
        self._top.inspector_toggled.connect(self._body.set_open)
        self._body.opened.connect(self._on_inspector_opened)
        self._body.left.connect(lambda: enter(self._pages[self._key]))
        self._inspector.closed.connect(lambda: self._body.set_open(False))
        self._inspector.open_wanted.connect(self._choose_file)
        self._inspector.tab_chosen.connect(lambda _: self._remember())
        self._body.resized.connect(self._remember)
        self._facts.proved.connect(self._top.show_process)
        self._context.models.state_changed.connect(self._on_state)
        self._context.theme.changed.connect(self._fit)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(self.save_geometry)
        self._shortcut("Ctrl+L", self._open_picker)
        self._shortcut("Ctrl+N", partial(self._in_chat, "new_chat"))
        self._shortcut("Ctrl+K", partial(self._in_chat, "begin_search"))
        self._shortcut("Ctrl+I", self._body.toggle)
        self._shortcut("Ctrl+,", lambda: self.show_page("settings"))
        self._shortcut("Esc", self._escape)
        TextKeys(self._context.settings, self)
        for number, key in enumerate(self._specs, start=1):
            self._shortcut(f"Ctrl+{number}", partial(self.show_page, key))

    def _shortcut(self, keys: str, call: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(call)

    @cached_property
    def _picker(self) -> "ModelPicker":
        from app.window.model_picker import ModelPicker

        picker = ModelPicker(self._context, self)
        picker.find_wanted.connect(self.find_models)
        return picker

    @cached_property
    def focus_ring(self) -> "FocusRing":
        """Drawn around what has the keyboard, for whoever moves it with the keyboard."""
        from app.widgets.focus_ring import FocusRing

        return FocusRing(self._context.theme, self)

    # ---- keys -----------------------------------------------------------------------------------

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Goes along what is seen, as it is read."""
        return step(self._whole, forward=next_one)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard; Qt has the space bar do so."""
        button = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(button, QAbstractButton) and not event.isAutoRepeat():
            button.click()
        else:
            super().keyPressEvent(event)

    def _open_picker(self) -> None:
        self._picker.open_below(self._top.picker)

    def _choose_file(self) -> None:
        self._picker.choose_file()

    def _in_chat(self, name: str) -> None:
        self.show_chat()
        self._call(self._stack.currentWidget(), name)

    def _escape(self) -> None:
        """Closes what lies over the page, or leaves the settings, else stops what runs."""
        if self._body.is_overlay_open():
            self._body.set_open(False)
            return
        if self._specs[self._key].at_end and self._before:
            self.show_page(self._before)
            return
        self._context.models.stop_loading()
        self._call(self.page(), "stop")

    def _call(self, page: QWidget | None, name: str) -> None:
        method = getattr(page, name, None)
        if callable(method):
            method()

    # ---- room and geometry ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Folds and unfolds by the room there is."""
        super().resizeEvent(event)
        self._fit()
        self._remember()

    def _fit(self) -> None:
        room = self.room
        if room is self._room:
            return
        self._room = room
        self._body.set_overlay(room is Room.NARROW)
        for page in self._pages.values():
            self._tell_room(page)

    def _tell_room(self, page: QWidget) -> None:
        set_room = getattr(page, "set_room", None)
        if callable(set_room):
            set_room(self.room)

    def _on_inspector_opened(self, is_open: bool) -> None:
        self._top.show_inspector_open(is_open)
        if is_open and self._body.is_overlay:
            self._inspector.focus_tabs()
        self._remember()

    def _on_state(self) -> None:
        if self._context.session.child is None:
            self._top.show_process(None)
        self._top.show_network()

    def _restore(self) -> None:
        window = self._context.settings.current.window
        if window.geometry:
            data = base64.b64decode(window.geometry.encode("ascii", "ignore"), validate=False)
            self.restoreGeometry(QByteArray(data))
        else:
            available = self.screen().availableGeometry()
            self.resize(FIRST_SIZE.boundedTo(available.size() - FRAME))
        self._fit()  # before anything is seen, so that nothing moves when it is
        self._body.restore(window.columns, is_open=window.inspector_open)
        self._inspector.choose(window.inspector_tab)
        self._top.show_inspector_open(self._body.is_open())

    def _remember(self) -> None:
        """Saves soon: a window is dragged through many sizes."""
        if self.isVisible():
            self._save.start()

    def save_geometry(self) -> None:
        """Writes where the window is and how its columns stand."""
        self._save.stop()
        geometry = self.saveGeometry().toBase64().toStdString()
        self._context.settings.change(
            "window",
            geometry=geometry,
            columns=self._body.columns(),
            inspector_open=self._body.wished_open,
            inspector_tab=self._inspector.current(),
        )

    # ---- dropping and closing -------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one GGUF file from this machine."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens the file that was dropped."""
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks the pages first, then remembers the geometry."""
        for page in self._pages.values():
            may_close = getattr(page, "may_close", None)
            if callable(may_close) and not may_close():
                event.ignore()
                return
        self.save_geometry()
        super().closeEvent(event)

    def late_parts(self) -> list[Callable[[], object]]:
        """Returns what makes the parts that the first paint went without."""
        late = getattr(self.page(), "late_parts", None)
        of_page = late() if callable(late) else []
        of_bar, of_inspector = self._bar_facts.late_parts(), self._inspector.late_parts()
        return [*of_page, *of_bar, *of_inspector, lambda: self.focus_ring]

    def close_pages(self) -> None:
        """Has each page finish what it writes, before the parts below it go."""
        for page in self._pages.values():
            self._call(page, "finish")

    def raise_to_front(self) -> None:
        """Brings the window to the front, as a second start asks for."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()


def _dropped(event: QDropEvent) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    ggufs = [path for path in paths if path.suffix.lower() == GGUF]
    return ggufs[0] if len(ggufs) == 1 else None
