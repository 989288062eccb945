"""The Chat page's widgets and where they stand; what they do is ChatPage's."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.chat_list import ChatList
from app.chat.composer import Composer
from app.chat.context_choice import ContextChoice
from app.chat.options_panel import OptionsPanel
from app.chat.start_view import StartView
from app.chat.transcript import TranscriptView
from app.context import AppContext
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.eliding_label import ElidingLabel


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
        transcript: the turns of the chat on show.
        start: what an empty chat shows instead.
        composer: where a question is typed.
        choice: asked where a conversation no longer fits.
        options: what the chat runs with.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._build()

    def _build(self) -> None:
        theme = self._context.theme
        px = theme.px
        self.list = ChatList(theme, self._context.clock)
        self.list.setFixedWidth(px("list"))
        self._line = Divider(theme)
        self.transcript = TranscriptView(theme)
        self.start = StartView(theme, self._context.library.starter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._centred(self.start))
        self._stack.addWidget(self.transcript)
        self.choice = ContextChoice(theme)
        self._editing_bar = self._make_editing_bar()
        self.composer = Composer(theme)
        # Whoever gives the page the keyboard gives it to what is typed into.
        self.setFocusProxy(self.composer)
        self.options = OptionsPanel(theme, self)
        foot = QWidget()
        below = QVBoxLayout(foot)
        below.setContentsMargins(0, 0, 0, px("space_2"))
        below.setSpacing(px("space_1"))
        below.addWidget(self.choice)
        below.addWidget(self._editing_bar)
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
        self._cancel_editing = QToolButton()
        self._cancel_editing.setText(self.tr("Cancel"))
        set_look(self._cancel_editing, Look.QUIET)
        row.addWidget(label, 1)
        row.addWidget(self._cancel_editing)
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
