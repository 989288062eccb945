"""A panel of claims beside a small card, for the tests that show one."""

from collections.abc import Callable
from pathlib import Path

from app.model.ref import ModelRef
from app.review.judgements import judged_file
from app.tabs.card.claims.panel import ClaimsPanel
from app.window.application import Parts
from runner.store.judged_file import JudgedFile

WAIT_MS = 30_000
CARD = """---
license: mit
language: [en, de]
---
# A small model

It has 135M parameters and a context length of 128k tokens.
It runs on a laptop.
"""

Shown = Callable[[], ClaimsPanel]


def ref(path: Path) -> ModelRef:
    """Returns a file as the window knows it."""
    return ModelRef(path=path, name=path.stem, size_bytes=path.stat().st_size)


def file_of(parts: Parts, path: Path) -> JudgedFile:
    """Returns how the store knows a file."""
    return judged_file(path.name, path.stat().st_size, parts.context.models.digest_of(path))
