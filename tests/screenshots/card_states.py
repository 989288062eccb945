"""The states of the Card, Safeguards and Summary tabs that pictures are taken of."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QScrollArea

from app.model.ref import ModelRef
from app.review.bench_results import sampled
from app.tabs.card.tab import CardTab
from app.tabs.safeguards.tab import SafeguardsTab
from app.tabs.summary.tab import SummaryTab
from app.window.application import Parts
from inspector.safeguards.prompts import own_prompts
from runner.session import SessionState
from tests.inspector.gguf.hostile import string, tiny
from tests.support.shared_data import shared

Wait = Callable[[Callable[[], bool], str], None]


def _pause(wait: Wait, seconds: float) -> None:
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > seconds, "a moment has passed")


def _chatting(parts: Parts, wait: Wait) -> None:
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")


def _is_read(parts: Parts, folder: Path, *, has_card: bool) -> bool:
    tab = parts.window.findChild(CardTab)
    if tab is None or tab.claims.report is None:
        return False
    return tab.shows(folder / "README.md") if has_card else tab.shown_card is None


def _is_told(parts: Parts, path: Path) -> bool:
    tab = parts.window.findChild(SafeguardsTab)
    return tab is not None and tab.shows(path)


def _is_summed(parts: Parts, path: Path) -> bool:
    tab = parts.window.findChild(SummaryTab)
    return tab is not None and tab.five.shows(path) and tab.five.is_complete


def beside(
    key: str, card: str, *, width: int = 0, name: str = "Llama 3.2 1B Instruct"
) -> Callable[[Parts, Wait], None]:
    """A tab on a small file with one of the real cards beside it."""

    def state(parts: Parts, wait: Wait) -> None:
        _chatting(parts, wait)
        folder = Path(tempfile.mkdtemp())
        made = tiny(
            name=string("general.name", name),
            licence=string("general.license", "llama3.2"),
        )
        path = folder / f"{name.replace(' ', '-')}-Q4_K_M.gguf"
        path.write_bytes(made.build())
        if card:
            shutil.copy(shared(card), folder / "README.md")
        parts.window.inspector.choose(key)
        if width:
            parts.window._body._width = width
            parts.window._body._arrange()
        if parts.window._body.is_overlay:
            parts.window._body.set_open(True)
        parts.context.models.inspect(ModelRef(path=path, name=name))
        if key == "card":
            wait(lambda: _is_read(parts, folder, has_card=bool(card)), "card and claims are there")
        if key == "safeguards":
            wait(lambda: _is_told(parts, path), "the safeguards are there")
        if key == "summary":
            wait(lambda: _is_summed(parts, path), "the five lines are there")
        _pause(wait, 0.5)

    return state


def opened(before: Callable[[Parts, Wait], None], *rows: int) -> Callable[[Parts, Wait], None]:
    """The Safeguards tab with some rows open."""

    def state(parts: Parts, wait: Wait) -> None:
        before(parts, wait)
        tab = parts.window.findChild(SafeguardsTab)
        assert tab is not None
        for row in rows:
            tab.rows[row].head.setChecked(True)
        _pause(wait, 0.3)

    return state


def benched(parts: Parts, wait: Wait) -> None:
    """The starter model has answered ten harmless requests."""
    _chatting(parts, wait)
    parts.window.inspector.choose("safeguards")
    _pause(wait, 1.5)
    tab = parts.window.findChild(SafeguardsTab)
    assert tab is not None
    bench = tab.bench
    requests = Path(tempfile.mkdtemp()) / "requests.txt"
    own = sampled(own_prompts().prompts, 3)
    requests.write_text("\n".join(one.text for one in own), encoding="utf-8")
    bench.requests.read(requests)
    wait(lambda: len(bench.requests.prompts.prompts) == len(own), "the requests have been read")
    bench.measure.click()
    wait(lambda: bench.view is not None, "the bench has measured")
    _pause(wait, 0.5)
    assert bench.view is not None
    bench.view.fold.set_open(True)
    _pause(wait, 0.5)
    area = tab.findChild(QScrollArea)
    assert area is not None
    area.ensureWidgetVisible(bench.view, 0, 400)


def card_fact(parts: Parts, wait: Wait) -> None:
    """A fact was pressed."""
    beside("card", "cards/llama-3.2/MODEL_CARD.md")(parts, wait)
    view = _card(parts).page.area.view
    view.fact_pressed.emit(view.marked[1].fact)
    _pause(wait, 0.3)


def card_slots(parts: Parts, wait: Wait) -> None:
    """How full the standard template itself is."""
    beside("card", "hub/modelcard_template.md")(parts, wait)
    page = _card(parts).page
    page.folds()[0].set_open(True)
    _pause(wait, 0.5)


def card_empty(parts: Parts, wait: Wait) -> None:
    """Placeholders, and a claim that was chosen by its flag."""
    beside("card", "hub/modelcard_template.md")(parts, wait)
    page = _card(parts).page
    page.verticalScrollBar().setValue(700)
    _pause(wait, 0.5)


def card_claims(parts: Parts, wait: Wait) -> None:
    """A flag was pressed where both don't fit."""
    beside("card", "cards/llama-3.2/MODEL_CARD.md")(parts, wait)
    _card(parts).page.area.flags[1].click()
    _pause(wait, 0.5)


