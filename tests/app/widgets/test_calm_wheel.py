"""The wheel and what it must not change: a page is scrolled past its lists and numbers."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget

import app
from app.widgets.calm_wheel import CalmChoice, CalmDecimal, CalmNumber
from app.widgets.scrolled import scrolled

ITS_OWN = Path("widgets", "calm_wheel.py")
TURNED = {
    "QComboBox",
    "QFontComboBox",
    "QSpinBox",
    "QDoubleSpinBox",
    "QSlider",
    "QDial",
    "QDateEdit",
    "QTimeEdit",
    "QDateTimeEdit",
}
"""What the wheel changes by itself, in Qt."""


def list_of_three() -> QComboBox:
    box = CalmChoice()
    box.addItems(["one", "two", "three"])
    box.setCurrentIndex(1)
    return box


def whole_number() -> QSpinBox:
    box = CalmNumber()
    box.setValue(1)
    return box


def decimal_number() -> QDoubleSpinBox:
    box = CalmDecimal()
    box.setValue(1.0)
    return box


def value_of(control: QWidget) -> float:
    if isinstance(control, QComboBox):
        return control.currentIndex()
    assert isinstance(control, QSpinBox | QDoubleSpinBox)
    return control.value()


def turn(over: QWidget) -> None:
    """Turns the wheel towards the person, as the system tells it: to the window."""
    window = over.window()
    QTest.wheelEvent(
        window.windowHandle(), over.mapTo(window, over.rect().center()), QPoint(0, -120)
    )


@pytest.mark.parametrize("make", [list_of_three, whole_number, decimal_number])
def test_the_wheel_scrolls_past_a_control_that_has_not_the_keyboard(
    make: Callable[[], QWidget], qtbot
) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    control, other = make(), make()
    column.addWidget(control)
    column.addWidget(other)
    column.addStretch(1)
    content.setFixedHeight(2_000)
    area = scrolled(content)
    qtbot.addWidget(area)
    area.resize(200, 200)
    area.show()
    area.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    turn(control)
    assert value_of(control) == 1
    assert area.verticalScrollBar().value() > 0
    area.verticalScrollBar().setValue(0)
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    turn(control)
    assert value_of(control) != 1
    # By Tab it is reached as before, and not by a turn of the wheel.
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_Backtab)
    assert control.hasFocus()


def test_no_control_of_the_window_is_made_another_way() -> None:
    """One that is would change under a wheel that was meant for the page."""
    root = Path(app.__file__).parent
    others = [
        f"{file.relative_to(root)}:{node.lineno}"
        for file in root.rglob("*.py")
        if file.relative_to(root) != ITS_OWN
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if made(node) & TURNED
    ]
    assert others == []


def made(node: ast.AST) -> set[str]:
    """Returns the names of the classes that a piece of code makes one of, or makes its own of."""
    if isinstance(node, ast.Call):
        return {_name(node.func)}
    return set(map(_name, node.bases)) if isinstance(node, ast.ClassDef) else set()


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
