"""What the tests of the inspector's tabs share: a real window for each of their files."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.window.application import Parts
from tests.support.window import running_parts


@pytest.fixture(scope="module")
def parts(qapp: QApplication) -> Iterator[Parts]:
    """The window with every real part, and the engine that needs no model."""
    with running_parts(qapp) as made:
        made.window.resize(1440, 900)
        made.window.show()
        yield made
