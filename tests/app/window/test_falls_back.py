"""What only the engine can refuse, or dies of: the model that was in use comes back by itself, and that is said."""

import os
import signal
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.model.open_models import LOAD_FAILED
from app.window.application import Parts
from runner.session import SessionState
from tests.app.window.conftest import PAGES
from tests.support.tiny_model import gguf
from tests.support.window import running_parts

WAIT_MS = 60_000


def test_the_model_in_use_comes_back_when_another_cannot_be_loaded(
    qapp: QApplication, qtbot, starter_model: Path, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.gguf"
    strange.write_bytes(gguf(architecture="nonesuch"))
    with running_parts(qapp, engine="engine", pages=PAGES) as parts:
        models, notices = parts.context.models, parts.context.notices
        models.open(starter_model)
        qtbot.waitUntil(lambda: models.loaded is not None, timeout=WAIT_MS)
        current = models.current
        models.open(strange)
        qtbot.waitUntil(lambda: models.current.path == strange, timeout=WAIT_MS)
        qtbot.waitUntil(
            lambda: models.state is SessionState.READY and models.current == current,
            timeout=WAIT_MS,
        )
        assert models.inspected == current
        failure = next(n for n in reversed(notices.kept) if n.key == LOAD_FAILED)
        assert "strange" in f"{failure.said.title} {failure.said.meaning}"
        assert notices.kept[-1].said.title == f"{current.name} is loaded again."
        assert parts.context.settings.current.models.last_file == str(starter_model)
        assert parts.window._notices.isVisibleTo(parts.window), "what was refused is still told"
    qapp.setStyleSheet("")


def test_the_model_in_use_comes_back_when_the_engine_dies_of_another(
    parts: Parts, qtbot, starter_model: Path, tmp_path: Path
) -> None:
    models, notices = parts.context.models, parts.context.notices
    slow = tmp_path / "slow.gguf"  # a name that the echo engine takes two seconds for
    slow.write_bytes(starter_model.read_bytes())
    models.open(starter_model)
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=WAIT_MS)
    current = models.current
    models.open(slow)
    qtbot.waitUntil(lambda: models.current.path == slow and models.fraction > 0, timeout=WAIT_MS)
    os.kill(parts.context.session.child.pid, signal.SIGKILL)
    qtbot.waitUntil(
        lambda: models.state is SessionState.READY and models.current == current, timeout=WAIT_MS
    )
    failure = next(n for n in reversed(notices.kept) if n.key == LOAD_FAILED)
    assert failure.code in {"ended.signal", "ended.out_of_memory"}
    assert notices.kept[-1].said.title == f"{current.name} is loaded again."
    assert parts.context.settings.current.models.last_file == str(starter_model)
