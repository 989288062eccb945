"""Asks for the person's token for the Hub: pasted, or the one that the Hub's own tools keep here."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import WholeDialog, button_line, dialog_column
from app.words.wording import words
from runner.errors import RunnerError
from runner.fetch.token import HubToken

MAY_HELP = frozenset(
    {
        "courier.gated",
        "courier.log_in",
        "courier.bad_token",
        "courier.forbidden",
        "courier.rate_limited",
        "models.search_log_in",
        "models.search_wait",
    }
)
"""Errors that a token may settle: after a person has done what a publisher asks, or because the Hub
allows more to those whom it knows."""


class TokenDialog(WholeDialog):
    """Runs beside the window. Nothing is sent by it; the token goes with what is asked next."""

    given = Signal()
    """A token is kept, or none any more."""

    def __init__(
        self,
        theme: Theme,
        token: HubToken,
        parent: QWidget | None = None,
        *,
        then_again: bool = True,
    ) -> None:
        super().__init__(parent)
        self._token = token
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("A token for the Hub"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText("hf_…")
        self.field.setAccessibleName(self.tr("Token"))
        self.field.setMaxLength(400)
        self.trouble = QLabel()
        set_look(self.trouble, Look.ALERT_TEXT)
        self.trouble.hide()
        self.keep = QPushButton(
            self.tr("Keep it and try again") if then_again else self.tr("Keep it")
        )
        set_look(self.keep, Look.PRIMARY)
        self.keep.setDefault(True)
        self.hubs = QPushButton(self.tr("Use the one of the Hub's own tools"), self)
        self.hubs.setVisible(token.hub_has_one)
        self.forget = QPushButton(self.tr("Send none any more"), self)
        self.forget.setVisible(token.is_pasted or token.uses_the_hubs)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.keep.clicked.connect(self._on_keep)
        self.hubs.clicked.connect(self._on_hubs)
        self.forget.clicked.connect(self._on_forget)
        self.cancel.clicked.connect(self.reject)
        self.field.returnPressed.connect(self._on_keep)
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        said = QLabel(
            self.tr(
                "A token shows the Hub which account asks: make one with the right to read on your "
                "account's page there. It is kept in this system's keyring where there is one, else "
                "in a file that only you can read, and goes with every request to the Hub, searches "
                "too, until you have none sent any more. "
                "Lightwell accepts no terms for you."
            )
        )
        column = dialog_column(self, theme, self.windowTitle())
        for label in (said, self.trouble):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(said)
        column.addWidget(self.field)
        column.addWidget(self.trouble)
        column.addLayout(button_line([self.keep, self.hubs, self.forget], self.cancel))
        self.setMinimumWidth(theme.px("reading") * 2 // 3)

    def _on_keep(self) -> None:
        self._try(lambda: self._token.paste(self.field.text()))

    def _on_hubs(self) -> None:
        self._try(self._token.use_the_hubs)

    def _on_forget(self) -> None:
        self._try(self._token.forget)

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except RunnerError as error:
            said = words(error.code, **error.context)
            self.trouble.setText(f"{said.title} {said.meaning} {said.remedy}")
            self.trouble.show()
            return
        # Not kept in a widget that lives on.
        self.field.clear()
        self.given.emit()
        self.accept()
