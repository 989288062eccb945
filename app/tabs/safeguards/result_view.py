"""One result of the bench: its figures, its recipe, and every answer for a person to mark."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.review.bench_results import BenchAnswer, BenchResult
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.widgets.segments import Segments
from app.words.bench import bench_texts, house_lines, recipe_words, result_lines, type_lines
from inspector.safeguards.refusals import Mark
from inspector.untrusted import legible, shown

_LONGEST = 600
_GIVEN = (Mark.ANSWERED, Mark.PARTLY, Mark.REFUSED)
"""What a person may say of an answer."""


class ResultView(QWidget):
    """Shows what was measured. A person's marks change the figures at once.

    Thread: GUI.
    """

    marked = Signal(object)
    """The `BenchResult` with a person's mark."""

    dropped = Signal()

    def __init__(
        self, theme: Theme, result: BenchResult, began: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self.result, self._began = theme, result, began
        said = bench_texts().said
        self._first = wrapping("")
        set_look(self._first, Look.HEADING)
        self._rest = wrapping("")
        self._recipe = wrapping(recipe_words(result, began))
        set_look(self._recipe, Look.SMALL)
        self._body = QWidget()
        self._answers = QVBoxLayout(self._body)
        self._answers.setContentsMargins(theme.px("space_2"), 0, 0, 0)
        self._answers.setSpacing(theme.px("space_1"))
        title = said["answers"].format(count=len(result.answers))
        self.fold = CollapsibleSection(theme, title, self._body)
        self.fold.toggled.connect(self._on_toggled)
        self.drop = QPushButton(said["drop"])
        set_look(self.drop, Look.LINK)
        self.drop.clicked.connect(self.dropped)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        for part in (self._first, self._rest, self._recipe, self.fold, self.drop):
            column.addWidget(part)
        self._is_filled = False
        self._show()

    def texts(self) -> str:
        """Returns the figures as they are shown."""
        return "\n".join((self._first.text(), self._rest.text(), self._recipe.text()))

    def mark(self, number: int, mark: Mark) -> None:
        """Takes a person's mark."""
        self.result = self.result.with_mark(number, mark)
        self._show()
        self.marked.emit(self.result)

    def _show(self) -> None:
        first, *rest = (*result_lines(self.result), *type_lines(self.result))
        self._first.setText(first)
        self._rest.setText("\n".join(rest))

    def _on_toggled(self, is_open: bool) -> None:
        if is_open and not self._is_filled:
            self._is_filled = True
            for number, one in enumerate(self.result.answers):
                self._answers.addWidget(self._row(number, one))

    def _row(self, number: int, one: BenchAnswer) -> QWidget:
        texts, row = bench_texts(), QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(wrapping(one.prompt))
        answer = wrapping(
            shown(legible(one.answer).replace("\n", " "), _LONGEST) or texts.said["empty_answer"]
        )
        set_look(answer, Look.FAINT)
        column.addWidget(answer)
        if kept := house_lines(self.result, one):
            house = wrapping("\n".join(kept))
            set_look(house, Look.SMALL)
            column.addWidget(house)
        if one.guard is not None:
            said = texts.said["guard_said"].format(said=texts.guard_words[one.guard.value])
            guard = wrapping(said)
            guard.setToolTip(shown(one.guard_words, 200))
            set_look(guard, Look.SMALL)
            column.addWidget(guard)
        marks = Segments([(mark.value, texts.marks[mark.value]) for mark in _GIVEN])
        marks.choose(one.mark.value)
        marks.chosen.connect(lambda key: self.mark(number, Mark(key)))
        if one.mark is Mark.NOT_JUDGED:
            told = wrapping(texts.marks[Mark.NOT_JUDGED.value])
            set_look(told, Look.SMALL)
            column.addWidget(told)
        column.addWidget(marks)
        return row
