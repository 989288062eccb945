"""Which files make up a model on disk, by their names alone. Knows no Qt."""

from pathlib import Path

from inspector.errors import InspectorError
from inspector.gguf.splits import siblings


def files_of_model(path: Path) -> tuple[Path, ...]:
    """Returns what a process must be able to read for the model at `path`: it, and its siblings.

    Where a sibling is missing the reader is the one to say so; it then needs no more than `path`.
    """
    try:
        return siblings(path)
    except InspectorError:
        return (path,)
