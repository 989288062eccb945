"""The ring around what has the keyboard, for whoever moves it with the keyboard.

A hair of another colour is hard to find on a page, and tables, texts and tabs have no edge to colour
at all. So one ring is drawn over the window, around whatever it is; after a press of the mouse it is gone.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget
from shiboken6 import isValid

from app.theme.looks import Look
from app.theme.theme import Theme

_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
    }
)


class FocusRing(QObject):
    """Watches where the keyboard is in every window of the app.

    Owned by: MainWindow. Thread: GUI.
    """

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: _Ring | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - there are widgets
        application.focusChanged.connect(self._on_focus)
        theme.changed.connect(self._place)

    @property
    def target(self) -> QWidget | None:
        """What the ring is around; None while none is drawn."""
        drawn = self._drawn
        return drawn.target if drawn is not None and isValid(drawn) else None

    @Slot(QWidget, QWidget)
    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        was_drawn = self.target is not None
        self._take_away()
        if now is None or now.isWindow():  # a menu marks its own lines
            return
        by_key = now.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        # Arrow keys, and what hides or opens at a key, move the focus without Qt's mark.
        goes_on = was_drawn and QGuiApplication.mouseButtons() is Qt.MouseButton.NoButton
        if by_key or goes_on:
            self._drawn = _Ring(self._theme, _framed(now))
            self._watch(self._drawn.target)
            self._place()

    def _watch(self, target: QWidget | None) -> None:
        while target is not None:
            target.installEventFilter(self)
            target = None if target.isWindow() else target.parentWidget()

    def _take_away(self) -> None:
        drawn, self._drawn = self._drawn, None
        if drawn is None or not isValid(drawn):
            return
        watched: QWidget | None = drawn.target if isValid(drawn.target) else None
        while watched is not None:
            watched.removeEventFilter(self)
            watched = None if watched.isWindow() else watched.parentWidget()
        drawn.hide()
        drawn.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Goes along with what it is around."""
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def _place(self) -> None:
        if self._drawn is not None and isValid(self._drawn) and isValid(self._drawn.target):
            self._drawn.place()


class _Ring(QWidget):
    """A rounded frame over a window that nothing is pressed through to."""

    def __init__(self, theme: Theme, target: QWidget) -> None:
        super().__init__(target.window())
        self.target = target
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def place(self) -> None:
        """Stands around its target, as far as that is seen."""
        target, window = self.target, self.target.window()
        around = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        gap = self._theme.px("space_half")
        around = around.adjusted(-gap, -gap, gap, gap).intersected(window.rect())
        seen = around
        parent = target.parentWidget()
        while parent is not None and parent is not window:
            outer = parent.parentWidget()
            if isinstance(outer, QAbstractScrollArea) and parent is outer.viewport():
                port = QRect(parent.mapTo(window, QPoint(0, 0)), parent.size())
                seen = seen.intersected(port.adjusted(-gap, -gap, gap, gap))
            parent = outer
        if seen.isEmpty() or not target.isVisible():
            self.hide()
            return
        self.setGeometry(around)
        self.setMask(QRegion(seen.translated(-around.topLeft())))
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = self._theme.px("stroke")
        radius = self._theme.px("radius") + pen / 2
        painter.setPen(QPen(self._theme.colour("focus"), pen))
        rect = QRectF(self.rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2)
        painter.drawRoundedRect(rect, radius, radius)


def _framed(widget: QWidget) -> QWidget:
    """Returns what a person takes a control for: of a box in a frame, the frame."""
    parent = widget.parentWidget()
    if not isinstance(parent, QFrame) or parent.property("look") != Look.FLOATING.value:
        return widget
    return parent if parent.focusProxy() is widget else widget
