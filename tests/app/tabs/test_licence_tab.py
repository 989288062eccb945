"""The Licence tab in the real window, with the real reader, on real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.tabs.licence.document_view import DocumentView
from app.tabs.licence.policy_view import PolicyView
from app.tabs.licence.statements import SignView, StatementsView
from app.tabs.licence.tab import LicenceTab
from app.widgets.collapsible import CollapsibleSection
from app.window.application import Parts
from app.window.inspector_panel import InspectorPanel
from tests.inspector.gguf.hostile import U32, number, string, tiny
from tests.support.shared_data import shared

WAIT_MS = 30_000

Shown = Callable[[Path], LicenceTab]


@pytest.fixture
def shown(parts: Parts, qtbot: QtBot) -> Shown:
    """Shows a file in the tab and waits for its report."""

    def show(path: Path) -> LicenceTab:
        panel = parts.window.findChild(InspectorPanel)
        assert panel is not None
        panel.choose("licence")
        parts.context.models.inspect(ModelRef(path=path, name=path.stem))
        qtbot.waitUntil(lambda: parts.window.findChild(LicenceTab) is not None, timeout=WAIT_MS)
        tab = parts.window.findChild(LicenceTab)
        assert tab is not None
        qtbot.waitUntil(lambda: tab.shows(path), timeout=WAIT_MS)
        return tab

    return show


def made(folder: Path, *pairs: bytes) -> Path:
    """Makes a very small model with these pairs in its header."""
    path = folder / "made.gguf"
    path.write_bytes(tiny(**{f"pair{at}": pair for at, pair in enumerate(pairs)}).build())
    return path


def words(tab: LicenceTab) -> str:
    return "\n".join(label.text() for label in tab.findChildren(QLabel))


def test_the_starter_states_its_licence_and_where(shown: Shown, starter_model: Path) -> None:
    tab = shown(starter_model)
    told = words(tab)
    assert "Apache License 2.0" in told
    (label,) = [
        one for one in tab.findChildren(QLabel) if one.text() == "Label in the header: apache-2.0"
    ]
    assert "general.license" in label.toolTip()
    assert starter_model.name in label.toolTip()
    assert {sign.sign.value for sign in tab.findChildren(SignView)} == {
        "allowed",
        "conditional",
        "not said",
    }


def test_a_conflict_along_the_lineage(shown: Shown, tmp_path: Path) -> None:
    tab = shown(
        made(
            tmp_path,
            string("general.license", "apache-2.0"),
            number("general.base_model.count", U32, 1),
            string(
                "general.base_model.0.repo_url", "https://huggingface.co/meta-llama/Llama-3.2-3B"
            ),
        )
    )
    told = words(tab)
    assert "meta-llama/Llama-3.2-3B is under Llama 3.2 Community License" in told
    assert "This file says Apache License 2.0" in told


def test_a_text_beside_the_file_is_matched(shown: Shown, tmp_path: Path) -> None:
    text = shared("cards/llama-3.2/LICENSE").read_text(encoding="utf-8")
    policy = "You will not use it:\n\n1. to deceive people\n"
    (tmp_path / "USE_POLICY.md").write_text(policy)
    (tmp_path / "LICENSE").write_text(text, encoding="utf-8")
    tab = shown(made(tmp_path, string("general.license", "llama3.2")))
    assert "Text: LICENSE, 100\u00a0% of Llama 3.2 Community License" in words(tab)
    (beside,) = tab.findChildren(PolicyView)
    told = "\n".join(label.text() for label in beside.findChildren(QLabel))
    assert "You will not use it: · line 1\n• to deceive people · line 3" in told
    (view,) = tab.findChildren(DocumentView)
    assert not view.is_open()
    assert view.text().startswith("LLAMA 3.2 COMMUNITY LICENSE AGREEMENT")


def test_what_a_changed_text_adds_is_in_view(shown: Shown, tmp_path: Path) -> None:
    text = shared("cards/llama-3.2/LICENSE").read_text(encoding="utf-8")
    added = text.replace(
        "2. Additional", "c. Nobody may sell bread with it on any day.\n\n2. Additional"
    )
    (tmp_path / "LICENSE").write_text(added, encoding="utf-8")
    tab = shown(made(tmp_path, string("general.license", "llama3.2")))
    (view,) = tab.findChildren(DocumentView)
    assert view.is_open()
    assert "nobody may sell bread with it on any day" in words(tab)
    assert "LICENSE is Llama 3.2 Community License with changes" in words(tab)


def test_the_forbidden_uses_open_by_keyboard(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown(made(tmp_path, string("general.license", "llama3.2")))
    statements = tab.findChild(StatementsView)
    assert statements is not None
    fold = statements.findChild(CollapsibleSection)
    assert fold is not None
    assert not fold.is_open()
    qtbot.keyClick(fold._head, Qt.Key.Key_Space)
    assert fold.is_open()
    assert "espionage" in statements.texts()


def test_no_licence_stated(shown: Shown, tmp_path: Path) -> None:
    tab = shown(made(tmp_path))
    told = words(tab)
    assert "No licence stated" in told
    assert "unknown" in told
    assert not tab.findChildren(StatementsView)


def test_an_unknown_licence_is_its_text_and_not_assessed(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(
        "House rules \u202eof nobody.\n<b>You may look</b> on Tuesdays.\n" * 20, encoding="utf-8"
    )
    tab = shown(made(tmp_path, string("general.license", "other")))
    told = words(tab)
    assert "Licence not known here" in told
    assert "It is not assessed." in told
    (view,) = tab.findChildren(DocumentView)
    assert view.is_open()
    assert "<b>You may look</b>" in view.text()
    assert "\u202e" not in view.text()


def test_every_statement_has_a_name_for_those_who_listen(shown: Shown, starter_model: Path) -> None:
    tab = shown(starter_model)
    names = [label.accessibleName() for label in tab.findChildren(QLabel)]
    assert any(name.startswith("Use, allowed: ") for name in names)
    assert any(name.startswith("Share, with conditions: ") for name in names)
    assert any(name == "Approved by OSI: yes" for name in names)
    for sign in tab.findChildren(SignView):
        assert sign.accessibleName()


def test_it_stands_mirrored_and_narrow(
    shown: Shown, starter_model: Path, parts: Parts, qtbot: QtBot
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    tab = shown(starter_model)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        sign = tab.findChildren(SignView)[0]
        (use,) = [label for label in tab.findChildren(QLabel) if label.text() == "Use"]
        qtbot.waitUntil(lambda: sign.x() > use.x(), timeout=WAIT_MS)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    content = tab.content
    assert content is not None
    assert content.minimumSizeHint().width() <= 300, "the panel's narrowest"


def test_a_long_heading_makes_the_tab_no_wider(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(shared("cards/llama-3.2/LICENSE").read_text())
    tab = shown(made(tmp_path, string("general.license", "cc-by-nc-sa-4.0")))
    assert "its papers contradict each other" in words(tab)
    assert tab.content is not None
    assert tab.content.minimumSizeHint().width() <= 300, "the panel's narrowest"


def test_a_file_that_is_no_model_fails_with_words(shown: Shown, tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUFbroken")
    tab = shown(path)
    assert tab.stage.failure()


def test_the_ground_is_the_panels_own(shown: Shown, starter_model: Path) -> None:
    content = shown(starter_model).content
    assert content is not None
    assert not content.autoFillBackground()
