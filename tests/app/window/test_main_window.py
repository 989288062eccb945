"""The main window: its keys, what folds, what it remembers, and how it answers to the engine's end."""

import os
import shutil
import signal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QToolButton

from app.model.ref import ModelRef
from app.widgets.eliding_label import ElidingLabel
from app.window.application import Parts
from app.window.network_switch import NetworkSwitch
from app.window.room import Room
from runner.porter.wire import Facts
from runner.protocol.engine import Device
from runner.session import SessionState
from tests.app.dossier.test_papers import MIT
from tests.app.window.conftest import PAGES
from tests.support.window import running_parts


def without_licence(model: Path, to: Path) -> None:
    """Copies a model whose header then names its licence by a key that nobody reads."""
    key = b"general.license"
    told = model.read_bytes()
    assert told.count(key) == 1
    to.write_bytes(told.replace(key, b"general.licensX"))


def ready(parts: Parts, qtbot, model: Path) -> None:
    parts.context.models.open(model)
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)


def test_the_engine_s_facts_reach_the_bar_and_the_status_line(parts, qtbot, starter_model) -> None:
    parts.window.show()
    ready(parts, qtbot, starter_model)
    status = parts.window.status
    qtbot.waitUntil(lambda: status.text("connections") != "", timeout=10_000)
    assert status.text("model") == "SmolLM2 135M Instruct"
    assert status.text("device").startswith("CPU, ")
    assert status.text("context").startswith("Context 0 of ")
    assert status.text("connections") == "0 connections"
    bar = {label.text() for label in parts.window.top_bar.findChildren(QLabel) if label.isVisible()}
    assert parts.window.top_bar.findChild(NetworkSwitch).text() == "Offline"
    assert any(words.startswith("Model process: ") for words in bar)


def test_the_bar_says_where_a_label_is_not_what_the_text_says(
    parts, qtbot, starter_model, tmp_path
) -> None:
    parts.window.show()
    model = tmp_path / "m.gguf"
    shutil.copy(starter_model, model)
    (tmp_path / "LICENSE").write_text(MIT)
    ready(parts, qtbot, model)
    bar = parts.window.top_bar
    qtbot.waitUntil(lambda: bar.licence_words == "Apache-2.0, text differs", timeout=20_000)
    known = parts.window._bar_facts.known
    assert known.path == model
    assert None not in (known.looked, known.licences)


def test_the_bar_has_the_cards_licence_where_the_header_names_none(
    parts, qtbot, starter_model, tmp_path
) -> None:
    model = tmp_path / "SmolLM2-135M-Instruct.gguf"
    without_licence(starter_model, model)
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\n---\n# SmolLM2 135M Instruct\n")
    parts.window.show()
    ready(parts, qtbot, model)
    bar = parts.window.top_bar
    qtbot.waitUntil(lambda: bar.licence_words == "Apache-2.0, by its card", timeout=20_000)


@pytest.mark.parametrize("width", [1100, 1280, 1440])
def test_the_models_name_is_shortened_last(parts, qtbot, starter_model, width) -> None:
    parts.window.resize(width, 800)
    parts.window.show()
    models, bar = parts.context.models, parts.window.top_bar
    ready(parts, qtbot, starter_model)
    name = "Relabelled Horizon 360M Instruct Preview"
    models.load(msgspec.structs.replace(models.current, name=name))
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=20_000)
    qtbot.waitUntil(lambda: bool(bar.openness_words), timeout=20_000)
    bar.show_licence("apache-2.0, text differs", "")
    qtbot.waitUntil(lambda: not bar.picker._name.is_shortened(), timeout=2_000)
    assert bar.picker._name.text() == name
    assert bar._licence.isHidden() or not bar._licence.is_shortened()


def test_the_bar_tells_of_the_process_that_answers_and_of_no_other(
    parts, qtbot, starter_model
) -> None:
    ready(parts, qtbot, starter_model)
    qtbot.waitUntil(lambda: parts.context.session.child.facts is not None, timeout=10_000)
    own = parts.context.session.child.facts
    said: list[Facts] = []
    parts.window._facts.proved.connect(said.append)
    last = Facts(**vars(own))
    parts.context.mailbox.put(Facts(**{**vars(own), "number": own.number + 1}))
    parts.context.mailbox.put(last)
    qtbot.waitUntil(lambda: any(facts is last for facts in said))
    assert {facts.number for facts in said} == {own.number}


def test_a_device_that_was_never_tried_says_so(parts, qtbot, starter_model) -> None:
    ready(parts, qtbot, starter_model)
    device = Device(name="Vulkan0", description="a card", memory_free=2**32, memory_total=2**33)
    loaded = parts.context.models.loaded
    parts.context.mailbox.put(
        msgspec.structs.replace(loaded, devices=[device], layers=30, layers_offloaded=30)
    )
    qtbot.waitUntil(lambda: "Vulkan0" in parts.window.status.text("device"))
    said = "Vulkan0, 30 of 30 layers (not tried on this kind of device)"
    assert parts.window.status.text("device") == said


