"""The turns of a branch, of which only those near the view exist as widgets."""

import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.chat.turns.answer import AnswerText
from app.chat.turns.to_end import ToEnd
from app.chat.turns.turn_items import TurnItem, TurnRequest
from app.chat.turns.turn_view import TurnView
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from runner.store.values import TurnId

REFRESH_MS = 100
"""How often an arriving answer is drawn."""

KEPT_TEXTS = 48
"""Answers whose blocks are kept after their widget has gone."""

_BUDGET_S = 0.006
"""Time between two paints that goes into reading stored answers."""


class TranscriptView(QAbstractScrollArea):
    """A column of turns that stays as fast with two thousand of them as with two.

    Owned by: ChatPage. Thread: GUI.
    """

    asked = Signal(TurnRequest)
    link_pressed = Signal(str)
    code_settled = Signal(object, int, str, str)
    code_copied = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: list[TurnItem] = []
        self._heights: list[int] = []
        self._tops: list[int] = [0]
        self._places: dict[TurnId, int] = {}
        self._views: dict[TurnId, TurnView] = {}
        self._texts: OrderedDict[TurnId, AnswerText] = OrderedDict()
        self._live: TurnId | None = None
        self._follows = True
        self._can_delete = True
        self._is_placing = False
        self._unread: list[TurnId] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_look(self, Look.READING)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._content = QWidget(self.viewport())
        self._content.setAccessibleName(self.tr("Conversation"))
        self._refresh = _timer(self, REFRESH_MS, self._on_refresh)
        self._reading = _timer(self, 0, self._on_read)
        self._placing = _timer(self, 0, self._arrange)
        self._to_end = ToEnd(theme, self)
        self._to_end.clicked.connect(self.scroll_to_end)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._on_theme)

    # ---- what is shown -----------------------------------------------------------------------

    def show_turns(self, items: Sequence[TurnItem], *, to_end: bool = True) -> None:
        """Shows another chat, or another branch of this one; turns in both keep their widgets."""
        ids = {item.turn.id for item in items}
        heights = dict(zip((item.turn.id for item in self._items), self._heights, strict=True))
        for turn_id in [turn_id for turn_id in self._views if turn_id not in ids]:
            self._drop(turn_id)
        self._items = list(items)
        self._places = {item.turn.id: at for at, item in enumerate(items)}
        width = self._column()
        self._heights = [
            heights.get(item.turn.id) or self._guess(item, width) for item in self._items
        ]
        for item in self._items:
            if (view := self._views.get(item.turn.id)) is not None:
                view.show_item(item)
        self._follows = to_end or self._follows
        self._arrange()

    def update_turn(self, item: TurnItem) -> None:
        """Shows a turn's new state; does nothing where it is not on this branch."""
        at = self._places.get(item.turn.id)
        if at is None:
            return
        self._items[at] = item
        if (view := self._views.get(item.turn.id)) is not None:
            view.show_item(item)
        self._placing.start()

    def allow_deleting(self, allowed: bool) -> None:
        """Says whether a turn may be deleted now; none may while an answer is being written."""
        self._can_delete = allowed
        for view in self._views.values():
            view.allow_deleting(allowed)

    def set_live(self, turn_id: TurnId, text: AnswerText) -> None:
        """Draws `text` for a turn while it grows; `grow` says when it has."""
        if self._texts.get(turn_id) is not text:
            self._drop(turn_id)
            self._texts[turn_id] = text
        self._live = turn_id

    def grow(self) -> None:
        """The arriving answer has grown: it is drawn soon."""
        if not self._refresh.isActive():
            self._refresh.start()

    def end_live(self) -> None:
        """Nothing arrives any more: draws the last of it now."""
        self._refresh.stop()
        self._on_refresh()
        self._live = None

    def forget_all(self) -> None:
        """Drops what is kept of texts, because the numbers of turns may mean others now."""
        self._texts.clear()
        self._live = None

    def view(self, turn_id: TurnId) -> TurnView | None:
        """Returns the widget of a turn, where it has one now."""
        return self._views.get(turn_id)

    @property
    def views(self) -> tuple[TurnView, ...]:
        """The turns that exist as widgets."""
        return tuple(self._views.values())

    def scroll_to_end(self) -> None:
        """Shows the end, and follows it from now on."""
        self._follows = True
        self._arrange()

    def show_turn(self, turn_id: TurnId) -> None:
        """Scrolls to a turn."""
        at = self._places.get(turn_id)
        if at is None:
            return
        self._follows = False
        # Twice: the turns above it have their true heights only once they have been near.
        for _ in range(2):
            self.verticalScrollBar().setValue(self._tops[at])
            self._arrange()

    def reveal(self, widget: QWidget) -> None:
        """Scrolls until a part of a turn is seen, or its beginning where it is higher than the view."""
        top = widget.mapTo(self._content, QPoint(0, 0)).y()
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value() or widget.height() >= room:
            bar.setValue(top)
        elif top + widget.height() > bar.value() + room:
            bar.setValue(top + widget.height() - room)

    # ---- where everything stands -------------------------------------------------------------

    def _column(self) -> int:
        room = self.viewport().width() - 2 * self._theme.px("space_4")
        return max(160, min(self._theme.px("reading"), room))

    def _guess(self, item: TurnItem, width: int) -> int:
        turn = item.turn
        letters = max(20, width // 8)
        lines = 2 + len(turn.question) // letters + len(turn.answer) // letters
        lines += turn.answer.count("\n", 0, 20_000)
        return lines * self._theme.px("space_3") + self._theme.px("space_6") * 2

    @Slot()
    def _arrange(self) -> None:
        """Makes the turns near the view, lays them out, and keeps the reader's place."""
        if self._is_placing or self.viewport().width() < 50:
            return
        self._is_placing = True
        try:
            self._arrange_now()
        finally:
            self._is_placing = False

    def _arrange_now(self) -> None:
        width, bar = self._column(), self.verticalScrollBar()
        anchor = self._anchor()
        for _ in range(4):
            self._retop()
            if self._follows:
                top = max(0, self._tops[-1] - self.viewport().height())
            else:
                top = self._anchored(anchor)
            if not self._measure(top, width):
                break
        self._retop()
        height = self._tops[-1]
        top = max(0, height - self.viewport().height()) if self._follows else self._anchored(anchor)
        bar.setRange(0, max(0, height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._theme.px("space_3") * 2)
        bar.setValue(top)
        self._put(width)
        # A page from the end: a line or two is no way.
        far = bar.maximum() - bar.value() > self.viewport().height() // 2
        self._to_end.show_over(self.viewport(), wanted=far)

    def _retop(self) -> None:
        foot = self._theme.px("space_2")
        self._tops = [0, *accumulate(self._heights)]
        self._tops[-1] += foot

    def _anchor(self) -> tuple[int, int]:
        """The turn at the top of the view, and how far the view's top is below its top."""
        top = self.verticalScrollBar().value()
        at = max(0, min(bisect_right(self._tops, top) - 1, len(self._items) - 1))
        return at, top - self._tops[at] if self._tops else 0

    def _anchored(self, anchor: tuple[int, int]) -> int:
        at, below = anchor
        return self._tops[at] + below if at < len(self._tops) else 0

    def _near(self, top: int) -> range:
        margin = self.viewport().height() // 2
        first = max(0, bisect_right(self._tops, top - margin) - 1)
        last = bisect_right(self._tops, top + self.viewport().height() + margin)
        return range(first, min(last, len(self._items)))

    def _measure(self, top: int, width: int) -> bool:
        """Measures the turns near `top`; says whether one had another height than thought."""
        near = self._near(top)
        wanted = {self._items[at].turn.id for at in near}
        for turn_id in [turn_id for turn_id in self._views if turn_id not in wanted]:
            if turn_id != self._live and not self._has_focus(turn_id):
                self._drop(turn_id)
        changed = False
        for at in near:
            height = self._ensure(self._items[at]).height_at(width)
            if height != self._heights[at]:
                self._heights[at] = height
                changed = True
        return changed

    def _put(self, width: int) -> None:
        left = (self.viewport().width() - width) // 2
        top = self.verticalScrollBar().value()
        self._content.setGeometry(left, -top, width, self._tops[-1])
        for turn_id, view in self._views.items():
            at = self._places.get(turn_id)
            if at is not None:
                view.setGeometry(0, self._tops[at], width, self._heights[at])
                view.set_last(at == len(self._items) - 1)
                view.show()

    # ---- widgets -----------------------------------------------------------------------------

    def _ensure(self, item: TurnItem) -> TurnView:
        turn_id = item.turn.id
        if (view := self._views.get(turn_id)) is not None:
            return view
        text = self._text(item)
        view = TurnView(self._theme, item, text, self._content)
        view.asked.connect(self.asked)
        view.link_pressed.connect(self.link_pressed)
        view.code_settled.connect(self.code_settled)
        view.code_copied.connect(self.code_copied)
        view.height_changed.connect(self._placing.start)
        view.allow_deleting(self._can_delete)
        self._views[turn_id] = view
        if not view.refresh() or not text.body.is_finished:
            self._unread.append(turn_id)
            self._reading.start()
        return view

    def _text(self, item: TurnItem) -> AnswerText:
        turn_id = item.turn.id
        text = self._texts.get(turn_id)
        if text is None:
            text = self._texts[turn_id] = AnswerText.stored(item.turn.thinking, item.turn.answer)
            text.read_more()
        self._texts.move_to_end(turn_id)
        while len(self._texts) > KEPT_TEXTS:
            oldest = next(iter(self._texts))
            if oldest == self._live or oldest in self._views:
                break
            del self._texts[oldest]
        return text

    def _drop(self, turn_id: TurnId) -> None:
        view = self._views.pop(turn_id, None)
        if view is not None:
            view.hide()
            view.deleteLater()

    def _has_focus(self, turn_id: TurnId) -> bool:
        focused = QApplication.focusWidget()
        if focused is None:
            return False
        view = self._views[turn_id]
        return view is focused or view.isAncestorOf(focused)

    # ---- slots and events --------------------------------------------------------------------

    @Slot()
    def _on_refresh(self) -> None:
        view = self._views.get(self._live) if self._live is not None else None
        if view is None:
            return
        if not view.refresh():
            self._refresh.start()
        self._placing.stop()
        self._arrange()
        self._placing.stop()

    @Slot()
    def _on_read(self) -> None:
        """Reads and draws on where a stored answer is long, a little between two paints."""
        end = time.perf_counter() + _BUDGET_S
        while self._unread and time.perf_counter() < end:
            view = self._views.get(self._unread[0])
            if view is None or view.item.turn.id == self._live:
                self._unread.pop(0)
                continue
            more = view.answer.read_more()
            complete = view.refresh()
            if not more and complete:
                view.show_item(view.item)
                self._unread.pop(0)
        if self._unread:
            self._reading.start()

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if self._is_placing:
            return
        self._follows = value >= self.verticalScrollBar().maximum() - 2
        self._arrange()

    @Slot()
    def _on_theme(self) -> None:
        self._heights = [self._guess(item, self._column()) for item in self._items]
        self._placing.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the ground between and beside the turns."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.colour("window"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays out at the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            column = self._column()
            self._heights = [
                self._heights[at] if item.turn.id in self._views else self._guess(item, column)
                for at, item in enumerate(self._items)
            ]
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the beginning and the end."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_End:
            self.scroll_to_end()
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        else:
            super().keyPressEvent(event)


def _timer(owner: QObject, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
