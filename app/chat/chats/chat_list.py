"""The column of chats: new, search as you type, and the list itself."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.chats.chat_list_delegate import ChatListDelegate
from app.chat.chats.chat_list_model import ChatListModel, Role
from app.chat.chats.fields import NameField, SearchField
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from runner.store.values import Chat, ChatId

if TYPE_CHECKING:
    from runner.store.search import Found

SEARCH_PAUSE_MS = 60
"""Rest between a keystroke and its search; a later keystroke interrupts the search anyway."""


class ChatList(QWidget):
    """Chats by date, or what a search found.

    Owned by: ChatPage. Thread: GUI.
    """

    new_wanted = Signal()
    temporary_wanted = Signal()
    chosen = Signal(object, object)
    """A chat, and the turn that a search found in it or None."""
    search_wanted = Signal(str)
    rename_wanted = Signal(object, str)
    pin_wanted = Signal(object, bool)
    delete_wanted = Signal(object)
    put_back_wanted = Signal(object)
    """What was deleted within a chat shall be there again."""
    export_wanted = Signal(object, str)
    import_wanted = Signal()

    def __init__(
        self, theme: Theme, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._chats: list[Chat] = []
        self._current: ChatId | None = None
        self._is_searching = False
        self._found_for = self._opens_for = ""
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Chats"))
        set_look(self, Look.SIDE)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)

    def _build(self) -> None:
        px = self._theme.px
        self._new = QPushButton(self.tr("New chat"))
        self._new.setToolTip(self.tr("New chat (Ctrl+N)"))
        self._temporary = QToolButton()
        self._temporary.setIcon(self._theme.icon("temporary"))
        self._temporary.setToolTip(self.tr("New temporary chat: it is never stored"))
        self._temporary.setAccessibleName(self.tr("New temporary chat"))
        set_look(self._temporary, Look.ICON)
        self._more = QToolButton()
        self._more.setIcon(self._theme.icon("more"))
        self._more.setToolTip(self.tr("More"))
        self._more.setAccessibleName(self.tr("More for chats"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_look(self._more, Look.ICON)
        menu = QMenu(self._more)
        menu.addAction(self.tr("Import a chat from JSON…"), self.import_wanted.emit)
        self._more.setMenu(menu)
        self._search = SearchField()
        self._search.setPlaceholderText(self.tr("Search chats"))
        self._search.setAccessibleName(self.tr("Search chats"))
        self._search.setToolTip(self.tr("Search chats (Ctrl+K)"))
        self._search.setMaxLength(500)
        self._model = ChatListModel(self.tr("Untitled"))
        self._view = QListView()
        self._view.setAccessibleName(self.tr("Chats"))
        self._view.setModel(self._model)
        self._view.setItemDelegate(ChatListDelegate(self._theme))
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.setMouseTracking(True)
        self._view.installEventFilter(self)
        self._said = QLabel()
        self._said.setWordWrap(True)
        set_look(self._said, Look.FAINT)
        head = QHBoxLayout()
        head.setSpacing(px("space_half"))
        head.addWidget(self._new, 1)
        head.addWidget(self._temporary)
        head.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px("space_1"), px("space_1") + px("space_half"), px("space_1"), 0)
        layout.setSpacing(px("space_1"))
        layout.addLayout(head)
        layout.addWidget(self._search)
        layout.addWidget(self._said)
        layout.addWidget(self._view, 1)
        self._new.clicked.connect(self.new_wanted)
        self._temporary.clicked.connect(self.temporary_wanted)
        self._search.textChanged.connect(self._on_typed)
        self._search.left.connect(self._search.clear)
        self._search.down_pressed.connect(self._on_down)
        self._search.returnPressed.connect(self._on_enter)
        self._view.clicked.connect(self._on_clicked)
        self._view.customContextMenuRequested.connect(self._on_menu)
        rename = QShortcut(QKeySequence(Qt.Key.Key_F2), self._view)
        rename.setContext(Qt.ShortcutContext.WidgetShortcut)
        rename.activated.connect(self._on_rename_key)

    @cached_property
    def _name(self) -> NameField:
        name = NameField(self._view.viewport())
        name.named.connect(self.rename_wanted)
        name.left.connect(self._view.setFocus)
        return name

    def sizeHint(self) -> QSize:
        """As wide as the theme's list."""
        return QSize(self._theme.px("list"), 400)

    # ---- what is shown -----------------------------------------------------------------------

    @property
    def model(self) -> ChatListModel:
        """The rows."""
        return self._model

    @property
    def search_field(self) -> QLineEdit:
        """Where a search is typed."""
        return self._search

    def show_chats(self, chats: list[Chat]) -> None:
        """Shows all chats; while a search is shown, they wait, and it is made again."""
        self._chats = chats
        if self._is_searching:
            self._pause.start()
        else:
            self._found_for = ""
            self._model.show_chats(chats, self._clock())
            empty = "" if chats else self.tr("Chats appear here when you have asked something.")
            self._say(empty)
            self._mark()

    def show_current(self, chat_id: ChatId | None) -> None:
        """Marks the chat on show."""
        self._current = chat_id
        self._mark()

    def show_found(self, found: "Found") -> None:
        """Shows what a search found, unless something else is typed by now."""
        if not self._is_searching or found.text != self._search.text():
            return
        self._model.show_found(found, self.tr("In titles"), self.tr("In chats"))
        self._found_for = found.text
        if not found.titles and not found.hits:
            self._say(self.tr("Nothing found. All words must appear in one question or answer."))
        elif found.has_more:
            self._say(self.tr("The newest {} are shown.").format(len(found.hits)))
        else:
            self._say("")
        if self._opens_for == found.text:
            self._open_first()

    def begin_search(self) -> None:
        """Puts the cursor into the search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _mark(self) -> None:
        row = self._model.row_of(self._current) if self._current is not None else -1
        if row < 0:
            self._view.clearSelection()
            self._view.setCurrentIndex(QModelIndex())
        elif self._view.currentIndex().row() != row:
            self._view.setCurrentIndex(self._model.index(row))

    # ---- slots -------------------------------------------------------------------------------

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._search.setClearButtonEnabled(True)
        self._opens_for = ""
        if text.strip():
            self._is_searching = True
            self._pause.start()
            return
        self._pause.stop()
        self._is_searching = False
        self.show_chats(self._chats)

    @Slot()
    def _on_pause(self) -> None:
        if self._is_searching:
            self.search_wanted.emit(self._search.text())

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        chat_id = index.data(Role.CHAT)
        if chat_id is not None:
            self.chosen.emit(chat_id, index.data(Role.TURN))

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        index = self._view.indexAt(at)
        if (menu := self.menu_for(index)) is not None:
            # The press has marked the row that the menu is about; the chat on show is another.
            menu.aboutToHide.connect(self._mark)
            menu.popup(self._view.viewport().mapToGlobal(at))

    def menu_for(self, index: QModelIndex) -> QMenu | None:
        """Returns what can be done with the chat in a row; None for a heading."""
        chat_id = index.data(Role.CHAT) if index.isValid() else None
        if chat_id is None:
            return None
        chat = next((chat for chat in self._chats if chat.id == chat_id), None)
        pinned = chat is not None and chat.pinned
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self.tr("Rename"), partial(self._rename, index.row()))
        unpin, pin = self.tr("Unpin"), self.tr("Pin to the top")
        menu.addAction(unpin if pinned else pin, partial(self.pin_wanted.emit, chat_id, not pinned))
        export = menu.addMenu(self.tr("Export"))
        for text, ending in (
            (self.tr("As Markdown…"), "md"),
            (self.tr("As HTML…"), "html"),
            (self.tr("As JSON…"), "json"),
        ):
            export.addAction(text, partial(self.export_wanted.emit, chat_id, ending))
        if chat is not None and chat.deleted_turns:
            put_back = partial(self.put_back_wanted.emit, chat_id)
            menu.addAction(self.tr("Put back what was deleted in it"), put_back)
        menu.addSeparator()
        delete = menu.addAction(self.tr("Delete"), partial(self.delete_wanted.emit, chat_id))
        for action, key in ((rename, Qt.Key.Key_F2), (delete, Qt.Key.Key_Delete)):
            # To be read: in the list the keys do this without the menu.
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return menu

    def _rename(self, row: int) -> None:
        index = self._model.index(row)
        chat_id = index.data(Role.CHAT)
        if chat_id is None:
            return
        title = next((chat.title for chat in self._chats if chat.id == chat_id), "")
        self._name.begin(chat_id, title, self._view.visualRect(index))

    @Slot()
    def _on_rename_key(self) -> None:
        self._rename(self._view.currentIndex().row())

    @Slot()
    def _on_down(self) -> None:
        self._view.setFocus()
        if not self._view.currentIndex().isValid():
            self._view.setCurrentIndex(self._first())

    @Slot()
    def _on_enter(self) -> None:
        """Opens the first that was found; what was found for other words waits for these."""
        self._opens_for = self._search.text() if self._is_searching else ""
        if self._opens_for and self._opens_for == self._found_for:
            self._open_first()

    def _first(self) -> QModelIndex:
        """The first row that is no heading."""
        chats = (at for at, row in enumerate(self._model.rows) if not row.is_heading)
        return self._model.index(next(chats, -1))

    def _open_first(self) -> None:
        self._opens_for = ""
        self._view.setCurrentIndex(self._first())
        self._on_clicked(self._view.currentIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a row Enter opens, Delete deletes, and the menu key asks."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_view_key(event.key()) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _on_view_key(self, key: int) -> bool:
        index = self._view.currentIndex()
        chat_id = index.data(Role.CHAT) if index.isValid() else None
        if chat_id is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_clicked(index)
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit(chat_id)
        elif key == Qt.Key.Key_Menu:
            self._on_menu(self._view.visualRect(index).center())
        else:
            return False
        return True
