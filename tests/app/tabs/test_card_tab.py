"""The Card tab in the real window, with the real reader, on real and hostile cards."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QTextCursor, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.dossier.forebears import base_cards, model_folders
from app.model.ref import ModelRef
from app.tabs.card.tab import CardTab
from app.tabs.summary.dossier_lines import DossierLines
from app.window.application import Parts
from app.window.inspector_panel import InspectorPanel
from app.words.claims import sentence
from app.words.dossier_lines import DISAGREES
from inspector.claims.values import ClaimReport
from runner.store.sources import Source
from tests.app.cli.test_inspect import inspect
from tests.app.reader.test_card import HOSTILE
from tests.inspector.gguf.hostile import U32, number, tiny
from tests.support.home import live_in
from tests.support.shared_data import shared
from tests.support.window import running_parts

WAIT_MS = 30_000

Shown = Callable[[Path], CardTab]


def model(folder: Path, card: Path | str | None, **pairs: bytes) -> Path:
    """Puts a very small model, and a card beside it, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "small.gguf"
    path.write_bytes(tiny(**pairs).build())
    if isinstance(card, Path):
        shutil.copy(card, folder / "README.md")
    elif card is not None:
        (folder / "README.md").write_text(card, encoding="utf-8")
    return path


@pytest.fixture
def shown(parts: Parts, qtbot: QtBot) -> Shown:
    """Shows a file in the tab, and waits until its card is drawn or known to be missing."""

    def show(path: Path) -> CardTab:
        panel = parts.window.findChild(InspectorPanel)
        assert panel is not None
        panel.choose("card")
        parts.context.models.inspect(ModelRef(path=path, name=path.parent.name))
        qtbot.waitUntil(lambda: parts.window.findChild(CardTab) is not None, timeout=WAIT_MS)
        tab = parts.window.findChild(CardTab)
        assert tab is not None
        tab.parts.show_part("card")
        card = path.parent / "README.md"
        if card.exists():
            qtbot.waitUntil(lambda: tab.shows(card), timeout=WAIT_MS)
        else:
            qtbot.waitUntil(lambda: tab.shown_card is None, timeout=WAIT_MS)
        return tab

    return show


def words(tab: CardTab) -> str:
    return tab.page.area.view.toPlainText()


def labels(tab: CardTab) -> str:
    return "\n".join(label.text() for label in tab.findChildren(QLabel) if label.isVisibleTo(tab))


def test_a_real_card_with_its_hash_and_how_full_it_is(
    shown: Shown, tmp_path: Path, qtbot: QtBot
) -> None:
    tab = shown(model(tmp_path, shared("cards/llama-3.2/MODEL_CARD.md")))
    sheet = tab.page.sheet
    assert sheet is not None
    assert sheet.card.sha256 in tab.head.digest.text()
    assert "beside the file" in tab.head.origin.text()
    fold = tab.page.folds()[0]
    (head,) = fold.findChildren(QToolButton)
    assert head.text() == "16 of the 38 parts of a standard card are filled in"
    head.click()
    rows = [button.text() for button in fold.findChildren(QPushButton)]
    assert "Developed by" in rows
    qtbot.waitUntil(lambda: "nothing found" in labels(tab), timeout=WAIT_MS)
    assert "Model Developer: Meta" in words(tab)


