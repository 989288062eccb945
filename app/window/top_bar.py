"""The top bar: the model, its licence, what is open in words, and the two states."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.context import AppContext
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.window.network_switch import NetworkSwitch
from app.window.picker_button import PickerButton
from app.window.words_of_states import process_words
from runner.porter.wire import Facts

SHORT_NAME = 16
"""Average letters that a model's name and the sign beside it are to have at the least."""


class TopBar(QWidget):
    """Says what is running and what is known of it; the parts without a fact are hidden."""

    picker_wanted = Signal()
    inspector_toggled = Signal(bool)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, Look.BAR)
        self._mark = QLabel()
        self._mark.setAccessibleName("Lightwell")
        self.picker = PickerButton(context)
        self.picker.clicked.connect(self.picker_wanted)
        self._licence = ElidingLabel()
        self._openness = ElidingLabel()
        self._process = self._state_label()
        self._said_process = ""
        self.network = NetworkSwitch(context)
        self.network.changed.connect(self._fit)
        self._toggle = QToolButton()
        self._toggle.setCheckable(True)
        self._toggle.setToolTip(self.tr("Inspector (Ctrl+I)"))
        self._toggle.setAccessibleName(self.tr("Inspector"))
        set_look(self._toggle, Look.ICON)
        self._toggle.clicked.connect(self.inspector_toggled)
        self._lay_out()
        self.show_openness("", "")
        self.show_process(None)
        self.show_network()
        context.theme.changed.connect(self._restyle)
        self._restyle()
        self.show_licence("", "")

    def show_licence(self, words: str, source: str) -> None:
        """Shows the licence as the file states it; an empty text hides it."""
        self._licence.setText(words)
        self._licence.set_tip(source)
        self._fit()

    def show_openness(self, words: str, source: str) -> None:
        """Shows what is open, such as "weights open · data unknown"; an empty text hides it."""
        self._openness.setText(words)
        self._openness.set_tip(source)
        self._fit()

    @property
    def licence_words(self) -> str:
        """What is said of the licence; empty until it is known."""
        return self._licence.text()

    @property
    def openness_words(self) -> str:
        """What is said to be open; empty until it is known."""
        return self._openness.text()

    def show_process(self, facts: Facts | None) -> None:
        """Shows what is in force for the model process, as the porter read it."""
        self._process.setVisible(facts is not None)
        self._lock.setVisible(False)
        if facts is None:
            return
        words = process_words(facts)
        self._said_process = words.text
        self._process.setText(words.text)
        self._process.setAccessibleName(words.text)
        self._process.setToolTip(words.tip)
        self._lock.setVisible(words.is_sealed)
        self._fit()

    def show_network(self) -> None:
        """Shows the app's own state: without a gate process it is offline."""
        self.network.refresh()

    def show_inspector_open(self, is_open: bool) -> None:
        """Has the button say whether the inspector is seen."""
        self._toggle.setChecked(is_open)
        self._toggle.setIcon(self._context.theme.icon("inspector", "accent" if is_open else "soft"))

    def _state_label(self) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(label, Look.STATE)
        return label

    def _lay_out(self) -> None:
        self._lock = QLabel()
        self._lock.setAccessibleName(self.tr("Sealed off"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark)
        self._row.addWidget(self.picker)
        for label in (self._licence, self._openness):
            set_look(label, Look.FAINT)
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self._row.addWidget(label)
        self._row.addStretch(1)
        self._row.addWidget(self._lock)
        self._row.addWidget(self._process)
        self._row.addWidget(self.network)
        self._row.addWidget(self._toggle)
        self.setMinimumWidth(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again which words there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leaves words out rather than cut them to a stump; the inspector has them too.

        The states and the model's name come first, then the licence, then what is open.
        """
        self._fit_states(self._context.theme.px("space_2"))
        gap = self._row.spacing()
        always = (self._mark, self._lock, self._process, self.network, self._toggle)
        taken = sum(part.sizeHint().width() + gap for part in always if not part.isHidden())
        margins = self._row.contentsMargins()
        room = self.width() - taken - margins.left() - margins.right() - self.picker.least_width()
        # Names overlap what stands beside them where a bar is narrower than its parts.
        self.picker.set_brief(room < 0)
        for label in (self._licence, self._openness):
            needed = label.sizeHint().width() + gap
            fits = bool(label.text()) and needed <= room
            # Else the layout takes from it what the model's name would like to have.
            label.setMinimumWidth(label.sizeHint().width() if fits else 1)
            label.setVisible(fits)
            room -= needed if fits else 0

    def _fit_states(self, gap: int) -> None:
        """Leaves out the mark, then whose state it is and air, where a short name has no room."""
        margins = self._row.contentsMargins()
        states = (self._lock, self._process, self.network, self._toggle)
        name = self.fontMetrics().averageCharWidth() * SHORT_NAME
        self._process.setText(self._said_process)
        needed = sum(part.sizeHint().width() + gap for part in states if not part.isHidden())
        room = self.width() - needed - margins.left() - margins.right() - name
        self._mark.setVisible(room > self._mark.sizeHint().width() + gap)
        self._row.setSpacing(gap if room >= 0 else gap // 2)
        if room < 0:
            self._process.setText(self._said_process.rpartition(": ")[2])

    def _restyle(self) -> None:
        theme = self._context.theme
        self.setFixedHeight(theme.px("bar"))
        edge = theme.px("space_2")
        self._row.setContentsMargins(edge, 0, theme.px("space_1"), 0)
        self._row.setSpacing(edge)
        side = theme.px("space_3")
        self._mark.setPixmap(
            theme.icon("mark", "accent").pixmap(QSize(side, side), self.devicePixelRatioF())
        )
        small = theme.px("icon_small")
        self._lock.setPixmap(
            theme.icon("lock", "soft").pixmap(QSize(small, small), self.devicePixelRatioF())
        )
        self.show_inspector_open(self._toggle.isChecked())
        self._fit()
