"""One safeguard: its sign and word, who holds it, and on demand what that rests on."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.safeguards import (
    SafeguardLine,
    detail_lines,
    evidence_lines,
    held_words,
    is_claimed,
    presence_words,
    safeguard_texts,
)
from inspector.safeguards.values import Level, Presence, Safeguard

_SIGNS = {
    Presence.PRESENT: "shield-present",
    Presence.ABSENT: "shield-absent",
    Presence.UNKNOWN: "shield-unknown",
}
"""Shapes of their own, in no colour of openness: an absent safeguard is never closed."""


class PresenceSign(QWidget):
    """A shield whose shape says whether something is there; its word stands beside it.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, safeguard: Safeguard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.presence = theme, safeguard.presence
        # Somebody's word alone is drawn as quietly as what nobody has told.
        self._is_quiet = self.presence is Presence.UNKNOWN or is_claimed(safeguard)
        side = theme.px("icon")
        self.setFixedSize(QSize(side, side))
        self.setToolTip(presence_words(safeguard))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the sign in the theme's colour of the moment."""
        role = "faint" if self._is_quiet else "soft"
        self._theme.icon(_SIGNS[self.presence], role).paint(QPainter(self), self.rect())


class SafeguardRow(QWidget):
    """One safeguard; its details are made when they are first asked for.

    Thread: GUI.
    """

    def __init__(
        self, theme: Theme, safeguard: Safeguard, level: Level, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self.safeguard, self._level = theme, safeguard, level
        name = safeguard_texts().names[safeguard.id]
        self._head = QToolButton()
        self._head.setText(name)
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_look(self._head, Look.FOLD)
        self._head.toggled.connect(self._on_toggled)
        self._word = wrapping(presence_words(safeguard))
        self._held = wrapping("")
        set_look(self._held, Look.SMALL)
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        indent = theme.px("icon") + theme.px("space_1")
        line = QHBoxLayout()
        line.setSpacing(theme.px("space_1"))
        line.addWidget(PresenceSign(theme, safeguard))
        line.addWidget(self._head)
        line.addStretch(1)
        self._column.addLayout(line)
        below = QVBoxLayout()
        below.setContentsMargins(indent, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self._word)
        below.addWidget(self._held)
        self._below = below
        self._column.addLayout(below)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_level(level)

    @property
    def head(self) -> QToolButton:
        """Opens and folds the details."""
        return self._head

    def show_level(self, level: Level) -> None:
        """Tells who holds it at another level of access."""
        self._level = level
        self._held.setText(held_words(self.safeguard, level))
        name = safeguard_texts().names[self.safeguard.id]
        self._head.setAccessibleName(f"{name}: {self._word.text()}")
        self._head.setAccessibleDescription(self._held.text())
        if self._body is not None:
            is_open = self._head.isChecked()
            self._body.hide()
            self._body.deleteLater()
            self._body = None
            self._on_toggled(is_open)

    def texts(self) -> str:
        """Returns every sentence that is shown."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def _on_toggled(self, is_open: bool) -> None:
        if is_open and self._body is None:
            self._body = self._details()
            self._below.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(is_open)
        self._restyle()

    def _details(self) -> QWidget:
        theme = self._theme
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, theme.px("space_1"), 0, theme.px("space_1"))
        grid.setHorizontalSpacing(theme.px("space_2"))
        grid.setVerticalSpacing(theme.px("space_half"))
        grid.setColumnStretch(1, 1)
        for at, line in enumerate(detail_lines(self.safeguard, self._level)):
            self._add(grid, at, line)
        at = grid.rowCount()
        for number, line in enumerate(evidence_lines(self.safeguard)):
            label = safeguard_texts().said["evidence"] if number == 0 else ""
            told = f"{line.said}\n{line.label}" if line.label else line.said
            self._add(grid, at + number, SafeguardLine(label=label, said=told, source=line.source))
        return body

    def _add(self, grid: QGridLayout, at: int, line: SafeguardLine) -> None:
        name, said = QLabel(line.label), wrapping(line.said)
        set_look(name, Look.FAINT)
        name.setWordWrap(True)
        name.setFixedWidth(self._theme.px("space_6") * 2)
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        name.setBuddy(said)
        said.setToolTip(line.source)
        said.setAccessibleName(f"{line.label}: {line.said}")
        said.setAccessibleDescription(line.source)
        grid.addWidget(name, at, 0)
        grid.addWidget(said, at, 1)

    def _restyle(self) -> None:
        is_open = self._head.isChecked()
        self._head.setIcon(self._theme.icon("chevron-down" if is_open else "chevron-right"))
