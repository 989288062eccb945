"""Settings of models and the Hub, and of the desktop: what they say and what they change."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.entry import DesktopEntry
from app.models_page.hub.token_dialog import TokenDialog
from app.notices import Notices
from app.preferences.desktop_section import DesktopSection, EntryDialog
from app.preferences.hub_words import proxy_words, token_words
from app.preferences.models_section import ModelsSection
from app.settings import SettingsFile
from app.theme.theme import Theme
from runner.fetch.token import HubToken
from runner.library.paths import config_folder
from runner.porter.first import front_end_environment


class Context:
    """As much of the window's parts as the sections work with."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.theme = theme
        self.settings = SettingsFile(folder / "settings.toml")
        self.notices = Notices()


@pytest.fixture
def context(qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Context(Theme(qapp), tmp_path)


def said(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel))


def test_the_rate_is_kept_and_the_folder_is_named(
    context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    section = ModelsSection(context)  # type: ignore[arg-type]
    qtbot.addWidget(section)
    assert str(tmp_path / "data/lightwell/models") in said(section)
    assert not section.open_folder.isEnabled()
    assert section.rate.text() == "No limit"
    section.rate.setValue(1_500)
    assert context.settings.current.models.rate_kb == 1_500
    assert section.rate.text() == "1,500 kB/s"
    assert section.rate.accessibleName() == "Most of the connection that downloads take"


def test_a_token_is_told_of_and_never_shown(context: Context, qtbot: QtBot) -> None:
    token = HubToken(config_folder())
    assert "None is sent" in token_words(token)
    section = ModelsSection(context)  # type: ignore[arg-type]
    qtbot.addWidget(section)
    section.token.click()
    dialog = section.findChild(TokenDialog)
    assert dialog is not None
    dialog.field.setText("hf_abcdefgh12345678")
    with qtbot.waitSignal(section.changed):
        dialog.keep.click()
    again = ModelsSection(context)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    assert "which account asks" in said(again)
    assert "hf_abc" not in said(again)


def test_another_hub_is_set_refused_and_taken_back(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)

    def section() -> ModelsSection:
        made = ModelsSection(context)  # type: ignore[arg-type]
        qtbot.addWidget(made)
        return made

    first = section()
    first.hub.setText("http://mirror.example")
    first.hub.editingFinished.emit()
    assert "That is no address of a Hub." in first.hub_trouble.text()
    assert context.settings.current.network.mirror == ""
    first.hub.setText(" https://mirror.example/ ")
    with qtbot.waitSignal(first.changed):
        first.hub.editingFinished.emit()
    assert context.settings.current.network.mirror == "https://mirror.example"
    second = section()
    assert second.hub.text() == "https://mirror.example"
    second.hub_token.setChecked(True)
    assert context.settings.current.network.token_to_mirror
    second.hub.clear()
    with qtbot.waitSignal(second.changed):
        second.hub.editingFinished.emit()
    assert context.settings.current.network.mirror == ""
    monkeypatch.setenv("HF_ENDPOINT", "https://company.example")
    third = section()
    assert "https://company.example is asked, as HF_ENDPOINT says" in said(third)
    assert not hasattr(third, "hub")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "None: the Hub is reached straight"),
        ({"HTTPS_PROXY": "socks5://p:1080"}, "the Hub can't be reached"),
        ({"HTTPS_PROXY": "http://me:a/secret@p:3128"}, "the Hub can't be reached"),
        ({"https_proxy": "http://me:secret@p:3128", "NO_PROXY": "a.b,.c.d"}, "through p:3128"),
    ],
)
def test_the_way_to_the_hub_is_said_without_its_password(
    environment: dict[str, str], words: str
) -> None:
    # As the porter hands it on: a window gets no proxy's variable, for a password may be in it.
    text = proxy_words(front_end_environment(environment))
    assert words in text
    assert "secret" not in text
    assert ("a.b, .c.d" in text) == ("NO_PROXY" in environment)


def test_the_menu_entry_is_shown_written_and_taken_back(
    context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    entry = DesktopEntry(("/opt/run",), {"HOME": str(tmp_path)})

    def section() -> DesktopSection:
        made = DesktopSection(context, entry)  # type: ignore[arg-type]
        qtbot.addWidget(made)
        return made

    first = section()
    assert "Not registered" in said(first)
    first.add.click()
    dialog = first.findChild(EntryDialog)
    assert dialog is not None
    shown = dialog.files.toPlainText()
    assert "Exec=/opt/run %u" in shown
    assert "mimeapps.list:\n    [Default Applications]\n    x-scheme-handler/lightwell" in shown
    assert not entry.is_anywhere
    with qtbot.waitSignal(first.changed):
        dialog.write.click()
    assert entry.is_there
    second = section()
    assert second.add.parent() is None
    second.take_back.click()
    assert not entry.is_anywhere
    # Either can be undone from what is told of it.
    context.notices.kept[-1].actions[0].run()
    assert entry.is_there
