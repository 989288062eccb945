"""Bar and inspector at 200 % in a small window: what is left out or drawn closer, and what never overlaps."""

import pytest
from PySide6.QtWidgets import QWidget

from app.window.application import Parts
from runner.session import SessionState


@pytest.mark.parametrize("width", [720, 1280, 1024, 1920])
def test_nothing_in_the_bar_lies_on_anything_else(parts: Parts, qtbot, width: int) -> None:
    parts.context.settings.change("appearance", text_scale=2.0)
    parts.window.resize(width, 800)
    parts.window.show()
    parts.context.models.begin()
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)
    bar = parts.window.top_bar
    qtbot.waitUntil(lambda: bar.width() == width, timeout=5_000)
    qtbot.wait(20)
    assert bar._process.width() >= bar._process.sizeHint().width()
    assert bar.network.width() >= bar.network.sizeHint().width()
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


def test_the_inspector_s_head_leaves_room_for_what_it_is_above(parts: Parts, qtbot) -> None:
    parts.context.settings.change("appearance", text_scale=2.0)
    parts.window.resize(1280, 800)
    parts.window.show()
    parts.context.models.begin()
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)
    parts.window.show_inspector()
    panel = parts.window.inspector
    low = panel.height()
    qtbot.waitUntil(lambda: panel._tabs.height() == panel._tabs.heightForWidth(panel._tabs.width()))
    assert panel._head.height() < low / 4
    parts.window.resize(1280, 1400)
    qtbot.waitUntil(lambda: panel.height() > 1.5 * low, timeout=5_000)
    qtbot.waitUntil(lambda: panel._head.height() > low / 4, timeout=5_000)