def _card(parts: Parts) -> CardTab:
    tab = parts.window.findChild(CardTab)
    assert tab is not None
    return tab


def card_base(parts: Parts, wait: Wait) -> None:
    """A quantiser's card, whose base model's card lies here too."""
    _chatting(parts, wait)
    models = Path(tempfile.mkdtemp())
    base, own = models / "maker" / "base", models / "who" / "base-GGUF"
    base.mkdir(parents=True)
    own.mkdir(parents=True)
    (base / "README.md").write_text("# The base model\n", encoding="utf-8")
    (own / "README.md").write_text(
        "---\nlicense: mit\nbase_model: maker/base\nbase_model_relation: quantized\n---\n"
        "# Base, quantised\n\nSee the base model's card.\n\n<!-- a remark that no page shows -->\n",
        encoding="utf-8",
    )
    path = own / "base-Q4_K_M.gguf"
    path.write_bytes(tiny(name=string("general.name", "Base")).build())
    parts.window.inspector.choose("card")
    parts.context.models.inspect(ModelRef(path=path, name="Base"))
    wait(lambda: _is_read(parts, own, has_card=True), "card and claims are there")
    wait(lambda: bool(_card(parts).choice.bases), "the lineage has been read")
    for fold in _card(parts).page.folds():
        fold.set_open(True)
    _pause(wait, 0.5)


def bench_ready(parts: Parts, wait: Wait) -> None:
    """What can be measured, before anything was."""
    _chatting(parts, wait)
    parts.window.inspector.choose("safeguards")
    if parts.window._body.is_overlay:
        parts.window._body.set_open(True)
    _pause(wait, 1.5)
    tab = parts.window.findChild(SafeguardsTab)
    assert tab is not None
    tab.bench.house.value.setText("Ahoy")
    tab.bench.house.add.click()
    _pause(wait, 0.3)
    area = tab.findChild(QScrollArea)
    assert area is not None
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


CARD_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "summary-lines": beside("summary", "cards/llama-3.2/MODEL_CARD.md"),
    "card": beside("card", "cards/llama-3.2/MODEL_CARD.md"),
    "card-wide": beside("card", "cards/llama-3.2/MODEL_CARD.md", width=900),
    "card-html": beside("card", "cards/deepseek-r1/README.md"),
    "card-fact": card_fact,
    "card-slots": card_slots,
    "card-empty": card_empty,
    "card-claims": card_claims,
    "card-base": card_base,
    "card-none": beside("card", ""),
    "safeguards": beside("safeguards", "cards/llama-3.2/MODEL_CARD.md"),
    "safeguards-open": opened(beside("safeguards", "cards/llama-3.2/MODEL_CARD.md"), 0, 5),
    "bench": benched,
    "bench-ready": bench_ready,
    "safeguards-removed": beside("safeguards", "", name="Qwen2.5 0.5B Instruct abliterated"),
}
