"""The Summary's rows when they are told again: what stays is the same label, in its place."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.tabs.summary.rows import SummaryRows
from app.theme.theme import Theme
from app.words.summary import FactRow


def row(key: str, value: str, **changed: object) -> FactRow:
    made = {"key": key, "label": key.title(), "value": value, "source": "header", "is_known": True}
    return FactRow(**{**made, **changed})  # type: ignore[arg-type]


@pytest.fixture
def rows(qapp: QApplication, qtbot: QtBot) -> SummaryRows:
    shown = SummaryRows(Theme(qapp))
    qtbot.addWidget(shown)
    shown.resize(800, 400)
    shown.show()
    return shown


def order(rows: SummaryRows) -> list[str]:
    """Returns the values from top to bottom."""
    labels = {key: rows.value(key) for key in ("name", "file", "sha256", "free")}
    seen = [(label.mapTo(rows, QPoint()).y(), key) for key, label in labels.items() if label]
    return [key for _, key in sorted(seen)]


def test_what_is_told_again_stays_the_same_label(rows: SummaryRows, qapp: QApplication) -> None:
    rows.show_groups({"Model": [row("name", "Tiny"), row("free", "3 GB")]})
    qapp.processEvents()
    name, free = rows.value("name"), rows.value("free")
    assert name is not None
    assert free is not None
    rows.show_groups({"Model": [row("name", "Tiny"), row("free", "unknown", is_known=False)]})
    assert rows.value("name") is name
    assert rows.value("free") is free
    assert free.text() == "unknown"
    # Nothing was hidden on the way, so no frame is drawn without it.
    assert name.isVisible()
    assert free.isVisible()
    rows.show_groups({"Model": [row("name", "Tiny"), row("free", "4 GB")]})
    assert free.property("look") == ""


def test_rows_come_and_go_in_their_order(rows: SummaryRows, qapp: QApplication) -> None:
    rows.show_groups({"Model": [row("name", "Tiny"), row("free", "3 GB")]})
    name = rows.value("name")
    rows.show_groups(
        {
            "Model": [row("name", "Tiny"), row("file", "tiny.gguf")],
            "Prints": [row("sha256", "ab" * 32, mono=True)],
        }
    )
    qapp.processEvents()
    assert rows.value("name") is name
    assert rows.value("free") is None
    assert order(rows) == ["name", "file", "sha256"]
    assert rows.copy_button("sha256") is not None
    rows.show_groups({"Model": [row("file", "tiny.gguf"), row("name", "Tiny")]})
    qapp.processEvents()
    assert order(rows) == ["file", "name"]
    assert rows.copy_button("sha256") is None
