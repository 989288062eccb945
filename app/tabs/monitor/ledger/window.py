"""The whole ledger in a window of its own, with every column."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.tabs.monitor.ledger.desk import LedgerDesk
from app.tabs.monitor.ledger.model import Column, LedgerModel
from app.theme.looks import Look, set_look
from app.widgets.dialog_column import size_on_screen
from app.words.ledger import ledger_words


class LedgerWindow(QDialog):
    """A filter and a table; it follows new lines while it is open."""

    def __init__(self, context: AppContext, desk: LedgerDesk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._desk = desk
        said, px = ledger_words().said, context.theme.px
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(said["window"])
        self.rows = LedgerModel(self)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(said["filter"])
        self.filter.setAccessibleName(said["filter"])
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.rows.filter)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName(said["window"])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self._summary = QLabel()
        set_look(self._summary, Look.SMALL)
        column = QVBoxLayout(self)
        edge = px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(px("space_1"))
        column.addWidget(self._summary)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        size_on_screen(self, px("reading") * 3 // 2, px("reading") * 3 // 4)
        self.refresh()
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(False)
        self.table.resizeColumnsToContents()
        widest = px("space_6") * 6
        for place in Column:
            self.table.setColumnWidth(place, min(widest, self.table.columnWidth(place)))

    def refresh(self) -> None:
        """Reads the lines again."""
        rows, summary = self._desk.rows()
        self._summary.setText(summary)
        self.rows.set_rows(rows)
