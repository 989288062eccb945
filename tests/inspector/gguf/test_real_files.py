"""Real files are read as the `gguf` library reads them, and none is refused."""

import tracemalloc
from pathlib import Path

import gguf
import numpy as np
import pytest

from inspector.gguf.header import INDEX_EVERY
from inspector.gguf.model import GgufModel, ModelKind
from inspector.gguf.ranges import CountedBytes, FileBytes
from inspector.gguf.types import tensor_types
from inspector.inspection import inspect_file

SMALL = ["llama-spm", "phi-3", "bert-bge"]
"""Vocabularies that the library reads in a second or two."""


@pytest.fixture(scope="module")
def library_reading(starter_model: Path) -> gguf.GGUFReader:
    """The starter as the library reads it, which takes a second."""
    return gguf.GGUFReader(starter_model)


def test_tensor_types_are_those_of_the_library():
    ours = {number: (kind.block, kind.bytes) for number, kind in tensor_types().items()}
    theirs = {int(kind): sizes for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    assert theirs.items() <= ours.items()
    names = {number: kind.name for number, kind in tensor_types().items()}
    assert {int(kind): kind.name for kind in gguf.GGML_QUANT_SIZES}.items() <= names.items()


def test_no_real_file_is_refused(llama_cpp_models: Path, starter_model: Path):
    files = [*sorted(llama_cpp_models.glob("*.gguf")), starter_model]
    assert len(files) >= 15
    for file in files:
        with GgufModel.open(file) as model:
            assert model.oddities == [], file.name
            wanted = ModelKind.CHAT if file == starter_model else ModelKind.VOCABULARY
            assert model.kind is wanted, file.name


@pytest.mark.parametrize("name", SMALL)
def test_a_vocabulary_is_read_as_the_library_reads_it(llama_cpp_models: Path, name: str):
    file = llama_cpp_models / f"ggml-vocab-{name}.gguf"
    theirs = gguf.GGUFReader(file)
    with GgufModel.open(file) as model:
        for key, field in theirs.fields.items():
            if key.startswith("GGUF."):
                continue
            entry = model.metadata[key]
            assert entry.offset == field.offset
            wanted = field.contents()
            if isinstance(wanted, list) and wanted and isinstance(wanted[0], str):
                got = [raw.decode() for raw in model.metadata.strings(key)]
            elif isinstance(wanted, list):
                got = list(model.metadata.numbers(key, 10**6) or ())
            elif isinstance(wanted, str):
                got = model.metadata.text(key)
            else:
                got = model.metadata.number(key)
            assert got == wanted, key


def test_tensors_are_those_of_the_library(starter_model: Path, library_reading: gguf.GGUFReader):
    theirs = library_reading
    with GgufModel.open(starter_model) as model:
        assert len(model.tensors) == len(theirs.tensors)
        for ours, tensor in zip(model.tensors, theirs.tensors, strict=True):
            assert ours.name == tensor.name
            assert list(ours.shape) == tensor.shape.tolist()
            assert ours.offset == tensor.data_offset
            assert ours.size == tensor.n_bytes
            assert ours.type == tensor.tensor_type.name


def test_a_page_anywhere_is_the_same_as_reading_from_the_start(llama_cpp_models: Path):
    key = "tokenizer.ggml.tokens"
    with GgufModel.open(llama_cpp_models / "ggml-vocab-llama-spm.gguf") as model:
        every = [raw.decode() for raw in model.metadata.strings(key)]
        for start in (0, 1, INDEX_EVERY - 1, INDEX_EVERY, 5 * INDEX_EVERY + 7, len(every) - 3):
            page = model.metadata.page(key, start, 10)
            assert [e.index for e in page.elements] == list(
                range(start, min(start + 10, len(every)))
            )
            wanted = every[start : start + 10]
            assert [e.text.replace("\\\\", "\\") for e in page.elements if "\\" not in e.text] == [
                text for text in wanted if text.isprintable() and "\\" not in text
            ]
            assert page.more == (start + 10 < len(every))
        assert model.metadata.page(key, len(every), 10).elements == ()


def test_search_in_a_list(llama_cpp_models: Path):
    with GgufModel.open(llama_cpp_models / "ggml-vocab-llama-spm.gguf") as model:
        found = model.metadata.find("tokenizer.ggml.tokens", "HELLO", 50)
        assert any("hello" in element.text.lower() for element in found.elements)
        first = model.metadata.find("tokenizer.ggml.tokens", "e", 5)
        assert first.more
        assert len(first.elements) == 5
        on = model.metadata.find("tokenizer.ggml.tokens", "e", 5, first.elements[-1].index + 1)
        assert on.elements[0].index > first.elements[-1].index


def test_a_header_costs_little_more_than_itself(starter_model: Path):
    source = CountedBytes(FileBytes(starter_model))
    model = GgufModel([source])
    assert source.asked <= model.headers[0].data_offset + 1024 * 1024
    model.close()


def test_an_inspection_says_what_is_known_of_the_starter(
    starter_model: Path, library_reading: gguf.GGUFReader
):
    looked = inspect_file(starter_model, 8192, 10**9)
    summary = looked.summary
    theirs = library_reading
    assert summary.parameters.value == sum(int(np.prod(t.shape)) for t in theirs.tensors)
    assert summary.architecture.value == "llama"
    assert summary.licence.value == "apache-2.0"
    assert summary.licence.source.where == "general.license"
    assert summary.licence.source.offset == theirs.fields["general.license"].offset
    assert summary.languages.value == ("en",)
    assert not summary.quantised_by.is_known
    assert summary.quantised_by.settle
    assert sum(share.bytes for share in summary.types) == summary.memory.weights.value
    assert looked.tensors_total == len(looked.tensors) == 272
    assert looked.metadata_total == 33


def test_a_large_vocabulary_takes_little_memory(llama_cpp_models: Path):
    tracemalloc.start()
    with GgufModel.open(llama_cpp_models / "ggml-vocab-gemma-4.gguf") as model:
        assert model.metadata["tokenizer.ggml.tokens"].count == 262_144
        peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
