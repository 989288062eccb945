"""Models of other apps that were found: which there are, and taking them onto the list."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models_page.repository.grouping import quantisation_of
from app.models_page.table.rows import Cell, Row, said_of
from app.models_page.table.table import Column, ModelTable
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.quantities import bytes_in_words
from app.words.translation import translate
from inspector.untrusted import shown
from runner.library.others import Found


class Elsewhere(QWidget):
    """A table of what was found. Owned by: OnComputer. Thread: GUI."""

    adopted = Signal(object)
    """These files are wanted on the list: a list of paths."""
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[Found] = []
        self._note = QLabel()
        self._note.setWordWrap(True)
        set_look(self._note, Look.SMALL)
        self.table = ModelTable(
            theme,
            self.tr("Models of other apps"),
            (
                Column(self.tr("Model")),
                Column(self.tr("App"), 20),
                Column(self.tr("What it is"), 14),
                Column(self.tr("Size"), 11),
            ),
        )
        self.table.opened.connect(lambda _: self._on_one())
        self.one = QPushButton(self.tr("Use this one"))
        self.every = QPushButton(self.tr("Use all of them"))
        self.back = QPushButton(self.tr("Back to the list"))
        set_look(self.one, Look.PRIMARY)
        self.one.clicked.connect(self._on_one)
        self.every.clicked.connect(self._on_every)
        self.back.clicked.connect(self.closed)
        row = QHBoxLayout()
        for button in (self.one, self.every, self.back):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        column.addLayout(row)

    def show_found(self, found: Sequence[Found]) -> None:
        """Shows what was found; projectors belong to a model and are left out."""
        self._found = [one for one in found if not one.is_projector]
        titles = [
            str(self.table.rows.headerData(at, Qt.Orientation.Horizontal))
            for at in range(self.table.rows.columnCount())
        ]
        self.table.rows.set_rows([_row(one, titles) for one in self._found])
        self.table.choose_at(0)
        has_some = bool(self._found)
        self.table.setVisible(has_some)
        self.one.setVisible(has_some)
        self.every.setVisible(len(self._found) > 1)
        self._note.setText(
            self.tr("They are used where they lie: nothing is copied, moved or changed.")
            if has_some
            else self.tr(
                "No further models were found in the folders of Ollama, LM Studio, Jan, GPT4All, "
                "llama.cpp and the Hugging Face cache. A file of any other place can be added, or "
                "dropped here."
            )
        )

    def _on_one(self) -> None:
        row = self.table.current_row()
        if row is not None and isinstance(row.item, Found):
            self.adopted.emit([row.item.path])

    def _on_every(self) -> None:
        paths: list[Path] = [one.path for one in self._found]
        self.adopted.emit(paths)


def _row(found: Found, titles: Sequence[str]) -> Row:
    source = translate("Elsewhere", "As {app} has it; nobody has checked that here.")
    cells = (
        Cell(
            shown(found.name, 160),
            shown(found.repository or str(found.path.parent), 160),
            icon="models",
            role="faint",
            tip=str(found.path),
        ),
        Cell(found.app_name, tip=source.format(app=found.app_name)),
        Cell(quantisation_of(found.path.stem) or quantisation_of(found.name)),
        Cell(bytes_in_words(found.size)),
    )
    return Row(key=str(found.path), cells=cells, said=said_of(titles, cells), item=found)
