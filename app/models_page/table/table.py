"""The page's table: rows of two lines, chosen whole, opened by Enter or a double click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from app.models_page.table.cell_delegate import CellDelegate
from app.models_page.table.rows import Index, Role, Row, RowsModel
from app.theme.theme import Theme
from app.widgets.plain_table import make_plain


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
        self._left_out: frozenset[int] = frozenset()
        self.rows = RowsModel([column.title for column in columns], self)
        self.setModel(self.rows)
        self._cells = CellDelegate(theme, self.rows, self)
        self.setItemDelegate(self._cells)
        make_plain(self, title)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(1)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.rows.modelReset.connect(self._on_reset)
        for changed in (self.rows.modelReset, self.rows.rowsInserted):
            changed.connect(self._keep_height)
        self.doubleClicked.connect(self._on_double_clicked)
        self.setMouseTracking(True)
        self.entered.connect(lambda index: self._point_at(index.row()))
        self.viewportEntered.connect(lambda: self._point_at(-1))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> Row | None:
        """Returns the row that is chosen."""
        index = self.currentIndex()
        row = index.data(Role.ROW) if index.isValid() else None
        return row if isinstance(row, Row) else None

    def choose_at(self, row: int) -> None:
        """Chooses a row; Qt's own way finds no column where it reads from right to left."""
        self.setCurrentIndex(self.rows.index(row, 0))

    def choose(self, key: str) -> bool:
        """Chooses the row with `key`; False where there is none."""
        at = self.rows.row_of(key)
        if at >= 0:
            self.choose_at(at)
        return at >= 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the room among the columns."""
        super().resizeEvent(event)
        self._share()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what there is time for; what is new and left over follows in the next turn."""
        self._cells.begin()
        super().paintEvent(event)
        late = self._cells.left_over()
        if not late.isEmpty():
            # After what waits by now: a key press goes before the rest of a list.
            QTimer.singleShot(0, self.viewport(), lambda: self.viewport().update(late))

    def leaveEvent(self, event: QEvent) -> None:
        """Points at no row any more."""
        super().leaveEvent(event)
        self._point_at(-1)

    def _point_at(self, row: int) -> None:
        if row != self._cells.pointed_at:
            self._cells.pointed_at = row
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Opens the chosen row by Enter; Tab goes on to the next control."""
        row = self.current_row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row is not None:
            self.opened.emit(row)
            return
        super().keyPressEvent(event)

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px("space_6"))
        self._keep_height()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self._share()

    def _keep_height(self) -> None:
        """Three rows and the headings at least, or all there are: below that the page scrolls."""
        rows = min(3, self.rows.rowCount())
        # Headings above nothing look as if something were missing.
        self.horizontalHeader().setVisible(rows > 0)
        self.setMinimumHeight((1 + rows) * self._theme.px("space_6"))

    def leave_out(self, *columns: int) -> None:
        """Leaves these columns out from now on, and shows all others where there is room."""
        if self._left_out != frozenset(columns):
            self._left_out = frozenset(columns)
            self._share()

    def _share(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        room = self.viewport().width()
        stretched = next(at for at, column in enumerate(self._columns) if not column.letters)
        left = room
        for at, column in enumerate(self._columns):
            if at == stretched:
                continue
            is_hidden = at in self._left_out or room < column.least * letter
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
