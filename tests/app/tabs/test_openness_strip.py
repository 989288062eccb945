"""The fingerprint below the list of models: the same tiles as the tab's, for the model that is chosen."""

import pytest
from PySide6.QtCore import Qt

from app.model.ref import ModelRef
from app.tabs.openness.strip import FingerprintStrip
from inspector.findings.fingerprint import OURS
from inspector.findings.stack import stack
from tests.support import reports
from tests.support.window import running_parts


@pytest.fixture
def strip(qapp):
    with running_parts(qapp, pages=()) as parts:
        strip = FingerprintStrip(parts.context)
        strip.resize(600, 60)
        yield strip
        strip.deleteLater()
    qapp.setStyleSheet("")


def ref(path):
    return ModelRef(path=path, name=path.stem, size_bytes=path.stat().st_size)


def test_it_shows_what_is_chosen_and_keeps_it(strip, qtbot, tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()
    (first / "README.md").write_text(reports.CARD)
    one, two = ref(reports.model(first)), ref(reports.model(second))
    strip.show_file(one)
    assert strip.text() == ""
    qtbot.waitUntil(lambda: bool(strip.text()), timeout=30_000)
    words = strip.text()
    assert words.startswith("weights ")
    (tiles,) = [child for child in strip.children() if hasattr(child, "show_profile")]
    told = tiles.accessibleDescription()
    for part in stack().part:
        whose = f" ({OURS})" if part.id in stack().ours else ""
        assert f"{part.name}{whose}: " in told
    assert "Pre-training dataset: closed" in told
    strip.show_file(two)
    qtbot.waitUntil(lambda: "dataset: unknown" in tiles.accessibleDescription(), timeout=30_000)
    strip.show_file(one)
    assert strip.text() == words
    strip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert not strip.grab().isNull()
    strip.show_file(None)
    assert strip.text() == ""


def test_a_file_that_cannot_be_read_shows_nothing(strip, qtbot, tmp_path):
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\xff" * 100)
    strip.show_file(ref(bad))
    qtbot.waitUntil(lambda: strip._ticket is None, timeout=30_000)
    assert strip.text() == ""
