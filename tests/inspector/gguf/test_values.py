"""Values of tensors, against numpy over the whole tensor."""

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from inspector.errors import InspectorError
from inspector.gguf import values
from inspector.gguf.model import GgufModel
from inspector.gguf.values import BINS, tensor_values
from inspector.work import Cancelled
from tests.inspector.gguf.hostile import Gguf, tensor, tiny_pairs
from tests.inspector.gguf.memory import Memory


def model_of(numbers: np.ndarray, kind: gguf.GGMLQuantizationType) -> GgufModel:
    """A model with one tensor of these numbers, quantised."""
    data = gguf.quants.quantize(numbers.astype(np.float32), kind).tobytes()
    shape = tuple(reversed(numbers.shape))
    file = Gguf(pairs=tiny_pairs(), tensors=[tensor("t", shape, int(kind))], data=data)
    return GgufModel([Memory(file.build())])


@pytest.mark.parametrize("kind", ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"])
def test_figures_are_those_of_the_whole_tensor(kind: str):
    kind = gguf.GGMLQuantizationType[kind]
    numbers = np.random.default_rng(1).normal(0, 0.1, (300, 256)).astype(np.float32)
    numbers[::7] = 0
    whole = gguf.quants.dequantize(gguf.quants.quantize(numbers, kind), kind)
    figures, picture = tensor_values(model_of(numbers, kind), "t")
    assert figures.read == figures.elements == whole.size
    assert figures.low == pytest.approx(whole.min())
    assert figures.high == pytest.approx(whole.max())
    assert figures.mean == pytest.approx(whole.mean(), abs=1e-7)
    assert figures.deviation == pytest.approx(whole.std(), rel=1e-5)
    assert figures.zeros == pytest.approx(np.mean(whole == 0))
    expected, _ = np.histogram(whole, BINS)
    assert sum(figures.counts) == whole.size
    assert np.abs(np.array(figures.counts) - expected).max() <= 2
    assert len(picture) == figures.map_rows * figures.map_columns == 256 * 256
    assert max(picture) == 255


def test_the_starters_tensors(starter_model: Path):
    theirs = {one.name: one for one in gguf.GGUFReader(starter_model).tensors}
    with GgufModel.open(starter_model) as model:
        for name in ("blk.0.attn_q.weight", "output_norm.weight", "blk.29.ffn_down.weight"):
            one = theirs[name]
            whole = gguf.quants.dequantize(one.data, one.tensor_type)
            figures, _ = tensor_values(model, name)
            assert figures.low == pytest.approx(whole.min())
            assert figures.mean == pytest.approx(whole.mean(dtype=np.float64), abs=1e-7)


def test_nan_and_infinite_numbers_are_counted_apart():
    numbers = np.ones((4, 32), np.float32)
    numbers[0, 0], numbers[1, 1], numbers[2, 2] = np.nan, np.inf, -np.inf
    figures, _ = tensor_values(model_of(numbers, gguf.GGMLQuantizationType.F32), "t")
    assert (figures.nan, figures.infinite, figures.finite) == (1, 2, 125)
    assert (figures.low, figures.high, figures.mean) == (1, 1, 1)
    assert sum(figures.counts) == 125


def test_nothing_but_nan():
    numbers = np.full((2, 32), np.nan, np.float32)
    figures, picture = tensor_values(model_of(numbers, gguf.GGMLQuantizationType.F32), "t")
    assert (figures.nan, figures.finite, figures.mean) == (64, 0, 0)
    assert not any(picture)


def test_a_huge_tensor_is_sampled_by_rows_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(values, "MOST_ELEMENTS", 32 * 50)
    numbers = np.arange(32 * 500, dtype=np.float32).reshape(500, 32)
    figures, _ = tensor_values(model_of(numbers, gguf.GGMLQuantizationType.F32), "t")
    assert figures.is_sample
    assert (figures.rows, figures.rows_read) == (500, 50)
    assert figures.low == 0
    assert figures.high == 32 * 500 - 1


def test_whole_numbers_and_tensors_of_nothing():
    data = struct.pack("<8i", *range(8))
    file = Gguf(
        pairs=tiny_pairs(), tensors=[tensor("i", (4, 2), 26), tensor("e", (0, 2), 0, 32)], data=data
    )
    model = GgufModel([Memory(file.build())])
    assert tensor_values(model, "i")[0].mean == 3.5
    empty, picture = tensor_values(model, "e")
    assert (empty.elements, empty.finite, picture) == (0, 0, b"")


def test_what_cannot_be_shown():
    model = GgufModel([Memory(Gguf(tensors=[tensor("q", (64,), 42)], data=bytes(18)).build())])
    with pytest.raises(InspectorError, match=r"gguf\.values_unreadable"):
        tensor_values(model, "q")
    with pytest.raises(InspectorError, match=r"gguf\.no_such_tensor"):
        tensor_values(model, "nobody")


def test_it_can_be_given_up():
    def progress(done: int, total: int) -> None:
        raise Cancelled

    numbers = np.ones((4, 32), np.float32)
    with pytest.raises(Cancelled):
        tensor_values(model_of(numbers, gguf.GGMLQuantizationType.F32), "t", progress)
