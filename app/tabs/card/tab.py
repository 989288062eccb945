"""The Card tab: whose card, as of when, how full; its text with facts and flags in place."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.chat.links.browsing import open_in_browser
from app.chat.links.link_dialog import LinkDialog
from app.context import AppContext
from app.dossier.claims import readable_for
from app.model.files import card_file_of
from app.model.ref import ModelRef
from app.reader.card import CardSheet
from app.reader.card_difference import CardDifference
from app.tabs.card.choice import CardChoice, ChosenCard
from app.tabs.card.claims.looks import verdict_role
from app.tabs.card.claims.panel import ClaimsPanel
from app.tabs.card.difference_view import DifferenceView
from app.tabs.card.head import CardHead
from app.tabs.card.no_card import NoCard
from app.tabs.card.page import CardPage
from app.tabs.card.reading import CardReading
from app.tabs.card.sheet_area import MarginFlag
from app.tabs.card.side_by_side import CARD, CLAIMS, CardAndClaims
from app.tabs.card.todays import TodaysCard
from app.tabs.dossier_look import DossierLook
from app.tabs.stage import Stage
from app.words.card import card_texts, origin_lines
from app.words.dossier import doubt_about_card
from app.words.dossier_lines import DISAGREES
from app.words.translation import translate
from inspector.untrusted import shown
from runner.errors import RunnerError
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
        self._line = 0  # where to go once the card has been read
        self._page = CardPage(context.theme)
        self._claims = ClaimsPanel(context)
        self._choice = CardChoice(context, self)
        self._todays = TodaysCard(context, self)
        self._reading = CardReading(context, self)
        self._build()
        self._join()
        look.changed.connect(self._on_looked)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model's card from now on."""
        if ref == self._ref and (self._page.sheet is not None or self._reading.is_under_way):
            return
        self._ref = ref
        # The card first: the reader does one thing after the other, and this is what is looked at.
        self._choice.show_model(ref)
        self._look.show(ref)
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
    def head(self) -> CardHead:
        """What stands above the card."""
        return self._head

    @property
    def choice(self) -> CardChoice:
        """Whose card is shown, and which others there are."""
        return self._choice

    @property
    def difference(self) -> DifferenceView:
        """How today's card differs from the one of the download."""
        return self._difference

    @property
    def shown_card(self) -> Path | None:
        """The file of the card that is shown or being read; None where there is none."""
        return self._choice.current.path if self._choice.current else None

    @property
    def is_own(self) -> bool:
        """Whether the shown card is the one that lies beside the inspected file."""
        return self._choice.current is not None and self._choice.current.is_own

    def shows(self, path: Path) -> bool:
        """Whether the card at `path` is drawn."""
        return (
            not self._reading.is_under_way
            and self.shown_card == path
            and self._page.area.view.is_drawn
        )

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._head = CardHead(theme, self._choice)
        self._head.outline_wanted.connect(self._page.fill_outline)
        self._page.link_pressed.connect(self._on_link)
        self._none = NoCard(theme)
        self._difference = DifferenceView(theme)
        self._pages = QStackedWidget()
        for page in (self._page, self._none, self._difference):
            page.setMinimumSize(1, 1)
            self._pages.addWidget(page)
        self._stage = Stage(theme, self._pages)
        self._stage.again_wanted.connect(self._read)
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

    def _join(self) -> None:
        """Joins the parts: choice and text, flags and rows, selected words and claims."""
        self._choice.chosen.connect(self._on_chosen)
        self._choice.compare_wanted.connect(self.compare_today)
        self._choice.compare_beside_wanted.connect(self.compare_beside)
        self._choice.open_wanted.connect(self._on_open)
        self._none.open_wanted.connect(self._on_open)
        self._todays.answered.connect(self._on_compared)
        self._todays.failed.connect(self._on_failed)
        self._difference.closed.connect(self._choice.choose_own)
        self._reading.read.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        area, claims = self._page.area, self._claims
        claims.flags_changed.connect(self._show_flags)
        claims.claim_chosen.connect(self._on_claim_chosen)
        claims.show_in_card.connect(self._on_show_in_card)
        area.flag_pressed.connect(self._on_flag)
        area.claim_wanted.connect(self._on_claim_wanted)

    # ---- whose card -----------------------------------------------------------------------------

    def _on_chosen(self, card: ChosenCard | None) -> None:
        self._head.show_choice()
        if card is not None:
            self._read()
        self._claims.show_model(self._ref, card.asked if card is not None else None)
        if card is not None:
            return
        self._reading.cancel()
        self._pages.setCurrentWidget(self._none)
        self._stage.show_content()
        self.card_shown.emit()

    def _on_looked(self) -> None:
        dossier = self._look.dossier if self._look.ref == self._ref else None
        self._choice.show_lineage(dossier.lineage if dossier else None)
        self._head.show_choice()
        self._show_doubt()

    def _show_doubt(self) -> None:
        """Says of the file's own card that it nowhere names the model, once the lineage is known."""
        dossier = self._look.dossier if self._look.ref == self._ref else None
        doubt = doubt_about_card(dossier.lineage) if dossier is not None and self.is_own else ""
        self._head.show_doubt(doubt)

    def compare_today(self) -> None:
        """Asks the Hub for today's card and shows how it differs from the one of the download."""
        kept = self._choice.kept
        if kept is not None and not self._todays.is_asking:
            said = card_texts().said["asking_today"]
            self._stage.wait(said.format(repository=shown(kept.repository)))
            self._todays.ask(kept)

    def compare_beside(self) -> None:
        """Shows how the card beside the file differs from the one of the download."""
        kept, ref = self._choice.kept, self._ref
        card = card_file_of(ref.path) if ref is not None else None
        if kept is not None and ref is not None and card is not None:
            self._todays.ask_beside(kept, card, readable_for(ref.path))

    def _on_compared(self, kept: Paper, found: CardDifference, is_beside: bool) -> None:
        if kept is self._choice.kept:
            now = self._context.clock()
            self._difference.show_difference(kept, found, now, is_beside=is_beside)
            self._pages.setCurrentWidget(self._difference)
            self._stage.show_content()

    # ---- reading --------------------------------------------------------------------------------

    def _read(self) -> None:
        card = self._choice.current
        if card is not None and self._ref is not None:
            self._reading.begin(card, self._ref.path)
            self._stage.wait(self.tr("Reading {name}…").format(name=card.whose))

    def _on_read(self, card: ChosenCard, sheet: CardSheet) -> None:
        kept = self._choice.kept
        as_kept = (kept.sha256, kept.fetched) if kept and card.is_own else None
        origin, digest = origin_lines(sheet, card.whose, as_kept)
        place = f"{card.paper.repository} @ {card.paper.commit}" if card.paper else card.path
        self._page.area.set_has_margin(True)
        self._page.show_sheet(sheet)
        self._head.show_card(origin, str(place), digest, has_outline=bool(self._page.headings()))
        self._show_doubt()
        self._show_flags()
        if self._line:
            self._page.go_to(self._line)
        self._line = 0
        self._pages.setCurrentWidget(self._page)
        self._stage.show_content()
        self.card_shown.emit()

    def _on_failed(self, error: RunnerError) -> None:
        self._stage.fail(error)
        self.card_shown.emit()

    # ---- claims ---------------------------------------------------------------------------------

    def _show_flags(self) -> None:
        """Puts the claims' numbers into the margin of the card that they were found in."""
        report, sheet = self._claims.report, self._page.sheet
        is_of_it = (
            report is not None and sheet is not None and report.card_sha256 == sheet.card.sha256
        )
        count = report is not None and len(self._claims.model.claims)
        title = card_texts().said["claims"]
        self._parts.set_title(CLAIMS, f"{title} {count}" if count else title)
        self._page.area.set_can_add(is_of_it)
        # A claim that rests on two words of one line has one number there.
        flags = {(flag.line, flag.claim_id): flag for flag in self._claims.flags if is_of_it}
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
        if not self._reading.is_under_way:
            self._page.go_to(line)
        else:
            self._line = line

    def show_about(self, line: str) -> None:
        """Shows what a line of the Summary tab is about: of what disagrees, the claims that differ."""
        if line == DISAGREES:
            self._parts.show_part(CLAIMS)
            self._claims.show_group("differs")
        else:
            self._parts.show_part(CARD)

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
        dialog.fileSelected.connect(lambda name: self._choice.choose_file(Path(name)))
        dialog.open()

    def _on_link(self, untrusted_address: str) -> None:
        dialog = LinkDialog(self._context.theme, untrusted_address, self)
        why = card_texts().said["link_why"]
        dialog.open_wanted.connect(lambda url: open_in_browser(self._context, url, why))
        dialog.open()
