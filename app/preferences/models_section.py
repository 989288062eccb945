"""The settings page's section on models: where they lie, how fast they come, and as whom one asks."""

import os
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.files import models_folder_in
from app.models_page.here.folders import show_folder
from app.models_page.hub.token_dialog import TokenDialog
from app.network import mirror
from app.preferences.fields import NumberShape, field_words, number_field
from app.preferences.hub_words import proxy_words, token_words, variable_words
from app.preferences.setting_row import setting_row
from app.theme.looks import Look, set_look
from app.words.wording import words as error_words
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.fetch.token import HubToken
from runner.hub_address import VARIABLE
from runner.library.paths import config_folder

MOST_KB = 1_000_000
LONGEST_ADDRESS = 300


class ModelsSection(QWidget):
    """Rows of settings; only those that are in force here. Owned by: SettingsPage. Thread: GUI."""

    changed = Signal()
    """A sentence on the page is no longer true."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._token = HubToken(config_folder())
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(context.theme.px("space_2"))
        self._add_folder()
        self._add_rate()
        self._add_token()
        self._add_hub()
        self._add_proxy()

    def _add_folder(self) -> None:
        folder = models_folder_in(self._context.settings.current)
        self.open_folder = self._button(self.tr("Open"), lambda: show_folder(self._context, folder))
        self.open_folder.setEnabled(folder.is_dir())
        self.move_folder = self._button(self.tr("Move…"), self._on_move)
        words = field_words("models.folder")
        place = self.tr("Now: {folder}").format(folder=shown(str(folder), 400))
        meaning = f"{words.meaning} {place}"
        row = setting_row(
            self._context.theme, words.title, meaning, self.open_folder, self.move_folder
        )
        self._rows.addLayout(row)

    def _add_rate(self) -> None:
        words = field_words("models.rate_kb")
        shape = NumberShape(least=0, most=MOST_KB, step=100, automatic=self.tr("No limit"))
        self.rate = number_field(self._context.settings, "models", "rate_kb", shape)
        self.rate.setSuffix(self.tr(" kB/s"))
        self._rows.addLayout(
            setting_row(self._context.theme, words.title, words.meaning, self.rate)
        )

    def _add_token(self) -> None:
        self.token = self._button(self.tr("Change…"), self._on_token)
        self._rows.addLayout(
            setting_row(
                self._context.theme,
                self.tr("Token for the Hub"),
                token_words(self._token),
                self.token,
            )
        )

    def _add_hub(self) -> None:
        """Another address in the Hub's place; the person's variable wins, and is only told of."""
        words = field_words("network.mirror")
        theme, network = self._context.theme, self._context.settings.current.network
        if (named := os.environ.get(VARIABLE, "")) and not mirror.to_ask_about():
            self._rows.addLayout(setting_row(theme, words.title, variable_words(named)))
        else:
            self.hub = QLineEdit(network.mirror)
            self.hub.setPlaceholderText("https://huggingface.co")
            self.hub.setMinimumWidth(theme.px("reading") // 3)
            self.hub.setMaxLength(LONGEST_ADDRESS)
            self.hub.setClearButtonEnabled(True)
            self.hub.editingFinished.connect(self._on_hub)
            self._rows.addLayout(setting_row(theme, words.title, words.meaning, self.hub))
        self.hub_trouble = QLabel()
        self.hub_trouble.setWordWrap(True)
        self.hub_trouble.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.hub_trouble, Look.ALERT_TEXT)
        self.hub_trouble.hide()
        self._rows.addWidget(self.hub_trouble)
        if network.mirror:
            words = field_words("network.token_to_mirror")
            self.hub_token = QCheckBox()
            self.hub_token.setChecked(network.token_to_mirror)
            self.hub_token.toggled.connect(
                lambda on: self._context.settings.change("network", token_to_mirror=on)
            )
            row = setting_row(theme, words.title, words.meaning, self.hub_token)
            self._rows.addLayout(row)

    def _on_hub(self) -> None:
        """Takes the address once it is written whole; a bad one is said and changes nothing."""
        before = self._context.settings.current.network.mirror
        try:
            address = mirror.checked(self.hub.text())
        except RunnerError as error:
            said = error_words(error.code, **error.context)
            self.hub_trouble.setText(f"{said.title} {said.meaning} {said.remedy}")
            self.hub_trouble.show()
            return
        self.hub_trouble.hide()
        if address != before:
            self._context.settings.change("network", mirror=address)
            # Not from within the field's own signal, which the page is about to make anew.
            QTimer.singleShot(0, self, self.changed.emit)

    def _add_proxy(self) -> None:
        """A sentence alone: the variables are the session's, and no window changes them."""
        self._rows.addLayout(
            setting_row(
                self._context.theme,
                self.tr("Proxy"),
                proxy_words(os.environ),
            )
        )

    def _button(self, text: str, pressed: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(pressed)
        return button

    def _on_move(self) -> None:
        """Goes to where the models are, which knows what lies in the folder and moves it."""
        window = self.window()
        show_page, page = getattr(window, "show_page", None), getattr(window, "page", None)
        if callable(show_page) and callable(page):
            show_page("models")
            choose = getattr(page(), "choose_folder", None)
            if callable(choose):
                choose()

    def _on_token(self) -> None:
        dialog = TokenDialog(self._context.theme, self._token, self, then_again=False)
        dialog.given.connect(self.changed)
        dialog.open()
