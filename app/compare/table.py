"""Lines of a comparison: what it is, how it compares, and what stands of each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.plain_label import plain_label
from app.widgets.plain_tip import plain_tip
from app.words.compare import Line
from inspector.comparison import How

TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading


class CompareTable(QWidget):
    """A column of labels, and beside it one for each model.

    Thread: GUI.
    """

    def __init__(
        self,
        theme: Theme,
        names: Sequence[str],
        lines: Sequence[Line],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, theme.px("space_1"))
        self._grid.setHorizontalSpacing(theme.px("space_2"))
        self._grid.setVerticalSpacing(theme.px("space_half"))
        self._grid.setColumnMinimumWidth(0, theme.px("space_6") * 3)
        for column in range(1, len(names) + 1):
            self._grid.setColumnStretch(column, 1)
        for column, name in enumerate(names, 1):
            self._grid.addWidget(_label(name, Look.SMALL), 0, column)
        for number, line in enumerate(lines):
            self._add(1 + 3 * number, line, names)

    def text(self) -> str:
        """Returns everything that is shown, a line for each label."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def _add(self, row: int, line: Line, names: Sequence[str]) -> None:
        rule = QFrame()
        set_look(rule, Look.RULE)
        self._grid.addWidget(rule, row, 0, 1, len(names) + 1)
        name = _label(line.label)
        # Where they differ is said in words and by weight, never by colour alone.
        self._grid.addWidget(name, row + 1, 0)
        if line.mark:
            mark = _label(line.mark, Look.HEADING if line.how is How.DIFFERS else Look.SMALL)
            mark.setAccessibleName(f"{line.label}: {line.mark}")
            self._grid.addWidget(mark, row + 2, 0)
        for at, cell in enumerate(line.cells):
            shown = _label(cell, Look.FAINT if line.how is How.UNKNOWN else None)
            tip = line.tips[at] if line.tips else ""
            shown.setToolTip(plain_tip(tip))
            shown.setAccessibleName(f"{line.label}, {names[at]}: {cell}")
            shown.setAccessibleDescription(tip)
            self._grid.addWidget(shown, row + 1, at + 1)
            if line.beneath and line.beneath[at]:
                beneath = _label(line.beneath[at], Look.SMALL)
                beneath.setToolTip(plain_tip(tip))
                self._grid.addWidget(beneath, row + 2, at + 1)


def _label(text: str, look: Look | None = None) -> QLabel:
    label = plain_label(text.replace("/", "/\u200b"), look)
    label.setAlignment(TOP)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
