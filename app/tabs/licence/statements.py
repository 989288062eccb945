"""What a licence says, topic by topic: a sign, a sentence, and the clause at the end of the line."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.widgets.eliding_label import ElidingLabel
from app.words.licence import (
    StatementRow,
    clause_words,
    edition,
    licence_texts,
    policy_heading,
    policy_lines,
    policy_source,
    read_from,
    silent_rows,
    statement_rows,
)
from inspector.licences.catalogue import Licence, Sign

_SIGNS = {
    Sign.ALLOWED: ("sign-allowed", "soft"),
    Sign.CONDITIONAL: ("sign-conditional", "warning"),
    Sign.FORBIDDEN: ("sign-forbidden", "alert"),
    Sign.NOT_SAID: ("sign-not-said", "faint"),
}
"""Shapes of their own: the glyphs of openness mean findings, and these are permissions."""


class SignView(QWidget):
    """The sign of a permission; its word is its tooltip and its name.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.sign = theme, sign
        side = theme.px("icon_small")
        self.setFixedSize(QSize(side, side))
        word = licence_texts().signs[sign.value]
        self.setToolTip(word)
        self.setAccessibleName(word)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the sign in the theme's colour of the moment."""
        name, role = _SIGNS[self.sign]
        self._theme.icon(name, role).paint(QPainter(self), self.rect())


class StatementsView(QWidget):
    """The statements of one licence, its forbidden uses on demand, and what they rest on.

    Thread: GUI.
    """

    def __init__(
        self, theme: Theme, licence: Licence, *, named: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px("space_1"))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._line = 0
        if named:
            self._span(wrapping(edition(licence)))
        for row in statement_rows(licence):
            self._add(row)
        self._add_silence(silent_rows(licence))
        self._add_policy(licence)
        rests = wrapping(" ".join((read_from(licence), licence_texts().said["not_advice"])))
        set_look(rests, Look.SMALL)
        self._span(rests)

    def texts(self) -> str:
        """Returns every sentence that is shown."""
        told = [label.text() for label in self.findChildren(QLabel)]
        return "\n".join([*told, *(clause.text() for clause in self.findChildren(ElidingLabel))])

    def _add(self, row: StatementRow) -> None:
        sign = SignView(self._theme, row.sign)
        title, says = QLabel(row.title), wrapping(row.says)
        clause = ElidingLabel(clause_words(row.clause))
        set_look(clause, Look.SMALL)
        clause.set_tip(row.source)
        set_look(says, Look.FAINT)
        word = licence_texts().signs[row.sign.value]
        says.setAccessibleName(f"{row.title}, {word}: {row.says}")
        says.setAccessibleDescription(" ".join((clause_words(row.clause), row.source)))
        title.setBuddy(says)
        for part in (title, says):
            part.setToolTip(row.source)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(sign, self._line, 0, top)
        self._grid.addWidget(title, self._line, 1)
        self._grid.addWidget(clause, self._line, 2, Qt.AlignmentFlag.AlignTrailing)
        self._grid.addWidget(says, self._line + 1, 1, 1, 2)
        self._gap(self._line + 2)
        self._line += 3

    def _add_silence(self, rows: tuple[StatementRow, ...]) -> None:
        """Adds one line for all that the licence says nothing of."""
        if not rows:
            return
        said = licence_texts().said
        topics = ", ".join(row.title.lower() for row in rows)
        told = wrapping(said["nothing_of"].format(topics=topics))
        told.setToolTip("\n".join(f"{row.title}: {row.says}" for row in rows))
        set_look(told, Look.FAINT)
        self._grid.addWidget(
            SignView(self._theme, Sign.NOT_SAID), self._line, 0, Qt.AlignmentFlag.AlignTop
        )
        self._grid.addWidget(told, self._line, 1, 1, 2)
        self._gap(self._line + 1)
        self._line += 2

    def _add_policy(self, licence: Licence) -> None:
        """Adds the list of forbidden uses: folded, or one line where it was not read."""
        if not (title := policy_heading(licence)):
            return
        source = policy_source(licence)
        groups = policy_lines(licence)
        if not groups:
            unread = wrapping(title)
            unread.setToolTip(source)
            set_look(unread, Look.FAINT)
            self._span(unread)
            return
        body = QWidget()
        column = QVBoxLayout(body)
        indent = self._theme.px("space_3")
        column.setContentsMargins(indent, 0, 0, self._theme.px("space_1"))
        column.setSpacing(self._theme.px("space_half"))
        for heading, clause, uses in groups:
            column.addWidget(wrapping(f"{heading} · {clause_words(clause)}" if clause else heading))
            told = wrapping("\n".join(f"• {use}" for use in uses))
            set_look(told, Look.FAINT)
            column.addWidget(told)
        where = wrapping(source)
        set_look(where, Look.SMALL)
        column.addWidget(where)
        fold = CollapsibleSection(self._theme, title, body)
        fold.setToolTip(source)
        self._span(fold)

    def _span(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._line, 0, 1, 3)
        self._gap(self._line + 1)
        self._line += 2

    def _gap(self, line: int) -> None:
        self._grid.setRowMinimumHeight(line, self._theme.px("space_1"))


def wrapping(text: str) -> QLabel:
    """Returns a label that wraps, can be selected, and never takes text for markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
