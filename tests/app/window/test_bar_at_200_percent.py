"""The top bar at 200 % in a small window: parts are left out, and none lies on another."""

import pytest
from PySide6.QtWidgets import QWidget

from app.window.application import Parts
from runner.session import SessionState


@pytest.mark.parametrize("width", [1280, 1024, 1920])
def test_nothing_in_the_bar_lies_on_anything_else(parts: Parts, qtbot, width: int) -> None:
    parts.context.settings.change("appearance", text_scale=2.0)
    parts.window.resize(width, 800)
    parts.window.show()
    parts.context.models.begin()
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)
    bar = parts.window.top_bar
    qtbot.waitUntil(lambda: bar.width() == width, timeout=5_000)
    qtbot.wait(20)
    for parent in (bar, bar.picker):
        seen = [
            one
            for one in parent.children()
            if isinstance(one, QWidget) and one.isVisible() and one.width() > 1
        ]
        for at, one in enumerate(seen):
            assert parent.rect().contains(one.geometry()), one
            for other in seen[at + 1 :]:
                assert not one.geometry().intersects(other.geometry()), (one, other)
