"""The numbers of one tensor: what they range over, how they are spread, and what they look like.

Numbers are dequantised in stretches of rows, so memory stays bounded whatever the tensor's size.
A tensor with more numbers than `MOST_ELEMENTS` is sampled by whole rows at even distances, and the
result says so.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from inspector.errors import InspectorError
from inspector.gguf.figures import Values
from inspector.gguf.model import GgufModel
from inspector.gguf.tensor_table import Tensor
from inspector.gguf.types import tensor_types
from inspector.work import Progress, unwatched

MOST_ELEMENTS = 32 * 1024 * 1024
WIDEST_ROW = 4 * 1024 * 1024
STRETCH_ELEMENTS = 1024 * 1024
BINS = 64
MAP_SIDE = 256

Numbers = npt.NDArray[np.float32]

_PLAIN = {"I8": "<i1", "I16": "<i2", "I32": "<i4", "I64": "<i8", "F64": "<f8"}


def tensor_values(
    model: GgufModel, name: str, progress: Progress = unwatched
) -> tuple[Values, bytes]:
    """Reads the numbers of the tensor `name`.

    Args:
        model: the open model.
        name: the tensor's name.
        progress: told of numbers read, in two passes; may raise `Cancelled`.

    Returns:
        The figures, and the heat map: a byte for each cell, row by row, 255 the largest mean of
        absolute values.

    Raises:
        InspectorError: `gguf.no_such_tensor`, `gguf.values_unreadable` for a type that can't be
            dequantised, `gguf.values_too_wide`, `gguf.changed`.
    """
    tensor = model.tensor(name)
    if tensor.shape[0] > WIDEST_ROW:
        raise InspectorError(
            "gguf.values_too_wide", tensor=name, width=tensor.shape[0], limit=WIDEST_ROW
        )
    rows = _chosen_rows(tensor)
    reading = _Reading(model, tensor, rows)
    total = 2 * len(rows) * tensor.shape[0]
    first = _FirstPass(tensor, rows)
    done = 0
    for at, numbers in reading:
        first.add(at, numbers)
        done += numbers.size
        progress(done, total)
    counts = np.zeros(BINS, np.int64)
    if first.finite:
        for _, numbers in reading:
            counts += _histogram(numbers, first.low, first.high)
            done += numbers.size
            progress(done, total)
    return first.values(tensor, counts)


def _chosen_rows(tensor: Tensor) -> npt.NDArray[np.int64]:
    """Returns the rows to read: all of them, or as many as the cap allows at even distances."""
    width = tensor.shape[0]
    count = tensor.elements // width if width else 0
    most = max(1, MOST_ELEMENTS // width) if width else 0
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.linspace(0, count - 1, most).astype(np.int64)


class _Reading:
    """Dequantises the chosen rows of a tensor, stretch by stretch; may be gone through twice."""

    def __init__(self, model: GgufModel, tensor: Tensor, rows: npt.NDArray[np.int64]) -> None:
        self._source = model.files[tensor.file]
        self._tensor = tensor
        self._rows = rows
        kind = tensor_types()[tensor.type_id]
        self._row_bytes = tensor.shape[0] // kind.block * kind.bytes

    def __iter__(self) -> Iterator[tuple[int, Numbers]]:
        """Yields the position of each stretch's first row among the chosen, and its numbers."""
        width = self._tensor.shape[0]
        if not width:
            return
        step = max(1, STRETCH_ELEMENTS // width)
        for at in range(0, len(self._rows), step):
            rows = self._rows[at : at + step]
            yield at, self._numbers(self._bytes(rows), len(rows))

    def _bytes(self, rows: npt.NDArray[np.int64]) -> bytes:
        """Reads rows; in one read where they follow each other."""
        first, last = int(rows[0]), int(rows[-1])
        offset = self._tensor.offset
        if last - first + 1 == len(rows):
            return self._source.read(offset + first * self._row_bytes, len(rows) * self._row_bytes)
        return b"".join(
            self._source.read(offset + int(row) * self._row_bytes, self._row_bytes) for row in rows
        )

    def _numbers(self, data: bytes, rows: int) -> Numbers:
        """Turns the bytes of rows into numbers."""
        width = self._tensor.shape[0]
        plain = _PLAIN.get(self._tensor.type)
        if plain is not None:
            return np.frombuffer(data, plain).astype(np.float32).reshape(rows, width)
        return _dequantised(data, self._tensor, rows).reshape(rows, width)


def _dequantised(data: bytes, tensor: Tensor, rows: int) -> Numbers:
    """Dequantises with the `gguf` library."""
    # Late, because it takes a third of a second and few jobs need it.
    from gguf.constants import GGMLQuantizationType
    from gguf.quants import dequantize

    raw = np.frombuffer(data, np.uint8).reshape(rows, -1)
    try:
        # Scales that overflow are found below as what they are; no need to warn here.
        with np.errstate(all="ignore"):
            numbers = dequantize(raw, GGMLQuantizationType(tensor.type_id))
    except (NotImplementedError, ValueError) as error:
        raise InspectorError(
            "gguf.values_unreadable", str(error), tensor=tensor.name, type=tensor.type
        ) from error
    return np.asarray(numbers, np.float32)


class _FirstPass:
    """Gathers everything that needs no range: extremes, mean, zeros, and the heat map's cells."""

    def __init__(self, tensor: Tensor, rows: npt.NDArray[np.int64]) -> None:
        self._rows = len(rows)
        width = tensor.shape[0]
        self._height = min(MAP_SIDE, self._rows)
        self._width = min(MAP_SIDE, width)
        self._sums = np.zeros((self._height, self._width))
        self._cells = np.zeros((self._height, self._width))
        self._columns = (
            np.linspace(0, width, self._width, endpoint=False).astype(np.int64)
            if self._width
            else np.zeros(0, np.int64)
        )
        self.read = self.finite = self.nan = self.zeros = 0
        self.low, self.high = np.inf, -np.inf
        self._sum = self._squares = 0.0

    def add(self, at: int, numbers: Numbers) -> None:
        """Takes the numbers of a stretch of rows, of which the first is number `at`."""
        self.read += numbers.size
        is_finite = np.isfinite(numbers)
        count = int(np.count_nonzero(is_finite))
        if count < numbers.size:
            self.nan += int(np.count_nonzero(np.isnan(numbers)))
            numbers = np.where(is_finite, numbers, np.float32(0))
            finite = numbers[is_finite]
        else:
            finite = numbers.ravel()
        if count:
            self.finite += count
            self.low = min(self.low, float(finite.min()))
            self.high = max(self.high, float(finite.max()))
            self._sum += float(finite.sum(dtype=np.float64))
            # Squares of large numbers overflow 32 bits.
            self._squares += float(np.square(finite, dtype=np.float64).sum())
            self.zeros += count - int(np.count_nonzero(finite))
        self._add_cells(at, np.abs(numbers), is_finite)

    def _add_cells(self, at: int, sizes: Numbers, is_finite: npt.NDArray[np.bool_]) -> None:
        """Adds absolute values to the cells of the heat map that they fall into."""
        lines = (np.arange(at, at + len(sizes)) * self._height) // self._rows
        by_column = np.add.reduceat(sizes, self._columns, axis=1, dtype=np.float64)
        counts = np.add.reduceat(is_finite, self._columns, axis=1, dtype=np.int64)
        np.add.at(self._sums, lines, by_column)
        np.add.at(self._cells, lines, counts)

    def values(self, tensor: Tensor, counts: npt.NDArray[np.int64]) -> tuple[Values, bytes]:
        """Returns the figures and the heat map."""
        finite = self.finite
        mean = self._sum / finite if finite else 0.0
        variance = max(0.0, self._squares / finite - mean * mean) if finite else 0.0
        means = self._sums / np.maximum(self._cells, 1)
        top = float(means.max()) if means.size else 0.0
        signs = np.round(means * (255 / top)) if top > 0 else np.zeros_like(means)
        width = tensor.shape[0]
        values = Values(
            tensor=tensor.name,
            type=tensor.type,
            shape=tensor.shape,
            elements=tensor.elements,
            read=self.read,
            rows=tensor.elements // width if width else 0,
            rows_read=self._rows,
            finite=finite,
            nan=self.nan,
            infinite=self.read - finite - self.nan,
            low=self.low if finite else 0.0,
            high=self.high if finite else 0.0,
            mean=mean,
            deviation=variance**0.5,
            zeros=self.zeros / finite if finite else 0.0,
            counts=tuple(int(count) for count in counts),
            map_rows=self._height,
            map_columns=self._width,
            map_top=top,
        )
        return values, signs.astype(np.uint8).tobytes()


def _histogram(numbers: Numbers, low: float, high: float) -> npt.NDArray[np.int64]:
    """Counts numbers in equal bins; equal extremes fall into the middle one."""
    finite = numbers[np.isfinite(numbers)]
    if low == high:
        counts = np.zeros(BINS, np.int64)
        counts[BINS // 2] = finite.size
        return counts
    # Halves first: the range of 32-bit extremes doesn't fit into 32 bits.
    scaled = (finite.astype(np.float64) - low) * (BINS / (high - low))
    return np.bincount(np.minimum(scaled.astype(np.int64), BINS - 1), minlength=BINS)
