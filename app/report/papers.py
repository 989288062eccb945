"""Copies of the papers that a report was made with, beside it: without them half of it can't be checked. Knows no Qt."""

import hashlib
from pathlib import Path

from inspector.report.values import FOREBEAR, Content
from runner.store.files_written import write_whole


def copy_papers(content: Content, model: Path, folder: Path) -> tuple[str, ...]:
    """Copies the papers that lie beside the model into a report's folder; returns which were left out.

    Only the very bytes that the report is of are copied, and nothing that is there is written over.

    Args:
        content: the report, which names each paper with its hash.
        model: the model's first file.
        folder: where the report was saved.

    Raises:
        RunnerError: a code of `files`; the folder can't be written to.
    """
    beside = {
        one.name: one.sha256
        for one in content.documents
        if not one.revision and one.kind != FOREBEAR
    }
    return tuple(
        name
        for name, sha256 in beside.items()
        if Path(name).name != name or not _copied(model.parent / name, folder / name, sha256)
    )  # fmt: skip


def _copied(source: Path, target: Path, sha256: str) -> bool:
    try:
        raw = source.read_bytes()
        there = target.read_bytes() if target.exists() else None
    except OSError:
        return False
    if hashlib.sha256(raw).hexdigest() != sha256:
        return False
    if there is not None:
        return there == raw
    write_whole(target, raw, mode=0o644)
    return True
