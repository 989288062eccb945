"""The theme in force: puts tokens into Qt, and follows the system where a person wants that."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from app.theme.drawn_signs import put_signs
from app.theme.fonts import add_fonts, add_other_fonts, mono_font, text_font
from app.theme.icons import make_icon
from app.theme.palette import make_palette
from app.theme.stylesheet import make_stylesheet
from app.theme.tokens import Scheme, Tokens, load_tokens
from runner.library.paths import cache_folder

STYLE = "Fusion"
"""Qt's style that our style sheet refines."""

HAS_STYLE = "has_style"
"""A property of an application that was made with this style: setting it once more costs a start
five milliseconds, because PySide then hands over the style with all its enums."""


class SchemeChoice(StrEnum):
    """What a person can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Colours, sizes, fonts and icons for everything that is drawn.

    Owned by: the window process. Thread: GUI.

    Args:
        application: gets the palette, the font and the style sheet.
        choice: light, dark, or as the system says.
        scale: text size, 0.8 to 2.0; every size of the tokens grows with it.
        system_is_dark: asks the system; a test answers itself, where there is no system.
        waits: leaves the style sheet to `put_on`. Widgets that are put into each other under a
            style sheet are styled anew each time; put on once, it takes a fifth off the window.
    """

    changed = Signal()
    """Everything that draws by itself draws again; the style sheet is in force already."""

    def __init__(
        self,
        application: QApplication,
        choice: SchemeChoice = SchemeChoice.SYSTEM,
        scale: float = 1.0,
        system_is_dark: Callable[[], bool] | None = None,
        *,
        waits: bool = False,
    ) -> None:
        super().__init__(application)
        self._system_is_dark = system_is_dark or _system_is_dark
        self._application = application
        self._choice = choice
        self._scale = scale
        self._is_complete = False
        self._said_dark: bool | None = None
        self._is_on = not waits
        add_fonts()
        if not application.property(HAS_STYLE):
            application.setStyle(STYLE)
        self._tokens = load_tokens(self._wanted(), scale)
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_change)

    def put_on(self) -> None:
        """Draws everything that has been made, and what will be, by the style sheet."""
        if not self._is_on:
            self._is_on = True
            self._application.setStyleSheet(make_stylesheet(self._tokens))

    def complete(self) -> None:
        """Adds the faces that the first paint went without."""
        if not self._is_complete:
            self._is_complete = True
            add_other_fonts()

    @property
    def tokens(self) -> Tokens:
        """The colours and sizes in force."""
        return self._tokens

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self._tokens.scheme is Scheme.DARK

    def hear_system(self, scheme: str) -> None:
        """Takes what the desktop says, asked by the porter: `dark`, `light`, or nothing.

        Where it says nothing, Qt's own reading counts.
        """
        self._said_dark = {"dark": True, "light": False}.get(scheme)
        self._on_system_change()

    def choose(self, choice: SchemeChoice | None = None, scale: float | None = None) -> None:
        """Puts another choice or text size in force; what is None stays."""
        self._choice = self._choice if choice is None else choice
        self._scale = self._scale if scale is None else min(2.0, max(0.8, scale))
        self._refresh()

    def colour(self, role: str) -> QColor:
        """Returns the colour of a role."""
        return QColor(self._tokens.colours[role])

    def px(self, size: str) -> int:
        """Returns a size in pixels."""
        return self._tokens.sizes[size]

    def font(self, size: str = "text_body", *, strong: bool = False) -> QFont:
        """Returns the text face in one of the sizes `text_…`."""
        return text_font(self._tokens, size, strong=strong)

    def mono(self, size: str = "text_mono") -> QFont:
        """Returns the mono face."""
        self.complete()
        return mono_font(self._tokens, size)

    def icon(self, name: str, role: str = "soft") -> QIcon:
        """Returns the icon `resources/icons/<name>.svg` drawn in `role`, now and after a change."""
        return make_icon(self, name, role)

    def _wanted(self) -> Scheme:
        if self._choice is not SchemeChoice.SYSTEM:
            return Scheme(self._choice)
        is_dark = self._system_is_dark() if self._said_dark is None else self._said_dark
        return Scheme.DARK if is_dark else Scheme.LIGHT

    def _on_system_change(self) -> None:
        if self._choice is SchemeChoice.SYSTEM:
            self._refresh()

    def _refresh(self) -> None:
        wanted = load_tokens(self._wanted(), self._scale)
        if wanted == self._tokens:
            return
        before, self._tokens = self._tokens.scale, wanted
        if wanted.scale != before:
            from app.theme.rescale import rescale  # late: few ever change it

            # First: who fits itself to its text or lays itself out anew hears of both below.
            rescale(self._application.topLevelWidgets(), before, wanted.scale)
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        put_signs(self._tokens, cache_folder())
        self._application.setPalette(make_palette(self._tokens))
        self._application.setFont(text_font(self._tokens))
        if self._is_on:
            self._application.setStyleSheet(make_stylesheet(self._tokens))


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
