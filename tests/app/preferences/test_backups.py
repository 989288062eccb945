"""A backup from the settings page and back again, in the real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from app.chat.chat_page import ChatPage
from app.notices import Level
from app.preferences.settings_page import SettingsPage
from app.window.application import Parts
from tests.support.window import running_parts


@pytest.fixture
def parts(qapp: QApplication) -> Iterator[Parts]:
    with running_parts(qapp) as parts:
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def pages(parts: Parts) -> Iterator[tuple[ChatPage, SettingsPage]]:
    chat, settings = ChatPage(parts.context), SettingsPage(parts.context)
    yield chat, settings
    chat.finish()
    chat.deleteLater()
    settings.deleteLater()


def test_restoring_shows_the_old_chats_and_can_be_undone(
    parts: Parts, pages: tuple[ChatPage, SettingsPage], tmp_path: Path, qtbot
):
    chat_page, settings_page = pages
    context, backups = parts.context, settings_page.backups
    store = context.store
    old = store.chats.create("old").result()
    context.settings.change("appearance", theme="dark")

    with qtbot.waitSignal(backups.busy, check_params_cb=lambda busy: not busy):
        backups.back_up(tmp_path / "b.lightwell-backup")
    assert "b.lightwell-backup" in context.notices.kept[-1].said.title

    store.chats.delete(old.id).result()
    new = store.chats.create("new").result()
    context.settings.change("appearance", theme="light", text_scale=1.5)
    chat_page.open_chat(new.id)
    qtbot.waitUntil(lambda: chat_page.controller.chat.tree is not None)

    backups.restore(tmp_path / "b.lightwell-backup")
    qtbot.waitUntil(lambda: context.notices.kept[-1].said.title.startswith("Restored"))
    assert [chat.title for chat in store.chats.list()] == ["old"]
    assert context.settings.current.appearance.theme == "dark"
    qtbot.waitUntil(lambda: chat_page.controller.chat.tree is None)

    (undo,) = context.notices.kept[-1].actions
    count = len(context.notices.kept)
    undo.run()
    qtbot.waitUntil(lambda: len(context.notices.kept) > count)
    assert [chat.title for chat in store.chats.list()] == ["new"]
    assert context.settings.current.appearance.text_scale == 1.5


def test_a_file_that_is_no_backup_is_told_and_changes_nothing(
    parts: Parts, pages: tuple[ChatPage, SettingsPage], tmp_path: Path, qtbot
):
    backups = pages[1].backups
    parts.context.store.chats.create("mine").result()
    bad = tmp_path / "bad"
    bad.write_text("no backup")
    with qtbot.waitSignal(backups.busy, check_params_cb=lambda busy: not busy):
        backups.restore(bad)
    notice = parts.context.notices.kept[-1]
    assert (notice.code, notice.level) == ("backup.not_one", Level.ALERT)
    assert len(parts.context.store.chats.list()) == 1


def test_the_buttons_have_names_and_open_a_dialog_of_our_own(
    pages: tuple[ChatPage, SettingsPage], qtbot
):
    page = pages[1]
    page.show()
    buttons = {
        button.accessibleName(): button
        for button in page.findChildren(QPushButton)
        if button.accessibleName() in {"Back up chats and settings", "Restore a backup"}
    }
    assert len(buttons) == 2
    for button in buttons.values():
        assert button.accessibleDescription()
        button.click()
        dialog = next(found for found in page.findChildren(QFileDialog) if found.isVisible())
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.reject()
        qtbot.waitUntil(lambda dialog=dialog: dialog not in page.findChildren(QFileDialog))
