"""Blocks on a Qt document: drawn once, as high as they are, and never looking for anything."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.chat.turns.turn_view import DRAWN_AT_ONCE
from app.markdown.stream import MarkdownStream
from app.markdown.view import ColourRange, MarkdownView
from app.theme.theme import Theme
from tests.app.markdown.test_stream import HOSTILE, RICH

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def view(theme: Theme, qtbot) -> MarkdownView:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(760, 900)
    view = MarkdownView(theme, holder)
    view.resize(760, 900)
    holder.show()
    view.holder = holder
    return view


def whole(theme: Theme, text: str) -> str:
    view = MarkdownView(theme)
    view.show_text(text)
    text = view.document().toHtml()
    view.deleteLater()
    return text


def test_streaming_ends_in_the_same_document_as_drawing_it_whole(
    view: MarkdownView, theme: Theme
) -> None:
    stream = MarkdownStream()
    view.show_stream(stream)
    for at in range(0, len(RICH), 5):
        stream.feed(RICH[at : at + 5])
        view.refresh()
    stream.finish()
    view.refresh()
    assert view.document().toHtml() == whole(theme, RICH)


def test_another_text_takes_the_place_of_one_with_code(view: MarkdownView) -> None:
    """An empty document asks for another height, at which the buttons are placed again."""
    view.height_changed.connect(lambda: view.resize(760, 100 + view.sizeHint().height()))
    view.show_text("words\n\n```python\nx = 1\n```\n\nmore\n\n```\ny\n```\n")
    view.show_text("short")
    assert view.document().toPlainText().strip() == "short"


def test_a_table_breaks_no_word_while_there_is_room(view: MarkdownView) -> None:
    view.resize(580, 400)
    view.show_text(
        "| Capital | Population | Economy |\n|---|---|---|\n"
        "| Paris | 11,719,024 | EU |\n| Berlin | 3,731,373 | Germany |\n"
    )
    view.height_at(580)
    block, lines = view.document().begin(), []
    while block.isValid():
        lines.append(block.layout().lineCount())
        block = block.next()
    assert len(lines) > 9
    assert max(lines) == 1


def test_what_is_settled_is_not_drawn_again(view: MarkdownView) -> None:
    stream = MarkdownStream()
    view.show_stream(stream)
    stream.feed("first\n\nsecond\n\n")
    view.refresh()
    changes: list[int] = []
    view.document().contentsChange.connect(lambda at, gone, new: changes.append(at))
    stream.feed("third and more\n\n```py\nx = 1\n")
    view.refresh()
    assert changes
    assert min(changes) >= len("first\nsecond")


def test_it_is_as_high_as_its_text(view: MarkdownView) -> None:
    view.show_text("one line")
    short = view.height_at(760)
    view.show_text("one line\n\n" * 20)
    assert view.height_at(760) > 15 * short


def test_links_are_signals_with_the_address_as_written(view: MarkdownView) -> None:
    view.show_text("[a](HTTP://Exämple.org/%20x?y) and [b](javascript:alert(1))")
    pressed: list[str] = []
    view.link_pressed.connect(pressed.append)
    view.anchorClicked.emit(QUrl("#0"))
    view.anchorClicked.emit(QUrl("#1"))
    view.anchorClicked.emit(QUrl("#7"))
    assert pressed == ["HTTP://Exämple.org/%20x?y", "javascript:alert(1)"]


def test_code_has_its_language_a_button_and_later_its_colours(view: MarkdownView) -> None:
    settled: list[tuple[int, str, str]] = []
    view.code_settled.connect(lambda *what: settled.append(what))
    view.show_text("text\n\n```python\ndef f():\n    pass\n```\n\nmore")
    assert settled == [(0, "python", "def f():\n    pass")]
    (button,) = view._buttons
    button.click()
    assert QGuiApplication.clipboard().text() == "def f():\n    pass"
    view.set_colours(0, [ColourRange(0, 3, "code_keyword"), ColourRange(13, 4, "code_keyword")])
    block = view.document().findBlockByNumber(view._drawing.marks.boxes[0].first)
    assert [(part.start, part.length) for part in block.layout().formats()] == [(0, 3), (13, 4)]


def test_long_code_is_one_box_that_copies_whole(view: MarkdownView) -> None:
    code = "\n".join(f"line {number}" for number in range(900))
    view.show_text(f"```text\n{code}\n```")
    assert len(view._buttons) == 1
    assert view.code_text(0) == code


def test_whatever_qt_asks_for_is_an_empty_picture(view: MarkdownView) -> None:
    found = view.loadResource(2, QUrl("file:///etc/passwd"))
    assert isinstance(found, QImage)
    assert found.width() == 1


def test_a_selection_is_copied_as_plain_text(view: MarkdownView) -> None:
    view.show_text("**bold** words\n\n```\na\nb\n```")
    view.selectAll()
    data = view.createMimeDataFromSelection()
    assert data.text() == "bold words\na\nb"
    assert not data.hasHtml()


def test_another_theme_draws_it_anew(view: MarkdownView, theme: Theme) -> None:
    from app.theme.theme import SchemeChoice

    view.show_text("some text")
    before = view.document().firstBlock().charFormat().foreground().color().name()
    theme.choose(SchemeChoice.DARK)
    after = view.document().firstBlock().charFormat().foreground().color().name()
    assert before != after
    assert view.toPlainText() == "some text"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_text_holds_the_window_for_long(view: MarkdownView, name: str) -> None:
    """Fed and drawn as the transcript does it: in slices, between which the window paints."""
    stream, text, longest = MarkdownStream(), HOSTILE[name], 0.0
    view.show_stream(stream)
    for at in range(0, min(len(text), 24 * 1024), 4096):
        start = time.thread_time()
        stream.feed(text[at : at + 4096])
        while not view.refresh(DRAWN_AT_ONCE):
            longest = max(longest, time.thread_time() - start)
            start = time.thread_time()
        view.height_at(760)
        longest = max(longest, time.thread_time() - start)
    assert longest < 0.2


PROBE = """
import sys
from PySide6.QtWidgets import QApplication
from app.markdown.view import MarkdownView
from app.theme.theme import Theme
app = QApplication(["probe"])
view = MarkdownView(Theme(app))
view.resize(600, 400)
view.show()
view.show_text("warm up")
app.processEvents()
opened = []
sys.addaudithook(lambda name, args: opened.append((name, args)) if name in ("open", "socket.connect") else None)
print("MARK", flush=True)
view.show_text(open("/dev/stdin").read())
view.grab()
app.processEvents()
print("END", flush=True)
"""

LURES = """![a](file:///lure-1.png) ![b](//lure-2/share/x.png) ![c](http://lure-3.invalid/p.png)
![d](/lure-4.png) [e](file:///lure-5) <img src="/lure-6.png"> ![f](lure-7.png)
<style>@import url(/lure-8.css);</style> ![g](qrc:/lure-9.png) ![h](data:image/png;base64,AAAA)
"""


def test_no_file_of_a_text_is_ever_looked_for() -> None:
    """Asks the kernel, not Qt: strace sees each file that the process so much as probes for."""
    strace = ["strace", "-f", "-qq", "-e", "trace=%file,%network", "-o", "/dev/stderr"]
    try:
        done = subprocess.run(
            [*strace, sys.executable, "-c", PROBE],
            input=LURES,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("strace is not installed")
    assert "END" in done.stdout, done.stderr[-2000:]
    assert "lure" not in done.stderr
    assert "AF_INET" not in done.stderr


def test_selecting_by_keyboard(view: MarkdownView) -> None:
    view.show_text("some words")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.textCursor().selectedText() == "some words"
