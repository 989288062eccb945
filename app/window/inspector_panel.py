"""The inspector's frame: which model it looks at, its tabs, and the tab that is shown."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.ref import ModelRef
from app.report.button import ReportButton
from app.tabs import InspectorTab, TabSpec, build_tabs
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.widgets.empty_state import EmptyState
from app.widgets.tabs import Tabs
from app.words.quantities import bytes_in_words

LOW_LINES = 24
"""A panel of less height than so many lines of text spares itself what it can of its head."""


class InspectorPanel(QWidget):
    """Names its model, says so where that is not the loaded one, and shows one tab.

    Only the tab that is seen is told of the model; another is told when it is first seen.
    """

    closed = Signal()
    tab_chosen = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._has_been_seen = False
        self._shown: dict[str, ModelRef | None] = {}
        self.setAccessibleName(self.tr("Inspector"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, Look.SIDE)
        self._build_head()
        self._tabs = Tabs()
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(1, 1)
        self._empty = EmptyState(
            context.theme,
            self.tr("No model is open, so there is nothing to look into."),
            self.tr("Open a GGUF file…"),
        )
        self.open_wanted = self._empty.pressed
        self._specs: dict[str, TabSpec] = {}
        self._widgets: dict[str, QWidget] = {}
        self._stack.addWidget(self._empty)
        self._lay_out()
        for tab in build_tabs(context):
            self.add_tab(tab)
        self._tabs.chosen.connect(self._on_chosen)
        context.models.inspected_changed.connect(self._refresh)
        context.models.current_changed.connect(self._refresh)
        context.theme.changed.connect(self._restyle)
        self._restyle()
        self._refresh()

    def add_tab(self, tab: TabSpec) -> None:
        """Adds a tab at the end; it is made when it is first seen."""
        self._specs[tab.key] = tab
        self._tabs.add(tab.key, tab.title)

    def choose(self, key: str) -> None:
        """Shows a tab."""
        self._tabs.choose(key)

    def _on_wanted(self, key: str, about: str) -> None:
        self.choose(key)
        # A tab that is about more than one thing shows what the line was about.
        if about and (show := getattr(self._tab(key), "show_about", None)) is not None:
            show(about)

    def current(self) -> str:
        """Returns the key of the tab that is shown."""
        return self._tabs.current()

    def focus_tabs(self) -> None:
        """Gives the keyboard to the tabs."""
        self._tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def late_parts(self) -> list[Callable[[], object]]:
        """Returns what makes the tab that the first model will be shown in, before it arrives."""
        key = self._tabs.current()
        return [lambda: self._tab(key)] if key in self._specs else []

    def _build_head(self) -> None:
        self._name = ElidingLabel()
        set_look(self._name, Look.HEADING)
        self._other = QLabel()
        self._other.setTextFormat(Qt.TextFormat.PlainText)
        self._other.setWordWrap(True)
        set_look(self._other, Look.SMALL)
        self._close = QToolButton()
        self._close.setToolTip(self.tr("Close the inspector (Ctrl+I)"))
        self._close.setAccessibleName(self.tr("Close the inspector"))
        set_look(self._close, Look.ICON)
        self._close.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._head = QWidget()
        rows = QVBoxLayout(self._head)
        rows.setSpacing(0)
        line = QHBoxLayout()
        line.addWidget(self._name, 1)
        line.addWidget(ReportButton(self._context))
        line.addWidget(self._close)
        rows.addLayout(line)
        rows.addWidget(self._other)
        rows.addWidget(self._tabs)
        self._rule = QWidget()
        self._rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column.addWidget(self._head)
        self._column.addWidget(self._stack, 1)

    def _on_chosen(self, key: str) -> None:
        self._refresh()
        self.tab_chosen.emit(key)

    def _refresh(self) -> None:
        models = self._context.models
        ref = models.inspected
        self._name.setText(ref.name if ref else self.tr("Inspector"))
        self._name.set_tip(str(ref.path) if ref else "")
        others = ref is not None and ref != models.current
        self._other.setVisible(others)
        self._other.setText(self._other_words(ref))
        self._tabs.setVisible(ref is not None and bool(self._specs))
        key = self._tabs.current()
        if ref is None or key not in self._specs:
            self._stack.setCurrentWidget(self._empty)
            self._empty.setVisible(ref is None)
            return
        if not self._has_been_seen:
            return
        tab = self._tab(key)
        self._stack.setCurrentWidget(tab)
        if key not in self._shown or self._shown[key] != ref:
            self._shown[key] = ref
            cast("InspectorTab", tab).show_model(ref)

    def _other_words(self, ref: ModelRef | None) -> str:
        """Says that the inspected model is not the loaded one, or that it is not even here."""
        if ref is not None and ref.fetched_bytes:
            return self.tr("Read from the Hub before a download: {fetched} of {size}.").format(
                fetched=bytes_in_words(ref.fetched_bytes), size=bytes_in_words(ref.size_bytes)
            )
        current = self._context.models.current
        if current is not None and ref is not None and current.name == ref.name:
            return self.tr("Not the loaded file, which has the same name.")
        if current is not None:
            return self.tr("Not the loaded model, which is {name}.").format(name=current.name)
        return self.tr("This model is not loaded.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draws its head low where few lines of text would be left below it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = self._context.theme
        low = self.height() < LOW_LINES * QFontMetrics(theme.font()).lineSpacing()
        self._tabs.set_low(low)
        layout = self._head.layout()
        assert layout is not None  # noqa: S101 - set in _lay_out
        layout.setContentsMargins(
            theme.px("space_2"), 0 if low else theme.px("space_1"), theme.px("space_1"), 0
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Makes the tab that is seen, after the window has been painted for the first time."""
        super().showEvent(event)
        if not self._has_been_seen:
            QTimer.singleShot(0, self, self._on_first_seen)

    def _on_first_seen(self) -> None:
        self._has_been_seen = True
        self._refresh()

    def _tab(self, key: str) -> QWidget:
        if key not in self._widgets:
            tab = self._specs[key].build()
            tab.setMinimumSize(1, 1)
            # A tab whose lines lead to other tabs has such a signal.
            if (wanted := getattr(tab, "tab_wanted", None)) is not None:
                wanted.connect(self._on_wanted)
            # The Tab key comes to what scrolls, and a screen reader would have nothing to say there.
            for area in (tab, *tab.findChildren(QScrollArea)):
                if not area.accessibleName():
                    area.setAccessibleName(self._specs[key].title)
            self._widgets[key] = tab
            self._stack.addWidget(tab)
        return self._widgets[key]

    def _restyle(self) -> None:
        self._close.setIcon(self._context.theme.icon("close"))
        self._fit()
