"""The Safeguards tab in the real window, with the real reader."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.tabs.safeguards.tab import SafeguardsTab
from app.window.application import Parts
from app.window.inspector_panel import InspectorPanel
from app.words.safeguards import evidence_lines, safeguard_texts
from inspector.safeguards.catalogue import catalogue
from tests.app.tabs.test_card_tab import model
from tests.inspector.gguf.hostile import string
from tests.support.shared_data import shared

WAIT_MS = 30_000

Shown = Callable[[Path], SafeguardsTab]


@pytest.fixture
def shown(parts: Parts, qtbot: QtBot) -> Shown:
    """Shows a file in the tab and waits for its report."""

    def show(path: Path) -> SafeguardsTab:
        panel = parts.window.findChild(InspectorPanel)
        assert panel is not None
        panel.choose("safeguards")
        parts.context.models.inspect(ModelRef(path=path, name=path.parent.name))
        qtbot.waitUntil(lambda: parts.window.findChild(SafeguardsTab) is not None, timeout=WAIT_MS)
        tab = parts.window.findChild(SafeguardsTab)
        assert tab is not None
        qtbot.waitUntil(lambda: tab.shows(path), timeout=WAIT_MS)
        return tab

    return show


def test_what_a_host_keeps_is_said_first(shown: Shown, starter_model: Path) -> None:
    told = shown(starter_model).texts()
    assert "What a host puts around a model is not in this file" in told
    assert "guard models and the product's system prompt" in told
    assert "Safety is a property of a system" in told
    for word in ("safe to use", "is safe", "closed"):
        assert word not in told


def test_a_card_and_its_guards(shown: Shown, tmp_path: Path) -> None:
    named = string("general.name", "Llama 3.2 1B Instruct")
    tab = shown(model(tmp_path, shared("cards/llama-3.2/MODEL_CARD.md"), name=named))
    told = tab.texts()
    assert "Its card names Llama Guard, Prompt Guard and Code Shield (README.md, line 179)" in told
    audits = next(row for row in tab.rows if row.safeguard.id == "audits")
    assert "declared present by the card, not checked here" in audits.texts()
    audits.head.setChecked(True)
    assert "red team" in audits.texts().lower()
    assert "README.md, line 191" in audits.texts()
    first = evidence_lines(audits.safeguard)[0]
    assert "The card tells of tests for harm." in first.source


def test_another_models_card_is_told_as_left_out(shown: Shown, tmp_path: Path) -> None:
    card = "# Otter 7B\n\nIt went through safety tuning.\n"
    tab = shown(model(tmp_path, card, name=string("general.name", "Small Thing")))
    assert "README.md seems to be another model's card" in tab.texts()
    assert "declared present" not in tab.texts()


def test_a_sign_of_removal_is_told_as_a_claim(shown: Shown, tmp_path: Path) -> None:
    tab = shown(model(tmp_path, None, name=string("general.name", "Small Abliterated")))
    assert "“abliterated”, in general.name, claims" in tab.texts()
    assert "nothing here has checked it" in tab.texts()


def test_a_parents_name_is_a_sign_too(shown: Shown, tmp_path: Path) -> None:
    tab = shown(
        model(
            tmp_path,
            None,
            parents=string("general.base_model.0.repo_url", "https://hub/who/Small-heretic"),
        )
    )
    assert "“heretic”, in general.base_model.0.repo_url" in tab.texts()


def test_another_level_of_access_has_other_holders(shown: Shown, tmp_path: Path) -> None:
    tab = shown(model(tmp_path, None))
    moderation = tab.rows[0]
    moderation.head.setChecked(True)
    assert "would be held by you" in moderation.texts()
    assert tab.levels is not None
    hosted = next(
        button for button in tab.levels.findChildren(QPushButton) if button.text() == "Chat page"
    )
    hosted.click()
    assert "would be held by the provider" in moderation.texts()
    governance = tab.rows[1]
    assert "held by the provider; removed by the provider" in governance.texts()


def test_every_rule_safeguard_and_party_has_words() -> None:
    known, texts = catalogue(), safeguard_texts()
    assert {rule.id for rule in known.rule} == set(texts.rules)
    ids = {kind.id for kind in known.safeguard}
    assert ids == set(texts.names) == set(texts.what) == set(texts.settle)
    assert {kind.id for kind in known.safeguard if kind.stays_behind} == set(texts.in_sentence)
    parties = {
        party
        for kind in known.safeguard
        for held in (*kind.control.values(), *kind.remove.values())
        for party in held
    }
    assert parties == set(texts.parties)
    for rule in known.rule:
        assert set(rule.safeguards) <= ids
