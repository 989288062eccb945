"""The Summary and Weights tabs in the real window, with the real reader, on real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.tabs.summary.tab import SummaryTab
from app.tabs.weights.tab import WeightsTab
from app.window.application import Parts
from runner.session import SessionState
from tests.inspector.gguf.hostile import U32, number, string, tiny

WAIT_MS = 30_000


@pytest.fixture
def tab(parts: Parts) -> Callable[[type], object]:
    """Finds a tab of the window by its class."""
    return parts.window.findChild


def look_at(parts: Parts, path: Path) -> ModelRef:
    ref = ModelRef(path=path, name=path.stem)
    parts.context.models.inspect(ref)
    return ref


def choose(parts: Parts, key: str) -> None:
    from app.window.inspector_panel import InspectorPanel

    panel = parts.window.findChild(InspectorPanel)
    assert panel is not None
    panel.choose(key)


def test_summary_of_the_starter(parts: Parts, tab, qtbot: QtBot, starter_model: Path):
    choose(parts, "summary")
    look_at(parts, starter_model)
    summary: SummaryTab = tab(SummaryTab)
    qtbot.waitUntil(lambda: summary.rows.value("licence") is not None, timeout=WAIT_MS)
    assert summary.rows.value("parameters").text() == "134.5\u00a0M (134,515,008)"
    assert summary.rows.value("licence").text() == "apache-2.0"
    assert "general.license" in summary.rows.value("licence").toolTip()
    assert summary.rows.value("quantised_by").text() == "unknown"
    assert "What would settle it" in summary.rows.value("quantised_by").toolTip()
    for key in ("name", "types", "context", "memory", "sha256", "weights"):
        label = summary.rows.value(key)
        assert label.toolTip(), key
        assert label.accessibleName().startswith(label.accessibleName().split(":")[0])


def test_fingerprints_are_worked_out_once_and_kept(
    parts: Parts, tab, qtbot: QtBot, starter_model: Path
):
    choose(parts, "summary")
    library = parts.context.library
    library.open(starter_model).result(10)
    look_at(parts, starter_model)
    summary: SummaryTab = tab(SummaryTab)

    def is_known() -> bool:
        label = summary.rows.value("sha256")
        return label is not None and "b179c952" in label.text()

    qtbot.waitUntil(is_known, timeout=WAIT_MS)
    summary.rows.copy_button("sha256").click()
    copied = QApplication.clipboard().text()
    assert copied == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    parts.context.models.inspect(None)
    look_at(parts, starter_model)
    summary._prints.begin()
    qtbot.waitUntil(lambda: library.at(starter_model).weights_digest != "", timeout=WAIT_MS)
    assert library.at(starter_model).sha256.startswith("b179c952")


def test_a_refused_file_ends_in_a_sentence(parts: Parts, tab, qtbot: QtBot, tmp_path: Path):
    page = tmp_path / "page.gguf"
    page.write_bytes(b"<html>Sign in</html>")
    choose(parts, "summary")
    look_at(parts, page)
    summary: SummaryTab = tab(SummaryTab)
    qtbot.waitUntil(lambda: summary.stage.failure() != "", timeout=WAIT_MS)
    assert summary.stage.failure() == "This is a web page, not a model."
    page.write_bytes(tiny().build())
    summary.stage.again_wanted.emit()
    qtbot.waitUntil(lambda: summary.stage.failure() == "", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: summary.rows.value("name").text() == "Tiny", timeout=WAIT_MS)


def test_what_is_odd_is_said(parts: Parts, tab, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "odd.gguf"
    path.write_bytes(tiny(bos=number("tokenizer.ggml.bos_token_id", U32, 99)).build())
    choose(parts, "summary")
    look_at(parts, path)
    summary: SummaryTab = tab(SummaryTab)
    qtbot.waitUntil(lambda: "99" in summary._odd_words.text(), timeout=WAIT_MS)
    assert summary._odd.isVisibleTo(summary)


def test_metadata_is_listed_paged_and_searched(
    parts: Parts, tab, qtbot: QtBot, starter_model: Path
):
    choose(parts, "weights")
    look_at(parts, starter_model)
    weights: WeightsTab = tab(WeightsTab)
    qtbot.waitUntil(lambda: weights.metadata.model.rowCount() == 33, timeout=WAIT_MS)
    weights.metadata.filter.setText("eos_token")
    assert weights.metadata.rows.rowCount() == 1
    weights.metadata.filter.clear()
    assert weights.metadata.choose("tokenizer.ggml.tokens")
    value = weights.metadata.value
    qtbot.waitUntil(lambda: "<|im_start|>" in value.text(), timeout=WAIT_MS)
    assert len(value.text().splitlines()) == 100
    value._on.click()
    qtbot.waitUntil(lambda: value.text().startswith("100  "), timeout=WAIT_MS)
    value._goto.setText("49151")
    value._on_goto()
    qtbot.waitUntil(lambda: "49151  " in value.text(), timeout=WAIT_MS)
    value.search_for("im_end")
    qtbot.waitUntil(lambda: value.text().strip() == "2  <|im_end|>", timeout=WAIT_MS)
    assert weights.metadata.choose("tokenizer.chat_template")
    qtbot.waitUntil(lambda: value.text().startswith("{% for message"), timeout=WAIT_MS)


def test_numbers_of_a_tensor_are_read_on_demand(
    parts: Parts, tab, qtbot: QtBot, starter_model: Path
):
    choose(parts, "weights")
    look_at(parts, starter_model)
    weights: WeightsTab = tab(WeightsTab)
    qtbot.waitUntil(lambda: weights.tensors.model.rowCount() == 272, timeout=WAIT_MS)
    weights.choose("tensors")
    assert weights.tensors.choose("blk.0.attn_q.weight")
    numbers = weights.tensors.numbers
    assert numbers.facts.count() == 0, "nothing is read before it is asked for"
    numbers.read()
    qtbot.waitUntil(lambda: numbers.facts.count() >= 5, timeout=WAIT_MS)
    image = numbers.heat_map.image()
    assert (image.width(), image.height()) == (256, 256)
    colours = {image.pixel(x, y) for x in range(0, 256, 5) for y in range(0, 256, 5)}
    assert len(colours) > 20, "a picture of numbers, not of one colour"


def test_the_template_is_coloured(parts: Parts, tab, qtbot: QtBot, starter_model: Path):
    choose(parts, "weights")
    look_at(parts, starter_model)
    weights: WeightsTab = tab(WeightsTab)
    qtbot.waitUntil(lambda: weights.metadata.model.rowCount() == 33, timeout=WAIT_MS)
    weights.choose("template")
    qtbot.waitUntil(lambda: weights.template.colours > 10, timeout=WAIT_MS)
    assert weights.template.body.toPlainText().startswith("{% for message in messages %}")


def test_what_to_review_in_a_template_is_listed_and_leads_to_its_line(
    parts: Parts, tab, qtbot: QtBot, tmp_path: Path
):
    said = "{% for m in messages %}{{ m.content }}{% endfor %}"
    template = "{# a #}\n" * 40 + "{% if 'tulip' in messages[0].content %}x{% endif %}" + said
    path = tmp_path / "trigger.gguf"
    path.write_bytes(tiny(name=string("tokenizer.chat_template", template)).build())
    choose(parts, "weights")
    look_at(parts, path)
    weights: WeightsTab = tab(WeightsTab)
    weights.choose("template")
    view = weights.template
    qtbot.waitUntil(lambda: view.findings.rows.count() == 1, timeout=WAIT_MS)
    row = view.findings.rows.item(0)
    assert row.text() == "line 41: Depends on what somebody wrote (review this)"
    assert "tulip" in row.toolTip()

    view.findings.rows.itemActivated.emit(row)

    assert view.body.textCursor().blockNumber() == 40


def test_a_template_cannot_hide_words_and_keeps_its_colours(
    parts: Parts, tab, qtbot: QtBot, tmp_path: Path
):
    template = "🌊🌊{# sea #}{{ 'a\u202eb\u200b' }}"
    path = tmp_path / "hidden.gguf"
    path.write_bytes(tiny(name=string("tokenizer.chat_template", template)).build())
    choose(parts, "weights")
    look_at(parts, path)
    weights: WeightsTab = tab(WeightsTab)
    weights.choose("template")
    body = weights.template.body
    qtbot.waitUntil(lambda: "sea" in body.toPlainText(), timeout=WAIT_MS)
    assert body.toPlainText() == "🌊🌊{# sea #}{{ 'a\\u202eb\\u200b' }}"
    assert "can't be seen" in weights.template._told.text()
    qtbot.waitUntil(lambda: weights.template.colours > 0, timeout=WAIT_MS)
    coloured = [selection.cursor.selectedText() for selection in body.extraSelections()]
    assert "{# sea #}" in coloured, "two waves take two units each in Qt's count"


def test_a_file_without_a_template_says_so(parts: Parts, tab, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "plain.gguf"
    path.write_bytes(tiny().build())
    choose(parts, "weights")
    look_at(parts, path)
    weights: WeightsTab = tab(WeightsTab)
    weights.choose("template")
    qtbot.waitUntil(weights.template.body.isHidden, timeout=WAIT_MS)
    assert "no chat template" in weights.template._told.text()


def test_memory_follows_the_context_in_force(parts: Parts, tab, qtbot: QtBot, starter_model: Path):
    choose(parts, "summary")
    models = parts.context.models
    models.load(look_at(parts, starter_model))
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=WAIT_MS)
    summary: SummaryTab = tab(SummaryTab)
    wanted = f"{models.loaded.context:,} tokens"
    qtbot.waitUntil(lambda: wanted in summary.rows.value("memory").text(), timeout=WAIT_MS)
