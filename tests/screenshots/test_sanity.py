"""What a picture must never show: cut words, pale words, a window that its content has pushed.

Every check looks at the real window with the echo engine, in both themes, at 100 % and 200 %.
"""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.theme.tokens import contrast
from app.window.application import Parts
from runner.session import SessionState
from tests.screenshots.take import wait_until
from tests.support.home import live_in
from tests.support.window import running_parts

LOOKS = [(scheme, scale) for scheme in ("light", "dark") for scale in (1.0, 2.0)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]:.0%}", scope="module")
def parts(request, qapp: QApplication, starter_model, tmp_path_factory):
    """One window for each look: what is looked at here does not change it."""
    scheme, scale = request.param
    with pytest.MonkeyPatch.context() as patch:
        live_in(tmp_path_factory.mktemp("home"), patch)
        with running_parts(qapp) as parts:
            parts.context.settings.change("appearance", theme=scheme, text_scale=scale)
            parts.window.resize(1280, 800)
            parts.window.show()
            parts.context.models.open(starter_model)
            models, bar = parts.context.models, parts.window.top_bar
            wait_until(lambda: models.state is SessionState.READY, "the model is ready")
            wait_until(lambda: bool(bar.openness_words), "the file has been looked at")
            yield parts
    qapp.setStyleSheet("")


def frame(parts: Parts) -> list[QWidget]:
    """The window's own parts, without the page and the tab: those have tests of their own."""
    window = parts.window
    return [window.top_bar, window._rail, window.status, window.inspector._head]


def test_no_word_of_the_frame_is_cut(parts: Parts) -> None:
    for area in frame(parts):
        for widget in area.findChildren(QWidget):
            if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
                continue
            words = widget.text()
            if not words or (isinstance(widget, QLabel) and widget.wordWrap()):
                continue
            needed = widget.fontMetrics().horizontalAdvance(words)
            seen = widget.visibleRegion().boundingRect().width()
            assert seen >= min(needed, widget.width()), f"{words!r}: {seen} of {needed}"
            assert widget.width() >= needed, f"{words!r}: {widget.width()} of {needed}"


def test_no_settings_word_is_cut(parts: Parts) -> None:
    parts.window.show_page("settings")
    QApplication.processEvents()
    page = parts.window.page()
    assert page is not None
    for widget in page.findChildren(QLabel):
        if not widget.isVisible() or not widget.text():
            continue
        if widget.wordWrap():
            assert widget.height() >= widget.heightForWidth(widget.width()), widget.text()
        else:
            assert widget.width() >= widget.fontMetrics().horizontalAdvance(widget.text())


def test_words_stand_out_in_the_pixels_that_were_drawn(parts: Parts) -> None:
    picture = parts.window.grab().toImage()
    ratio = picture.devicePixelRatio()
    for area in frame(parts):
        for label in area.findChildren(QLabel):
            if not label.isVisible() or not label.text():
                continue
            corner = label.mapTo(parts.window, QPoint(0, 0))
            rect = QRect(corner, label.size())
            colours = {
                picture.pixelColor(round(x * ratio), round(y * ratio)).name()
                for x in range(rect.left(), min(rect.right(), parts.window.width() - 1), 2)
                for y in range(rect.top(), rect.bottom())
            }
            best = max(contrast(one, other) for one in colours for other in colours)
            assert best >= 4.5, f"{label.text()!r}: {best:.1f}"


def test_the_window_is_as_large_as_it_was_made(parts: Parts) -> None:
    parts.window.show_page("chat")
    QApplication.processEvents()
    assert (parts.window.width(), parts.window.height()) == (1280, 800)
    parts.window.show_page("settings")
    QApplication.processEvents()
    assert (parts.window.width(), parts.window.height()) == (1280, 800)