def test_a_fact_in_place_shows_its_value_and_its_source(
    shown: Shown, tmp_path: Path, qtbot: QtBot
) -> None:
    tab = shown(model(tmp_path, "# Small\n\n**Developed by:** Some people\n\nMore.\n"))
    view = tab.page.area.view
    (marked,) = view.marked
    cursor = QTextCursor(view.document())
    cursor.setPosition(marked.start + 2)
    place = view.cursorRect(cursor).center() + QPoint(1, 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    note = tab.page.note
    assert note is not None
    told = [line.text() for line in note.lines]
    assert told[:2] == ["Developed by", "Some people"]
    assert "README.md" in told[2]
    assert "line 3" in told[2]
    note.close()
    qtbot.waitUntil(lambda: tab.page.note is None, timeout=WAIT_MS)


def test_every_figure_of_a_table_is_marked_where_it_stands(shown: Shown, tmp_path: Path) -> None:
    table = "| Test | This | That |\n| --- | --- | --- |\n| MMLU | 61.4 | 49.3 |\n| GSM8K | 72.0 | 44.4 |\n"
    text = f"# 𝒮mall\n\n## Evaluation\n\n{table}\nSmall does well.\n"
    view = shown(model(tmp_path, text)).page.area.view
    cursor = QTextCursor(view.document())
    told = []
    for one in view.marked:
        cursor.setPosition(one.start)
        cursor.setPosition(one.end, QTextCursor.MoveMode.KeepAnchor)
        told.append(cursor.selectedText())
    assert told == ["61.4", "49.3", "72.0", "44.4"]


def test_the_outline_leads_to_its_place(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown(model(tmp_path, shared("cards/llama-3.2/MODEL_CARD.md")))
    menu = QMenu()
    tab.page.fill_outline(menu)
    actions = [one for one in menu.actions() if one.text().strip() == "Community"]
    bar = tab.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000, timeout=WAIT_MS)
    actions[0].trigger()
    assert bar.value() > 1000


def test_a_file_without_a_card(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown(model(tmp_path / "bare", None))
    told = labels(tab)
    assert "There is no card beside this file." in told
    assert "unknown, not closed" in told
    card = tmp_path / "elsewhere.md"
    card.write_text("# From elsewhere\n", encoding="utf-8")
    tab.choice.choose_file(card)
    qtbot.waitUntil(lambda: tab.shows(card), timeout=WAIT_MS)
    assert "From elsewhere" in words(tab)
    assert "which you opened" in tab.head.origin.text()
    assert not tab.is_own


def test_the_base_models_card_where_it_is_at_hand(
    shown: Shown, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "maker" / "base").mkdir(parents=True)
    (tmp_path / "maker" / "base" / "README.md").write_text(
        "# The base\n\nIt has a context length of 8192 tokens.\n", encoding="utf-8"
    )
    path = model(
        tmp_path / "somebody" / "small-GGUF",
        "---\nbase_model: maker/base\nbase_model_relation: quantized\n---\n# Quantised\n",
    )
    tab = shown(path)
    qtbot.waitUntil(lambda: bool(tab.choice.bases), timeout=WAIT_MS)
    (base,) = [one for one in tab.choice.bases if one.model == "maker/base"]
    assert base.path is not None
    assert tab.choice.base_button.isVisibleTo(tab)
    tab.choice.base_button.click()
    assert not tab.choice.base_button.isVisibleTo(tab)
    qtbot.waitUntil(lambda: tab.shows(base.path or path), timeout=WAIT_MS)
    assert "The base" in words(tab)
    assert "maker/base" in tab.head.origin.text()
    assert not tab.is_own
    # Its claims are that model's, and stand in the margin of its card.
    area = tab.page.area
    qtbot.waitUntil(lambda: bool(area.flags), timeout=WAIT_MS)
    flag = next(one for one in area.flags if "Context" in one.flag.said)
    assert flag.flag.line == 3
    flag.click()
    assert tab.claims.chosen is not None
    assert tab.claims.chosen.id == "CTX@maker/base"
    assert "maker/base (end model)" in labels(tab)
    tab.choice.choose_own()
    qtbot.waitUntil(
        lambda: tab.claims.report is not None and tab.claims.report.about is None, timeout=WAIT_MS
    )


def test_terminal_and_window_say_the_same_of_what_a_model_comes_from(
    shown: Shown,
    parts: Parts,
    tmp_path: Path,
    qtbot: QtBot,
    home_of_the_module: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A parent's own file, and the base model's card as it was kept: both look in one place."""
    store, library = parts.context.store, parts.context.library
    parent = model(
        tmp_path / "maker" / "base-GGUF", None, blocks=number("llama.block_count", U32, 3)
    )
    library.open(parent).result()
    said = "# The base\n\nIt has a context length of 8192 tokens.\n"
    store.papers.keep("maker/base", "c" * 40, "README.md", said).result()
    card = "---\nbase_model: maker/base\nbase_model_relation: finetune\n---\n# Tuned\n"
    path = model(tmp_path / "own" / "tuned", card, blocks=number("llama.block_count", U32, 2))

    tab = shown(path)
    from_file = f"PARENT/file {parent.name}"
    qtbot.waitUntil(lambda: from_file in _verdicts(tab.claims.report), timeout=WAIT_MS)
    of_own = _verdicts(tab.claims.report)
    assert of_own[from_file][0] == "differs"
    qtbot.waitUntil(lambda: tab.choice.base_button.isVisibleTo(tab), timeout=WAIT_MS)
    tab.choice.base_button.click()
    qtbot.waitUntil(lambda: "CTX@maker/base" in _verdicts(tab.claims.report), timeout=WAIT_MS)
    of_base = _verdicts(tab.claims.report)

    live_in(home_of_the_module, monkeypatch)
    told = json.loads(inspect(path, "--json").stdout)
    (forebear,) = told["claims_of_forebears"]
    assert forebear["about"] == {"name": "maker/base", "place": "base_model"}
    assert _verdicts(msgspec.convert(told["claims"], ClaimReport)) == of_own
    assert _verdicts(msgspec.convert(forebear, ClaimReport)) == of_base
    printed = " ".join(inspect(path).stdout.split())
    assert "Claims of the card of maker/base" in printed
    panel = parts.window.findChild(InspectorPanel)
    assert panel is not None
    panel.choose("summary")
    qtbot.waitUntil(lambda: _summary_shows(parts, path), timeout=WAIT_MS)
    assert _five(parts).lines[DISAGREES].said in printed


def _five(parts: Parts) -> DossierLines:
    five = parts.window.findChild(DossierLines)
    assert five is not None
    return five


def _summary_shows(parts: Parts, path: Path) -> bool:
    return (
        parts.window.findChild(DossierLines) is not None
        and _five(parts).shows(path)
        and _five(parts).is_complete
    )


def _verdicts(report: ClaimReport | None) -> dict[str, tuple[str, str, str]]:
    every = report.claims if report is not None else ()
    return {one.id: (one.verdict.value, one.reason, sentence(one)) for one in every}


def test_the_card_as_it_was_when_it_was_downloaded(
    shown: Shown, parts: Parts, tmp_path: Path, qtbot: QtBot
) -> None:
    store, library = parts.context.store, parts.context.library
    path = model(tmp_path / "fetched", "# As it was\n")
    known = library.open(path).result()
    store.sources.keep(
        known.id,
        Source(
            repository="maker/small-GGUF",
            revision="main",
            commit="c" * 40,
            path="small.gguf",
            sha256="",
            fetched=1_763_000_000.0,
        ),
    ).result()
    store.papers.keep("maker/small-GGUF", "c" * 40, "README.md", "# As it was\n").result()
    tab = shown(path)
    assert "as it was when you downloaded the file on" in tab.head.origin.text()
    (path.parent / "README.md").write_text("# Something else\n", encoding="utf-8")
    shown(model(tmp_path / "other", "# Other\n"))
    tab = shown(path)
    assert "changed since you downloaded the file" in tab.head.origin.text()
    tab.choice.choose_kept()
    qtbot.waitUntil(lambda: "As it was" in words(tab), timeout=WAIT_MS)
    assert "Card of maker/small-GGUF" in tab.head.origin.text()
    assert not tab.is_own
    # What changed can be seen without asking anybody.
    tab.choice.compare_beside_wanted.emit()
    qtbot.waitUntil(
        lambda: "Lines that came: 1; that went: 1" in tab.difference.texts(), timeout=WAIT_MS
    )
    assert "− # As it was" in tab.difference.texts()
    assert "+ # Something else" in tab.difference.texts()


@pytest.mark.parametrize("name", ["../../etc", "/etc/x", "a/b/c", "..", "owner/..", "owner/."])
def test_a_hostile_name_of_a_base_model_leads_nowhere(name: str, tmp_path: Path) -> None:
    from inspector.facts import known
    from inspector.lineage.values import Lineage, Place, PlaceNode

    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    node = PlaceNode(
        id="base.0", place=Place.BASE_MODEL, name=known("x"), facts={"repository": known(name)}
    )
    folder = tmp_path / "models"
    (folder / "owner").mkdir(parents=True)
    (folder / "README.md").write_text("x", encoding="utf-8")
    found = base_cards(Lineage(nodes=(node,), links=()), [folder])
    assert [one.path for one in found] == [None]
    assert folder in model_folders(folder / "a" / "b" / "x.gguf", [])


def test_pictures_stay_where_they_are(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown(
        model(
            tmp_path,
            "![plan](https://example.org/pictures/plan.png) <img src='file:///etc/hostname'>\n",
        )
    )
    told = words(tab)
    assert "[picture, not loaded: plan · example.org/…/plan.png]" in told
    assert "not loaded: file:///etc/hostname" in told
    # Nothing in it is this model's name, which the head says once the lineage is known.
    qtbot.waitUntil(lambda: "nowhere names this model" in tab.head.doubt.text(), timeout=WAIT_MS)
    assert tab.head.doubt.isVisible()


def test_flags_lead_to_rows_and_rows_to_flags(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    path = model(tmp_path, "# Small\n\nOne.\n\nIt has a context length of 8192 tokens.\n\nEnd.\n")
    tab = shown(path)
    area = tab.page.area
    qtbot.waitUntil(lambda: bool(area.flags), timeout=WAIT_MS)
    flag = next(one for one in area.flags if "Context" in one.flag.said)
    assert flag.flag.line == 5
    line = area.view.top_of(5)
    assert line is not None
    qtbot.waitUntil(lambda: abs(flag.y() - line) < 40, timeout=WAIT_MS)
    flag.click()
    chosen = tab.claims.chosen
    assert chosen is not None
    assert chosen.id == flag.flag.key
    assert tab.parts.sees("claims")
    assert flag.isChecked()
    tab.claims.show_in_card.emit(7)
    assert tab.parts.sees("card")
    assert not tab.parts.is_wide


@pytest.mark.parametrize("line", [11, 24])
def test_a_claims_line_is_in_sight_once_the_card_comes_back(
    shown: Shown, tmp_path: Path, qtbot: QtBot, line: int
) -> None:
    tab = shown(model(tmp_path, shared("cards/llama-3.2/MODEL_CARD.md")))
    assert not tab.parts.is_wide
    tab.parts.show_part("claims")
    # The card's part gives its room away once the window has laid itself out.
    qtbot.waitUntil(lambda: tab.parts._parts["card"].width() < 10, timeout=WAIT_MS)
    tab.claims.show_in_card.emit(line)
    view, page = tab.page.area.view, tab.page
    top = view.top_of(line)
    assert top is not None
    seen = view.mapTo(page.viewport(), QPoint(0, top)).y()
    assert 0 <= seen < page.viewport().height()


def test_a_claims_line_is_in_sight_where_the_card_was_never_seen_before(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    """As whoever comes by the Summary's line: the claims are the first that is seen of the tab."""
    path = model(tmp_path, shared("cards/llama-3.2/MODEL_CARD.md"))
    with running_parts(qapp) as parts:
        parts.window.resize(1280, 800)
        parts.window.show()
        parts.context.models.inspect(ModelRef(path=path, name="small"))
        panel = parts.window.inspector
        qtbot.waitUntil(lambda: _summary_shows(parts, path), timeout=WAIT_MS)
        panel._on_wanted("card", DISAGREES)
        tab = panel.findChild(CardTab)
        assert tab is not None
        qtbot.waitUntil(lambda: tab.claims.report is not None, timeout=WAIT_MS)
        page = tab.page
        view, bar = page.area.view, page.verticalScrollBar()
        qtbot.waitUntil(lambda: tab.shows(path.parent / "README.md"), timeout=WAIT_MS)
        tab.claims.show_in_card.emit(24)

        def is_in_sight() -> bool:
            top = view.top_of(24)
            if top is None or bar.maximum() == 0:
                return False
            return 0 <= view.mapTo(page.viewport(), QPoint(0, top)).y() < page.viewport().height()

        qtbot.waitUntil(is_in_sight, timeout=2000)
        bar.setValue(0)
        page.resize(page.width(), page.height() - 1)
        qtbot.wait(50)
        assert bar.value() == 0, "a person went elsewhere"


def test_flags_of_another_card_are_kept_out_of_the_margin(
    shown: Shown, tmp_path: Path, qtbot: QtBot
) -> None:
    path = model(tmp_path, "# Small\n\nIt has a context length of 8192 tokens.\n")
    tab = shown(path)
    qtbot.waitUntil(lambda: bool(tab.page.area.flags), timeout=WAIT_MS)
    ref = ModelRef(path=path, name="small")
    (path.parent / "README.md").write_text("# New\n\nIt has a context length of 4096 tokens.\n")
    tab.claims.show_model(None)
    tab.claims.show_model(ref)
    qtbot.waitUntil(lambda: tab.claims.report is not None, timeout=WAIT_MS)
    assert tab.claims.flags
    assert not tab.page.area.flags


def test_both_are_seen_where_there_is_room(
    shown: Shown, tmp_path: Path, parts: Parts, qtbot: QtBot
) -> None:
    tab = shown(model(tmp_path, "# Small\n"))
    assert not (tab.parts.sees("card") and tab.parts.sees("claims"))
    tab.parts.resize(900, 600)
    assert tab.parts.sees("card")
    assert tab.parts.sees("claims")


def test_a_small_table_breaks_no_word_in_a_narrow_card(shown: Shown, tmp_path: Path) -> None:
    card = "# Small\n\n| Benchmark | Score |\n|---|---|\n| ARC | 37.3 |\n"
    view = shown(model(tmp_path, card)).page.area.view
    (table,) = [
        one for one in view.document().rootFrame().childFrames() if isinstance(one, QTextTable)
    ]
    cells = [table.cellAt(row, column) for row in range(2) for column in range(2)]
    assert view.viewport().width() < 450
    assert [cell.firstCursorPosition().block().layout().lineCount() for cell in cells] == [1] * 4


def test_selected_words_become_a_claim(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown(model(tmp_path, "# Small\n\nIt runs\non a laptop.\n\nEnd.\n"))
    area = tab.page.area
    qtbot.waitUntil(lambda: tab.claims.report is not None, timeout=WAIT_MS)
    tab.parts.show_part("card")
    assert not area.add_button.isVisible()
    cursor = area.view.textCursor()
    at = words(tab).index("It runs")
    cursor.setPosition(at)
    cursor.setPosition(at + len("It runs on a laptop."), QTextCursor.MoveMode.KeepAnchor)
    area.view.setTextCursor(cursor)
    assert area.add_button.isVisible()
    with qtbot.waitSignal(area.claim_wanted) as caught:
        area.add_button.click()
    assert caught.args == ["It runs on a laptop.", 3, 4]
    added = tab.claims.chosen
    assert added is not None
    assert added.text == "It runs on a laptop."
    assert [flag.flag.line for flag in area.flags if flag.flag.key == added.id] == [3]
    assert not area.add_button.isVisible()


def test_a_hostile_card_never_stalls_the_window(
    shown: Shown, tmp_path: Path, parts: Parts, qtbot: QtBot
) -> None:
    # The thread's own time: on a busy machine a clock would measure the others' work.
    longest, last = 0.0, time.thread_time()

    def beat() -> None:
        nonlocal longest, last
        now = time.thread_time()
        longest, last = max(longest, now - last), now

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(0)
    tab = shown(model(tmp_path, HOSTILE["bidi"]))
    view, body = tab.page.area.view, parts.window._body
    before = view.width()
    body._width += 40
    body._arrange()
    qtbot.waitUntil(lambda: view.width() > before and view.is_drawn, timeout=WAIT_MS)
    timer.stop()
    assert longest < 0.2