def test_every_shown_fact_says_where_it_comes_from(parts, qtbot, starter_model) -> None:
    parts.window.show()
    ready(parts, qtbot, starter_model)
    for cell in parts.window.status.findChildren(ElidingLabel):
        if cell.isVisible():
            assert cell.toolTip(), cell.text()


def test_a_killed_engine_is_told_once_and_started_again_by_one_click(
    parts, qtbot, starter_model
) -> None:
    parts.window.show()
    ready(parts, qtbot, starter_model)
    told: list[object] = []
    parts.context.notices.told.connect(told.append)
    os.kill(parts.context.session.child.pid, signal.SIGSEGV)
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.FAILED, timeout=10_000)
    qtbot.waitUntil(lambda: len(told) == 1, timeout=5_000)
    (notice,) = told
    assert notice.code == "ended.signal"
    banner = parts.window._notices.banners()[0]
    banner.buttons[0].click()
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)
    assert parts.window._notices.banners() == []


def test_a_file_that_is_no_model_is_refused_in_words(parts, tmp_path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("hello")
    parts.window.open_file(letter)
    assert parts.context.notices.kept[-1].code == "window.not_a_model"
    assert "letter.txt" in parts.context.notices.kept[-1].said.title
    parts.window.open_file(tmp_path / "gone.gguf")
    assert parts.context.notices.kept[-1].code == "files.missing"


def test_a_gguf_file_can_be_dropped_and_nothing_else(parts, qtbot, starter_model, tmp_path) -> None:
    parts.window.show()

    def dropped(*urls: QUrl) -> bool:
        mime = QMimeData()
        mime.setUrls(list(urls))
        actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), actions, mime, buttons, none)
        enter.ignore()
        QApplication.sendEvent(parts.window, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(
            parts.window, QDropEvent(QPointF(5, 5), actions, mime, buttons, none)
        )
        return True

    assert not dropped(QUrl("https://example.org/model.gguf"))
    assert not dropped(QUrl.fromLocalFile(str(tmp_path / "notes.txt")))
    assert dropped(QUrl.fromLocalFile(str(starter_model)))
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)


def test_keys_reach_the_page_and_the_frame(parts, qtbot) -> None:
    window = parts.window
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    control = Qt.KeyboardModifier.ControlModifier
    chat = window.page()
    qtbot.keyClick(window, Qt.Key.Key_2, control)
    assert window.page() is not chat
    qtbot.keyClick(window, Qt.Key.Key_N, control)
    assert window.page() is chat
    assert chat.asked == ["new chat"]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert chat.asked == ["new chat", "stop"]
    qtbot.keyClick(window, Qt.Key.Key_Comma, control)
    assert window.page() is not chat
    open_before = window.inspector.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_I, control)
    assert window.inspector.isVisible() is not open_before


def test_escape_leads_back_from_the_settings(parts, qtbot) -> None:
    window = parts.window
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    chat = window.page()
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settings = window.page()
    assert settings is not chat
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.page() is chat
    assert settings.asked == []
    assert chat.asked == [], "one key does one thing"


def test_ctrl_l_opens_the_picker_with_the_starter_in_it(parts, qtbot) -> None:
    parts.window.show()
    parts.window._open_picker()
    texts = [action.text() for action in parts.window._picker.actions()]
    parts.window._picker.close()
    assert any(text.startswith("SmolLM2 135M Instruct") for text in texts)
    assert {"Find a model…", "Open a GGUF file…"} <= set(texts)
    assert not any(text.startswith("Unload") for text in texts), "nothing is loaded"


def test_the_inspector_overlays_a_narrow_window_and_escape_closes_it(parts, qtbot) -> None:
    window = parts.window
    window.resize(1500, 900)
    window.show()
    assert window.inspector.isVisible()
    page = window.page()
    width_beside = page.width()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: not window.inspector.isVisible(), timeout=2_000)
    width_alone = page.width()
    window._body.set_open(True)
    assert window.inspector.isVisible()
    assert page.width() == width_alone, "it lies over the page and takes no room from it"
    window._escape()
    assert not window.inspector.isVisible()
    window.resize(1500, 900)
    qtbot.waitUntil(window.inspector.isVisible, timeout=2_000)
    assert page.width() == pytest.approx(width_beside, abs=2)
    assert page.rooms[-1] is Room.WIDE
    assert Room.NARROW in page.rooms


def test_the_window_never_grows_with_its_content(parts, qtbot) -> None:
    window = parts.window
    window.resize(1000, 700)
    window.show()
    window.page().setText("a very long line " * 500)
    window.top_bar.show_openness("weights open · " * 100, "source")
    window.status.say("model", "name " * 200, "source")
    parts.context.notices.error("window.not_a_model", name="n" * 2000)
    qtbot.wait(50)
    assert (window.width(), window.height()) == (1000, 700)
    assert window.minimumSizeHint().width() <= 1000


