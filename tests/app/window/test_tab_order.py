"""The order in which Tab goes, and what Python keeps of it."""

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import Shiboken

from app.widgets.flow_layout import FlowLayout
from app.window.tab_order import reading_order


@pytest.fixture
def page(qapp: QApplication) -> QWidget:
    """Every kind of layout, filled in another order than it is read."""
    page = QWidget()
    column = QVBoxLayout(page)
    row, grid, form, flow = QHBoxLayout(), QGridLayout(), QFormLayout(), QWidget()
    column.addLayout(grid)
    column.addSpacing(8)
    column.addWidget(flow)
    column.addStretch(1)
    column.insertLayout(0, row)
    row.addWidget(QPushButton("2"))
    row.insertWidget(0, QPushButton("1"))
    grid.addWidget(QPushButton("5"), 1, 0)
    grid.addWidget(QPushButton("4"), 0, 1)
    grid.addWidget(QPushButton("3"), 0, 0)
    form.addRow(QLabel("6"), QPushButton("7"))
    FlowLayout(flow)
    for name in ("8", "9"):
        button = QPushButton(name)
        flow.layout().addWidget(button)
    column.insertLayout(2, form)
    page.show()
    return page


def test_parts_are_read_as_their_layouts_have_them(page: QWidget) -> None:
    read = [one.text() for one in reading_order(page) if isinstance(one, QPushButton | QLabel)]
    assert read == [str(number) for number in range(1, 10)]


def test_python_keeps_no_address_of_what_a_layout_ends(page: QWidget) -> None:
    """An item that was asked for stays known under its address, where the next object then lies."""
    before = {id(one) for one in Shiboken.getAllValidWrappers() if _is_item(one)}
    assert list(reading_order(page))
    after = [one for one in Shiboken.getAllValidWrappers() if _is_item(one)]
    assert [one for one in after if id(one) not in before] == []


def _is_item(one: object) -> bool:
    return isinstance(one, QLayoutItem) and not isinstance(one, QLayout)
