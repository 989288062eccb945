"""The Chat page's widgets and where they stand; what they do is ChatPage's.

What an empty chat does not show is made when it is first needed, or once the window has been
painted: the first paint waits for nothing that nobody sees.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.chats.chat_list import ChatList
from app.chat.composer.composer import Composer
from app.chat.start_view import StartView
from app.context import AppContext
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel

if TYPE_CHECKING:
    from app.chat.composer.context_choice import ContextChoice
    from app.chat.turns.transcript import TranscriptView


class Divider(QWidget):
    """A thin line between two columns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(theme.px("hair"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills itself with the colour of lines."""
        QPainter(self).fillRect(event.rect(), self._theme.colour("line"))


class ChatLayout(QWidget):
    """The list on the left, the reading column with the composer beside it.

    Attributes:
        list: the chats.
        start: what an empty chat shows instead of turns.
        composer: where a question is typed.
    """

    editing_cancelled = Signal()
    files_dropped = Signal(list)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAcceptDrops(True)
        self._build()

    # ---- made late ---------------------------------------------------------------------------

    @cached_property
    def transcript(self) -> "TranscriptView":
        """The turns of the chat on show."""
        from app.chat.turns.transcript import TranscriptView

        self._context.theme.complete()  # answers have italics
        transcript = TranscriptView(self._context.theme)
        self._stack.addWidget(transcript)
        return transcript

    @cached_property
    def choice(self) -> "ContextChoice":
        """Asked where a conversation no longer fits."""
        from app.chat.composer.context_choice import ContextChoice

        choice = ContextChoice(self._context.theme)
        self._below.insertWidget(0, choice)
        return choice

    @cached_property
    def editing_bar(self) -> QFrame:
        """Says that an earlier question is being changed."""
        bar = self._make_editing_bar()
        self._below.insertWidget(self._below.indexOf(self.composer), bar)
        return bar

    def is_made(self, name: str) -> bool:
        """Says whether one of these is there already."""
        return name in self.__dict__

    # ---- making ------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        px = theme.px
        self.list = ChatList(theme, self._context.clock)
        self.list.setFixedWidth(px("list"))
        self._line = Divider(theme)
        self.start = StartView(theme, self._context.library.starter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._centred(self.start))
        self.composer = Composer(theme)
        # Whoever gives the page the keyboard gives it to what is typed into.
        self.setFocusProxy(self.composer)
        foot = QWidget()
        self._below = below = QVBoxLayout(foot)
        below.setContentsMargins(0, 0, 0, px("space_2"))
        below.setSpacing(px("space_1"))
        below.addWidget(self.composer)
        column = QWidget()
        column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(column, Look.READING)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._make_head())
        rows.addWidget(self._stack, 1)
        rows.addWidget(self._centred(foot))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._line)
        row.addWidget(column, 1)

    def _make_head(self) -> QWidget:
        theme = self._context.theme
        px = theme.px
        self._fold = QToolButton()
        self._fold.setIcon(theme.icon("list"))
        self._fold.setCheckable(True)
        self._fold.setToolTip(self.tr("Show or hide the list of chats"))
        self._fold.setAccessibleName(self.tr("List of chats"))
        set_look(self._fold, Look.ICON)
        self._name = ElidingLabel()
        set_look(self._name, Look.FAINT)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px("space_1"), px("space_half"), px("space_2"), px("space_half"))
        row.addWidget(self._fold)
        row.addWidget(self._name, 1)
        return head

    def _make_editing_bar(self) -> QFrame:
        bar = QFrame()
        set_look(bar, Look.NOTE)
        row = QHBoxLayout(bar)
        px = self._context.theme.px
        row.setContentsMargins(px("space_2"), px("space_half"), px("space_half"), px("space_half"))
        label = QLabel(self.tr("You are changing an earlier question. The old branch is kept."))
        label.setWordWrap(True)
        cancel = QToolButton()
        cancel.setText(self.tr("Cancel"))
        set_look(cancel, Look.QUIET)
        cancel.clicked.connect(self.editing_cancelled)
        row.addWidget(label, 1)
        row.addWidget(cancel)
        bar.hide()
        return bar

    def _centred(self, widget: QWidget) -> QWidget:
        px = self._context.theme.px
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(px("space_2"), 0, px("space_2"), 0)
        row.setSpacing(0)
        row.addStretch(1)
        widget.setMaximumWidth(px("reading") + px("space_4"))
        row.addWidget(widget, 1000)
        row.addStretch(1)
        return holder

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files: models are opened, texts attached."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands over what was dropped."""
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        self.files_dropped.emit([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
