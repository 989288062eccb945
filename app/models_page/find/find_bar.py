"""The search field and what narrows its results."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.models_page.choice_chip import ChoiceChip
from app.models_page.find.filters import ANY, OPENED, UNKNOWN_LANGUAGE, Access, Filters, Size
from app.models_page.find.hub_tags import LicenceKind, Named, languages
from app.models_page.hub.hub_desk import Sort
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.flow_layout import FlowLayout
from app.words.openness import openness_words


class FindBar(QWidget):
    """Says what is wanted, in what order, and narrowed to what.

    Thread: GUI.
    """

    asked = Signal(str)
    """What stands in the field is to be looked up."""
    sort_changed = Signal(str)
    filters_changed = Signal()
    results_wanted = Signal()
    """The keyboard is to go on to what was found."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search the Hub, or paste a link or owner/name"))
        self.field.setAccessibleName(self.tr("Search the Hub"))
        self.field.setToolTip(
            self.tr(
                "Words; @author for one author's models; or a link to a repository or a file. "
                "Nothing leaves this computer while you type."
            )
        )
        self.field.setClearButtonEnabled(True)
        self.field.setMaxLength(2_000)
        self.field.returnPressed.connect(self._on_asked)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.field)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.results_wanted)
        self.go = QPushButton(self.tr("Search"))
        set_look(self.go, Look.PRIMARY)
        self.go.clicked.connect(self._on_asked)
        self._make_chips()
        self._lay_out(theme)

    def filters(self) -> Filters:
        """Returns what is narrowed to."""
        return Filters(
            fits=self.fits.isChecked(),
            licence=self.licence.key(),
            access=self.access.key(),
            size=self.size_chip.key(),
            language=self.language.key(),
            openness=self.openness.key(),
        )

    def sort(self) -> Sort:
        """Returns the order that is wanted."""
        return Sort(self.sort_chip.key())

    def clear_filters(self) -> None:
        """Narrows to nothing."""
        self.fits.setChecked(False)
        for chip in (self.licence, self.access, self.size_chip, self.language, self.openness):
            chip.choose(ANY)

    def focus_field(self) -> None:
        """Gives the keyboard to the field, with what it holds marked."""
        self.field.setFocus()
        self.field.selectAll()

    def _make_chips(self) -> None:
        self.fits = QToolButton()
        self.fits.setText(self.tr("Fits this machine"))
        self.fits.setCheckable(True)
        self.fits.setToolTip(
            self.tr("Leaves out what does not fit; what is unknown stays, and says so.")
        )
        set_look(self.fits, Look.CHIP)
        self.fits.toggled.connect(lambda _: self.filters_changed.emit())
        unknown, named = self.tr("unknown"), openness_words().short
        opened = self.tr("{name} open, where looked at")
        self.licence = self._chip(
            self.tr("Licence"),
            [
                (LicenceKind.OSI, self.tr("OSI-approved")),
                (LicenceKind.CONDITIONS, self.tr("own conditions")),
                (LicenceKind.NO_COMMERCE, self.tr("no commercial use")),
                (LicenceKind.OTHER, self.tr("not known to us")),
                (LicenceKind.UNKNOWN, unknown),
            ],
            self.tr("As the repository states it; a label is not the licence."),
        )
        self.openness = self._chip(
            self.tr("Openness"),
            [
                (Named.DATA, self.tr("training data named")),
                *((f"{OPENED}{group}", opened.format(name=name)) for group, name in named.items()),
                (Named.UNKNOWN, unknown),
            ],
            self.tr(
                "From tags, and from the cards that were looked at. Of the others nothing more is "
                "known, and unknown is not closed."
            ),
        )
        self.access = self._chip(
            self.tr("Access"),
            [(Access.PUBLIC, self.tr("public")), (Access.GATED, self.tr("on request (gated)"))],
            self.tr("Whether the publisher asks who you are before files are given out."),
        )
        self.size_chip = self._chip(
            self.tr("Size"),
            [
                (Size.TINY, self.tr("under 1 B")),
                (Size.SMALL, self.tr("1 to 4 B")),
                (Size.MIDDLE, self.tr("4 to 15 B")),
                (Size.LARGE, self.tr("15 B and more")),
                (Size.UNKNOWN, unknown),
            ],
            self.tr("Parameters, as the name states them."),
        )
        tongues = sorted(languages().items(), key=lambda pair: pair[1])
        self.language = self._chip(
            self.tr("Language"),
            [*tongues, (UNKNOWN_LANGUAGE, unknown)],
            self.tr("As the card names them."),
        )
        self.sort_chip = ChoiceChip(
            self.tr("Order"),
            [
                (Sort.DOWNLOADS, self.tr("most downloaded")),
                (Sort.LIKES, self.tr("most liked")),
                (Sort.CHANGED, self.tr("newest")),
            ],
            tip=self.tr("The Hub's own order, for the next search."),
            says_title=False,
        )
        self.sort_chip.chosen.connect(self.sort_changed)

    def _chip(self, title: str, choices: Sequence[tuple[str, str]], tip: str) -> ChoiceChip:
        chip = ChoiceChip(title, [(ANY, self.tr("any")), *choices], tip=tip)
        chip.chosen.connect(lambda _: self.filters_changed.emit())
        return chip

    def _lay_out(self, theme: Theme) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.px("space_1"))
        line.addWidget(self.field, 1)
        line.addWidget(self.go)
        chips = QWidget()
        flow = FlowLayout(chips, gap=theme.px("space_half"))
        for chip in (
            self.fits,
            self.licence,
            self.openness,
            self.size_chip,
            self.access,
            self.language,
            self.sort_chip,
        ):
            flow.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addLayout(line)
        column.addWidget(chips)

    def _on_asked(self) -> None:
        self.asked.emit(self.field.text())
