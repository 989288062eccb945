"""One metadata value at full length: an array by pages, with a search, or a long text."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.reader import arguments
from app.tabs.look import ModelLook
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.words.quantities import count_in_words
from app.words.wording import words
from inspector.gguf.metadata import Page
from inspector.inspection import MetadataRow
from inspector.untrusted import legible, visible
from runner.errors import RunnerError
from runner.reader_client import Ticket

PAGE = 100
FOUND = 200
_HIGHEST = 2**31 - 1


class ArrayView(QWidget):
    """Shows one value; asks the reader for each page as it is turned to.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._look = look
        self._row: MetadataRow | None = None
        self._start = 0
        self._ticket: Ticket | None = None
        self._build()
        context.theme.changed.connect(self._restyle)
        self._restyle()

    def show_row(self, row: MetadataRow) -> None:
        """Shows the value of this key."""
        self._row, self._start = row, 0
        self._title.setText(visible(row.key))
        self._search.clear()
        is_array = row.type.startswith("arr")
        for part in self._pager:
            part.setVisible(is_array)
        if is_array:
            self._turn(0)
        elif row.type == "str":
            self._ask(
                "text", arguments.WholeText(path=self._path(), key=row.key), str, self._on_text
            )
        else:
            self._body.setPlainText(row.preview)

    def text(self) -> str:
        """Returns what the body shows."""
        return self._body.toPlainText()

    def search_for(self, text: str) -> None:
        """Searches the array."""
        self._search.setText(text)
        self._on_search()

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._title = ElidingLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._where = QLabel()
        set_look(self._where, Look.SMALL)
        self._back = self._button(self.tr("Page before"), lambda: self._turn(self._start - PAGE))
        self._on = self._button(self.tr("Next page"), lambda: self._turn(self._start + PAGE))
        self._goto = QLineEdit()
        self._goto.setPlaceholderText(self.tr("Go to element"))
        self._goto.setAccessibleName(self.tr("Number of the element to go to"))
        self._goto.setValidator(QIntValidator(0, _HIGHEST, self))
        self._goto.setMaximumWidth(theme.px("space_6") * 3)
        self._goto.returnPressed.connect(self._on_goto)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search this list"))
        self._search.setAccessibleName(self.tr("Search this list"))
        self._search.setClearButtonEnabled(True)
        self._search.returnPressed.connect(self._on_search)
        self._search.textChanged.connect(self._on_search_text)
        self._body = QPlainTextEdit()
        self._body.setReadOnly(True)
        self._body.setAccessibleName(self.tr("The value"))
        self._body.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._pager = (self._where, self._back, self._on, self._goto, self._search)
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        for part in (self._where, self._back, self._on):
            line.addWidget(part)
        second = QHBoxLayout()
        second.addWidget(self._search, 1)
        second.addWidget(self._goto)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px("space_half"), 0, 0)
        column.setSpacing(theme.px("space_half"))
        column.addLayout(line)
        column.addLayout(second)
        column.addWidget(self._body, 1)

    def _button(self, name: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        set_look(button, Look.ICON)
        button.clicked.connect(pressed)
        return button

    def _restyle(self) -> None:
        theme = self._context.theme
        self._back.setIcon(theme.icon("chevron-left"))
        self._on.setIcon(theme.icon("chevron-right"))
        self._body.setFont(theme.mono())

    # ---- asking ---------------------------------------------------------------------------------

    def _path(self) -> str:
        return str(self._look.ref.path) if self._look.ref else ""

    def _ask(self, job: str, asked: object, shape: type, done: Callable[..., None]) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = self._look.ask(job, asked, shape, done, self._on_failed)

    def _turn(self, start: int) -> None:
        """Shows the page from an element on."""
        if self._row is None:
            return
        last = max(0, (self._row.count - 1) // PAGE * PAGE)
        self._start = min(max(0, start), last)
        asked = arguments.ArrayPage(
            path=self._path(), key=self._row.key, start=self._start, count=PAGE
        )
        self._ask("array_page", asked, Page, self._on_page)

    def _on_goto(self) -> None:
        if self._goto.text():
            self._search.clear()
            self._turn(int(self._goto.text()) // PAGE * PAGE)

    def _on_search(self) -> None:
        if self._row is None or not self._search.text():
            return
        asked = arguments.ArraySearch(
            path=self._path(),
            key=self._row.key,
            wanted=self._search.text(),
            start=0,
            count=FOUND,
        )
        self._ask("array_search", asked, Page, self._on_found)

    def _on_search_text(self, text: str) -> None:
        if not text:
            self._turn(self._start)

    # ---- answers --------------------------------------------------------------------------------

    def _on_page(self, page: Page) -> None:
        self._ticket = None
        self._show(page)
        first = self._start + 1 if page.elements else 0
        told = self.tr("{first} to {last} of {total}")
        self._where.setText(
            told.format(
                first=count_in_words(first),
                last=count_in_words(self._start + len(page.elements)),
                total=count_in_words(page.total),
            )
        )
        self._back.setEnabled(self._start > 0)
        self._on.setEnabled(page.more)

    def _on_found(self, page: Page) -> None:
        self._ticket = None
        self._show(page)
        told = self.tr("the first {count} found") if page.more else self.tr("{count} found")
        self._where.setText(told.format(count=count_in_words(len(page.elements))))
        self._back.setEnabled(False)
        self._on.setEnabled(False)

    def _show(self, page: Page) -> None:
        width = max((len(str(element.index)) for element in page.elements), default=1)
        self._body.setPlainText(
            "\n".join(f"{element.index:>{width}}  {element.text}" for element in page.elements)
        )

    def _on_text(self, text: str) -> None:
        self._ticket = None
        self._body.setPlainText(legible(text))

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        said = words(error.code, **error.context)
        self._body.setPlainText(f"{said.title} {said.meaning}")
