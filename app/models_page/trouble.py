"""A frame in the page that says what went wrong, and what can be done now."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models_page.hub.token_dialog import MAY_HELP
from app.models_page.hub.token_words import keyring_words
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.flow_layout import FlowLayout
from app.words.wording import words
from runner.errors import RunnerError


class Trouble(QFrame):
    """Three sentences and their buttons; hidden while all is well."""

    again_wanted = Signal()
    link_wanted = Signal(str)
    token_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, Look.WARNING)
        self._link = ""
        self._title, self._rest = QLabel(), QLabel()
        for label in (self._title, self._rest):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._rest, Look.FAINT)
        self.again = QPushButton(self.tr("Try again"))
        self.again.clicked.connect(self.again_wanted)
        self.link = QPushButton()
        self.link.clicked.connect(lambda: self.link_wanted.emit(self._link))
        self.token = QPushButton(self.tr("Give a token…"))
        self.token.clicked.connect(self.token_wanted)
        self.token.hide()
        self._buttons = QWidget()
        row = FlowLayout(self._buttons, gap=theme.px("space_1"))
        row.addWidget(self.again)
        row.addWidget(self.link)
        row.addWidget(self.token)
        column = QVBoxLayout(self)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, theme.px("space_1"), edge, theme.px("space_1"))
        column.setSpacing(theme.px("space_half"))
        column.addWidget(self._title)
        column.addWidget(self._rest)
        column.addWidget(self._buttons)
        self.hide()

    def tell(self, error: RunnerError, link: str = "", link_words: str = "") -> None:
        """Shows the sentences for an error, and a link where there is a page to go to."""
        said = words(error.code, **error.context)
        self._title.setText(said.title)
        rest = (said.meaning, said.remedy, keyring_words(error.code))
        self._rest.setText(" ".join(part for part in rest if part))
        self._link = link
        self.link.setText(link_words)
        self.link.setVisible(bool(link))
        self.token.setVisible(error.code in MAY_HELP)
        self.setAccessibleName(f"{said.title} {self._rest.text()}")
        self.show()

    def said(self) -> str:
        """Returns what is said; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._title.text()} {self._rest.text()}"
