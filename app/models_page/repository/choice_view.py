"""The models of a repository to choose from: a table, the sum of the chosen one, what can be done."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.models_page.choice_chip import ChoiceChip
from app.models_page.fit import Fit, Room, judge
from app.models_page.here.file_facts import CONTEXT
from app.models_page.repository.choice_rows import Known, choice_columns, choice_row
from app.models_page.repository.grouping import Choice, chosen_by
from app.models_page.repository.standing import Standing
from app.models_page.repository.suggestion import best_of
from app.models_page.table.rows import Row
from app.models_page.table.table import ModelTable
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from app.words.fit import sum_words
from app.words.quantities import bytes_in_words, count_in_words

CONTEXTS = (2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072)


class ChoiceView(QWidget):
    """Owned by: a repository's page. Thread: GUI.

    Args:
        room: the memory that a model could take now.
        standing: says of a choice whether it is here or on its way.
    """

    look_wanted = Signal(object)
    """This `Choice` is to be looked into."""
    download_wanted = Signal(object)
    """This `Choice` is to be fetched."""
    load_wanted = Signal(object)
    """The file at this path is to be loaded, to talk with it."""
    show_wanted = Signal(object)
    """The file at this path is to be shown among those of this computer."""
    queue_wanted = Signal()
    """The downloads are to be seen, of which the choice is one."""
    context_changed = Signal()
    """The sum is wanted for another length of context."""

    def __init__(
        self,
        context: AppContext,
        room: Callable[[], Room | None],
        standing: Callable[[Choice], Standing],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._room = room
        self._standing = standing
        self._choices: tuple[Choice, ...] = ()
        self._known = Known()
        self.table = ModelTable(context.theme, self.tr("Files to choose from"), choice_columns())
        self._build()
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _: self._on_look())
        self.look.clicked.connect(self._on_look)
        self.download.clicked.connect(self._on_download)
        self.load.clicked.connect(lambda: self._send(self.load_wanted))
        self.show_here.clicked.connect(lambda: self._send(self.show_wanted))
        self.context_chip.chosen.connect(lambda _: self.context_changed.emit())

    # ---- what the page asks ----------------------------------------------------------------------

    def show_choices(self, choices: Sequence[Choice], known: Known) -> None:
        """Shows what there is to choose from, with what is known of it now."""
        self._choices, self._known = tuple(choices), known
        room = self._room()
        self.table.rows.set_rows(
            [choice_row(choice, known, room, self._standing(choice)) for choice in self._choices]
        )
        self._on_chosen(self.table.current_row())

    def chosen(self) -> Choice | None:
        """Returns the choice that is pointed at."""
        row = self.table.current_row()
        return row.item if row is not None and isinstance(row.item, Choice) else None

    def choose(self, wanted: str) -> None:
        """Points at what was asked for by file or quantisation, else at what suits this machine."""
        choice = chosen_by(wanted, self._choices) if wanted else None
        if choice is None:
            choice = best_of(self._choices, self._known, self._room())
        if choice is not None:
            self.table.choose(choice.files[0].path)
        elif self._choices:
            self.table.choose_at(0)

    def tokens(self) -> int:
        """Returns the length of context that the sum is wanted for."""
        return int(self.context_chip.key())

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._sum = QLabel()
        self._sum.setWordWrap(True)
        set_look(self._sum, Look.SMALL)
        self.download = QPushButton()
        set_look(self.download, Look.PRIMARY)
        self.load = QPushButton(self.tr("Load and chat"))
        set_look(self.load, Look.PRIMARY)
        self.show_here = QPushButton(self.tr("Show it on this computer"))
        self.look = QPushButton(self.tr("Look inside"))
        self.look.setToolTip(
            self.tr(
                "Reads the beginning of the file on the Hub, its header and 1 MiB at most, "
                "and opens the inspector on it. Nothing is downloaded whole."
            )
        )
        self.context_chip = ChoiceChip(
            self.tr("Memory at"),
            [(str(count), self._tokens_words(count)) for count in self._contexts()],
            tip=self.tr(
                "Tokens of context that the sum is for. The settings say how many are loaded."
            ),
        )
        self._actions = QWidget()
        row = FlowLayout(self._actions, gap=theme.px("space_1"))
        row.addWidget(self.load)
        row.addWidget(self.show_here)
        row.addWidget(self.download)
        row.addWidget(self.look)
        about = QHBoxLayout()
        about.addWidget(self._sum, 1)
        about.addWidget(self.context_chip, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.table, 1)
        column.addLayout(about)
        column.addWidget(self._actions)

    def _contexts(self) -> list[int]:
        """Returns the lengths of context to choose from, the usual one first."""
        usual = self._context.settings.current.running.context or CONTEXT
        return [usual, *(count for count in CONTEXTS if count != usual)]

    def _tokens_words(self, count: int) -> str:
        return self.tr("{count} tokens").format(count=count_in_words(count))

    # ---- what is chosen --------------------------------------------------------------------------

    def _on_chosen(self, _: Row | None) -> None:
        choice = self.chosen()
        self._actions.setVisible(choice is not None)
        if choice is None:
            self._sum.setText(self.tr("This repository has no GGUF files."))
            return
        need, room = self._known.need_of(choice), self._room()
        self._sum.setText(
            sum_words(need, room)
            if choice.is_model
            else self.tr("It belongs to a model; by itself nobody can talk to it.")
        )
        standing = self._standing(choice)
        self._offer_what_is_here(choice, standing, judge(need, room))
        words = self.tr("Download · {size}")
        if standing.is_listed:
            words = self.tr("See the download")
        elif judge(need, room) is Fit.NOT:
            words = self.tr("Download anyway · {size}")
        self.download.setText(words.format(size=bytes_in_words(choice.size)))
        self.download.setEnabled(standing.is_listed or not (standing.words or choice.missing))
        self.download.setToolTip(standing.words)
        self.look.setEnabled(not choice.is_matrix)

    def _offer_what_is_here(self, choice: Choice, standing: Standing, level: Fit) -> None:
        """Has a file that is here be loaded instead of fetched, for as long as it is."""
        is_here = standing.path is not None
        had_keyboard = self.download.hasFocus()
        self.load.setVisible(is_here and choice.is_model)
        self.load.setText(self.tr("Load anyway") if level is Fit.NOT else self.tr("Load and chat"))
        self.show_here.setVisible(is_here)
        self.download.setHidden(is_here)
        if is_here and had_keyboard:
            (self.load if choice.is_model else self.show_here).setFocus()

    def _send(self, wanted: SignalInstance) -> None:
        choice = self.chosen()
        path = self._standing(choice).path if choice is not None else None
        if path is not None:
            wanted.emit(path)

    def _on_look(self) -> None:
        choice = self.chosen()
        if choice is not None and self.look.isEnabled():
            self.look_wanted.emit(choice)

    def _on_download(self) -> None:
        choice = self.chosen()
        if choice is None:
            return
        if self._standing(choice).is_listed:
            self.queue_wanted.emit()
        else:
            self.download_wanted.emit(choice)
