"""Pictures of a tensor's numbers: a histogram and a heat map."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.theme import Theme
from app.words.quantities import count_in_words
from inspector.gguf.figures import Values


class Histogram(QWidget):
    """How many numbers fall into each of equal bins; bars grow with the square root of the count.

    Weights crowd around zero: on an even scale the tails, which matter most, would not be seen.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: Values | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def set_values(self, values: Values) -> None:
        """Shows these."""
        self._values = values
        told = self.tr("Histogram from {low} to {high}, square-root scale")
        self.setAccessibleName(
            told.format(low=number_in_words(values.low), high=number_in_words(values.high))
        )
        self.setToolTip(self._tip(values))
        self.update()

    def sizeHint(self) -> QSize:
        """A band, three times as wide as high."""
        return QSize(240, self._theme.px("space_6") * 2)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self._theme.px("space_6") * 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws bars, a line at zero, and the two ends."""
        values = self._values
        if values is None or not values.counts:
            return
        painter = QPainter(self)
        painter.setFont(self._theme.font("text_small"))
        words = painter.fontMetrics().height()
        height = self.height() - words - self._theme.px("space_half")
        top = math.sqrt(max(values.counts)) or 1.0
        width = self.width() / len(values.counts)
        colour = self._theme.colour("accent")
        for number, count in enumerate(values.counts):
            bar = height * math.sqrt(count) / top
            painter.fillRect(QRectF(number * width, height - bar, max(1.0, width - 1), bar), colour)
        painter.fillRect(QRectF(0, height, self.width(), 1), self._theme.colour("line"))
        if values.low < 0 < values.high:
            zero = self.width() * -values.low / (values.high - values.low)
            painter.fillRect(QRectF(zero, 0, 1, height), self._theme.colour("edge"))
        painter.setPen(self._theme.colour("faint"))
        line = QRectF(0, self.height() - words, self.width(), words)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, number_in_words(values.low))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, number_in_words(values.high))

    def _tip(self, values: Values) -> str:
        most = max(values.counts) if values.counts else 0
        told = self.tr(
            "{bins} bins of equal width; the fullest holds {most} numbers.\n"
            "Bars grow with the square root of the count, so that rare values can be seen."
        )
        return told.format(bins=len(values.counts), most=count_in_words(most))


class HeatMap(QWidget):
    """Means of absolute values over a tensor: the stronger, the larger the numbers there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._signs = b""
        self._rows = self._columns = 0
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._recolour)

    def set_picture(self, values: Values, signs: bytes) -> None:
        """Shows a picture of one byte for each cell, row by row."""
        fits = len(signs) == values.map_rows * values.map_columns
        self._rows = values.map_rows if fits else 0
        self._columns = values.map_columns if fits else 0
        self._signs = signs
        told = self.tr(
            "Each cell is the mean of absolute values of a block of the tensor; the strongest "
            "stands for {top}.\nRows of the tensor run from top to bottom."
        )
        self.setToolTip(told.format(top=number_in_words(values.map_top)))
        self.setAccessibleName(self.tr("Heat map of the tensor"))
        self._recolour()
        self.updateGeometry()

    def image(self) -> QImage:
        """Returns the picture as it is drawn, a pixel for each cell."""
        return self._image

    def sizeHint(self) -> QSize:
        """Half as high as wide at most; a single row is a band."""
        full = self._theme.px("space_6") * 4
        return QSize(240, full if self._rows > 1 else self._theme.px("space_3"))

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the cells, without smoothing: they are numbers, not a photograph."""
        if not self._image.isNull():
            QPainter(self).drawImage(self.rect(), self._image)

    def _recolour(self) -> None:
        """Makes the picture in the theme's colours: from the ground to the accent to the text."""
        if not self._rows or not self._columns:
            self._image = QImage()
            self.update()
            return
        stops = [self._theme.colour(role) for role in ("sunken", "accent", "text")]
        table = [_between(stops, sign / 255).rgb() for sign in range(256)]
        image = QImage(
            self._signs,
            self._columns,
            self._rows,
            self._columns,
            QImage.Format.Format_Indexed8,
        )
        image.setColorTable(table)
        # A copy, because the image only borrows the bytes.
        self._image = image.copy()
        self.update()


def number_in_words(number: float) -> str:
    """Returns a weight with four digits that matter."""
    return f"{number:.4g}"


def _between(stops: list[QColor], share: float) -> QColor:
    """Mixes neighbouring colours of a scale."""
    at = share * (len(stops) - 1)
    first = min(int(at), len(stops) - 2)
    part = at - first
    before, after = stops[first], stops[first + 1]
    return QColor.fromRgbF(
        before.redF() + (after.redF() - before.redF()) * part,
        before.greenF() + (after.greenF() - before.greenF()) * part,
        before.blueF() + (after.blueF() - before.blueF()) * part,
    )
