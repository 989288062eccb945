"""What the first paint goes without is made afterwards, with room for keys in between."""

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.window.application import Parts
from app.window.late import LateParts


def test_one_part_is_made_in_each_turn_of_the_event_loop(qtbot: QtBot) -> None:
    made: list[str] = []
    late = LateParts()
    late.make(
        [lambda: made.append("one"), lambda: QTimer.singleShot(0, lambda: made.append("key"))]
    )
    late.make([lambda: made.append("two"), lambda: made.append("three")])
    assert made == [], "nothing before what is waiting was answered"
    qtbot.waitUntil(lambda: made[-1:] == ["three"], timeout=5_000)
    assert made.index("key") < made.index("three"), "what came meanwhile is answered first"
    late.make([lambda: made.append("never")])
    late.stop()
    qtbot.wait(20)
    assert "never" not in made


def test_the_first_model_finds_its_tab_made(parts: Parts) -> None:
    panel = parts.window.inspector
    assert panel._widgets == {}
    for make in panel.late_parts():
        make()
    assert list(panel._widgets) == [panel.current()]
    assert panel._stack.currentWidget() is panel._empty, "and still says that no model is open"
