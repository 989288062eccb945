"""A file that was named at the start and can't be opened: one sentence in the window, nothing else."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from app.window.application import Parts
from runner.session import SessionState


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("nonesuch.gguf", None, "files.missing", "nonesuch.gguf"),
        ("notes.txt", b"only words", "window.not_a_model", "notes.txt"),
    ],
)
def test_it_is_said(
    parts: Parts, tmp_path: Path, name: str, content: bytes | None, code: str, says: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    parts.show([file])
    QTest.qWait(200)
    (notice,) = parts.notices.kept
    assert notice.code == code
    assert says in f"{notice.said.title} {notice.said.meaning}"
    assert notice.said.remedy
    assert parts.context.session.state is SessionState.IDLE
