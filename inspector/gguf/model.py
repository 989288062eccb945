"""One model as its files show it: headers, metadata, tensors, kind, and what is odd about them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from inspector.errors import InspectorError
from inspector.facts import Source, SourceKind, now
from inspector.gguf.checks import check_values
from inspector.gguf.header import Header, read_header
from inspector.gguf.limits import Limits
from inspector.gguf.metadata import Metadata
from inspector.gguf.ranges import Bytes, FileBytes
from inspector.gguf.splits import siblings
from inspector.gguf.tensor_table import Tensor
from resources import table


class ModelKind(StrEnum):
    """What a file is for."""

    CHAT = "model"
    VOCABULARY = "vocabulary only"
    PROJECTOR = "projector"
    EMBEDDING = "embedding"
    ADAPTER = "adapter"
    IMPORTANCE = "importance matrix"
    OTHER = "other"


class _Kinds(msgspec.Struct, frozen=True):
    schema: str
    embedding: tuple[str, ...]
    projector: tuple[str, ...]
    other: tuple[str, ...]


class GgufModel:
    """An open model: a file, or the files of a split set. Use as a context manager.

    Attributes:
        files: the bytes of each file, in order.
        headers: each file's header.
        metadata: the first file's metadata; in a split set it holds the model's.
        tensors: every tensor of every file, in order.
        kind: what it is for.
        oddities: what is odd about it and stops nobody.
        read_at: when the headers were read.
    """

    def __init__(self, files: Sequence[Bytes], limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.files = tuple(files)
        self.read_at: datetime = now()
        self.headers: tuple[Header, ...] = tuple(
            read_header(source, limits, number) for number, source in enumerate(self.files)
        )
        self.metadata = Metadata(self.files[0], self.headers[0].entries)
        self.oddities = check_values(self.headers[0], self.metadata, self.files[0].size, limits)
        if len(self.files) > 1:
            self._check_set(limits)
        self.tensors: tuple[Tensor, ...] = tuple(
            tensor for header in self.headers for tensor in header.tensors
        )
        self.kind = self._kind()

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None) -> Self:
        """Opens the file at `path`, and its siblings where it is part of a split set.

        Raises:
            InspectorError: with one code for each reason.
        """
        files: list[FileBytes] = []
        try:
            files.extend(FileBytes(part) for part in siblings(path))
            return cls(files, limits)
        except BaseException:
            for source in files:
                source.close()
            raise

    @property
    def name(self) -> str:
        """The first file's name."""
        return self.files[0].name

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(source.size for source in self.files)

    @property
    def architecture(self) -> str:
        """The value of `general.architecture`; empty where there is none."""
        return self.metadata.text("general.architecture") or ""

    def arch_key(self, ending: str) -> str:
        """Returns the full name of one of the architecture's own keys."""
        return f"{self.architecture}.{ending}"

    def source(self, key: str) -> Source:
        """Returns where the value at `key` came from, or where it was looked for."""
        entry = self.metadata.get(key)
        return Source(
            kind=SourceKind.HEADER,
            document=self.name,
            where=key,
            offset=-1 if entry is None else entry.offset,
            read_at=self.read_at,
        )

    def tensor(self, name: str) -> Tensor:
        """Returns the tensor called `name`.

        Raises:
            InspectorError: `gguf.no_such_tensor`.
        """
        for tensor in self.tensors:
            if tensor.name == name:
                return tensor
        raise InspectorError("gguf.no_such_tensor", tensor=name)

    def is_unchanged(self) -> bool:
        """Whether every file is still the one that was opened."""
        try:
            for source in self.files:
                if isinstance(source, FileBytes):
                    source.check_unchanged()
        except InspectorError:
            return False
        return True

    def close(self) -> None:
        """Closes the files."""
        for source in self.files:
            source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_set(self, limits: Limits) -> None:
        """Checks that the files of a split set belong together."""
        names: set[str] = set()
        for number, (source, header) in enumerate(zip(self.files, self.headers, strict=True)):
            metadata = Metadata(source, header.entries)
            if metadata.integer("split.no") != number:
                raise InspectorError("gguf.split_order", path=source.name, expected=number + 1)
            if metadata.integer("split.count") != len(self.files):
                raise InspectorError("gguf.split_count", path=source.name, count=len(self.files))
            if number:
                self.oddities += check_values(header, metadata, source.size, limits)
            for tensor in header.tensors:
                if tensor.name in names:
                    raise InspectorError("gguf.duplicate_tensor", tensor=tensor.name)
                names.add(tensor.name)
        # Only the first file names the architecture; the others lack it by design.
        self.oddities = [odd for odd in self.oddities if odd.code != "oddity.no_architecture"]
        promised = self.metadata.integer("split.tensors.count")
        if promised is not None and promised != len(names):
            raise InspectorError("gguf.split_tensors", promised=promised, found=len(names))

    def _kind(self) -> ModelKind:
        """Says what the model is for, from its own words first."""
        kinds = table("gguf/kinds.toml", _Kinds)
        stated = self.metadata.text("general.type") or ""
        architecture = self.architecture
        if stated == "adapter" or "adapter.type" in self.metadata:
            return ModelKind.ADAPTER
        if stated == "imatrix":
            return ModelKind.IMPORTANCE
        if stated == "mmproj" or architecture in kinds.projector:
            return ModelKind.PROJECTOR
        if not self.tensors:
            has_vocabulary = "tokenizer.ggml.tokens" in self.metadata
            return ModelKind.VOCABULARY if has_vocabulary else ModelKind.OTHER
        if architecture in kinds.embedding or self._pools():
            return ModelKind.EMBEDDING
        if architecture in kinds.other or not architecture:
            return ModelKind.OTHER
        return ModelKind.CHAT

    def _pools(self) -> bool:
        """Whether the file says that it turns a text into one vector, not into more text."""
        return self.metadata.integer(self.arch_key("pooling_type")) in {1, 2, 3}
