"""The page of one repository: what it is, its files by quantisation, its texts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.models_page.addresses import Wish
from app.models_page.choice_chip import ChoiceChip
from app.models_page.choice_rows import Known, choice_columns, choice_row
from app.models_page.file_facts import CONTEXT
from app.models_page.fit import Fit, Room, judge
from app.models_page.grouping import Choice, choices, chosen_by
from app.models_page.header_sum import HeaderSum
from app.models_page.hub_desk import HubDesk
from app.models_page.hub_memory import Listed
from app.models_page.repository_facts import facts_of, files_text, known_of
from app.models_page.rows import Row
from app.models_page.suggestion import best_of
from app.models_page.table import ModelTable
from app.models_page.text_view import TextView
from app.models_page.trouble import Trouble
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.widgets.fact_row import FactRows
from app.widgets.flow_layout import FlowLayout
from app.widgets.progress import DelayedProgress
from app.widgets.segments import Segments
from app.words.fit import sum_words
from app.words.quantities import bytes_in_words, count_in_words
from inspector.untrusted import shown
from runner.errors import RunnerError

CONTEXTS = (2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072)
FILES, CARD, LICENCE, LISTING = "files", "card", "licence", "listing"


class RepositoryPage(QWidget):
    """One repository. Owned by: the Models page. Thread: GUI.

    Args:
        room: the memory that a model could take now.
        state: says of a choice of a repository whether it is here or on its way, in words.
    """

    back_wanted = Signal()
    download_wanted = Signal(object, object)
    """The `Listed` and the `Choice` that is to be fetched."""
    looked_inside = Signal()
    """The inspector has something to show."""
    token_wanted = Signal(object)
    """A token is to be asked for: what is called once there is one."""
    page_wanted = Signal(str)
    """An address is to be opened in the browser."""

    def __init__(
        self,
        context: AppContext,
        desk: HubDesk,
        room: Callable[[], Room | None],
        state: Callable[[str, Choice], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._room = room
        self._state = state
        self._wish: Wish | None = None
        self._listed: Listed | None = None
        self._choices: tuple[Choice, ...] = ()
        self._known = Known()
        self._looked: tuple[Listed, Choice, Path] | None = None
        self._sums = HeaderSum(context, self)
        self.table = ModelTable(context.theme, self.tr("Files to choose from"), choice_columns())
        self.trouble = Trouble(context.theme)
        self.progress = DelayedProgress(can_stop=True)
        self._build()
        self._connect()

    # ---- what the page asks ----------------------------------------------------------------------

    @property
    def listed(self) -> Listed | None:
        """What is shown."""
        return self._listed

    def open(self, wish: Wish) -> None:
        """Shows a repository: what is remembered at once, then what the Hub says now."""
        self._wish = wish
        self._known, self._looked = Known(), None
        self.trouble.hide()
        self._title.setText(shown(wish.repository, 160))
        self._choose_part(FILES)
        known = self._desk.memory.listed(wish.repository)
        self._take(known)
        self._desk.look(wish.repository, wish.revision)

    def take_header(self, listed: Listed, known: Known) -> None:
        """Takes what a look inside has counted; it holds for every quantisation."""
        name = listed.repository.repository
        if self._listed is not None and self._listed.repository.repository == name:
            self._known = known
            self.refresh()

    def chosen(self) -> Choice | None:
        """Returns the choice that is pointed at."""
        row = self.table.current_row()
        return row.item if row is not None and isinstance(row.item, Choice) else None

    def tell(self, error: RunnerError) -> None:
        """Says what went wrong, with the Hub's page where a person must act there."""
        link, words = str(error.context.get("page", "")), ""
        if link:
            words = self.tr("Open its page on the Hub")
        self.trouble.tell(error, link, words)

    def refresh(self) -> None:
        """Shows the rows again: memory, the queue or the disk have changed."""
        if self._listed is None:
            return
        room, name = self._room(), self._listed.repository.repository
        self.table.rows.set_rows(
            [
                choice_row(choice, self._known, room, self._state(name, choice))
                for choice in self._choices
            ]
        )
        self._on_chosen(self.table.current_row())

    def stop(self) -> None:
        """Gives up what is being asked."""
        self._desk.stop()
        self.progress.end()

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._back = QPushButton(theme.icon("chevron-left"), self.tr("Back"))
        set_look(self._back, Look.QUIET)
        self._title = ElidingLabel()
        set_look(self._title, Look.HEADING)
        self._hub = QPushButton(self.tr("On the Hub…"))
        self._hub.setToolTip(self.tr("Opens its page in your browser, after asking."))
        set_look(self._hub, Look.QUIET)
        head = QHBoxLayout()
        head.addWidget(self._back)
        head.addWidget(self._title, 1)
        head.addWidget(self._hub)
        self.facts = FactRows(gap=theme.px("space_half"))
        self.parts = Segments(
            [
                (FILES, self.tr("Models")),
                (CARD, self.tr("Card")),
                (LICENCE, self.tr("Licence text")),
                (LISTING, self.tr("All files")),
            ]
        )
        self.texts = {
            CARD: TextView(theme, self.tr("Card")),
            LICENCE: TextView(theme, self.tr("Licence text")),
            LISTING: TextView(theme, self.tr("All files")),
        }
        self._stack = QStackedWidget()
        self._stack.addWidget(self._files_part())
        for view in self.texts.values():
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self.progress)
        column.addWidget(self.facts)
        column.addWidget(self.parts)
        column.addWidget(self._stack, 1)

    def _files_part(self) -> QWidget:
        theme = self._context.theme
        part = QWidget()
        self._sum = QLabel()
        self._sum.setWordWrap(True)
        set_look(self._sum, Look.SMALL)
        self.download = QPushButton()
        set_look(self.download, Look.PRIMARY)
        self.look = QPushButton(self.tr("Look inside"))
        self.look.setToolTip(
            self.tr(
                "Reads the beginning of the file on the Hub, its header and 1 MiB at most, "
                "and opens the inspector on it. Nothing is downloaded whole."
            )
        )
        self.context_chip = ChoiceChip(
            theme,
            self.tr("Memory at"),
            [(str(count), self._tokens_words(count)) for count in self._contexts()],
            tip=self.tr(
                "Tokens of context that the sum is for. The settings say how many are loaded."
            ),
        )
        self._actions = QWidget()
        row = FlowLayout(self._actions, gap=theme.px("space_1"))
        row.addWidget(self.download)
        row.addWidget(self.look)
        about = QHBoxLayout()
        about.addWidget(self._sum, 1)
        about.addWidget(self.context_chip, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.table, 1)
        column.addLayout(about)
        column.addWidget(self._actions)
        return part

    def _contexts(self) -> list[int]:
        """Returns the lengths of context to choose from, the usual one first."""
        usual = self._context.settings.current.running.context or CONTEXT
        return [usual, *(count for count in CONTEXTS if count != usual)]

    def _tokens_words(self, count: int) -> str:
        return self.tr("{count} tokens").format(count=count_in_words(count))

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._hub.clicked.connect(self._on_hub)
        self.parts.chosen.connect(self._choose_part)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _: self._on_look())
        self.look.clicked.connect(self._on_look)
        self.download.clicked.connect(self._on_download)
        self.context_chip.chosen.connect(self._on_context)
        self.trouble.again_wanted.connect(self._on_again)
        self.trouble.link_wanted.connect(self.page_wanted)
        self.trouble.token_wanted.connect(lambda: self.token_wanted.emit(self._on_again))
        self.progress.stop_wanted.connect(self.stop)
        self._desk.began.connect(self._on_began)
        self._desk.listed.connect(self._on_listed)
        self._desk.failed.connect(self._on_failed)
        self._desk.came.connect(self._on_came)
        self._desk.looked.connect(self._on_looked)
        self._sums.known.connect(self.take_header)
        self._sums.failed.connect(self._on_failed)
        self._context.theme.changed.connect(self.refresh)

    # ---- hearing from the Hub --------------------------------------------------------------------

    def _on_began(self, _: str) -> None:
        if self.isVisible():
            self.progress.begin(self.tr("Asking the Hub for its files…"))

    def _on_listed(self, listed: Listed) -> None:
        if self._wish is not None and self.isVisible():
            self.progress.end()
            self.trouble.hide()
            self._take(listed)

    def _on_failed(self, error: RunnerError) -> None:
        if self.isVisible():
            self.progress.end()
            self.tell(error)

    def _on_came(self, count: int) -> None:
        choice = self.chosen()
        if choice is not None:
            words = self.tr("Reading the beginning: {count} of {size}")
            self.progress.setAccessibleName(words)
            self.progress.begin(
                words.format(count=bytes_in_words(count), size=bytes_in_words(choice.size))
            )

    def _on_looked(self, listed: Listed, choice: Choice, path: Path) -> None:
        self.progress.end()
        self._context.models.inspect(
            ModelRef(
                path=path,
                name=choice.name,
                quantisation=choice.quantisation,
                size_bytes=choice.size,
                sha256=choice.files[0].sha256 or None if len(choice.files) == 1 else None,
                fetched_bytes=path.stat().st_size,
            )
        )
        self.looked_inside.emit()
        self._looked = (listed, choice, path)
        self._measure(listed, choice, path)

    def _measure(self, listed: Listed, choice: Choice, path: Path) -> None:
        """Has the sum worked out from the header, at the context that is chosen."""
        self._sums.work_out(listed, choice, path, self._tokens(), self._known.parameters)

    def _tokens(self) -> int:
        return int(self.context_chip.key())

    def _on_again(self) -> None:
        if self._wish is not None:
            self.open(self._wish)

    def _take(self, listed: Listed | None) -> None:
        before = self._listed
        self._listed = listed
        self._choices = choices(listed.files) if listed else ()
        self.parts.setVisible(listed is not None)
        self._stack.setVisible(listed is not None)
        self.facts.clear()
        if listed is None:
            return
        if not self._known.is_counted:
            self._known = known_of(listed)
        for fact in facts_of(listed, self._context.clock()):
            self.facts.add(fact.label, fact.value, fact.source)
        self._show_texts(listed)
        self.refresh()
        is_same = (
            before is not None and before.repository.repository == listed.repository.repository
        )
        if not is_same or self.chosen() is None:
            self._choose_wished()

    def _show_texts(self, listed: Listed) -> None:
        none = self.tr("This repository has none, or does not give it out.")
        note = self.tr("Its own words, as they are; they are not evidence.")
        self.texts[CARD].show_text(f"{note}\n\n{listed.card}" if listed.card else none)
        licences = [f"{path}\n\n{text}" for path, text in listed.licences.items()]
        self.texts[LICENCE].show_text("\n\n".join(licences) or none)
        self.texts[LISTING].show_text(files_text(listed.files))

    def _choose_wished(self) -> None:
        """Points at what was asked for, else at the largest model that fits well."""
        wish = self._wish
        wanted = chosen_by(wish.file or wish.quantisation, self._choices) if wish else None
        if wanted is None:
            wanted = best_of(self._choices, self._known, self._room())
        if wanted is not None:
            self.table.choose(wanted.files[0].path)
        elif self._choices:
            self.table.selectRow(0)

    # ---- what is chosen --------------------------------------------------------------------------

    def _choose_part(self, key: str) -> None:
        self.parts.choose(key)
        self._stack.setCurrentIndex([FILES, CARD, LICENCE, LISTING].index(key))

    def _on_chosen(self, _: Row | None) -> None:
        choice = self.chosen()
        self._actions.setVisible(choice is not None)
        if choice is None or self._listed is None:
            self._sum.setText(self.tr("This repository has no GGUF files.") if self._listed else "")
            return
        need, room = self._known.need_of(choice), self._room()
        self._sum.setText(
            sum_words(need, room)
            if choice.is_model
            else self.tr("It belongs to a model; by itself nobody can talk to it.")
        )
        size = bytes_in_words(choice.size)
        state = self._state(self._listed.repository.repository, choice)
        fits = judge(need, room)
        words = (
            self.tr("Download anyway · {size}") if fits is Fit.NOT else self.tr("Download · {size}")
        )
        self.download.setText(words.format(size=size))
        self.download.setEnabled(not state and not choice.missing)
        self.download.setToolTip(state)
        self.look.setEnabled(not choice.is_matrix)

    def _on_context(self, _: str) -> None:
        """Works the sum out again, where a header is here to work it out from."""
        if self._looked is not None:
            self._measure(*self._looked)

    def _on_look(self) -> None:
        choice = self.chosen()
        if choice is not None and self._listed is not None and self.look.isEnabled():
            self.trouble.hide()
            self._desk.look_inside(self._listed, choice)

    def _on_download(self) -> None:
        choice = self.chosen()
        if choice is not None and self._listed is not None:
            self.download_wanted.emit(self._listed, choice)

    def _on_hub(self) -> None:
        if self._wish is not None:
            self.page_wanted.emit(f"https://huggingface.co/{self._wish.repository}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Goes back by Alt+Left, as browsers do."""
        if event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.back_wanted.emit()
            return
        super().keyPressEvent(event)
