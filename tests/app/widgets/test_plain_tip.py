"""A stranger's text in a tip is shown as it is: no tag is obeyed, no picture is read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.models_page.table.rows import Cell, Row, RowsModel
from app.tabs.stage import Stage
from app.theme.theme import SchemeChoice, Theme
from app.widgets.eliding_choice import ElidingChoice
from app.widgets.eliding_label import ElidingLabel
from app.widgets.fact_row import FactRows
from app.widgets.plain_tip import plain_tip

HOSTILE = (
    '<h1>Checked</h1><img src="file:///etc/passwd">',
    'As the header states it: mit <img src="//server/share/x.png">',
    "https://a.example/<h1>",
    "1 &lt; 2 <h1>",
    "<?xml version='1.0'?><h1>x</h1>",
)


def is_obeyed(text: str) -> bool:
    """Whether Qt takes a text for a page, as labels and tips do unless they are told otherwise."""
    guessed, plain = QLabel(text), QLabel()
    plain.setTextFormat(Qt.TextFormat.PlainText)
    plain.setText(text)
    return guessed.sizeHint() != plain.sizeHint()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_tag_is_obeyed(text: str, qapp: QApplication) -> None:
    assert is_obeyed(text), "Qt would have"
    assert not is_obeyed(plain_tip(text))
    assert plain_tip(text).replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tables_cells_obey_none(text: str, qapp: QApplication) -> None:
    """The licence that a file's header names was one: a picture on this computer was read for it."""
    model = RowsModel(["Licence"])
    model.set_rows([Row(key="a", cells=(Cell("mit", tip=text),), said="", item=None)])
    assert not is_obeyed(str(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)))
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleDescriptionRole) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_shows_names_of_files_obeys_none(text: str, qapp: QApplication) -> None:
    """A file may be called anything."""
    theme = Theme(qapp, SchemeChoice.LIGHT)
    eliding, choice, stage = ElidingLabel(), ElidingChoice(4), Stage(theme, QWidget())
    eliding.set_tip(text)
    choice.addItem(text)
    stage.wait(text)
    facts = FactRows()
    facts.add("Name", "value", text)
    shown = [eliding, choice, *facts.findChildren(QLabel)]
    assert not [one for one in shown if is_obeyed(one.toolTip())]
    (waiting,) = [one for one in stage.findChildren(QLabel) if one.text() == text]
    assert waiting.textFormat() is Qt.TextFormat.PlainText
