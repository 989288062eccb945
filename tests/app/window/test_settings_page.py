"""The settings page: each control changes what it says, at once, and survives a larger text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSpinBox, QWidget

from app.preferences.about import about_facts
from app.preferences.settings_page import SettingsPage
from app.window.application import Parts


@pytest.fixture
def page(parts: Parts, qtbot) -> Iterator[SettingsPage]:
    page = SettingsPage(parts.context)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return page


def named(page: SettingsPage, kind: type, name: str) -> QWidget:
    found = [w for w in page.widget().findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def test_the_theme_changes_at_once(parts: Parts, page: SettingsPage) -> None:
    named(page, QPushButton, "Dark").click()
    assert parts.context.theme.is_dark
    assert parts.context.settings.current.appearance.theme == "dark"
    named(page, QPushButton, "Light").click()
    assert not parts.context.theme.is_dark


def test_the_text_grows_at_once_and_the_page_with_it(parts: Parts, page: SettingsPage) -> None:
    box = named(page, QComboBox, "Text size")
    box.setCurrentIndex(box.findText("200 %"))
    box.activated.emit(box.currentIndex())
    assert parts.context.theme.tokens.scale == 2.0
    assert named(page, QComboBox, "Text size").currentText() == "200 %"


def test_numbers_say_automatic_where_the_app_chooses(parts: Parts, page: SettingsPage) -> None:
    for name in ("Threads", "Context", "Layers on the graphics device"):
        assert named(page, QSpinBox, name).text() == "Automatic"
    named(page, QSpinBox, "Threads").setValue(3)
    assert parts.context.settings.current.running.threads == 3


def test_every_control_has_a_sentence(page: SettingsPage) -> None:
    for kind in (QSpinBox, QComboBox):
        for control in page.widget().findChildren(kind):
            assert control.accessibleName()
            assert control.accessibleDescription()


def test_about_names_versions_and_licences_as_installed() -> None:
    facts = {fact.label: fact for fact in about_facts()}
    assert "LGPL-3.0-only" in facts["PySide6_Essentials"].value
    assert "OFL-1.1" in facts["Typefaces"].value
    assert all(fact.source for fact in facts.values())


def test_folders_are_shown_in_full(page: SettingsPage, tmp_path) -> None:
    texts = {label.text() for label in page.widget().findChildren(QLabel)}
    assert str(tmp_path / "config/lightwell/settings.toml") in texts


def test_a_page_that_scrolls_past_a_number_does_not_change_it(
    parts: Parts, page: SettingsPage
) -> None:
    before = parts.context.settings.current
    for kind in (QSpinBox, QComboBox):
        for box in page.widget().findChildren(kind):
            wheel = QWheelEvent(
                QPointF(5, 5),
                QPointF(box.mapToGlobal(QPoint(5, 5))),
                QPoint(),
                QPoint(0, -120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(box, wheel)
            assert not wheel.isAccepted()
    assert parts.context.settings.current == before
