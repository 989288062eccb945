"""Everything that one look at a model file brings: what `lightwell inspect` prints and tabs show."""

from pathlib import Path

import msgspec

from inspector.gguf.checks import Oddity, type_title
from inspector.gguf.model import GgufModel
from inspector.gguf.tensor_table import Tensor
from inspector.summary import Summary, summarise
from inspector.untrusted import shortened

SCHEMA = "lightwell.inspect/1"

ROWS = 2_000
"""Keys, and tensors, in one inspection: more than almost any real file has; the rest by pages."""

_PREVIEW_CHARACTERS = 160


class FilePart(msgspec.Struct, frozen=True):
    """One file of a model."""

    name: str
    bytes: int


class MetadataRow(msgspec.Struct, frozen=True, kw_only=True):
    """A metadata key as a listing shows it.

    Attributes:
        key: as the file has it; show it with `inspector.untrusted.visible`.
        type: as llama.cpp prints it, such as `u32` or `arr[str]`.
        count: elements of an array; 1 for anything else.
        preview: the value, or its start, in one line.
        cut: whether there is more of the value than `preview` shows.
        offset: where the key stands in the file.
    """

    key: str
    type: str
    count: int
    preview: str
    cut: bool
    offset: int


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """A model file, looked at.

    Attributes:
        schema: name and version of this form.
        files: the file, or every file of a split set.
        version: of the GGUF format.
        header_bytes: where the first file's tensor data starts.
        metadata: the first keys, of `metadata_total`; `tensors` likewise.
    """

    schema: str
    files: tuple[FilePart, ...]
    version: int
    alignment: int
    header_bytes: int
    summary: Summary
    oddities: tuple[Oddity, ...]
    metadata: tuple[MetadataRow, ...]
    metadata_total: int
    tensors: tuple[Tensor, ...]
    tensors_total: int


def inspect_file(path: Path, context: int = 0, free_bytes: int | None = None) -> Inspection:
    """Looks at the model at `path`, its siblings included.

    Args:
        path: a GGUF file, or any file of a split set.
        context: tokens of context to work out the memory for; 0 takes what was trained.
        free_bytes: memory free now, if somebody measured it.

    Raises:
        InspectorError: where it is no model, or one that may do harm; with a code for each reason.
    """
    with GgufModel.open(path) as model:
        return inspect_model(model, context, free_bytes)


def inspect_model(model: GgufModel, context: int = 0, free_bytes: int | None = None) -> Inspection:
    """Looks at an open model; see `inspect_file`."""
    header = model.headers[0]
    return Inspection(
        schema=SCHEMA,
        files=tuple(FilePart(source.name, source.size) for source in model.files),
        version=header.version,
        alignment=header.alignment,
        header_bytes=header.data_offset,
        summary=summarise(model, context, free_bytes),
        oddities=tuple(model.oddities),
        metadata=metadata_rows(model, 0, ROWS),
        metadata_total=len(model.metadata),
        tensors=model.tensors[:ROWS],
        tensors_total=len(model.tensors),
    )


def metadata_rows(model: GgufModel, start: int, count: int) -> tuple[MetadataRow, ...]:
    """Returns keys `start` to `start + count` as a listing shows them."""
    rows = []
    for key in list(model.metadata)[start : start + count]:
        entry = model.metadata[key]
        whole = model.metadata.preview(key)
        preview = shortened(whole, _PREVIEW_CHARACTERS)
        rows.append(
            MetadataRow(
                key=key,
                type=type_title(entry),
                count=entry.count,
                preview=preview,
                cut=preview != whole or whole.endswith("…"),
                offset=entry.offset,
            )
        )
    return tuple(rows)
