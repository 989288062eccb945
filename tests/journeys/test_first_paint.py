"""The window is of use from its first paint, though parts of it are made afterwards."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.window import running_parts


def test_no_key_is_lost_and_nothing_moves(qapp: QApplication, qtbot) -> None:
    with running_parts(qapp) as parts:
        parts.window.resize(1440, 900)
        parts.show([])
        page = parts.window.page()
        assert not page.is_made("transcript"), "the first paint does not wait for it"
        before = parts.window.grab().toImage()
        places = page.composer.geometry(), page.list.geometry()
        for letter in "hello":
            QTest.keyClick(QApplication.focusWidget() or page.composer.edit, letter)
            QApplication.processEvents()
        qtbot.waitUntil(lambda: not parts._late._waiting, timeout=20_000)
        assert page.is_made("transcript")
        assert page.composer.text == "hello"
        assert (page.composer.geometry(), page.list.geometry()) == places
        side = page.list.mapTo(parts.window, page.list.rect().topLeft())
        seen = page.list.rect().translated(side)
        assert parts.window.grab().toImage().copy(seen) == before.copy(seen)
        QTest.keyClick(page.composer.edit, Qt.Key.Key_Escape)
    qapp.setStyleSheet("")
