"""What was worked out beside what was seen: kept for each load, and shown in the list."""

from pytestqt.qtbot import QtBot

from app.models_page.page import ModelsPage
from app.window.application import Parts
from app.words.fit import seen_words
from inspector.inspection import inspect_file
from runner.session import SessionState
from runner.store.memory import MemoryUse


def test_a_load_leaves_its_figures(parts: Parts, qtbot: QtBot) -> None:
    parts.show([])
    models, memory = parts.context.models, parts.context.store.memory
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=20_000)
    qtbot.waitUntil(lambda: bool(memory.every()), timeout=20_000)
    (use,) = memory.every()
    assert models.current is not None
    assert models.loaded is not None
    assert use.context == models.loaded.context
    worked_out = inspect_file(models.current.path, use.context).summary.memory.total.number
    assert use.predicted == worked_out
    assert use.most >= use.loaded > 0
    parts.window.show_page("models")
    page = parts.window.page()
    assert isinstance(page, ModelsPage)
    qtbot.waitUntil(lambda: "takes" in page.here.table.rows.rows[0].said, timeout=20_000)
    assert any("were worked out" in cell.tip for cell in page.here.table.rows.rows[0].cells)


def test_the_words_tell_both_figures() -> None:
    use = MemoryUse(
        name="m.gguf",
        size=1,
        context=4096,
        layers_offloaded=0,
        predicted=300_000_000,
        loaded=250_000_000,
        most=285_000_000,
    )
    said = seen_words([use]).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "Seen here at 4,096 tokens: 285 MB at most, where 300 MB were worked out (95 %)."
    )
    assert seen_words([]) == ""
