"""What stands above a card's text, folded: its fields, its slots, its facts, what a page hides."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.reader.card import CardSheet
from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.words.card import (
    CardFact,
    card_texts,
    completeness,
    field_rows,
    slot_rows,
    slots_source,
)
from inspector.untrusted import legible, shown

GoTo = Callable[[int, str], None]
"""Shows a line of the card, and the words in it."""

_LONGEST_HIDDEN = 400


def fields_fold(theme: Theme, sheet: CardSheet) -> CollapsibleSection | None:
    """Returns the fields of the front matter; None where there are none."""
    rows = field_rows(sheet.card)
    if not rows:
        return None

    def fill(body: QWidget) -> None:
        for at, fact in enumerate(rows):
            _row(body, at, fact.label, fact.value, fact.source)

    return _fold(theme, card_texts().said["fields"].format(count=len(rows)), "", fill)


def slots_fold(theme: Theme, sheet: CardSheet, go_to: GoTo) -> CollapsibleSection:
    """Returns the slots of the standard template; a press on a filled one leads there."""

    def fill(body: QWidget) -> None:
        for at, row in enumerate(slot_rows(sheet.card)):
            leads = _going(go_to, row.line, "") if row.line else None
            _row(body, at, row.title, row.said, slots_source(), leads, faint=row.state != "filled")

    return _fold(theme, completeness(sheet.card), slots_source(), fill)


def facts_fold(theme: Theme, facts: Iterable[CardFact], go_to: GoTo) -> CollapsibleSection | None:
    """Returns the facts that are marked in the text, for who uses no pointer; None without any."""
    rows = list(facts)
    if not rows:
        return None

    def fill(body: QWidget) -> None:
        for at, fact in enumerate(rows):
            leads = _going(go_to, fact.line, fact.quote)
            _row(body, at, fact.label, fact.value, fact.source, leads)

    said = card_texts().said
    return _fold(theme, said["facts"].format(count=len(rows)), said["facts_tip"], fill)


def hidden_fold(theme: Theme, sheet: CardSheet) -> CollapsibleSection | None:
    """Returns what a page of this card would not show; None where it hides nothing."""
    if not sheet.hidden:
        return None
    said = card_texts().said

    def fill(body: QWidget) -> None:
        for at, one in enumerate(sheet.hidden):
            text = shown(legible(one.text).replace("\n", " "), _LONGEST_HIDDEN)
            _row(body, at, said["line"].format(line=one.line), text, said["hidden_tip"])

    return _fold(theme, said["hidden"].format(count=len(sheet.hidden)), said["hidden_tip"], fill)


def _fold(
    theme: Theme, title: str, tip: str, fill: Callable[[QWidget], None]
) -> CollapsibleSection:
    """Returns a section whose rows are made when it is first opened."""
    body = _grid(theme)
    fold = CollapsibleSection(theme, title, body)
    fold.setToolTip(tip)
    is_filled = False

    def on_toggled(is_open: bool) -> None:
        nonlocal is_filled
        if is_open and not is_filled:
            is_filled = True
            fill(body)

    fold.toggled.connect(on_toggled)
    return fold


def _grid(theme: Theme) -> QWidget:
    body = QWidget()
    grid = QGridLayout(body)
    grid.setContentsMargins(theme.px("space_3"), 0, 0, theme.px("space_1"))
    grid.setHorizontalSpacing(theme.px("space_2"))
    grid.setVerticalSpacing(theme.px("space_half"))
    grid.setColumnStretch(1, 1)
    return body


def _row(
    body: QWidget,
    at: int,
    label: str,
    value: str,
    source: str,
    leads: Callable[[], None] | None = None,
    *,
    faint: bool = False,
) -> None:
    grid = body.layout()
    assert isinstance(grid, QGridLayout)  # noqa: S101 - made in _grid
    top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
    if leads is None:
        name: QWidget = QLabel(label)
        set_look(name, Look.FAINT)
    else:
        button = QPushButton(label)
        set_look(button, Look.LINK)
        button.clicked.connect(leads)
        button.setAccessibleName(f"{label}: {value}")
        name = button
    told = wrapping(value)
    if faint:
        set_look(told, Look.FAINT)
    told.setAccessibleDescription(source)
    for part in (name, told):
        part.setToolTip(source)
    grid.addWidget(name, at, 0, top)
    grid.addWidget(told, at, 1)


def _going(go_to: GoTo, line: int, quote: str) -> Callable[[], None]:
    return lambda: go_to(line, quote)
