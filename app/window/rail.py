"""The rail on the leading side: one button a page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.window.pages import PageSpec


class Rail(QWidget):
    """Buttons with an icon and a word; the page that is shown is marked."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, pages: tuple[PageSpec, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("Pages"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, Look.RAIL)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._column = QVBoxLayout(self)
        at_end = [page for page in pages if page.at_end]
        ordered = [*(page for page in pages if not page.at_end), *at_end]
        for number, page in enumerate(ordered, start=1):
            if at_end and page is at_end[0]:
                self._column.addStretch(1)
            self._column.addWidget(self._button(page, number))
        self._restyle()
        theme.changed.connect(self._restyle)

    def mark(self, key: str) -> None:
        """Marks the page that is shown."""
        self._buttons[key].setChecked(True)
        for other, button in self._buttons.items():
            button.setIcon(self._theme.icon(other, "accent" if other == key else "soft"))

    def _button(self, page: PageSpec, number: int) -> QToolButton:
        button = QToolButton()
        button.setText(page.title)
        button.setIcon(self._theme.icon(page.icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip(self.tr("{page} (Ctrl+{number})").format(page=page.title, number=number))
        button.setAccessibleName(page.title)
        set_look(button, Look.RAIL_ITEM)
        button.clicked.connect(lambda: self.chosen.emit(page.key))
        self._group.addButton(button)
        self._buttons[page.key] = button
        return button

    def _restyle(self) -> None:
        theme = self._theme
        side, gap = theme.px("space_1"), theme.px("space_half")
        self._column.setContentsMargins(gap, side, gap, side)
        self._column.setSpacing(gap)
        self.setFixedWidth(theme.px("rail"))
        for button in self._buttons.values():
            button.setIconSize(QSize(theme.px("icon"), theme.px("icon")) * 1.15)
