"""Whose card is shown: the file's own, as it was at the download, an ancestor's, or one from disk."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from app.context import AppContext
from app.dossier.claims import CardAsked
from app.dossier.forebears import (
    CardAtHand,
    base_cards,
    kept_card,
    latest_kept,
    model_folders,
    settled_folders,
)
from app.model.files import card_file_of
from app.model.ref import ModelRef
from app.theme.looks import Look, set_look
from app.words.card import card_texts
from inspector.claims.inputs import KeptText
from inspector.lineage.values import Lineage
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.store.papers import CARD, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCard:
    """A card to be shown: a file, or a text that was kept.

    Attributes:
        whose: what it is called above its text; `title` is the word on the button.
        is_own: whether it lies beside the inspected file.
        model, place: the ancestor whose card it is, and its step in the lineage; empty where the
            card is said to be this file's.
    """

    whose: str
    title: str
    path: Path | None = None
    paper: Paper | None = None
    is_own: bool = False
    model: str = ""
    place: str = ""

    @property
    def asked(self) -> CardAsked | None:
        """Whose claims belong to it; None for those of the card beside the file."""
        if self.is_own:
            return None
        paper = self.paper
        text = KeptText(name=paper.name, text=paper.text, revision=paper.commit) if paper else None
        return CardAsked(path=self.path, text=text, name=self.model, place=self.place)


class CardChoice(QObject):
    """The button with the cards of one model, and which of them is chosen.

    Owned by: CardTab. Thread: GUI.
    """

    chosen = Signal(object)
    """A `ChosenCard`, or None where there is none."""

    compare_wanted = Signal()
    compare_beside_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._opened: dict[Path, Path] = {}
        self.kept: Paper | None = None
        """The card that came with the download of the inspected file."""
        self.bases: tuple[CardAtHand, ...] = ()
        """The ancestors that the lineage names, with their cards where they are here."""
        self.current: ChosenCard | None = None
        self.button = QToolButton()
        self._menu = QMenu(self.button)
        as_menu(self.button, self._menu)
        self.base_button = QPushButton(card_texts().said["base_short"])
        """Shows the nearest ancestor's card at one press; hidden where none is here."""
        set_look(self.base_button, Look.CHIP)
        self.base_button.clicked.connect(self._on_base_pressed)
        self.base_button.hide()

    @property
    def has_other(self) -> bool:
        """Whether there is anything to choose besides the file's own card."""
        return self.kept is not None or any(base.is_here for base in self.bases)

    def show_model(self, ref: ModelRef | None) -> None:
        """Begins with this model's own card."""
        self._ref, self.bases = ref, ()
        self.kept = self._kept_for(ref)
        self.choose_own()

    def show_lineage(self, lineage: Lineage | None) -> None:
        """Looks for the cards of the models that a lineage names."""
        self.bases = ()
        if lineage is not None and self._ref is not None:
            folder = self._context.settings.current.models.folder
            places = model_folders(self._ref.path, settled_folders(folder))
            self.bases = base_cards(lineage, places, latest_kept(self._context.store))
        self._fill()

    def choose_own(self) -> None:
        """Chooses the card beside the file; else the one that was opened, or came with it."""
        said, ref = card_texts().said, self._ref
        own = card_file_of(ref.path) if ref else None
        opened = self._opened.get(ref.path) if ref else None
        if own is not None:
            whose = said["beside"].format(document=shown(own.name))
            self._choose(ChosenCard(whose=whose, title=said["this_file"], path=own, is_own=True))
        elif opened is not None:
            whose = said["opened"].format(document=shown(opened.name))
            self._choose(ChosenCard(whose=whose, title=said["this_file"], path=opened))
        elif self.kept is not None:
            self.choose_kept()
        else:
            self._choose(None)

    def choose_kept(self) -> None:
        """Chooses the card as it was when the file was downloaded."""
        if self.kept is not None:
            said = card_texts().said
            whose = said["kept"].format(repository=shown(self.kept.repository))
            self._choose(ChosenCard(whose=whose, title=said["when_downloaded"], paper=self.kept))

    def choose_base(self, base: CardAtHand) -> None:
        """Chooses the card of an ancestor."""
        if base.is_here:
            said = card_texts().said
            document = shown(base.path.name) if base.path else CARD
            whose = said["of_base"].format(document=document, model=shown(base.model))
            title = said["base_card"].format(model=shown(base.model, 40))
            self._choose(
                ChosenCard(
                    whose=whose,
                    title=title,
                    path=base.path,
                    paper=base.kept,
                    model=base.model,
                    place=base.place.value,
                )
            )

    def choose_file(self, path: Path) -> None:
        """Chooses a card that a person has opened for the inspected file."""
        if self._ref is not None:
            self._opened[self._ref.path] = path
            said = card_texts().said
            whose = said["opened"].format(document=shown(path.name))
            self._choose(ChosenCard(whose=whose, title=said["this_file"], path=path))

    def _choose(self, card: ChosenCard | None) -> None:
        self.current = card
        self._fill()
        self.chosen.emit(card)

    def _nearest(self) -> CardAtHand | None:
        """Returns the first ancestor whose card is here."""
        return next((base for base in self.bases if base.is_here), None)

    def _on_base_pressed(self) -> None:
        if (base := self._nearest()) is not None:
            self.choose_base(base)

    def _fill(self) -> None:
        """Fills the menu; an ancestor whose card isn't here says so."""
        said, menu = card_texts().said, self._menu
        nearest, now = self._nearest(), self.current
        is_seen = nearest and now and (now.path, now.paper) == (nearest.path, nearest.kept)
        self.base_button.setVisible(nearest is not None and not is_seen)
        if nearest is not None:
            name = said["base_card"].format(model=shown(nearest.model))
            self.base_button.setToolTip(name)
            self.base_button.setAccessibleName(name)
        self.button.setText(self.current.title if self.current else said["this_file"])
        menu.clear()
        menu.addAction(said["this_file"]).triggered.connect(self.choose_own)
        if self.kept is not None:
            menu.addAction(said["when_downloaded"]).triggered.connect(self.choose_kept)
            menu.addAction(said["compare_today"]).triggered.connect(self.compare_wanted)
            if self._ref is not None and card_file_of(self._ref.path) is not None:
                beside = menu.addAction(said["compare_beside"])
                beside.triggered.connect(self.compare_beside_wanted)
        for base in self.bases:
            name = said["base_card"].format(model=shown(base.model)).replace("&", "&&")
            if base.is_here:
                action = menu.addAction(name)
                action.triggered.connect(lambda _=False, base=base: self.choose_base(base))
            else:
                menu.addAction(f"{name} ({said['base_none']})").setEnabled(False)
        menu.addSeparator()
        menu.addAction(said["open_card"]).triggered.connect(self.open_wanted)

    def _kept_for(self, ref: ModelRef | None) -> Paper | None:
        if ref is None:
            return None
        try:
            return kept_card(self._context.store, self._context.library, ref.path)
        except RunnerError as error:
            self._context.notices.failure(error)
            return None


def as_menu(button: QToolButton, menu: QMenu) -> None:
    """Makes a button a small one that opens a menu, with its arrow behind the words."""
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    set_look(button, Look.CHIP)
