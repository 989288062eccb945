"""The Card tab: whose card, as of when, how full; its text with facts and flags in place."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.browsing import open_in_browser
from app.chat.link_dialog import LinkDialog
from app.claims_beside import readable_for
from app.context import AppContext
from app.model_files import card_file_of
from app.model_ref import ModelRef
from app.reader import arguments
from app.reader.card import CardSheet
from app.reader.card_difference import CardDifference
from app.tabs.card.at_hand import CardAtHand, base_cards, kept_card, model_folders
from app.tabs.card.claims.looks import verdict_role
from app.tabs.card.claims.panel import ClaimsPanel
from app.tabs.card.difference_view import DifferenceView
from app.tabs.card.page import CardPage
from app.tabs.card.sheet_area import MarginFlag
from app.tabs.card.side_by_side import CARD, CLAIMS, CardAndClaims
from app.tabs.card.todays import TodaysCard
from app.tabs.dossier_look import DossierLook
from app.tabs.licence.statements import wrapping
from app.tabs.stage import Stage
from app.theme.looks import Look, set_look
from app.widgets.eliding_label import ElidingLabel
from app.words.card import card_texts, origin_lines
from app.words.translation import translate
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.library import paths
from runner.reader_client import Ticket
from runner.store.papers import CARD as CARD_PAPER
from runner.store.papers import Paper

DEADLINE_S = 10.0


class CardTab(QWidget):
    """Shows the card of the inspected model, or of a model that it was made from.

    Thread: GUI.
    """

    key = "card"

    card_shown = Signal()
    """Another card is on its page, or none."""

    def __init__(
        self, context: AppContext, look: DossierLook, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = translate("CardTab", "Card")
        self._context, self._look = context, look
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._path: Path | None = None
        self._paper: Paper | None = None  # shown in place of a file
        self._kept: Paper | None = None  # what came with the download of the inspected file
        self._whose = ""
        self._line = 0  # where to go once the card has been read
        self._opened: dict[Path, Path] = {}
        self._bases: tuple[CardAtHand, ...] = ()
        self._page = CardPage(context.theme)
        self._claims = ClaimsPanel(context)
        self._build()
        self._join()
        look.changed.connect(self._on_looked)
        context.theme.changed.connect(self._restyle)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model's card from now on."""
        if ref == self._ref and (self._page.sheet is not None or self._ticket is not None):
            return
        self._ref, self._bases = ref, ()
        self._kept = self._kept_for(ref)
        # The card first: the reader does one thing after the other, and this is what is looked at.
        self._show_own()
        self._look.show(ref)
        self._claims.show_model(ref)
        self._on_looked()

    @property
    def page(self) -> CardPage:
        """The card's page."""
        return self._page

    @property
    def claims(self) -> ClaimsPanel:
        """The list of claims."""
        return self._claims

    @property
    def parts(self) -> CardAndClaims:
        """Card and claims, side by side or one at a time."""
        return self._parts

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    @property
    def bases(self) -> tuple[CardAtHand, ...]:
        """The ancestors that the lineage names, with their cards where they are here."""
        return self._bases

    @property
    def shown_card(self) -> Path | None:
        """The file of the card that is shown or being read; None where there is none."""
        return self._path

    @property
    def is_own(self) -> bool:
        """Whether the shown card is the one that lies beside the inspected file."""
        return (
            self._ref is not None
            and self._path is not None
            and self._path == card_file_of(self._ref.path)
        )

    def shows(self, path: Path) -> bool:
        """Whether the card at `path` is drawn."""
        return self._ticket is None and self._path == path and self._page.area.view.is_drawn

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme, said = self._context.theme, card_texts().said
        self._name = ElidingLabel()
        self._hash = ElidingLabel(mode=Qt.TextElideMode.ElideMiddle)
        for label in (self._name, self._hash):
            set_look(label, Look.SMALL)
        self._outline = QToolButton()
        self._outline.setText(said["contents"])
        self._outline_menu = QMenu(self._outline)
        self._outline_menu.aboutToShow.connect(lambda: self._page.fill_outline(self._outline_menu))
        self._outline.setMenu(self._outline_menu)
        self._outline.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._whose_button = QToolButton()
        self._whose_menu = QMenu(self._whose_button)
        self._whose_button.setMenu(self._whose_menu)
        self._whose_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self._outline, self._whose_button):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            set_look(button, Look.CHIP)
        self._page.link_pressed.connect(self._on_link)
        self._none = self._build_none()
        self._pages = QStackedWidget()
        self._difference = DifferenceView(theme)
        self._difference.closed.connect(self._show_own)
        self._todays = TodaysCard(self._context, self)
        self._todays.answered.connect(self._on_compared)
        self._todays.failed.connect(self._on_failed)
        for page in (self._page, self._none, self._difference):
            page.setMinimumSize(1, 1)
            self._pages.addWidget(page)
        self._stage = Stage(theme, self._pages)
        self._stage.again_wanted.connect(self._read)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(theme.px("space_1"))
        self._tools.addWidget(self._whose_button)
        self._tools.addWidget(self._outline)
        self._tools.addStretch(1)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        edge = theme.px("space_2")
        head.setContentsMargins(edge, theme.px("space_1"), edge, 0)
        head.setSpacing(theme.px("space_half"))
        head.addLayout(self._tools)
        head.addWidget(self._name)
        head.addWidget(self._hash)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stage, 1)
        self._parts = CardAndClaims(theme, left, self._claims)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._parts)
        self._restyle()

    def _join(self) -> None:
        """Lets flags lead to rows, rows to flags, and selected words to a claim."""
        area, claims = self._page.area, self._claims
        claims.flags_changed.connect(self._show_flags)
        claims.claim_chosen.connect(self._on_claim_chosen)
        claims.show_in_card.connect(self._on_show_in_card)
        area.flag_pressed.connect(self._on_flag)
        area.claim_wanted.connect(self._on_claim_wanted)

    def _build_none(self) -> QWidget:
        """Returns what stands where there is no card: what that means, and what can be done."""
        theme, said = self._context.theme, card_texts().said
        none = QWidget()
        column = QVBoxLayout(none)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_1"))
        title = QLabel(said["no_card"])
        title.setWordWrap(True)
        set_look(title, Look.HEADING)
        column.addWidget(title)
        column.addWidget(wrapping(said["no_card_meaning"]))
        remedy = wrapping(said["no_card_remedy"])
        set_look(remedy, Look.FAINT)
        column.addWidget(remedy)
        self._open_button = QPushButton(said["open_card"])
        self._open_button.clicked.connect(self._on_open)
        column.addWidget(self._open_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
        return none

    def _restyle(self) -> None:
        icon = self._context.theme.icon("chevron-down")
        self._outline.setIcon(icon)
        self._whose_button.setIcon(icon)

    # ---- whose card -----------------------------------------------------------------------------

    def _show_own(self) -> None:
        """Shows the card beside the file, or the one that was opened for it."""
        if self._ref is None:
            self._show_none()
            return
        said = card_texts().said
        own = card_file_of(self._ref.path)
        opened = self._opened.get(self._ref.path)
        if own is not None:
            self._show_card(own, said["beside"].format(document=shown(own.name)))
        elif opened is not None:
            self._show_card(opened, said["opened"].format(document=shown(opened.name)))
        elif self._kept is not None:
            self._show_kept()
        else:
            self._show_none()

    def _show_kept(self) -> None:
        """Shows the card as it was when the file was downloaded."""
        if self._kept is not None:
            whose = card_texts().said["kept"].format(repository=shown(self._kept.repository))
            self._show_card(None, whose, self._kept)

    def _kept_for(self, ref: ModelRef | None) -> Paper | None:
        if ref is None:
            return None
        try:
            return kept_card(self._context.store, self._context.library, ref.path)
        except RunnerError as error:
            self._context.notices.failure(error)
            return None

    def _latest_kept(self, repository: str) -> Paper | None:
        try:
            return self._context.store.papers.latest(repository, CARD_PAPER)
        except RunnerError:
            # The store's own trouble is told where it is written; a card in a folder may be found.
            return None

    def show_base(self, base: CardAtHand) -> None:
        """Shows the card of an ancestor."""
        if base.is_here:
            said = card_texts().said
            document = shown(base.path.name) if base.path else CARD_PAPER
            whose = said["of_base"].format(document=document, model=shown(base.model))
            self._show_card(base.path, whose, base.kept)

    def compare_today(self) -> None:
        """Asks the Hub for today's card and shows how it differs from the one of the download."""
        if self._kept is not None and not self._todays.is_asking:
            said = card_texts().said["asking_today"]
            self._stage.wait(said.format(repository=shown(self._kept.repository)))
            self._todays.ask(self._kept)

    def _on_compared(self, kept: Paper, found: CardDifference) -> None:
        if kept is not self._kept:
            return
        self._difference.show_difference(kept, found, self._context.clock())
        self._pages.setCurrentWidget(self._difference)
        self._stage.show_content()

    @property
    def difference(self) -> DifferenceView:
        """How today's card differs from the one of the download."""
        return self._difference

    def open_card(self, path: Path) -> None:
        """Shows a card that a person has chosen for the inspected file."""
        if self._ref is not None:
            self._opened[self._ref.path] = path
            said = card_texts().said
            self._show_card(path, said["opened"].format(document=shown(path.name)))

    def _show_none(self) -> None:
        self._cancel()
        self._path = self._paper = None
        self._name.setText("")
        self._hash.setText("")
        self._pages.setCurrentWidget(self._none)
        self._stage.show_content()
        self._show_choices()
        self.card_shown.emit()

    def _show_card(self, path: Path | None, whose: str, paper: Paper | None = None) -> None:
        self._path, self._whose, self._paper = path, whose, None if path else paper
        self._show_choices()
        self._read()

    def _on_looked(self) -> None:
        dossier = self._look.dossier if self._look.ref == self._ref else None
        if dossier is None or self._ref is None:
            self._bases = ()
        else:
            settled = self._context.settings.current.models
            chosen = getattr(settled, "folder", "")
            folders = [Path(chosen)] if chosen else []
            folders.append(paths.models_folder())
            places = model_folders(self._ref.path, folders)
            self._bases = base_cards(dossier.lineage, places, self._latest_kept)
        self._show_choices()

    def _show_choices(self) -> None:
        """Fills the menu of cards; a base model without a card at hand says so."""
        said, menu = card_texts().said, self._whose_menu
        menu.clear()
        title = said["this_file"]
        own = menu.addAction(title)
        own.triggered.connect(self._show_own)
        beside = self._ref is not None and card_file_of(self._ref.path) is not None
        if self._kept is not None and beside:
            menu.addAction(said["when_downloaded"]).triggered.connect(self._show_kept)
            if self._paper is self._kept:
                title = said["when_downloaded"]
        if self._kept is not None:
            menu.addAction(said["compare_today"]).triggered.connect(self.compare_today)
        for base in self._bases:
            name = said["base_card"].format(model=shown(base.model)).replace("&", "&&")
            if not base.is_here:
                action = menu.addAction(f"{name} ({said['base_none']})")
                action.setEnabled(False)
                continue
            action = menu.addAction(name)
            action.triggered.connect(lambda _=False, base=base: self.show_base(base))
            if (base.path, base.kept) == (self._path, self._paper):
                title = said["base_card"].format(model=shown(base.model, 40))
        menu.addSeparator()
        menu.addAction(said["open_card"]).triggered.connect(self._on_open)
        self._whose_button.setText(title)
        has_card = self._path is not None or self._paper is not None
        for part in (self._outline, self._name, self._hash):
            part.setVisible(has_card)
        self._head.setVisible(has_card or any(base.is_here for base in self._bases))

    # ---- reading --------------------------------------------------------------------------------

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _read(self) -> None:
        self._cancel()
        path, paper = self._path, self._paper
        if path is not None:
            job, readable = "card", [path]
            if self.is_own and self._ref is not None:
                # What the other jobs on this model may read, too: a reader stays warm for them.
                readable = list(readable_for(self._ref.path))
            asked: object = arguments.CardFile(path=str(path))
        elif paper is not None:
            job, readable = "card_text", []
            asked = arguments.CardText(
                name=paper.name, text=paper.text, commit=paper.commit, fetched=paper.fetched
            )
        else:
            return
        self._ticket = self._context.reader.ask(
            job,
            asked,
            CardSheet,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable,
        )
        self._stage.wait(self.tr("Reading {name}…").format(name=self._whose))

    def _on_read(self, sheet: CardSheet) -> None:
        self._ticket = None
        kept = (self._kept.sha256, self._kept.fetched) if self._kept and self.is_own else None
        origin, digest = origin_lines(sheet, self._whose, kept)
        self._name.setText(origin)
        self._name.set_tip(str(self._path or self._paper_place()))
        self._hash.setText(digest)
        self._page.area.set_has_margin(self.is_own)
        self._page.show_sheet(sheet)
        self._show_flags()
        if self._line and self.is_own:
            self._page.go_to(self._line)
        self._line = 0
        self._outline.setVisible(bool(self._page.headings()))
        self._pages.setCurrentWidget(self._page)
        self._stage.show_content()
        self.card_shown.emit()

    def _paper_place(self) -> str:
        return f"{self._paper.repository} @ {self._paper.commit}" if self._paper else ""

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket = None
        self._stage.fail(error)
        self.card_shown.emit()

    # ---- claims ---------------------------------------------------------------------------------

    def _show_flags(self) -> None:
        """Puts the claims' numbers into the margin; they are of the card beside the file alone."""
        is_own = self.is_own and self._page.sheet is not None
        report = self._claims.report
        count = report is not None and len(self._claims.model.claims)
        title = card_texts().said["claims"]
        self._parts.set_title(CLAIMS, f"{title} {count}" if count else title)
        self._page.area.set_can_add(is_own and report is not None)
        # A claim that rests on two words of one line has one number there.
        flags = {(flag.line, flag.claim_id): flag for flag in self._claims.flags if is_own}
        self._page.area.set_flags(
            [
                MarginFlag(
                    number=flag.number,
                    key=flag.claim_id,
                    line=flag.line,
                    quote="",
                    said=flag.said,
                    role=verdict_role(flag.verdict),
                )
                for flag in flags.values()
            ]
        )

    def _on_flag(self, claim_id: str) -> None:
        self._parts.show_part(CLAIMS)
        self._claims.choose(claim_id)
        self._page.area.choose_flag(claim_id)

    def _on_claim_chosen(self, claim_id: str) -> None:
        top = self._page.area.choose_flag(claim_id)
        if top is not None and self._parts.sees(CARD):
            self._page.reveal(top)

    def _on_show_in_card(self, line: int) -> None:
        self._parts.show_part(CARD)
        if self.is_own and self._ticket is None:
            self._page.go_to(line)
        else:
            self._line = line
            self._show_own()

    def _on_claim_wanted(self, words: str, line: int, end: int) -> None:
        self._parts.show_part(CLAIMS)
        self._claims.add_claim(words, line, end)

    # ---- pressed --------------------------------------------------------------------------------

    def _on_open(self) -> None:
        if self._ref is None:
            return
        title = card_texts().said["open_card"].rstrip("…")
        dialog = QFileDialog(self, title, str(self._ref.path.parent))
        # The desktop's own dialog would start programs and speak to its bus.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setNameFilter(self.tr("Model cards (*.md *.markdown *.txt)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_card(Path(name)))
        dialog.open()

    def _on_link(self, untrusted_address: str) -> None:
        dialog = LinkDialog(self._context.theme, untrusted_address, self)
        why = card_texts().said["link_why"]
        dialog.open_wanted.connect(lambda url: open_in_browser(self._context, url, why))
        dialog.open()
