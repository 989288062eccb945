"""A theme for widgets that are looked at alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.theme.theme import SchemeChoice, Theme


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, SchemeChoice.LIGHT)
    yield theme
    qapp.setStyleSheet("")
    theme.deleteLater()
