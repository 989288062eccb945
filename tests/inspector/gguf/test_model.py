"""Open models: kinds, split sets, files that change, digests of relabelled copies."""

import hashlib
import os
import struct
from pathlib import Path

import pytest

from inspector.errors import InspectorError
from inspector.gguf.digests import METHOD, digests
from inspector.gguf.model import GgufModel, ModelKind
from inspector.work import Cancelled
from tests.inspector.gguf.hostile import (
    I32,
    U16,
    U32,
    Gguf,
    number,
    string,
    tensor,
    tiny,
    tiny_pairs,
)
from tests.inspector.gguf.memory import Memory


def opened(file: Gguf) -> GgufModel:
    return GgufModel([Memory(file.build())])


def refusal(path: Path) -> str:
    with pytest.raises(InspectorError) as caught:
        GgufModel.open(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("pairs", "kind"),
    [
        ([], ModelKind.CHAT),
        ([string("general.type", "adapter")], ModelKind.ADAPTER),
        ([string("adapter.type", "lora")], ModelKind.ADAPTER),
        ([string("general.type", "mmproj")], ModelKind.PROJECTOR),
        ([string("general.type", "imatrix")], ModelKind.IMPORTANCE),
        ([number("llama.pooling_type", U32, 1)], ModelKind.EMBEDDING),
        ([number("llama.pooling_type", U32, 0)], ModelKind.CHAT),
    ],
)
def test_kinds(pairs: list[bytes], kind: ModelKind):
    file = tiny()
    file.pairs += pairs
    assert opened(file).kind is kind


def test_kinds_by_architecture():
    assert opened(tiny(architecture=string("general.architecture", "clip"))).kind == "projector"
    assert opened(tiny(architecture=string("general.architecture", "bert"))).kind == "embedding"
    vocabulary = Gguf(pairs=tiny_pairs())
    assert opened(vocabulary).kind is ModelKind.VOCABULARY


# ---- files on disk ----------------------------------------------------------------------------


def test_what_is_no_file(tmp_path: Path):
    assert refusal(tmp_path / "gone.gguf") == "file.missing"
    assert refusal(tmp_path) == "file.not_a_file"
    os.mkfifo(tmp_path / "pipe.gguf")
    assert refusal(tmp_path / "pipe.gguf") == "file.not_a_file"


def test_a_file_that_shrinks_while_open(tmp_path: Path):
    path = tmp_path / "a.gguf"
    path.write_bytes(tiny().build())
    with GgufModel.open(path) as model:
        with path.open("r+b") as file:
            file.truncate(200)
        with pytest.raises(InspectorError, match=r"gguf\.changed"):
            model.metadata.page("tokenizer.ggml.tokens", 0, 10)
        with pytest.raises(InspectorError, match=r"gguf\.changed"):
            digests(model)


def test_a_file_that_is_written_to_while_it_is_hashed(tmp_path: Path):
    path = tmp_path / "a.gguf"
    path.write_bytes(tiny().build())
    with GgufModel.open(path) as model:
        with path.open("ab") as file:
            file.write(b"more")
        with pytest.raises(InspectorError, match=r"gguf\.changed"):
            digests(model)


# ---- split sets -------------------------------------------------------------------------------


def write_set(folder: Path, *, order: tuple[int, ...] = (0, 1, 2), promised: int = 4) -> Path:
    """Writes a model in three files and returns the first."""
    for place, number_in_header in enumerate(order):
        pairs = [
            number("split.no", U16, number_in_header),
            number("split.count", U16, 3),
            number("split.tensors.count", I32, promised),
        ]
        tensors = [tensor(f"blk.{place}.weight", (8,), 0, 0)]
        if place == 0:
            pairs = tiny_pairs() + pairs
            tensors.append(tensor("token_embd.weight", (8,), 0, 32))
        file = Gguf(pairs=pairs, tensors=tensors, data=struct.pack("<8f", *range(8)) * len(tensors))
        (folder / f"m-{place + 1:05}-of-00003.gguf").write_bytes(file.build())
    return folder / "m-00001-of-00003.gguf"


