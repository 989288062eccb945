"""The small widgets: what they show, what they ask for, and what the keyboard does."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import SchemeChoice, Theme
from app.widgets.collapsible import CollapsibleSection
from app.widgets.dialog_column import WholeDialog, dialog_column, size_on_screen
from app.widgets.eliding_choice import ElidingChoice
from app.widgets.eliding_label import ElidingLabel
from app.widgets.empty_state import EmptyState
from app.widgets.fact_row import FactRows
from app.widgets.flow_layout import FlowLayout
from app.widgets.progress import DelayedProgress, time_left
from app.widgets.segments import Segments
from app.widgets.tabs import Tabs

GERMAN = ("Zusammenfassung", "Modellkarte", "Lizenz", "Schutzvorkehrungen", "Offenheit", "Gewichte")


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, SchemeChoice.LIGHT)
    yield theme
    theme.deleteLater()
    qapp.setStyleSheet("")


def test_an_eliding_label_gives_the_whole_text_as_a_tip_only_while_it_is_short(qtbot) -> None:
    label = ElidingLabel("a name that is far too long\nfor the place")
    qtbot.addWidget(label)
    label.set_tip("Source: the header.")
    label.show()
    label.resize(60, 20)
    assert label.is_shortened()
    assert label.toolTip().startswith("a name that is far too long for the place\n")
    label.resize(label.sizeHint())
    assert not label.is_shortened()
    assert label.toolTip() == "Source: the header."
    assert label.accessibleName() == "a name that is far too long for the place"


def test_an_eliding_label_asks_for_the_room_of_its_own_face_before_it_is_seen(
    theme: Theme, qtbot
) -> None:
    label = ElidingLabel("a name")
    qtbot.addWidget(label)
    set_look(label, Look.HEADING)
    label.resize(label.sizeHint())
    label.show()
    assert not label.is_shortened()


def test_a_flow_starts_a_new_line_where_there_is_no_room(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8)
    for number in range(4):
        part = QLabel(str(number))
        part.setFixedSize(100, 20)
        flow.addWidget(part)
    assert flow.heightForWidth(1000) == 20
    assert flow.heightForWidth(210) == 48
    holder.resize(210, 60)
    holder.show()
    places = [flow.itemAt(number).geometry().topLeft() for number in range(4)]
    assert [(place.x(), place.y()) for place in places] == [(0, 0), (108, 0), (0, 28), (108, 28)]


def test_a_flow_begins_at_the_right_in_a_right_to_left_language(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow = FlowLayout(holder)
    part = QLabel("x")
    part.setFixedSize(50, 20)
    flow.addWidget(part)
    holder.resize(200, 40)
    holder.show()
    assert part.x() == 150


def test_tabs_go_on_in_a_second_line_where_one_does_not_fit(theme: Theme, qtbot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for title in GERMAN:
        tabs.add(title.lower(), title)
    tabs.resize(900, 40)
    tabs.show()
    one_line = tabs.heightForWidth(900)
    assert one_line < tabs.heightForWidth(300) < len(GERMAN) * one_line
    tabs.resize(300, tabs.heightForWidth(300))
    for button in tabs.findChildren(QWidget):
        assert button.width() <= 300


def test_tabs_never_cut_a_title(theme: Theme, qtbot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for title in GERMAN:
        tabs.add(title.lower(), title)
    for scale in (1.0, 2.0):
        theme.choose(scale=scale)
        for width in (260, 420, 700, 1400):
            tabs.resize(width, tabs.sizeHint().height())
            tabs.show()
            QApplication.processEvents()
            for button in tabs.findChildren(QWidget):
                words = button.fontMetrics().horizontalAdvance(button.text())
                assert button.width() >= min(words, width), f"{button.text()} at {width}, {scale}"


def test_arrow_keys_move_between_tabs(qtbot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for key in ("a", "b", "c"):
        tabs.add(key, key.upper())
    tabs.show()
    with qtbot.waitSignal(tabs.chosen) as chosen:
        qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert chosen.args == ["c"]
    with qtbot.waitSignal(tabs.chosen) as chosen:
        qtbot.keyClick(tabs, Qt.Key.Key_Down)
    assert chosen.args == ["a"]


def test_the_tab_key_comes_to_the_tab_that_is_shown(qtbot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for key in ("one", "two", "three"):
        tabs.add(key, key)
    tabs.choose("two")
    stops = [
        key
        for key, button in tabs._buttons.items()
        if button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["two"]


def test_a_fact_carries_its_source(qtbot) -> None:
    rows = FactRows()
    qtbot.addWidget(rows)
    value = rows.add("Context", "unknown", "The header has no such key; the card may say it.")
    assert value.toolTip() == "The header has no such key; the card may say it."
    assert value.accessibleName() == "Context: unknown"
    assert value.textFormat() is Qt.TextFormat.PlainText
    rows.clear()
    assert rows.count() == 0


def test_a_sentence_takes_the_width_of_label_and_value(qtbot) -> None:
    rows = FactRows()
    qtbot.addWidget(rows)
    fact = rows.add("A name that takes its room", "x", "source")
    sentence = rows.add("", "Nothing is known of it, and that is all there is to say.", "source")
    rows.resize(380, 200)
    rows.show()
    assert sentence.width() == rows.width() > fact.width()
    rows.change(1, "Now it is known.", "another source")
    assert (sentence.text(), sentence.toolTip()) == ("Now it is known.", "another source")


def test_a_section_opens_and_folds(theme: Theme, qtbot) -> None:
    body = QLabel("within")
    section = CollapsibleSection(theme, "Details", body)
    qtbot.addWidget(section)
    section.show()
    assert not body.isVisible()
    section.set_open(True)
    assert body.isVisible()


def test_an_empty_state_has_no_button_without_words_for_it(theme: Theme, qtbot) -> None:
    state = EmptyState(theme, "Nothing is here yet.", "Open a file…")
    qtbot.addWidget(state)
    state.show()
    button = state.findChild(QPushButton)
    with qtbot.waitSignal(state.pressed):
        button.click()
    state.say("Nothing was found.")
    assert not button.isVisible()


def test_progress_appears_only_when_a_wait_turns_out_to_be_one(qtbot) -> None:
    now = [0.0]
    progress = DelayedProgress(can_stop=True, clock=lambda: now[0])
    qtbot.addWidget(progress)
    progress.begin("Hashing the file")
    assert progress.isHidden()
    qtbot.waitUntil(lambda: not progress.isHidden(), timeout=2000)
    now[0] = 1.0
    progress.report(10, 100)
    words = progress.findChild(QLabel)
    assert words.text() == "Hashing the file"
    now[0] = 10.0
    progress.report(20, 100)
    assert words.text() == "about 40 s left"
    progress.end()
    assert progress.isHidden()


def test_a_wait_whose_end_nobody_knows_says_how_long_it_has_been(qtbot) -> None:
    now = [0.0]
    progress = DelayedProgress(clock=lambda: now[0])
    qtbot.addWidget(progress)
    progress.begin("Asking…")
    now[0] = 12.0
    qtbot.waitUntil(lambda: progress.said() == "Asking… 12 s so far", timeout=3000)
    progress.report(1, 10)
    assert "so far" not in progress.said()


def test_a_short_wait_shows_nothing(qtbot) -> None:
    progress = DelayedProgress()
    qtbot.addWidget(progress)
    progress.begin("Reading")
    progress.end()
    qtbot.wait(300)
    assert progress.isHidden()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "a few seconds left"), (43, "about 45 s left"), (200, "about 3 min left")],
)
def test_the_time_left_is_no_more_exact_than_it_can_be(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_segments_say_what_was_chosen(qtbot) -> None:
    segments = Segments([("a", "One"), ("b", "Two")])
    qtbot.addWidget(segments)
    segments.choose("a")
    with qtbot.waitSignal(segments.chosen) as chosen:
        segments.findChildren(QPushButton)[1].click()
    assert chosen.args == ["b"]
    assert segments.current() == "b"


def test_a_segment_has_room_for_its_words_in_bold(theme: Theme, qtbot) -> None:
    """What is chosen is drawn bolder, and its first and last letters were cut."""
    segments = Segments([("a", "requests of mine.txt"), ("b", "Lightwell's own")], wraps=True)
    qtbot.addWidget(segments)
    segments.choose("a")
    segments.resize(600, 100)
    segments.show()
    for button in segments.findChildren(QPushButton):
        font = QFont(button.font())
        font.setWeight(QFont.Weight.DemiBold)
        words = QFontMetrics(font).horizontalAdvance(button.text())
        assert button.width() >= words + 2 * theme.px("space_2")


def test_widgets_ask_for_little_room(theme: Theme, qtbot) -> None:
    label = ElidingLabel("word " * 200)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 100
    assert label.sizeHint() != QSize()


def test_an_empty_state_is_never_a_window_of_its_own(theme: Theme, qtbot) -> None:
    windows: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            is_shown = event.type() is QEvent.Type.Show
            if is_shown and isinstance(watched, QWidget) and watched.isWindow():
                windows.append(type(watched).__name__)
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    try:
        qtbot.addWidget(EmptyState(theme, "Nothing here.", "Find some"))
    finally:
        QApplication.instance().removeEventFilter(watch)
    assert windows == []


def test_a_choice_without_room_ends_in_an_ellipsis_and_says_all_of_it_as_a_tip(
    theme: Theme, qtbot
) -> None:
    choice = ElidingChoice(least_letters=4)
    qtbot.addWidget(choice)
    name = "a model with a name that is far too long for its box"
    choice.addItem(name)
    choice.resize(120, choice.sizeHint().height())
    choice.show()
    assert choice.toolTip() == name
    long_words = choice.grab().toImage()
    choice.setItemText(0, name[:40])
    assert choice.grab().toImage() == long_words, "what has no room leaves no half letters"


def test_a_dialog_is_never_taller_than_its_screen(qtbot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    size_on_screen(dialog, 300, 200)
    assert dialog.size() == QSize(300, 200)
    size_on_screen(dialog, 300, 20_000)
    room = dialog.screen().availableGeometry().height()
    assert room - 100 < dialog.height() < room


def test_no_line_of_a_dialog_is_cut(theme: Theme, qtbot) -> None:
    dialog = WholeDialog()
    qtbot.addWidget(dialog)
    said = QLabel("Words that go on for several lines in a dialog that is not wide. " * 6)
    said.setWordWrap(True)
    column = dialog_column(dialog, theme, "A heading")
    column.addWidget(said)
    dialog.resize(360, 80)
    dialog.show()
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()), timeout=2_000)


def test_what_stands_at_the_end_of_a_line_wraps_where_there_is_no_room(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8, leading=1)
    title, *buttons = (QPushButton(words) for words in ("A title", "Do this", "Do that"))
    for part in (title, *buttons):
        flow.addWidget(part)
    holder.resize(600, 100)
    holder.show()
    assert title.x() == 0
    assert buttons[-1].geometry().right() == holder.rect().right()
    assert {part.y() for part in (title, *buttons)} == {0}
    holder.resize(buttons[0].width() + 20, 200)
    assert [part.x() for part in (title, *buttons)] == [0, 0, 0]
    assert len({part.y() for part in (title, *buttons)}) == 3
