"""The page of one repository: what it is, its files by quantisation, its texts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.models_page.find.addresses import Wish
from app.models_page.fit import Room
from app.models_page.hub.hub_desk import HubDesk
from app.models_page.hub.hub_memory import Listed
from app.models_page.hub.hub_part import HubPart
from app.models_page.repository.choice_rows import Known
from app.models_page.repository.choice_view import ChoiceView
from app.models_page.repository.grouping import Choice, choices
from app.models_page.repository.header_sum import HeaderSum
from app.models_page.repository.repository_facts import facts_of, files_text, known_of
from app.models_page.repository.standing import Standing
from app.models_page.repository.text_view import TextView
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.widgets.fact_row import FactRows
from app.widgets.segments import Segments
from app.words.quantities import bytes_in_words
from inspector.untrusted import shown
from runner.errors import RunnerError

FILES, CARD, LICENCE, LISTING = "files", "card", "licence", "listing"


class RepositoryPage(HubPart):
    """One repository. Owned by: the Models page. Thread: GUI.

    Args:
        room: the memory that a model could take now.
        standing: says of a choice of a repository whether it is here or on its way.
    """

    back_wanted = Signal()
    download_wanted = Signal(object, object)
    """The `Listed` and the `Choice` that is to be fetched."""
    looked_inside = Signal()
    """The inspector has something to show."""
    page_wanted = Signal(str)
    """An address is to be opened in the browser."""

    def __init__(
        self,
        context: AppContext,
        desk: HubDesk,
        room: Callable[[], Room | None],
        standing: Callable[[str, Choice], Standing],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, desk, room, parent)
        self._wish: Wish | None = None
        self._listed: Listed | None = None
        self._known = Known()
        self._looked: tuple[Listed, Choice, Path] | None = None
        self._asks = ""
        self._do_again: Callable[[], None] = self._ask
        self._sums = HeaderSum(context, self)
        self.files = ChoiceView(
            context, room, lambda choice: standing(self._name(), choice), parent=self
        )
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
        self._take(self._desk.memory.listed(wish.repository))
        self._ask()

    def again(self) -> None:
        """Does again what failed: asks for the repository, looks inside, or downloads."""
        self._clear_trouble(self.files.table)
        self._do_again()

    def take_header(self, listed: Listed, known: Known) -> None:
        """Takes what a look inside has counted; it holds for every quantisation."""
        if listed.repository.repository == self._name():
            before = self._known.quantisations
            self._known = replace(known, quantisations={**before, **known.quantisations})
            self.refresh()

    def tell(self, error: RunnerError) -> None:
        """Says what went wrong, with the Hub's page where a person must act there."""
        link = str(error.context.get("page", ""))
        self.trouble.tell(error, link, self.tr("Open its page on the Hub") if link else "")

    def refresh(self) -> None:
        """Shows the rows again: memory, the queue or the disk have changed."""
        if self._listed is not None:
            self.files.show_choices(choices(self._listed.files), self._known)

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
        self._stack.addWidget(self.files)
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

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._hub.clicked.connect(self._on_hub)
        self.parts.chosen.connect(self._choose_part)
        self.files.look_wanted.connect(self._on_look)
        self.files.download_wanted.connect(self._on_download)
        self.files.context_changed.connect(self._measure)
        self.trouble.link_wanted.connect(self.page_wanted)
        self._desk.listed.connect(self._on_listed)
        self._desk.came.connect(self._on_came)
        self._desk.looked.connect(self._on_looked)
        self._sums.known.connect(self.take_header)
        self._sums.failed.connect(self._on_failed)
        self._context.theme.changed.connect(self.refresh)

    # ---- hearing from the Hub --------------------------------------------------------------------

    def _on_began(self, why: str) -> None:
        if self.isVisible():
            self.progress.begin(self._asks)

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
        words = self.tr("Reading its beginning: {count} are here.")
        self.progress.begin(words.format(count=bytes_in_words(count)))

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
        self._measure()

    # ---- showing ---------------------------------------------------------------------------------

    def _measure(self) -> None:
        """Has the sum worked out from the header, where one is here, at the context that is chosen."""
        if self._looked is not None:
            self._sums.work_out(*self._looked, self.files.tokens(), self._known.parameters)

    def _take(self, listed: Listed | None) -> None:
        before, self._listed = self._name(), listed
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
        if self._name() != before or self.files.chosen() is None:
            self.files.choose((self._wish.file or self._wish.quantisation) if self._wish else "")

    def _show_texts(self, listed: Listed) -> None:
        none = self.tr("This repository has none, or does not give it out.")
        note = self.tr("Its own words, as they are; they are not evidence.")
        self.texts[CARD].show_text(f"{note}\n\n{listed.card}" if listed.card else none)
        licences = [f"{path}\n\n{text}" for path, text in listed.licences.items()]
        self.texts[LICENCE].show_text("\n\n".join(licences) or none)
        self.texts[LISTING].show_text(files_text(listed.files))

    def _name(self) -> str:
        return self._listed.repository.repository if self._listed is not None else ""

    def _choose_part(self, key: str) -> None:
        self.parts.choose(key)
        self._stack.setCurrentIndex([FILES, CARD, LICENCE, LISTING].index(key))

    # ---- what a person does ----------------------------------------------------------------------

    def _ask(self) -> None:
        if self._wish is not None:
            self._do_again = self._ask
            self._asks = self.tr("Asking the Hub for its files…")
            self._desk.look(self._wish.repository, self._wish.revision)

    def _on_look(self, choice: Choice) -> None:
        if self._listed is not None:
            self._do_again = partial(self._on_look, choice)
            self._asks = self.tr("Asking the Hub for the beginning of this file…")
            self.trouble.hide()
            self._desk.look_inside(self._listed, choice)

    def _on_download(self, choice: Choice) -> None:
        if self._listed is not None:
            self._do_again = partial(self._on_download, choice)
            self.trouble.hide()
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