def test_a_split_set_is_one_model(tmp_path: Path):
    write_set(tmp_path)
    for number_of_file in (1, 2, 3):
        with GgufModel.open(tmp_path / f"m-0000{number_of_file}-of-00003.gguf") as model:
            assert model.name == "m-00001-of-00003.gguf"
            assert model.architecture == "llama"
            assert [tensor.file for tensor in model.tensors] == [0, 0, 1, 2]
            assert model.oddities == []
            assert len(digests(model).files) == 3


def test_a_split_set_with_a_file_missing(tmp_path: Path):
    first = write_set(tmp_path)
    (tmp_path / "m-00002-of-00003.gguf").unlink()
    with pytest.raises(InspectorError) as caught:
        GgufModel.open(first)
    assert caught.value.code == "gguf.split_missing"
    assert "m-00002-of-00003.gguf" in str(caught.value.context["missing"])


def test_a_split_set_in_the_wrong_order(tmp_path: Path):
    assert refusal(write_set(tmp_path, order=(0, 2, 1))) == "gguf.split_order"


def test_a_split_set_that_lacks_tensors(tmp_path: Path):
    assert refusal(write_set(tmp_path, promised=9)) == "gguf.split_tensors"


def test_split_names_that_cannot_be(tmp_path: Path):
    for name in ("m-00004-of-00003.gguf", "m-00000-of-00003.gguf", "m-00001-of-99999.gguf"):
        (tmp_path / name).write_bytes(tiny().build())
        assert refusal(tmp_path / name) == "gguf.split_name"


# ---- digests ----------------------------------------------------------------------------------


def test_a_relabelled_copy_keeps_its_weights_digest():
    plain = digests(opened(tiny()))
    relabelled = digests(opened(tiny(name=string("general.name", "Something else entirely"))))
    assert plain.files != relabelled.files
    assert plain.weights == relabelled.weights


def test_one_changed_number_changes_both():
    changed = tiny()
    changed.data = changed.data[:-1] + b"\x7f"
    assert digests(opened(tiny())).files != digests(opened(changed)).files
    assert digests(opened(tiny())).weights != digests(opened(changed)).weights


def test_the_order_in_the_file_does_not_count():
    a, b = struct.pack("<8f", *range(8)), struct.pack("<8f", *range(8, 16))
    one = Gguf(
        pairs=tiny_pairs(), tensors=[tensor("a", (8,), 0, 0), tensor("b", (8,), 0, 32)], data=a + b
    )
    other = Gguf(
        pairs=tiny_pairs(), tensors=[tensor("b", (8,), 0, 0), tensor("a", (8,), 0, 32)], data=b + a
    )
    assert digests(opened(one)).weights == digests(opened(other)).weights


def test_the_published_method_can_be_followed_by_hand(starter_model: Path):
    with GgufModel.open(starter_model) as model:
        ours = digests(model)
        data = starter_model.read_bytes()
        lines = [METHOD]
        for one in sorted(model.tensors, key=lambda one: one.name.encode()):
            content = hashlib.sha256(data[one.offset : one.offset + one.size]).hexdigest()
            shape = "x".join(map(str, one.shape))
            lines.append(f"{one.name}\t{one.type}\t{shape}\t{content}")
        text = "\n".join(lines) + "\n"
    assert ours.weights == hashlib.sha256(text.encode()).hexdigest()
    assert ours.files == (hashlib.sha256(data).hexdigest(),)


def test_hashing_can_be_given_up(starter_model: Path):
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done > total / 4:
            raise Cancelled

    with GgufModel.open(starter_model) as model, pytest.raises(Cancelled):
        digests(model, progress)
    assert len(seen) > 1
    assert seen[-1] < starter_model.stat().st_size
