"""A licence text as it stands in its file, folded until somebody wants to read it."""

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.words.licence import licence_texts, passages
from inspector.licences.documents import LicenceText
from inspector.untrusted import legible, shown

_HEIGHT = 12
"""Lines of a text that are seen at once; the panel scrolls for itself."""

_LONGEST_NAME = 24


class DocumentView(CollapsibleSection):
    """One text: what it says beyond the known one, and all of it.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, found: LicenceText) -> None:
        said = licence_texts().said
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        for passage in passages(found):
            told = wrapping(passage)
            set_look(told, Look.SMALL)
            column.addWidget(told)
        # Line ends aside, nothing in a text from elsewhere may act on the screen.
        text = QPlainTextEdit(legible(found.text))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName(said["the_text"].format(document=shown(found.source.document)))
        set_look(text, Look.MONO)
        text.setFixedHeight(_HEIGHT * text.fontMetrics().lineSpacing())
        column.addWidget(text)
        if found.cut:
            cut = wrapping(said["text_cut"])
            set_look(cut, Look.SMALL)
            column.addWidget(cut)
        # A head is one line and sets the narrowest width; the whole name is in the text's line.
        name = shown(found.source.document, _LONGEST_NAME)
        super().__init__(theme, said["the_text"].format(document=name), body)
        self._text = text
        self.set_open(found.match.relation != "same")

    def text(self) -> str:
        """Returns the text as it is shown."""
        return self._text.toPlainText()
