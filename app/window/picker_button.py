"""The button that names the model and says where it stands."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.words.quantities import bytes_in_words, seconds_in_words
from runner.session import SessionState


class PickerButton(QPushButton):
    """Name, quantisation, size and state of the model; opens the picker."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        set_look(self, Look.PICKER)
        self._name = ElidingLabel()
        set_look(self._name, Look.HEADING)
        self._facts = ElidingLabel()
        set_look(self._facts, Look.FAINT)
        self._chevron = QLabel()
        self._is_brief = False
        self._row = QHBoxLayout(self)
        for part in (self._name, self._facts, self._chevron):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        models = context.models
        models.current_changed.connect(self._refresh)
        models.state_changed.connect(self._refresh)
        models.progressed.connect(self._refresh)
        context.theme.changed.connect(self._restyle)
        self._restyle()
        self._refresh()

    def sizeHint(self) -> QSize:
        """As wide as its words, but no more than its share of the bar, or than the name needs."""
        hint = self._row.sizeHint()
        most = max(self._share(), self.least_width())
        return hint.boundedTo(QSize(most, hint.height()))

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a name of usual length, or for a few letters where room is scarce."""
        usual = min(self._whole_name(), self._context.theme.px("reading") // 4)
        name = self._name.minimumSizeHint().width() if self._is_brief else usual
        return QSize(name + self._beside(), self._row.minimumSize().height())

    def least_width(self) -> int:
        """Returns the width that shows the whole name, and the rest shortened."""
        return self._whole_name() + self._beside()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Has the facts beside the name give way first."""
        super().resizeEvent(event)
        self._favour_name()

    def _favour_name(self) -> None:
        self._name.setMinimumWidth(max(0, min(self._whole_name(), self.width() - self._beside())))

    def _whole_name(self) -> int:
        """Returns the width of the name; a longer one than its share would push out what is known."""
        return min(self._name.sizeHint().width(), self._share())

    def _share(self) -> int:
        return self._context.theme.px("reading") * 2 // 3

    def _beside(self) -> int:
        """Returns what stands beside the name at the least."""
        margins = self._row.contentsMargins()
        parts = [self._chevron] if self._is_brief else [self._facts, self._chevron]
        least = sum(part.minimumSizeHint().width() + self._row.spacing() for part in parts)
        return least + margins.left() + margins.right()

    def set_brief(self, is_brief: bool) -> None:
        """Shows the name alone where there is no room for more; its tip has the rest."""
        if is_brief is not self._is_brief:
            self._is_brief = is_brief
            self._refresh()

    def _refresh(self) -> None:
        models = self._context.models
        ref = models.current
        self._name.setText(ref.name if ref else self.tr("No model loaded"))
        self._facts.setText(self._facts_of(ref) if ref else "")
        self._facts.setVisible(ref is not None and not self._is_brief)
        said = f"{self._name.text()}, {self._facts.text()}" if ref else self._name.text()
        self.setAccessibleName(self.tr("Model: {said}").format(said=said))
        tip = self.tr("Choose a model (Ctrl+L)")
        self.setToolTip(f"{self._facts.text()}\n{tip}" if self._is_brief and ref else tip)
        self._favour_name()
        self.updateGeometry()

    def _facts_of(self, ref: ModelRef) -> str:
        size = bytes_in_words(ref.size_bytes) if ref.size_bytes else ""
        parts = (ref.quantisation, size, self._state())
        return " · ".join(part for part in parts if part)

    def _state(self) -> str:
        models = self._context.models
        match models.state:
            case SessionState.LOADING:
                return self.tr("loading {percent} %").format(percent=round(models.fraction * 100))
            case SessionState.FAILED:
                return self.tr("stopped")
            case SessionState.IDLE:
                return self.tr("not loaded")
            case _ if models.loaded is not None:
                return self.tr("loaded in {time}").format(
                    time=seconds_in_words(models.loaded.seconds)
                )
            case _:
                return ""

    def _restyle(self) -> None:
        theme = self._context.theme
        small = theme.px("icon_small")
        self._row.setContentsMargins(
            theme.px("space_1"), theme.px("space_half"), theme.px("space_1"), theme.px("space_half")
        )
        self._row.setSpacing(theme.px("space_1"))
        self._chevron.setPixmap(
            theme.icon("chevron-down").pixmap(QSize(small, small), self.devicePixelRatioF())
        )
        self.updateGeometry()
