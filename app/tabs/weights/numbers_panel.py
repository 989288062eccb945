"""The numbers of one tensor: figures, histogram, heat map; read when they are asked for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.reader import arguments
from app.tabs.look import ModelLook
from app.tabs.weights.drawings import HeatMap, Histogram, number_in_words
from app.tabs.weights.tensor_model import shape_in_words
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.widgets.fact_row import FactRows
from app.widgets.scrolled import scrolled
from app.words.quantities import count_in_words
from app.words.wording import words
from inspector.gguf.figures import Values
from inspector.gguf.tensor_table import Tensor
from inspector.untrusted import visible
from runner.errors import RunnerError
from runner.reader_client import Ticket

DEADLINE_S = 60.0


class NumbersPanel(QWidget):
    """Says which tensor is chosen and, on demand, what its numbers are like.

    Thread: GUI.
    """

    results_shown = Signal()

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._look = look
        self._tensor: Tensor | None = None
        self._ticket: Ticket | None = None
        self._build()

    @property
    def facts(self) -> FactRows:
        """The figures that are shown."""
        return self._facts

    @property
    def heat_map(self) -> HeatMap:
        """The picture that is shown."""
        return self._map

    def show_tensor(self, tensor: Tensor) -> None:
        """Names this tensor and offers to read its numbers."""
        self._give_up()
        self._tensor = tensor
        self._title.setText(visible(tensor.name))
        self._kind.setText(f"{shape_in_words(tensor.shape)} · {tensor.type}")
        self._read.setVisible(True)
        self._read.setEnabled(tensor.elements > 0)
        self._told.setText("" if tensor.elements else self.tr("This tensor holds no numbers."))
        self._results.hide()

    def read(self) -> None:
        """Reads the numbers of the tensor that is named."""
        if self._tensor is None or self._look.ref is None or self._ticket is not None:
            return
        self._read.setVisible(False)
        self._stop.setVisible(True)
        self._bar.setVisible(True)
        self._bar.setRange(0, 0)
        self._told.setText(self.tr("Reading the numbers…"))
        self._ticket = self._look.ask(
            "tensor_values",
            arguments.TensorNumbers(path=str(self._look.ref.path), tensor=self._tensor.name),
            Values,
            self._on_values,
            self._on_failed,
            progress=self._on_progress,
            deadline_s=DEADLINE_S,
        )

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._title = ElidingLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._kind = QLabel()
        set_look(self._kind, Look.SMALL)
        self._read = QPushButton(self.tr("Look at the numbers"))
        self._read.clicked.connect(self.read)
        self._stop = QPushButton(self.tr("Stop"))
        set_look(self._stop, Look.LINK)
        self._stop.clicked.connect(self._on_stop)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._told = QLabel()
        self._told.setWordWrap(True)
        set_look(self._told, Look.FAINT)
        self._facts = FactRows(gap=theme.px("space_half"))
        self._histogram = Histogram(theme)
        self._map = HeatMap(theme)
        results = QWidget()
        column = QVBoxLayout(results)
        column.setContentsMargins(0, 0, theme.px("space_1"), 0)
        column.setSpacing(theme.px("space_1"))
        for part in (self._histogram, self._facts, self._map):
            column.addWidget(part)
        column.addStretch(1)
        self._results = scrolled(results)
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        line.addWidget(self._kind)
        second = QHBoxLayout()
        second.addWidget(self._told, 1)
        second.addWidget(self._stop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.px("space_half"), 0, 0)
        whole.setSpacing(theme.px("space_half"))
        whole.addLayout(line)
        whole.addWidget(self._read, 0, Qt.AlignmentFlag.AlignLeading)
        whole.addWidget(self._bar)
        whole.addLayout(second)
        whole.addWidget(self._results, 1)
        self._rest()
        self._results.hide()
        self._results.setMinimumHeight(theme.px("space_6") * 5)

    def _rest(self) -> None:
        """Takes the signs of work away."""
        self._stop.setVisible(False)
        self._bar.setVisible(False)

    # ---- what comes back ------------------------------------------------------------------------

    def _give_up(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = None
        self._rest()

    def _on_stop(self) -> None:
        self._give_up()
        self._read.setVisible(True)
        self._told.setText(self.tr("Stopped."))

    def _on_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, 100)
        self._bar.setValue(100 * done // max(1, total))

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self._rest()
        said = words(error.code, **error.context)
        self._told.setText(f"{said.title} {said.meaning}")

    def _on_values(self, values: Values) -> None:
        picture = bytes(self._ticket.payload) if self._ticket else b""
        self._ticket = None
        self._rest()
        self._told.setText(self._extent(values))
        self._facts.clear()
        source = self.tr("Worked out here from {read} numbers of {name}").format(
            read=count_in_words(values.read), name=visible(values.tensor)
        )
        for label, value in self._figures(values):
            self._facts.add(label, value, source)
        self._histogram.set_values(values)
        self._map.set_picture(values, picture)
        self._results.show()
        self.results_shown.emit()

    def _extent(self, values: Values) -> str:
        """Says how much of the tensor was looked at."""
        if not values.is_sample:
            return self.tr("All {count} numbers, dequantised.").format(
                count=count_in_words(values.read)
            )
        return self.tr("A sample: {rows} of {all} rows at even distances, {count} numbers.").format(
            rows=count_in_words(values.rows_read),
            all=count_in_words(values.rows),
            count=count_in_words(values.read),
        )

    def _figures(self, values: Values) -> list[tuple[str, str]]:
        figures = [
            (self.tr("Smallest"), number_in_words(values.low)),
            (self.tr("Largest"), number_in_words(values.high)),
            (self.tr("Mean"), number_in_words(values.mean)),
            (self.tr("Deviation"), number_in_words(values.deviation)),
            (self.tr("Zeros"), f"{100 * values.zeros:.2f}\u00a0%"),
        ]
        if values.nan or values.infinite:
            figures.append(
                (
                    self.tr("Not numbers"),
                    self.tr("{nan} NaN, {infinite} infinite").format(
                        nan=count_in_words(values.nan), infinite=count_in_words(values.infinite)
                    ),
                )
            )
        return figures
