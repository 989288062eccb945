"""The window by keyboard alone: what Tab comes to, in which order, and how it is seen."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QTextEdit,
    QWidget,
)

from app.chat.turns.turn_items import Ask
from app.window.text_keys import TextKeys
from tests.journeys.conftest import Person

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTextEdit,
)


@pytest.fixture
def at_keys(ready: Person) -> Iterator[Person]:
    ready.parts.window.resize(1440, 900)
    ready.parts.window.activateWindow()
    ready.page.setFocus()
    ready.wait(lambda: focused() is ready.page.composer.edit, "the keyboard is in the box")
    yield ready
    ready.parts.window.resize(1440, 900)
    ready.parts.context.settings.change("appearance", text_scale=1.0)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "something has the keyboard"
    return widget


def tabbed(key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Presses Tab until it is where it began, and returns what had the keyboard."""
    stops = [focused()]
    for _ in range(120):
        QTest.keyClick(focused(), key)
        if focused() is stops[0]:
            return stops
        assert focused() not in stops, f"Tab runs in a circle at {focused()}"
        stops.append(focused())
    raise AssertionError("Tab never came back")


def press_in_window(
    window: QWidget,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Presses a key as a person does, so that the window's shortcuts come first."""
    QTest.keyClick(window.windowHandle(), key, modifier)


def name(control: QWidget) -> str:
    said = control.text() if isinstance(control, QAbstractButton) else ""
    return control.accessibleName() or said or type(control).__name__


def is_by_arrows(control: QWidget, stops: list[QWidget]) -> bool:
    """Says whether a control is one of a group, of which Tab comes to the chosen one."""
    if not isinstance(control, QAbstractButton) or (group := control.group()) is None:
        return False
    return any(button in stops for button in group.buttons())


@pytest.mark.parametrize("page", ["chat", "models", "compare", "settings"])
def test_tab_comes_to_every_control_of_every_page(at_keys: Person, page: str) -> None:
    if page == "chat":
        at_keys.ask("first")
    window = at_keys.parts.window
    window.show_page(page)
    at_keys.settle()
    stops = tabbed()
    unreached = [
        name(control)
        for control in window.findChildren(QWidget)
        if isinstance(control, CONTROLS)
        and control.isVisible()
        and control.isEnabled()
        and control.focusProxy() is None
        and not isinstance(control.parentWidget(), QAbstractItemView)  # headings, not cells
        and control not in stops
        and not is_by_arrows(control, stops)
    ]
    assert unreached == []
    assert tabbed(Qt.Key.Key_Backtab) == [stops[0], *reversed(stops[1:])]


def test_tab_goes_as_the_window_is_read(at_keys: Person) -> None:
    at_keys.ask("first")
    # The names of texts go on with what they say.
    names = [name(stop).partition(":")[0] for stop in tabbed()]
    read = [
        "Your question",
        "Summary",
        "Offline",
        "Chat",
        "New chat",
        "Search chats",
        "Chats",
        "Turn",
        "Answer",
        "Regenerate",
    ]
    # What scrolls below a tab has its name, too.
    assert list(dict.fromkeys(one for one in names if one in read)) == read


def test_the_ring_is_for_the_keyboard_and_goes_along(at_keys: Person) -> None:
    window = at_keys.parts.window
    ring = window.focus_ring
    QTest.mouseClick(at_keys.page.composer.edit.viewport(), Qt.MouseButton.LeftButton)
    assert ring.target is None
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert ring.target is focused()
    drawn = ring._drawn
    assert drawn is not None
    assert drawn.isVisible()
    target = ring.target
    assert drawn.geometry().contains(target.mapTo(window, target.rect().center()))
    before = drawn.geometry()
    window.resize(1300, 820)
    at_keys.wait(lambda: drawn.geometry() != before, "the ring has moved")
    assert drawn.geometry().contains(target.mapTo(window, target.rect().center()))
    QTest.keyClick(focused(), Qt.Key.Key_Backtab)
    assert ring.target is at_keys.page.composer, "of the box in its frame, the frame"
    QTest.mouseClick(at_keys.page.composer._send, Qt.MouseButton.LeftButton)
    QTest.mouseClick(at_keys.page.list.search_field, Qt.MouseButton.LeftButton)
    assert ring.target is None


def test_more_for_an_answer_opens_and_does_by_keys(at_keys: Person) -> None:
    at_keys.ask("first")
    at_keys.parts.context.settings.change("appearance", text_scale=1.5)
    at_keys.parts.window.resize(760, 700)
    at_keys.settle()
    view = at_keys.page.transcript.view(at_keys.path[-1].id)
    assert view is not None
    at_keys.page.setFocus()
    more = None
    for _ in range(60):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        if focused().accessibleName() == "More for this answer":
            more = focused()
            break
    assert more is not None, "Tab comes to it"
    menu = more.findChild(QMenu)
    opened: list[bool] = []

    def in_menu() -> None:
        opened.append(menu.isVisible())
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        menu.close()

    QApplication.clipboard().clear()
    QTimer.singleShot(100, in_menu)  # the key returns only once the menu is closed
    QTest.keyClick(more, Qt.Key.Key_Return)
    assert opened == [True]
    assert QApplication.clipboard().text() == at_keys.path[-1].answer


def test_arrow_keys_go_along_the_rail(at_keys: Person) -> None:
    window = at_keys.parts.window
    chat = window._rail._buttons["chat"]
    chat.setFocus(Qt.FocusReason.TabFocusReason)
    for name in ("Models", "Compare", "Settings"):
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        assert focused().accessibleName() == name
        assert focused() is window._rail._buttons[window._key]


def test_pressing_what_then_goes_leaves_the_keyboard_in_the_box(at_keys: Person) -> None:
    edit = at_keys.page.composer.edit
    question = at_keys.page.start.questions[0]
    QTest.mouseClick(question, Qt.MouseButton.LeftButton)
    at_keys.wait(lambda: bool(at_keys.path), "the question was taken")
    at_keys.answered()
    assert focused() is edit
    at_keys.press(Ask.AGAIN)
    at_keys.wait(lambda: at_keys.controller.live is not None, "another answer has begun")
    assert focused() is edit
    at_keys.answered()
    view = at_keys.page.transcript.view(at_keys.path[-1].id)
    assert view is not None
    again = view.show_actions().button(Ask.AGAIN)
    again.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(again, Qt.Key.Key_Return)
    at_keys.wait(lambda: at_keys.controller.live is not None, "a third answer has begun")
    assert focused() is edit
    at_keys.answered()
    at_keys.type("by the button")
    at_keys.wait(at_keys.page.composer._send.isEnabled, "it can be sent")
    QTest.mouseClick(at_keys.page.composer._send, Qt.MouseButton.LeftButton)
    at_keys.wait(lambda: at_keys.controller.live is not None, "the answer has begun")
    assert focused() is edit
    at_keys.answered()


def test_a_press_on_the_frame_puts_the_cursor_into_the_box(at_keys: Person) -> None:
    composer = at_keys.page.composer
    at_keys.page.list.search_field.setFocus()
    foot = QPoint(composer.width() // 2, composer.height() - 3)
    assert composer.childAt(foot) is None
    QTest.mouseClick(composer, Qt.MouseButton.LeftButton, pos=foot)
    assert focused() is composer.edit


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [720, 1280])
def test_below_the_box_every_word_is_whole(at_keys: Person, scale: float, width: int) -> None:
    at_keys.ask("first")
    at_keys.controller.seed = 123456
    at_keys.page.options.show()
    at_keys.parts.context.settings.change("appearance", text_scale=scale)
    at_keys.parts.window.resize(width, 700)
    composer = at_keys.page.composer
    shown = [composer._attach, composer._options, composer._meter, composer._send]

    def are_whole() -> bool:
        return all(
            one.width() >= one.sizeHint().width() and composer.rect().contains(one.geometry())
            for one in shown
        )

    at_keys.wait(are_whole, "nothing is cut", seconds=3)
    assert composer._options.text().startswith("Options")


def test_escape_leaves_a_search_and_a_name_and_stops_nothing(at_keys: Person) -> None:
    turn = at_keys.ask("something with a word")
    window, chats = at_keys.parts.window, at_keys.page.list
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(chats.search_field, "word")
    at_keys.wait(lambda: any(row.turn_id for row in chats.model.rows), "it is found")
    at_keys.page.chats.delete(turn.chat_id)
    at_keys.wait(lambda: not chats.model.rows, "what was deleted is found no more")
    at_keys.parts.notices.kept[-1].actions[0].run()
    at_keys.wait(lambda: any(row.turn_id for row in chats.model.rows), "it is found again")
    stopped: list[bool] = []
    window_stops = at_keys.page.stop
    at_keys.page.stop = lambda: stopped.append(True)  # type: ignore[method-assign]
    try:
        press_in_window(window, Qt.Key.Key_Escape)
        assert chats.search_field.text() == ""
        chats._rename(chats.model.row_of(turn.chat_id))
        press_in_window(window, Qt.Key.Key_Escape)
        assert not chats._name.isVisible()
    finally:
        at_keys.page.stop = window_stops  # type: ignore[method-assign]
    assert stopped == []


def test_a_closed_inspector_hands_the_keyboard_to_the_page(at_keys: Person) -> None:
    window = at_keys.parts.window
    window.resize(1000, 700)
    at_keys.settle()
    press_in_window(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert name(focused()) == "Summary", "over the page the keyboard goes along"
    press_in_window(window, Qt.Key.Key_Escape)
    assert focused() is at_keys.page.composer.edit


def test_text_grows_and_shrinks_by_keyboard(at_keys: Person) -> None:
    window, settings = at_keys.parts.window, at_keys.parts.context.settings
    theme = at_keys.parts.context.theme
    high = at_keys.page.composer.edit.height()
    control = Qt.KeyboardModifier.ControlModifier

    def after(*keys: Qt.Key) -> float:
        for key in keys:
            press_in_window(window, key, control)
        at_keys.wait(lambda: not window.findChild(TextKeys).isActive(), "the keys rest")
        assert theme.tokens.scale == settings.current.appearance.text_scale
        return theme.tokens.scale

    assert after(Qt.Key.Key_Plus) == 1.1
    assert after(Qt.Key.Key_Equal) == 1.25, "plus without Shift, on keyboards where it wants it"
    assert after(Qt.Key.Key_Minus, Qt.Key.Key_Minus, Qt.Key.Key_Minus) == 0.9
    assert after(Qt.Key.Key_Minus, Qt.Key.Key_Minus) == 0.8, "no further than the smallest"
    assert at_keys.page.list.width() == theme.px("list"), "the list is as wide as for this text"
    assert after(Qt.Key.Key_0) == 1.0
    assert at_keys.page.list.width() == theme.px("list")
    assert at_keys.page.composer.edit.height() == high, "a line of text fits as before"
    settings.change("appearance", text_scale=1.3)
    assert after(Qt.Key.Key_Plus) == 1.5
    assert focused() is at_keys.page.composer.edit


def test_a_few_presses_in_a_row_style_the_window_once(at_keys: Person) -> None:
    window, theme = at_keys.parts.window, at_keys.parts.context.theme
    styled: list[float] = []
    theme.changed.connect(lambda: styled.append(theme.tokens.scale))
    for _ in range(4):
        press_in_window(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    at_keys.wait(lambda: theme.tokens.scale == 1.75, "text is as large as was asked")
    assert styled == [1.75]


def test_chats_are_searched_from_every_page(at_keys: Person) -> None:
    window, chats = at_keys.parts.window, at_keys.page.list
    for page in ("models", "settings", "chat"):
        window.show_page(page)
        press_in_window(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert focused() is chats.search_field, page
    press_in_window(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
