"""Page and inspector side by side, or the inspector over the page where there is no room for both."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme

LEAST_PAGE = 360
LEAST_INSPECTOR = 300


class Body(QWidget):
    """Holds the page and the inspector, and remembers whether the inspector is wanted.

    While it overlays, the inspector starts closed: it would hide the page.

    Attributes:
        wished_open: whether a person wants the inspector beside the page.
    """

    opened = Signal(bool)
    left = Signal()
    """The inspector had the keyboard and is closed."""
    resized = Signal()

    def __init__(
        self, theme: Theme, page: QWidget, inspector: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = page
        self._inspector = inspector
        self._overlay = False
        self._overlay_open = False
        self.wished_open = True
        self._width = theme.px("inspector")
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        page.setMinimumSize(LEAST_PAGE, 1)
        inspector.setMinimumSize(LEAST_INSPECTOR, 1)
        self._splitter.addWidget(page)
        self._splitter.addWidget(inspector)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.splitterMoved.connect(self._on_moved)
        self._scale = theme.tokens.scale
        theme.changed.connect(self._on_theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    @property
    def is_overlay(self) -> bool:
        """Whether the inspector lies over the page."""
        return self._overlay

    def is_open(self) -> bool:
        """Whether the inspector is seen."""
        return self._overlay_open if self._overlay else self.wished_open

    def is_overlay_open(self) -> bool:
        """Whether the inspector hides a part of the page."""
        return self._overlay and self._overlay_open

    def toggle(self) -> None:
        """Opens or closes the inspector."""
        self.set_open(not self.is_open())

    def set_open(self, is_open: bool) -> None:
        """Opens or closes the inspector."""
        had_keyboard = self._inspector.isAncestorOf(self.window().focusWidget())
        if self._overlay:
            self._overlay_open = is_open
        else:
            self.wished_open = is_open
        self._arrange()
        self.opened.emit(is_open)
        if had_keyboard and not is_open:
            self.left.emit()

    def set_overlay(self, overlay: bool) -> None:
        """Puts the inspector over the page, or beside it again."""
        if overlay == self._overlay:
            return
        self._overlay = overlay
        self._overlay_open = False
        self._inspector.setProperty("over", overlay)
        set_look(self._inspector, Look.SIDE)
        if overlay:
            self._inspector.setParent(self)
        else:
            self._splitter.addWidget(self._inspector)
            self._splitter.setStretchFactor(1, 0)
        self._arrange()
        self.opened.emit(self.is_open())

    def restore(self, columns: tuple[int, ...], *, is_open: bool) -> None:
        """Takes the widths of the last time."""
        if columns and LEAST_INSPECTOR <= columns[-1] <= 4 * self._theme.px("inspector"):
            self._width = columns[-1]
        self.wished_open = is_open
        self._arrange()

    def columns(self) -> tuple[int, ...]:
        """Returns the widths to remember."""
        return (self._width,)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the page what the window gains or loses."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._inspector.setVisible(self.is_open())
        if self._overlay:
            width = min(self._width, self.width() - self._theme.px("space_6"))
            left = 0 if self._is_mirrored() else self.width() - width
            self._inspector.setGeometry(left, 0, width, self.height())
            self._inspector.raise_()
        elif self.is_open():
            width = min(self._width, self.width() // 2)
            self._splitter.setSizes([max(LEAST_PAGE, self.width() - width), width])

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _on_theme(self) -> None:
        """Larger text gets a wider inspector."""
        scale = self._theme.tokens.scale
        self._width = round(self._width * scale / self._scale)
        self._scale = scale
        self._arrange()

    def _on_moved(self) -> None:
        self._width = self._inspector.width()
        self.resized.emit()
