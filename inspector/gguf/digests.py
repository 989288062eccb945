"""Two fingerprints of a model: SHA-256 of each file, and a digest over its tensors only.

The weights digest (decision 0060) stays the same when metadata changes: a relabelled copy keeps it.
Equal means equal numbers in equal form; it says nothing about templates, so nothing about behaviour.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from inspector.gguf.model import GgufModel
from inspector.gguf.ranges import FileBytes
from inspector.gguf.tensor_table import Tensor
from inspector.work import Progress, unwatched

METHOD = "lightwell weights digest 1"

_CHUNK_BYTES = 4 * 1024 * 1024


class Digests(msgspec.Struct, frozen=True, kw_only=True):
    """A model's fingerprints.

    Attributes:
        files: SHA-256 of each file, in the order of the set.
        weights: the weights digest.
        method: name and version of how the weights digest is made.
        tensors: SHA-256 of each tensor's data by its name.
    """

    files: tuple[str, ...]
    weights: str
    method: str = METHOD
    tensors: dict[str, str] = {}


def digests(model: GgufModel, progress: Progress = unwatched) -> Digests:
    """Reads every byte of a model once and returns its fingerprints.

    Args:
        model: the open model.
        progress: told of bytes read; may raise `Cancelled`.

    Raises:
        InspectorError: `gguf.changed`, where a file changed meanwhile.
    """
    files = []
    tensors: dict[str, str] = {}
    done = 0
    for number, source in enumerate(model.files):
        whole = hashlib.sha256()
        parts = _Parts(tensor for tensor in model.tensors if tensor.file == number)
        for at in range(0, source.size, _CHUNK_BYTES):
            chunk = source.read(at, min(_CHUNK_BYTES, source.size - at))
            whole.update(chunk)
            parts.update(at, chunk)
            done += len(chunk)
            progress(done, model.size)
        if isinstance(source, FileBytes):
            source.check_unchanged()
        files.append(whole.hexdigest())
        tensors |= parts.digests()
    return Digests(
        files=tuple(files), weights=weights_digest(model.tensors, tensors), tensors=tensors
    )


def weights_digest(tensors: Iterable[Tensor], contents: dict[str, str]) -> str:
    """Returns the digest over tensors, given the SHA-256 of each one's data.

    The digest is the SHA-256 of a text in UTF-8: the method's name, then one line for each tensor,
    sorted by name: name, type, shape (row length first, joined by `x`) and the SHA-256 of its data,
    with a tab between them; every line ends with a line feed.
    """
    lines = [METHOD]
    for tensor in sorted(tensors, key=lambda tensor: tensor.name.encode()):
        shape = "x".join(map(str, tensor.shape))
        lines.append(f"{tensor.name}\t{tensor.type}\t{shape}\t{contents[tensor.name]}")
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


class _Parts:
    """Hashes the tensors of one file while its bytes pass by in order."""

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        self._waiting = sorted(tensors, key=lambda tensor: tensor.offset, reverse=True)
        self._digests: dict[str, str] = {}
        self._hash = hashlib.sha256()

    def update(self, at: int, chunk: bytes) -> None:
        """Takes the bytes from `at` on."""
        view = memoryview(chunk)
        while self._waiting:
            tensor = self._waiting[-1]
            start, end = tensor.offset, tensor.offset + tensor.size
            if start >= at + len(chunk) and tensor.size:
                return
            self._hash.update(view[max(0, start - at) : max(0, end - at)])
            if end > at + len(chunk):
                return
            self._digests[tensor.name] = self._hash.hexdigest()
            self._hash = hashlib.sha256()
            self._waiting.pop()

    def digests(self) -> dict[str, str]:
        """Returns what was hashed, by the tensors' names."""
        for tensor in self._waiting:  # Only tensors of nothing at the file's very end are left.
            self._digests[tensor.name] = hashlib.sha256().hexdigest()
        return self._digests
