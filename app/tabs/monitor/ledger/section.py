"""The tab's part on the ledger: the newest rows, the state of the chain, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.tabs.monitor.ledger.delegate import ShortRow
from app.tabs.monitor.ledger.desk import LedgerDesk
from app.tabs.monitor.ledger.model import Column, LedgerModel
from app.tabs.monitor.ledger.window import LedgerWindow
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from app.words.ledger import ledger_words
from runner.store.ledger_lines import Line

SHOWN = 200
CHECK_AFTER_MS = 1500
"""How long after the last new line the chain is followed again."""

LEAST_ROWS, MOST_ROWS = 1, 6
SHORT = (Column.TIME, Column.TO, Column.GOT)


class LedgerSection(QWidget):
    """Shows lines as they come, while it is seen.

    Owned by: the Monitor tab. Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = LedgerDesk(context)
        self._window: LedgerWindow | None = None
        self._is_stale = True
        self._followed = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_AFTER_MS)
        self._soon.timeout.connect(self._check_again)
        said = ledger_words().said
        self.summary = _small("")
        self.chain = _small("")
        self.rows = LedgerModel(self)
        self.table = self._make_table()
        self.buttons = {
            "more": self._button(said["more"], self.open_window),
            "check": self._button(said["check"], self.check),
            "export": self._button(said["export"], self.ask_where),
            "compare": self._button(said["compare"], self.ask_what),
        }
        line = FlowLayout(gap=context.theme.px("space_1"))
        for button in self.buttons.values():
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self.summary)
        column.addWidget(self.table)
        column.addWidget(self.chain)
        column.addLayout(line)
        self.limit = _small(said["limit"])
        column.addWidget(self.limit)
        context.mailbox.arrived.connect(self._on_arrived)
        context.theme.changed.connect(self._fit)

    def refresh(self) -> None:
        """Reads the newest lines, where there are new ones."""
        if not self._is_stale:
            return
        self._is_stale = False
        rows, summary = self._desk.rows(SHOWN)
        self.summary.setText(summary if self._desk.is_kept else ledger_words().said["not_kept"])
        self.rows.set_rows(rows)
        has_rows = bool(rows)
        for part in (self.table, self.chain, self.limit, *self.buttons.values()):
            part.setVisible(has_rows)
        self._fit()

    def check(self) -> None:
        """Follows the whole chain."""
        self.chain.setText(ledger_words().said["checking"])
        self._follow()

    def compare(self, name: str) -> None:
        """Follows the whole chain and compares it with an export's head."""
        self.chain.setText(ledger_words().said["checking"])
        self._follow(Path(name))

    def open_window(self) -> None:
        """Shows the whole ledger in a window of its own."""
        if self._window is None:
            self._window = LedgerWindow(self._context, self._desk, self.window())
            self._window.destroyed.connect(self._forget_window)
            self._window.show()
            return
        self._window.raise_()
        self._window.activateWindow()

    def ask_where(self) -> None:
        """Asks for a file to export to."""
        dialog = self._dialog(ledger_words().said["export"])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["JSON (*.json)", "CSV (*.csv)"])
        dialog.setDefaultSuffix("json")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "json")
        )
        dialog.selectFile("lightwell-ledger.json")
        dialog.fileSelected.connect(lambda name: self._desk.export(Path(name)))
        dialog.open()

    def ask_what(self) -> None:
        """Asks for an export to compare with."""
        dialog = self._dialog(ledger_words().said["compare"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["JSON (*.json)"])
        dialog.fileSelected.connect(self.compare)
        dialog.open()

    # ---- inside ---------------------------------------------------------------------------------

    def _on_arrived(self, events: list[object]) -> None:
        if not any(isinstance(event, Line) for event in events):
            return
        self._is_stale = True
        if self.isVisible():
            self.refresh()
        self._soon.start()

    def _follow(self, export: Path | None = None) -> None:
        self._followed += 1
        self._desk.check(partial(self._on_checked, self._followed), export)

    def _on_checked(self, number: int, words: str, is_whole: bool) -> None:
        if number != self._followed:
            return  # one that began before the last, and was slower
        self.chain.setText(words)
        set_look(self.chain, Look.SMALL if is_whole else Look.ALERT_TEXT)

    def _check_again(self) -> None:
        """Follows the chain with its new lines, and tells the window, once no more come for now."""
        if self._window is not None:
            self._window.refresh()
        if self.isVisible():
            self._follow()

    def _forget_window(self) -> None:
        self._window = None

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.rows)
        table.setItemDelegate(ShortRow(self._context.theme, table))
        table.setAccessibleName(ledger_words().said["title"])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().hide()
        for column in Column:
            table.setColumnHidden(column, column not in SHORT)
        head = table.horizontalHeader()
        head.setSectionResizeMode(Column.TIME, QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(Column.TO, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(Column.GOT, QHeaderView.ResizeMode.Fixed)
        return table

    def _fit(self) -> None:
        """As high as its rows, up to a few: below that it scrolls by itself."""
        px = self._context.theme.px
        high = px("space_6")
        self.table.verticalHeader().setDefaultSectionSize(high)
        self.table.setColumnWidth(Column.TIME, px("space_6") * 3 // 2)
        self.table.setColumnWidth(Column.GOT, px("space_6") * 5 // 2)
        rows = min(MOST_ROWS, max(LEAST_ROWS, self.rows.rowCount()))
        self.table.setFixedHeight(rows * high + px("stroke"))

    def _button(self, title: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(title)
        set_look(button, Look.LINK)
        button.clicked.connect(do)
        return button

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_look(label, Look.SMALL)
    return label
