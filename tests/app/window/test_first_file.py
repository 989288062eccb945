"""A file that can't be loaded at the start: that is said, and another model is loaded instead."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.window.application import Parts
from runner.session import SessionState
from tests.app.window.conftest import PAGES
from tests.support.window import running_parts

WAIT_MS = 20_000


def stood_in(parts: Parts, qtbot, starter_model: Path) -> str:
    """Waits for the starter in place of a file, and returns the code of what was said before."""
    models, notices = parts.context.models, parts.context.notices
    qtbot.waitUntil(lambda: models.state is SessionState.READY, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(notices.kept) == 2, timeout=WAIT_MS)
    failure, instead = notices.kept
    assert models.current.path == models.inspected.path == starter_model
    assert instead.said.title == f"{models.current.name} is loaded instead."
    assert failure.said.remedy
    assert parts.window._notices.isVisibleTo(parts.window), "what was refused is still told"
    return failure.code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nonesuch.gguf", None, "files.missing"),
        ("notes.txt", b"only words", "window.not_a_model"),
        ("damaged.gguf", b"GGUF" + bytes(20), "gguf."),
    ],
)
def test_one_that_was_named(
    parts: Parts,
    qtbot,
    starter_model: Path,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    code: str,
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    parts.show([file])
    assert stood_in(parts, qtbot, starter_model).startswith(code)
    (notice,) = (one for one in parts.context.notices.kept if one.code)
    assert name in f"{notice.said.title} {notice.said.meaning}"


def test_the_last_one_where_it_was_damaged_since(
    qapp: QApplication, qtbot, starter_model: Path, of_the_last_time: Path
) -> None:
    of_the_last_time.write_bytes(b"GGUF" + bytes(20))
    with running_parts(qapp, pages=PAGES) as parts:
        parts.show([])
        assert stood_in(parts, qtbot, starter_model).startswith("gguf.")
    qapp.setStyleSheet("")
