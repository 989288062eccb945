"""The real reader process, sealed, on real and hostile files."""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.model.files import files_of_model
from app.reader import arguments
from app.words.wording import codes
from inspector.gguf.digests import Digests
from inspector.gguf.figures import Values
from inspector.gguf.metadata import Page
from inspector.gguf.tensor_table import Tensor
from inspector.inspection import Inspection, MetadataRow, inspect_file
from runner.errors import RunnerError
from runner.reader_client import ReaderClient
from tests.inspector.gguf.corpus import cases
from tests.inspector.gguf.hostile import Gguf, tensor, tiny, tiny_pairs
from tests.inspector.gguf.test_model import write_set
from tests.support.porter import running_porter

WAIT_S = 30


class Asker:
    """Asks the reader and waits for its answer."""

    def __init__(self, client: ReaderClient, folder: Path) -> None:
        self.client = client
        self.readable = [folder]
        self.answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def start(self, job: str, asked: object, shape: Any, **more: Any) -> Any:
        put = self.answers.put
        return self.client.ask(job, asked, shape, put, put, readable=self.readable, **more)

    def ask(self, job: str, asked: object, shape: Any, **more: Any) -> Any:
        self.start(job, asked, shape, **more)
        return self.answers.get(timeout=WAIT_S)


@pytest.fixture(scope="module")
def reader(starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("models")
    with running_porter() as porter:
        client = ReaderClient(porter)
        asker = Asker(client, starter_model)
        asker.readable = [starter_model, folder]
        asker.folder = folder
        yield asker
        client.close()


def test_an_inspection_is_the_same_as_without_a_process(reader: Asker, starter_model: Path):
    asked = arguments.Inspect(path=str(starter_model), context=4096, free_bytes=7)
    looked = reader.ask("inspect", asked, Inspection)
    here = inspect_file(starter_model, 4096, 7)
    assert looked.summary.parameters.value == here.summary.parameters.value
    assert looked.summary.licence.value == "apache-2.0"
    assert looked.tensors == here.tensors
    assert looked.metadata == here.metadata
    assert looked.summary.memory.free.value == 7


def test_listings_pages_search_and_text(reader: Asker, starter_model: Path):
    path = str(starter_model)
    rows = reader.ask(
        "metadata", arguments.Stretch(path=path, start=30, count=10), tuple[MetadataRow, ...]
    )
    assert len(rows) == 3
    tensors = reader.ask(
        "tensors", arguments.Stretch(path=path, start=270, count=10), tuple[Tensor, ...]
    )
    assert len(tensors) == 2
    key = "tokenizer.ggml.tokens"
    page = reader.ask("array_page", arguments.ArrayPage(path=path, key=key, start=1, count=2), Page)
    assert [element.text for element in page.elements] == ["<|im_start|>", "<|im_end|>"]
    found = reader.ask(
        "array_search",
        arguments.ArraySearch(path=path, key=key, wanted="IM_END", start=0, count=9),
        Page,
    )
    assert [element.index for element in found.elements] == [2]
    template = reader.ask(
        "text", arguments.WholeText(path=path, key="tokenizer.chat_template"), str
    )
    assert template.startswith("{% for message in messages %}")


def test_values_bring_their_picture(reader: Asker, starter_model: Path):
    asked = arguments.TensorNumbers(path=str(starter_model), tensor="blk.0.attn_q.weight")
    ticket = reader.start("tensor_values", asked, Values)
    values = reader.answers.get(timeout=WAIT_S)
    assert values.read == values.elements == 576 * 576
    assert len(ticket.payload) == values.map_rows * values.map_columns


def test_hashing_tells_how_far_it_is(reader: Asker, starter_model: Path):
    seen: list[tuple[int, int]] = []
    hashed = reader.ask(
        "digests",
        arguments.Hash(path=str(starter_model)),
        Digests,
        progress=lambda done, total: seen.append((done, total)),
        deadline_s=60,
    )
    assert hashed.files == ("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",)
    assert seen[-1] == (starter_model.stat().st_size, starter_model.stat().st_size)


def test_hashing_can_be_given_up(reader: Asker, starter_model: Path):
    process = reader.client._process
    ticket = reader.start("digests", arguments.Hash(path=str(starter_model)), Digests)
    ticket.cancel()
    asked = arguments.WholeText(path=str(starter_model), key="general.license")
    assert reader.ask("text", asked, str) == "apache-2.0"
    assert reader.client._process == process, "the same process goes on"


def test_hostile_files_end_in_their_reasons(reader: Asker):
    process = reader.client._process
    for number, case in enumerate(cases()):
        path = reader.folder / f"{number}.gguf"
        path.write_bytes(case.data)
        answer = reader.ask("inspect", arguments.Inspect(path=str(path)), Inspection)
        if case.code is None:
            assert isinstance(answer, Inspection), case.name
        else:
            assert isinstance(answer, RunnerError), case.name
            assert answer.code == case.code, case.name
            assert answer.code in codes()
    assert reader.client._process == process, "no file ended the reader"


def test_a_file_that_was_replaced_is_read_afresh(reader: Asker):
    path = reader.folder / "replaced.gguf"
    path.write_bytes(tiny().build())
    assert reader.ask("inspect", arguments.Inspect(path=str(path)), Inspection).version == 3
    path.write_bytes(tiny().build()[:300])
    asked = arguments.Stretch(path=str(path), start=0, count=5)
    answer = reader.ask("metadata", asked, tuple[MetadataRow, ...])
    assert isinstance(answer, RunnerError)
    assert answer.code in {"gguf.truncated", "gguf.counts_exceed_file", "gguf.long_array"}


def test_what_it_was_not_started_for_stays_closed(reader: Asker, tmp_path: Path):
    secret = tmp_path / "secret.gguf"
    secret.write_bytes(tiny().build())
    answer = reader.ask("inspect", arguments.Inspect(path=str(secret)), Inspection)
    assert isinstance(answer, RunnerError)
    assert answer.code in {"file.no_permission", "file.missing"}


def test_a_tensor_larger_than_memory_is_sampled(reader: Asker):
    """Four gigabytes of zeros that take no room on the disk; the job may use 768 MB."""
    path = reader.folder / "huge.gguf"
    side = 32_768
    file = Gguf(pairs=tiny_pairs(), tensors=[tensor("huge", (side, side))]).build()
    with path.open("wb") as out:
        out.write(file)
        out.truncate(len(file) + 4 * side * side)
    values = reader.ask(
        "tensor_values",
        arguments.TensorNumbers(path=str(path), tensor="huge"),
        Values,
        deadline_s=60,
    )
    assert isinstance(values, Values)
    assert values.is_sample
    assert values.zeros == 1
    path.unlink()


def test_a_split_set_is_read_with_all_its_files(tmp_path: Path):
    first = write_set(tmp_path)
    with running_porter() as porter:
        client = ReaderClient(porter)
        asker = Asker(client, first)
        asker.readable = list(files_of_model(first))
        looked = asker.ask("inspect", arguments.Inspect(path=str(first)), Inspection)
        client.close()
    assert [part.name[-8:] for part in looked.files] == ["003.gguf"] * 3
    assert looked.tensors_total == 4
