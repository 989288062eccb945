"""Which files make one model, where they lie whole and where only their beginnings do."""

from pathlib import Path

import pytest

from inspector.errors import InspectorError
from inspector.gguf.splits import siblings


def put(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).touch()
    return [folder / name for name in names]


def test_a_set_is_whole_or_names_what_is_missing(tmp_path: Path) -> None:
    files = put(tmp_path, *(f"m-0000{n}-of-00003.gguf" for n in (1, 2, 3)))
    assert siblings(files[1]) == tuple(files)
    files[2].unlink()
    with pytest.raises(InspectorError, match=r"gguf\.split_missing"):
        siblings(files[0])
    (alone,) = put(tmp_path, "alone.gguf")
    assert siblings(alone) == (alone,)


def test_beginnings_make_a_set_where_each_file_has_one(tmp_path: Path) -> None:
    first, second = put(
        tmp_path,
        "m-00001-of-00002.beginning-of-700.gguf",
        "m-00002-of-00002.beginning-of-800.gguf",
    )
    assert siblings(first) == siblings(second) == (first, second)
    # Looked into twice, and changed meanwhile: which of them belongs to the others, nobody knows.
    put(tmp_path, "m-00002-of-00002.beginning-of-900.gguf")
    assert siblings(first) == (first,)
    second.unlink()
    assert siblings(first) == (first, tmp_path / "m-00002-of-00002.beginning-of-900.gguf")
    (tmp_path / "m-00002-of-00002.beginning-of-900.gguf").unlink()
    assert siblings(first) == (first,)
