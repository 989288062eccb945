"""The five lines of the Summary tab in the real window: what they say, and where they lead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.tabs.card.tab import CardTab
from app.tabs.summary.tab import SummaryTab
from app.window.application import Parts
from app.window.inspector_panel import InspectorPanel
from app.words.dossier_lines import LINES, line_texts
from tests.app.tabs.test_card_tab import model
from tests.inspector.gguf.hostile import string
from tests.inspector.gguf.test_model import write_set

WAIT_MS = 30_000

Shown = Callable[[Path], dict[str, str]]


def panel_of(parts: Parts) -> InspectorPanel:
    panel = parts.window.findChild(InspectorPanel)
    assert panel is not None
    return panel


def tab_of(parts: Parts) -> SummaryTab:
    tab = parts.window.findChild(SummaryTab)
    assert tab is not None
    return tab


@pytest.fixture
def shown(parts: Parts, qtbot: QtBot) -> Shown:
    """Shows a file and returns its five lines once every answer has come."""

    def show(path: Path) -> dict[str, str]:
        panel_of(parts).choose("summary")
        parts.context.models.inspect(ModelRef(path=path, name=path.parent.name))
        qtbot.waitUntil(lambda: parts.window.findChild(SummaryTab) is not None, timeout=WAIT_MS)
        five = tab_of(parts).five
        reading = line_texts().said["reading"]
        qtbot.waitUntil(
            lambda: (
                five.shows(path)
                and five.is_complete
                and reading not in {one.said for one in five.lines.values()}
            ),
            timeout=WAIT_MS,
        )
        return {key: one.said for key, one in five.lines.items()}

    return show


def test_the_starter_in_five_lines(shown: Shown, starter_model: Path) -> None:
    said = shown(starter_model)
    assert list(said) == list(LINES)
    assert "134.5" in said["what"]
    assert "stated, not checked" in said["origin"]
    assert said["use"].startswith("Apache License 2.0: commercial use allowed")
    assert "no card beside it" in said["unknown"]


def test_what_disagrees_is_named(shown: Shown, tmp_path: Path) -> None:
    said = shown(
        model(
            tmp_path,
            "---\nlicense: mit\n---\n# Small\n\nIt has a context length of 8192 tokens.\n",
            licence=string("general.license", "apache-2.0"),
        )
    )
    assert "differs from the file: " in said["disagrees"]
    assert "Context length" in said["disagrees"]


def test_nothing_told_is_unknown_and_never_closed(shown: Shown, tmp_path: Path) -> None:
    said = shown(model(tmp_path / "bare", None))
    assert "its licence" in said["unknown"]
    assert "what it was trained on" in said["unknown"]
    assert "closed" not in " ".join(said.values())


def test_each_line_leads_to_its_tab(shown: Shown, parts: Parts, starter_model: Path) -> None:
    shown(starter_model)
    for key in LINES:
        tab_of(parts).five.title(key).click()
        assert panel_of(parts).current() == line_texts().tabs[key]


def test_what_disagrees_leads_to_the_claims_that_differ(
    shown: Shown, parts: Parts, tmp_path: Path, qtbot: QtBot
) -> None:
    said = shown(
        model(tmp_path, "---\nlicense: mit\n---\n# Small\n\nA context length of 8192 tokens.\n")
    )
    assert "differs from the file: " in said["disagrees"]
    tab_of(parts).five.title("disagrees").click()
    card = parts.window.findChild(CardTab)
    assert card is not None
    qtbot.waitUntil(lambda: card.claims.report is not None, timeout=WAIT_MS)
    assert card.claims.isVisibleTo(card)
    assert card.claims.filter.key == "differs"
    assert card.claims.filter.rowCount() > 0


def test_a_header_that_comes_late_asks_nothing(shown: Shown, parts: Parts, tmp_path: Path) -> None:
    shown(model(tmp_path / "bare", None))
    tab = tab_of(parts)
    looked = tab._look.looked
    assert looked is not None
    late = ModelRef(path=tmp_path / "bare" / "other.gguf", name="other")
    before = tab.five._look.ref
    tab.five.show_looked(late, looked)
    assert tab.five._look.ref == before, "the look is shared with the tab that is on show"
    assert tab.five.is_complete


def test_the_lines_follow_the_fingerprint_when_it_arrives(
    parts: Parts, tmp_path: Path, qtbot: QtBot
) -> None:
    """A file just downloaded: its weights are a known file's, which nobody can tell until it is read."""
    first, second = (
        model(tmp_path / "one", None),
        model(tmp_path / "two", None, licence=string("general.license", "mit")),
    )
    named = second.rename(second.with_name("relabelled.gguf"))
    context = parts.context
    for path in (first, named):
        context.library.open(path).result()
    panel_of(parts).choose("summary")
    for path in (first, named):
        context.models.inspect(ModelRef(path=path, name=path.stem))
        qtbot.waitUntil(lambda: parts.window.findChild(SummaryTab) is not None, timeout=WAIT_MS)
        five = tab_of(parts).five
        qtbot.waitUntil(
            lambda path=path: bool((file := context.library.at(path)) and file.sha256),
            timeout=WAIT_MS,
        )
    qtbot.waitUntil(
        lambda: (
            "Same weights under another label" in five.lines["disagrees"].said
            and five.lines["disagrees"].said.startswith("differs")
            and "fingerprint" not in five.lines["disagrees"].said
        ),
        timeout=WAIT_MS,
    )


def test_the_lines_of_a_set_of_files_follow_its_fingerprint_too(
    parts: Parts, tmp_path: Path, qtbot: QtBot
) -> None:
    first = write_set(tmp_path)
    parts.context.library.open(first).result()
    panel_of(parts).choose("summary")
    parts.context.models.inspect(ModelRef(path=first, name="m"))
    qtbot.waitUntil(lambda: parts.window.findChild(SummaryTab) is not None, timeout=WAIT_MS)
    five = tab_of(parts).five
    qtbot.waitUntil(
        lambda: (
            parts.context.library.sets.of(first) is not None
            and five.shows(first)
            and five.is_complete
            and "fingerprint" not in five.lines["disagrees"].said
        ),
        timeout=WAIT_MS,
    )
