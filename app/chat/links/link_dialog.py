"""Asked before anything that a model wrote is opened: the whole address, and what it leads to."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.links.addresses import Address, looked_at
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import WholeDialog


class LinkDialog(WholeDialog):
    """Shows an address letter by letter; opening it is the second choice, not the first."""

    open_wanted = Signal(str)

    def __init__(self, theme: Theme, untrusted_address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._address = looked_at(untrusted_address)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open an address?"))
        px = theme.px
        title = self._label(self._title(self._address), Look.HEADING)
        shown = QPlainTextEdit()
        shown.setPlainText(self._address.written[:8000])
        shown.setReadOnly(True)
        shown.setAccessibleName(self.tr("The whole address"))
        shown.setFont(theme.mono())
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        shown.setFixedHeight(px("space_6") * 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px("space_3"), px("space_3"), px("space_3"), px("space_2"))
        layout.setSpacing(px("space_2"))
        layout.addWidget(title)
        layout.addWidget(shown)
        for sentence in self._sentences(self._address):
            layout.addWidget(self._label(sentence, Look.FAINT))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self._copy = QPushButton(self.tr("Copy address"))
        self._open = QPushButton(self.tr("Open in browser…"))
        self._open.setVisible(bool(self._address.to_open))
        self._cancel = QPushButton(self.tr("Don't open"))
        self._cancel.setDefault(True)
        for button in (self._copy, self._open, self._cancel):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout.addLayout(buttons)
        self.setMinimumWidth(px("reading") * 2 // 3)
        self._copy.clicked.connect(self._on_copy)
        self._open.clicked.connect(self._on_open)
        self._cancel.clicked.connect(self.reject)
        self._cancel.setFocus()

    @property
    def address(self) -> Address:
        """What is asked about."""
        return self._address

    def _title(self, address: Address) -> str:
        if address.to_open:
            return self.tr("The text has a link to {}").format(address.host)
        return self.tr("The text has a link that cannot be opened from here")

    def _sentences(self, address: Address) -> list[str]:
        found = [
            self.tr(
                "A model wrote this address, or a file did. Whoever runs it sees that you came, and everything in the address."
            )
        ]
        if address.has_other_letters:
            found.append(
                self.tr(
                    "Its name has letters that can look like others. The network knows it as {}"
                ).format(address.ascii_host)
            )
        if not address.to_open:
            found.append(
                self.tr("Only plain http and https addresses are opened. You can copy it.")
            )
        return found

    def _label(self, text: str, look: Look) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        set_look(label, look)
        return label

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address.written)
        self.accept()

    @Slot()
    def _on_open(self) -> None:
        self.open_wanted.emit(self._address.to_open)
        self.accept()
