"""The frameworks side by side: each with its reading, and behind it what decided it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.tabs.openness.badge import TriangleBadge
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.words.openness import line_words, next_of, progress_of, range_of
from app.words.translation import translate
from inspector.frameworks.profile import Profile
from inspector.frameworks.shapes import Kind
from inspector.frameworks.verdict import Verdict

_COUNTS = frozenset({Kind.COVERAGE, Kind.CHECKLIST, Kind.SCORE})
"""Kinds whose reading is a count or a range; a longer one waits until it is asked for."""


class VerdictList(QWidget):
    """One row a framework; one of them may be open, and its components are marked elsewhere.

    Thread: GUI.
    """

    picked = Signal(object)
    """The parts that the open framework reads; an empty tuple where none is open."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._open = ""
        self._rows: dict[str, VerdictRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_profile(self, profile: Profile) -> None:
        """Shows the verdicts of this profile; the framework that was open stays open."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        metrics = QFontMetrics(self._theme.font())
        names = [metrics.horizontalAdvance(one.short) for one in profile.verdicts]
        name_width = max(names, default=0) + self._theme.px("space_half")
        for verdict in profile.verdicts:
            row = VerdictRow(self._theme, verdict, name_width)
            row.pressed.connect(self._on_pressed)
            self._rows[verdict.framework] = row
            self._column.addWidget(row)
        if self._open:
            self.pick(self._open)

    @property
    def rows(self) -> "dict[str, VerdictRow]":
        """The rows by the ids of their frameworks."""
        return self._rows

    def pick(self, framework: str) -> None:
        """Opens one framework, and folds the others; an unknown or empty id folds all."""
        self._open = framework
        for key, row in self._rows.items():
            row.set_open(key == framework)
        picked = self._rows.get(framework)
        self.picked.emit(picked.parts if picked else ())

    def _on_pressed(self, framework: str) -> None:
        self.pick("" if framework == self._open else framework)


class VerdictRow(QFrame):
    """One framework: its name, its reading, the range, and on demand what decided it."""

    pressed = Signal(str)

    def __init__(
        self, theme: Theme, verdict: Verdict, name_width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._verdict = verdict
        self._head = QPushButton(verdict.short)
        self._head.setCheckable(True)
        self._head.setAccessibleName(f"{verdict.title}: {verdict.reading}")
        self._head.setToolTip(f"{verdict.title}, {verdict.version}\n{verdict.about}")
        set_look(self._head, Look.LINK)
        self._head.clicked.connect(lambda: self.pressed.emit(verdict.framework))
        self._reading = _label(verdict.reading)
        told = " ".join(filter(None, (progress_of(verdict), range_of(verdict))))
        self._range = _label(told, Look.SMALL)
        self._body: QWidget | None = None
        rule = QFrame()
        set_look(rule, Look.RULE)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, theme.px("space_1"))
        self._grid.setHorizontalSpacing(theme.px("space_2"))
        self._grid.setVerticalSpacing(theme.px("space_half"))
        self._grid.setColumnMinimumWidth(0, name_width)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(rule, 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
        self._grid.addWidget(self._head, 1, 0, top)
        self._grid.addWidget(self._reading, 1, 1)
        if verdict.kind not in _COUNTS:
            self._grid.addWidget(self._range, 2, 1)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the stack that the framework reads."""
        return tuple(dict.fromkeys(part for line in self._verdict.decided for part in line.parts))

    @property
    def is_open(self) -> bool:
        """Whether what decided it is shown."""
        return self._head.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Shows what decided the verdict, or folds it away."""
        self._head.setChecked(is_open)
        if is_open and self._body is None:
            self._body = self._make_body()
            self._grid.addWidget(self._body, 3, 0, 1, 2)
        if self._body is not None:
            self._body.setVisible(is_open)

    def body_text(self) -> str:
        """Returns every line of the open body."""
        labels = self._body.findChildren(QLabel) if self._body is not None else []
        return "\n".join(label.text() for label in labels)

    def _make_body(self) -> QWidget:
        verdict, body = self._verdict, QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(self._theme.px("space_1"), 0, 0, self._theme.px("space_1"))
        column.setSpacing(self._theme.px("space_half"))
        column.addWidget(_label(verdict.about, Look.SMALL))
        if verdict.kind in _COUNTS:
            column.addWidget(self._range)
        if verdict.kind is Kind.BADGE:
            column.addWidget(TriangleBadge(self._theme, verdict))
        if following := next_of(verdict):
            column.addWidget(_label(following))
        for heading, told in _sections(verdict):
            if heading:
                column.addWidget(_label(heading, Look.FAINT))
            column.addWidget(_label(told))
        version = translate(
            "VerdictRow", "Rule set: {title}, {version}, {date}. Read {read} at {url}"
        )
        column.addWidget(
            _label(
                version.format(
                    title=verdict.title, version=verdict.version, date=verdict.date,
                    read=verdict.source.retrieved, url=verdict.source.url,
                ),
                Look.SMALL,
            )
        )  # fmt: skip
        return body


def _sections(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yields headings with their lines: what decided it, its tables, its duties, its notes."""
    group, under = None, list[str]()
    for line in verdict.decided:
        if line.group != group and under:
            yield group or "", "\n".join(under)
            under = []
        group = line.group
        under.append(f"• {line_words(line, verdict.kind)}")
    if under:
        yield group or "", "\n".join(under)
    for table in verdict.tables:
        rows = (f"• {line_words(line, Kind.CHECKLIST)}" for line in table.lines)
        yield table.title, "\n".join(rows)
    if verdict.duties:
        yield translate("VerdictRow", "What remains in any case"), "\n".join(verdict.duties)
    if verdict.glossary:
        told = "\n".join(f"{term}: {said}" for term, said in verdict.glossary.items())
        yield translate("VerdictRow", "Its words"), told
    if verdict.notes:
        yield translate("VerdictRow", "To read it rightly"), "\n".join(verdict.notes)


def _label(text: str, look: Look | None = None) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if look is not None:
        set_look(label, look)
    return label
