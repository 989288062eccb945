"""Opening, loading, unloading and looking: what the picker, the pages and the tabs share."""

import os
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.model.open_models import LOAD_FAILED, WRITTEN_OVER
from app.model.ref import ModelRef
from app.window.application import Parts
from runner.protocol.engine import Role, Said, Sampling
from runner.session import SessionState
from tests.app.window.conftest import PAGES
from tests.support.window import running_parts


def ready(parts: Parts, qtbot) -> None:
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)


def test_a_start_loads_the_starter_and_asks_nothing(parts: Parts, qtbot, starter_model) -> None:
    parts.context.models.begin()
    ready(parts, qtbot)
    current = parts.context.models.current
    assert current is not None
    assert current.is_starter
    assert current.path == starter_model
    assert current.name == "SmolLM2 135M Instruct"
    assert current.size_bytes == starter_model.stat().st_size
    assert parts.context.models.inspected == current


def test_the_model_of_the_last_time_comes_back_where_it_still_lies(
    qapp: QApplication, qtbot, of_the_last_time: Path
) -> None:
    mine = of_the_last_time
    with running_parts(qapp, pages=PAGES) as parts:
        parts.context.models.begin()
        ready(parts, qtbot)
        assert parts.context.models.current.path == mine
        assert parts.context.models.current.name == "mine"
        assert parts.context.models.known()[0].name == "mine"
    mine.unlink()
    with running_parts(qapp, pages=PAGES) as parts:
        parts.context.models.begin()
        ready(parts, qtbot)
        assert parts.context.models.current.is_starter
        assert [ref.is_starter for ref in parts.context.models.known()] == [True]


def test_unloading_ends_the_engine_and_the_inspector_looks_on(
    parts: Parts, qtbot, starter_model: Path
) -> None:
    models = parts.context.models
    models.open(starter_model)
    ready(parts, qtbot)
    seen: list[ModelRef | None] = []
    models.current_changed.connect(seen.append)
    models.unload()
    qtbot.waitUntil(lambda: models.state is SessionState.IDLE, timeout=5_000)
    assert parts.context.session.child is None
    assert models.current is None
    assert models.inspected is not None
    assert seen == [None]
    assert parts.context.notices.kept == (), "what a person asked for is no news"


def test_a_load_says_how_far_it_has_come_and_can_be_stopped(
    parts: Parts, qtbot, starter_model: Path
) -> None:
    models = parts.context.models
    models.open(starter_model)
    qtbot.waitUntil(lambda: models.state is SessionState.LOADING, timeout=5_000)
    models.stop_loading()
    qtbot.waitUntil(lambda: models.state is SessionState.IDLE, timeout=5_000)
    assert models.current is None
    assert parts.context.notices.kept == ()


def test_a_name_that_is_no_text_is_told_and_loads_nothing(
    parts: Parts, qtbot, starter_model: Path, tmp_path: Path
) -> None:
    odd = Path(os.fsdecode(bytes(tmp_path) + b"/mod\xffel.gguf"))
    odd.symlink_to(starter_model)
    models, notices = parts.context.models, parts.context.notices
    models.open(odd)
    assert [notice.code for notice in notices.kept] == ["window.odd_name"]
    assert models.state is SessionState.IDLE
    models.open(starter_model)
    ready(parts, qtbot)


def test_looking_into_a_file_loads_nothing(parts: Parts, qtbot, starter_model: Path) -> None:
    models = parts.context.models
    models.inspect_file(starter_model)
    qtbot.waitUntil(lambda: models.inspected is not None, timeout=5_000)
    assert models.current is None
    assert models.state is SessionState.IDLE


def test_a_damaged_file_is_told_in_words_and_another_can_be_opened(
    qapp: QApplication, qtbot, starter_model: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(starter_model.read_bytes()[: 3 * 1024 * 1024])
    with running_parts(qapp, engine="engine", pages=PAGES) as parts:
        models, notices = parts.context.models, parts.context.notices
        models.open(damaged)
        qtbot.waitUntil(lambda: bool(notices.kept), timeout=30_000)
        notice = notices.kept[-1]
        assert notice.key == LOAD_FAILED
        assert notice.code != "unexpected"
        assert notice.said.title
        assert notice.said.remedy
        models.open(starter_model)
        ready(parts, qtbot)
        assert parts.window._notices.banners() == [], "the old failure is no longer true"


def test_a_file_that_is_written_to_while_it_is_loaded_is_told_of(
    parts: Parts, qtbot, starter_model: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(starter_model.read_bytes())
    models, session, notices = parts.context.models, parts.context.session, parts.context.notices

    states: list[SessionState] = []
    models.state_changed.connect(states.append)
    whole = [SessionState.ANSWERING, SessionState.READY]

    def answer() -> None:
        states.clear()
        session.generate([Said(Role.USER, "word")], Sampling(), 1, max_tokens=1)
        qtbot.waitUntil(lambda: states == whole, timeout=20_000)

    models.open(mine)
    ready(parts, qtbot)
    answer()
    assert not notices.kept
    with mine.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x00")
    answer()
    assert [notice.code for notice in notices.kept] == ["window.model_written_over"]
    states.clear()
    models.restart()
    qtbot.waitUntil(lambda: SessionState.READY in states, timeout=20_000)
    answer()
    assert not [one for one in parts.window._notices.banners() if one.key == WRITTEN_OVER]


def test_the_settings_in_force_are_used_for_a_load(
    parts: Parts, qtbot, starter_model: Path
) -> None:
    parts.context.settings.change("running", context=2048)
    parts.context.models.open(starter_model)
    ready(parts, qtbot)
    assert parts.context.models.loaded.context == 2048