def test_at_first_there_is_room_for_the_frame_on_a_small_screen(parts) -> None:
    available = parts.window.screen().availableGeometry().size()
    assert available.height() < 900, "the offscreen one is small"
    assert parts.window.height() <= available.height() - 40


def test_geometry_columns_and_tab_are_remembered(qapp, qtbot, tmp_path) -> None:
    with running_parts(qapp, pages=PAGES) as parts:
        parts.window.resize(1444, 812)
        parts.window.show()
        parts.window._body._splitter.setSizes([800, 500])
        parts.window._body._on_moved()
        remembered = parts.window._body.columns()
        parts.window._body.set_open(False)
        # Qt puts no window back that is larger than the screen, and the offscreen one is small.
        parts.window.resize(760, 612)
        parts.window.close()
    with running_parts(qapp, pages=PAGES) as parts:
        assert (parts.window.width(), parts.window.height()) == (760, 612)
        assert parts.window._body.columns() == remembered
        assert not parts.window._body.wished_open
    assert "geometry" in (tmp_path / "config/lightwell/settings.toml").read_text()


def test_every_control_has_a_name_that_can_be_read_out(parts, qtbot) -> None:
    parts.window.show()
    for button in parts.window.findChildren(QToolButton):
        if button.isVisible():
            assert button.accessibleName() or button.text(), button.parent()
    assert parts.window.top_bar.picker.accessibleName() == "Model: No model loaded"


def test_tabs_are_choices_of_which_one_holds(parts) -> None:
    """A screen reader called them boxes to be ticked."""
    for button in parts.window.inspector._tabs.findChildren(QAbstractButton):
        called = QAccessible.queryAccessibleInterface(button)
        assert called.role() is QAccessible.Role.RadioButton


def test_what_scrolls_in_a_tab_is_called_by_the_tab(parts) -> None:
    """The Tab key comes to it, and a screen reader said nothing there."""
    areas = parts.window.inspector._tab("licence").findChildren(QScrollArea)
    assert [area.accessibleName() for area in areas] == ["Licence"]


def test_a_right_to_left_language_mirrors_the_frame(parts, qtbot) -> None:
    window = parts.window
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.resize(1500, 900)
    window.show()
    qtbot.wait(20)
    rail = window._rail
    assert rail.mapTo(window, QPoint(0, 0)).x() > 1000
    assert window.inspector.mapTo(window, QPoint(0, 0)).x() < 100
    window.resize(1000, 700)
    window._body.set_open(True)
    assert window.inspector.x() == 0


def test_parts_quit_in_order_and_only_once(qapp, qtbot) -> None:
    with running_parts(qapp, pages=PAGES) as parts:
        parts.window.show()
        parts.quit()
        parts.quit()
        assert parts.window.page().asked == ["finish"]


def test_a_start_gives_the_keyboard_to_the_composer(qapp, qtbot) -> None:
    with running_parts(qapp) as parts:
        window = parts.window
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
        qtbot.keyClicks(qapp.focusWidget(), "hello")
        assert window.page().composer.text == "hello"
        window.show_page("settings")
        window.show_page("chat")
        qtbot.keyClicks(qapp.focusWidget(), " again")
        assert window.page().composer.text == "hello again"
    qapp.setStyleSheet("")


def test_a_model_that_is_loaded_to_chat_leads_to_the_chat(qapp, qtbot) -> None:
    with running_parts(qapp) as parts:
        parts.window.show()
        parts.window.show_page("models")
        page = parts.window.page()
        qtbot.waitUntil(lambda: len(page.here.items) == 1, timeout=10_000)
        assert page.here.table.choose(page.here.items[0].file.path)
        page.here.offers.load.click()
        qtbot.waitUntil(lambda: parts.window.page().key == "chat", timeout=10_000)
    qapp.setStyleSheet("")


def test_the_inspector_says_when_its_model_is_not_the_loaded_one(
    parts, qtbot, starter_model, tmp_path
) -> None:
    window = parts.window
    window.resize(1500, 900)
    window.show()
    other = tmp_path / "other.gguf"
    other.write_bytes(starter_model.read_bytes()[: 1 << 20])
    ready(parts, qtbot, starter_model)
    head = window.inspector._other
    assert head.isHidden()
    parts.context.models.inspect_file(other)
    qtbot.waitUntil(lambda: not head.isHidden(), timeout=5_000)
    assert head.text() == "Not the loaded model, which is SmolLM2 135M Instruct."
    assert window.inspector._name.text() == "other"
    parts.context.models.inspect(ModelRef(path=other, name="SmolLM2 135M Instruct"))
    assert head.text() == "Not the loaded file, which has the same name."
