"""A layout that puts its items side by side and starts a new line where there is no room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lines of items, from the side where reading starts.

    Args:
        parent: whose layout it is.
        gap: pixels between items and between lines.
        leading: where all items fit into one line, so many stand at its beginning and the others
            at its end; all at the beginning where it is None.
    """

    def __init__(
        self, parent: QWidget | None = None, *, gap: int = 8, leading: int | None = None
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._leading = leading
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)

    def addItem(self, item: QLayoutItem) -> None:
        """Adds an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Returns an item; None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Takes an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Returns the height of all lines at `width`."""
        return self._place(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, rect: QRect) -> None:
        """Puts the items into `rect`."""
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        """The smallest that it can be."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as its largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, moving: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        spare = self._spare(rect.width())
        for at, item in enumerate(self._items):
            if item.isEmpty():
                continue
            if self._leading is not None and at >= self._leading:
                x, spare = x + spare, 0
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if moving:
                left = rect.right() + 1 - (x - rect.x()) - size.width() if mirrored else x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()

    def _spare(self, width: int) -> int:
        """Returns what is left of a line that holds all items; 0 where none does."""
        wide = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
        return max(0, width - sum(wide) - self.spacing() * max(0, len(wide) - 1))
