"""The page's table: rows of two lines, chosen whole, opened by Enter or a double click."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.models_page.rows import Cell, Index, Role, Row, RowsModel
from app.theme.theme import Theme

SELECTED = QStyle.StateFlag.State_Selected
POINTED_AT = QStyle.StateFlag.State_MouseOver
ELIDE = Qt.TextElideMode.ElideRight
MIRRORED = Qt.LayoutDirection.RightToLeft


class Column:
    """A column: its title, how wide it is, and when it gives way.

    Args:
        title: its heading.
        letters: its width in average letters; 0 takes the room that is left.
        least: the table's width in letters below which the column is hidden.
    """

    def __init__(self, title: str, letters: int = 0, least: int = 0) -> None:
        self.title = title
        self.letters = letters
        self.least = least


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: a sign, a line, and a paler line below.

    Everything it draws with is made once: the style sheet's own way takes a millisecond a cell.
    """

    def __init__(self, theme: Theme, rows: RowsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._signs: dict[tuple[str, str], QPixmap] = {}
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Takes colours, fonts and sizes from the theme again."""
        theme = self._theme
        self._signs.clear()
        self._colours = {
            role: theme.colour(role) for role in ("text", "faint", "accent_soft", "hover")
        }
        self._body, self._small = theme.font("text_body"), theme.font("text_small")
        self._body_lines, self._small_lines = QFontMetrics(self._body), QFontMetrics(self._small)
        self._edge, self._gap = theme.px("space_1"), theme.px("space_half")
        self._side, self._height = theme.px("icon_small"), theme.px("space_6")

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and air."""
        return QSize(0, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the ground and the words."""
        # Not through `index.data`: the way there and back through Qt costs more than the drawing.
        cell = self._rows.row(index.row()).cells[index.column()]
        state, rect = option.state, option.rect
        if state & SELECTED:
            painter.fillRect(rect, self._colours["accent_soft"])
        elif state & POINTED_AT:
            painter.fillRect(rect, self._colours["hover"])
        left, right = rect.left() + self._edge, rect.right() - self._edge
        is_mirrored = option.direction is MIRRORED
        middle = rect.center().y()
        if cell.icon:
            place = right - self._side if is_mirrored else left
            painter.drawPixmap(place, middle - self._side // 2, self._sign(cell, option.widget))
            taken = self._side + self._edge
            left, right = (left, right - taken) if is_mirrored else (left + taken, right)
        room = right - left
        first = _Line(
            self._body, self._body_lines, self._colours["faint" if cell.faint else "text"]
        )
        if not cell.under:
            base = middle + (first.metrics.ascent() - first.metrics.descent()) // 2
            _draw(painter, first, cell.text, left, base, room, is_mirrored=is_mirrored)
            return
        _draw(painter, first, cell.text, left, middle - self._gap, room, is_mirrored=is_mirrored)
        second = _Line(self._small, self._small_lines, self._colours["faint"])
        base = middle + self._gap // 2 + second.metrics.ascent()
        _draw(painter, second, cell.under, left, base, room, is_mirrored=is_mirrored)

    def _sign(self, cell: Cell, widget: QWidget) -> QPixmap:
        sign = self._signs.get((cell.icon, cell.role))
        if sign is None:
            size = QSize(self._side, self._side)
            icon = self._theme.icon(cell.icon, cell.role)
            sign = self._signs[cell.icon, cell.role] = icon.pixmap(size, widget.devicePixelRatioF())
        return sign


class _Line(NamedTuple):
    """How a line is drawn."""

    font: QFont
    metrics: QFontMetrics
    colour: QColor


def _draw(
    painter: QPainter, line: _Line, text: str, left: int, base: int, room: int, *, is_mirrored: bool
) -> None:
    """Draws as much of a text as there is room for, on the side where reading starts."""
    painter.setFont(line.font)
    painter.setPen(line.colour)
    width = line.metrics.horizontalAdvance(text)
    if width > room:
        text = line.metrics.elidedText(text, ELIDE, room)
        width = room
    painter.drawText(left + room - width if is_mirrored else left, base, text)


class ModelTable(QTableView):
    """A table of rows. Columns give way from the end where it is narrow."""

    opened = Signal(object)
    """A row was opened: its `Row`."""
    chosen = Signal(object)
    """Another row is chosen: its `Row`, or None."""
    near_end = Signal()
    """The last rows are in sight: more may be asked for."""

    def __init__(
        self, theme: Theme, title: str, columns: Sequence[Column], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = tuple(columns)
        self.rows = RowsModel([column.title for column in columns], self)
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(theme, self.rows, self))
        self.setAccessibleName(title)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(1)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.rows.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(self._on_double_clicked)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> Row | None:
        """Returns the row that is chosen."""
        index = self.currentIndex()
        row = index.data(Role.ROW) if index.isValid() else None
        return row if isinstance(row, Row) else None

    def choose(self, key: str) -> bool:
        """Chooses the row with `key`; False where there is none."""
        at = self.rows.row_of(key)
        if at >= 0:
            self.selectRow(at)
        return at >= 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the room among the columns."""
        super().resizeEvent(event)
        self._share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Opens the chosen row by Enter; Tab goes on to the next control."""
        row = self.current_row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row is not None:
            self.opened.emit(row)
            return
        super().keyPressEvent(event)

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px("space_6"))
        # Three rows and the headings at least: below that the page scrolls instead.
        self.setMinimumHeight(4 * self._theme.px("space_6"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self._share()

    def _share(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        room = self.viewport().width()
        stretched = next(at for at, column in enumerate(self._columns) if not column.letters)
        left = room
        for at, column in enumerate(self._columns):
            if at == stretched:
                continue
            is_hidden = room < column.least * letter
            self.setColumnHidden(at, is_hidden)
            if not is_hidden:
                self.setColumnWidth(at, column.letters * letter)
                left -= column.letters * letter
        self.setColumnWidth(stretched, max(left, 14 * letter))

    def _on_current(self) -> None:
        self.chosen.emit(self.current_row())

    def _on_reset(self) -> None:
        self.chosen.emit(None)

    def _on_double_clicked(self, index: Index) -> None:
        row = index.data(Role.ROW)
        if isinstance(row, Row):
            self.opened.emit(row)

    def _on_scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - 4 * self._theme.px("space_6"):
            self.near_end.emit()
