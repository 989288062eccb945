"""A choice whose words end in an ellipsis where there is no room; Qt cuts them anywhere."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from app.widgets.calm_wheel import CalmChoice
from app.widgets.plain_tip import plain_tip

WORDS = QStyle.SubControl.SC_ComboBoxEditField


class ElidingChoice(CalmChoice):
    """A box of choices that takes the room it is given; its tip has the whole words."""

    def __init__(self, least_letters: int) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(least_letters)
        self.currentTextChanged.connect(self._retell)

    @Slot(str)
    def _retell(self, text: str) -> None:
        self.setToolTip(plain_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws as Qt does, with words that fit."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, WORDS, self)
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 2
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
