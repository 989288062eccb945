"""A file that can't answer is told of, and leaves the model in use alone."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.model.open_models import LOAD_FAILED
from app.window.application import Parts
from app.window.model_picker import ModelPicker
from runner.session import SessionState
from tests.app.window.conftest import PAGES
from tests.support.tiny_model import gguf
from tests.support.window import running_parts

HEADER = struct.Struct("<4sIQQ")


def half(starter: Path) -> bytes:
    return starter.read_bytes()[: 3 * 1024 * 1024]


FILES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "half": (half, "gguf."),
    "zero": (lambda _: b"", "gguf.empty"),
    "magic": (lambda _: b"GGML" + bytes(64), "gguf."),
    "future": (lambda _: HEADER.pack(b"GGUF", 9, 0, 0) + bytes(64), "gguf.future_version"),
    "bigendian": (
        lambda _: struct.pack(">4sIQQ", b"GGUF", 3, 0, 0) + bytes(64),
        "gguf.big_endian",
    ),
    "count63": (lambda _: HEADER.pack(b"GGUF", 3, 0, 2**63) + bytes(64), "gguf."),
    "mmproj": (lambda _: gguf("mmproj", "clip", tensors=0), "window.cannot_answer"),
    "adapter": (lambda _: gguf("adapter"), "window.cannot_answer"),
}


def ready(parts: Parts, qtbot) -> None:
    qtbot.waitUntil(lambda: parts.context.models.state is SessionState.READY, timeout=20_000)


def refused(parts: Parts, qtbot, path: Path) -> str:
    """Opens `path`, waits for the notice, and returns its code."""
    notices = parts.context.notices
    before = len(notices.kept)
    parts.context.models.open(path)
    qtbot.waitUntil(lambda: len(notices.kept) > before, timeout=20_000)
    notice = notices.kept[-1]
    assert notice.key == LOAD_FAILED
    assert notice.said.title
    assert notice.said.remedy
    assert "…" not in f"{notice.said.title} {notice.said.meaning}"
    return notice.code


def test_the_model_in_use_stays(
    parts: Parts, qtbot, starter_model: Path, llama_cpp_models: Path, tmp_path: Path
) -> None:
    models = parts.context.models
    models.begin()
    ready(parts, qtbot)
    current, child = models.current, parts.context.session.child
    for name, (make, code) in FILES.items():
        file = tmp_path / f"{name}.gguf"
        file.write_bytes(make(starter_model))
        assert refused(parts, qtbot, file).startswith(code), name
    vocabulary = llama_cpp_models / "ggml-vocab-gpt-2.gguf"
    assert refused(parts, qtbot, vocabulary) == "window.cannot_answer"
    assert models.current == current
    assert models.inspected == current
    assert models.state is SessionState.READY
    assert parts.context.session.child is child, "the engine was never ended"
    assert parts.context.settings.current.models.last_file == str(starter_model)
    assert [ref.path for ref in models.known()] == [starter_model]


def test_a_file_that_cannot_answer_can_be_looked_into_and_left_again(
    parts: Parts, qtbot, llama_cpp_models: Path
) -> None:
    models = parts.context.models
    models.begin()
    ready(parts, qtbot)
    vocabulary = llama_cpp_models / "ggml-vocab-gpt-2.gguf"
    refused(parts, qtbot, vocabulary)
    (action,) = parts.context.notices.kept[-1].actions
    action.run()
    qtbot.waitUntil(lambda: models.inspected.path == vocabulary, timeout=5_000)
    assert models.state is SessionState.READY
    assert models.current.is_starter
    picker = ModelPicker(parts.context, parts.window)
    picker.aboutToShow.emit()
    loaded = next(action for action in picker.actions() if "(loaded)" in action.text())
    loaded.trigger()
    assert models.inspected == models.current
    assert models.state is SessionState.READY, "it is loaded, so it is not loaded again"


def test_the_last_model_is_loaded_at_the_start_without_the_reader(
    qapp: QApplication, qtbot, starter_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(starter_model.read_bytes())
    with running_parts(qapp, pages=PAGES) as parts:
        parts.context.models.open(mine)
        ready(parts, qtbot)
    with running_parts(qapp, pages=PAGES) as parts:
        asked: list[str] = []
        monkeypatch.setattr(parts.context.reader, "ask", lambda job, *_, **__: asked.append(job))
        parts.context.models.begin()
        ready(parts, qtbot)
        assert parts.context.models.current.path == mine
        assert "kind" not in asked
