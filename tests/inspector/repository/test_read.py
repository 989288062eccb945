"""The Hub's answers and listings: every fact with its source and date, and hostile answers in bounds."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.errors import InspectorError
from inspector.facts import SourceKind
from inspector.findings.evidence import derive
from inspector.findings.from_repository import (
    place_of_repository,
    repository_evidence,
    weights_of,
)
from inspector.findings.values import Availability, Link, Terms
from inspector.repository.read import LARGEST, MOST_FILES, read_repository

WHEN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
INFO = {
    "id": "somebody/model",
    "sha": COMMIT,
    "private": False,
    "gated": "manual",
    "downloads": 7,
    "likes": 3,
    "lastModified": "2026-01-02T03:04:05.000Z",
    "pipeline_tag": "text-generation",
    "library_name": "transformers",
    "tags": [
        "license:apache-2.0", "dataset:some/data", "base_model:finetune:some/base", "base_model:some/base", "en",
    ],
    "gguf": {"total": 5, "architecture": "llama", "context_length": 8192},
}  # fmt: skip
TREE = [
    {"type": "directory", "path": "checkpoint-10", "oid": "c" * 40, "size": 0},
    {"type": "file", "path": "README.md", "size": 10, "oid": "a" * 40},
    {"type": "file", "path": "model-00001-of-00002.safetensors", "size": 100, "oid": "b" * 40,
     "lfs": {"oid": "d" * 64, "size": 100, "pointerSize": 130}},
    {"type": "file", "path": "model-00002-of-00002.safetensors", "size": 50, "oid": "b" * 40},
    {"type": "file", "path": "checkpoint-10/optimizer.pt", "size": 5, "oid": "e" * 40},
    {"type": "file", "path": "modeling_small.py", "size": 5, "oid": "e" * 40},
]  # fmt: skip


def read(info=INFO, tree=TREE):
    listing = None if tree is None else json.dumps(tree).encode()
    return read_repository("somebody/model", json.dumps(info).encode(), listing, WHEN)


def test_every_fact_has_its_key_commit_and_date():
    found = read()
    assert found.commit == COMMIT
    assert found.text("gated") == "manual"
    assert found.text("licence") == "apache-2.0"
    assert found.texts("datasets") == ("some/data",)
    assert found.texts("base_models") == ("some/base",)
    assert found.text("relation") == "finetune"
    assert found.text("parameters") == "5"
    for key, fact in found.facts.items():
        (source,) = fact.sources
        assert source.kind is SourceKind.HUB, key
        assert (source.document, source.revision, source.read_at) == (
            "somebody/model",
            COMMIT,
            WHEN,
        )
        assert source.where, key


def test_a_listing_has_sizes_and_hashes():
    found = read()
    assert found.listed
    assert [one.path for one in weights_of(found)] == [
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
    ]  # fmt: skip
    assert weights_of(found)[0].sha256 == "d" * 64
    assert not weights_of(found)[1].sha256
    assert not read(tree=None).listed


def test_what_is_not_said_is_not_there():
    found = read({"id": "somebody/model"}, [])
    assert not found.facts
    assert found.commit == ""
    assert found.listed
    assert not repository_evidence(found, Link.END_MODEL)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b'{"a":' * 5000, b"\xff\xfe", b'"text"']
)
def test_an_answer_that_is_none_ends_with_words(raw):
    with pytest.raises(InspectorError) as refused:
        read_repository("a/b", raw, None, WHEN)
    assert refused.value.code == "repository.not_json"


def test_too_long_an_answer_is_not_read():
    with pytest.raises(InspectorError) as refused:
        read_repository("a/b", b" " * (LARGEST + 1), None, WHEN)
    assert refused.value.code == "repository.too_large"


def test_odd_values_are_left_out_and_counted():
    odd = {**INFO, "sha": "../../etc", "gated": {"a": 1}, "downloads": -1, "likes": 2**80,
           "tags": ["x" * 10_000, 7, None, "licence\u202ered", "ok", *["t"] * 10_000], "lastModified": 5}  # fmt: skip
    tree = [
        {"type": "file", "path": path, "size": 1}
        for path in ("../up", "/root", "a//b", "C:\\x", "nul\0", "", ".", "ok.txt")
    ]
    tree += [{"type": "file", "path": "no-size"}, 7, {"type": "file", "path": "minus", "size": -1}]
    found = read(odd, tree)
    assert found.commit == ""
    assert "gated" not in found.facts
    assert "downloads" not in found.facts
    assert "likes" not in found.facts
    assert found.texts("tags")[0] == "ok"
    assert [one.path for one in found.files] == ["ok.txt"]
    assert found.left_out > 9_000


def test_a_listing_has_an_end():
    tree = [{"type": "file", "path": f"{n}.txt", "size": 1} for n in range(MOST_FILES + 5)]
    found = read(tree=tree)
    assert len(found.files) == MOST_FILES
    assert found.left_out == 5


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([*INFO, "path", "size", "lfs", "oid", "type", "cardData", "license", "base_model"]), inner, max_size=6),
    max_leaves=25,
))  # fmt: skip
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_refused(value):
    info = value if isinstance(value, dict) else {"tags": value}
    tree = value if isinstance(value, list) else [value]
    found = read(info, tree)
    for link in Link:
        derive("one", repository_evidence(found, link))
    place_of_repository(found)


@pytest.mark.parametrize(
    ("change", "files", "link"),
    [
        ({"tags": ["base_model:quantized:a/b"]}, [], Link.QUANTISER),
        ({"tags": ["base_model:finetune:a/b"]}, ["m.gguf"], Link.END_MODEL),
        ({"tags": ["gguf", "base_model:a/b"]}, ["m.gguf"], Link.QUANTISER),
        ({"tags": ["gguf", "base_model:a/b"]}, ["m.gguf", "m.safetensors"], Link.END_MODEL),
        ({"tags": ["gguf"]}, ["m.gguf"], Link.END_MODEL),
        ({"tags": []}, ["m.safetensors"], Link.END_MODEL),
        ({"tags": ["gguf", "base_model:a/b", "base_model:a/c"]}, ["m.gguf"], Link.END_MODEL),
    ],
)
def test_whose_repository_it_is(change, files, link):
    tree = [{"type": "file", "path": path, "size": 1} for path in files]
    assert place_of_repository(read({**INFO, **change}, tree)) is link


def test_a_listing_shows_weights_and_a_gate_hides_them():
    found = derive("one", repository_evidence(read(), Link.END_MODEL))
    assert found.get("adapted-weights").availability is Availability.GATED
    open_ = derive("one", repository_evidence(read({**INFO, "gated": False}), Link.BASE_MODEL))
    assert open_.get("base-weights").availability is Availability.PUBLIC
    assert open_.get("base-weights").terms is Terms.UNKNOWN
    assert open_.get("base-weights").facts[0].value == "2 files, 150 bytes"
    assert open_.get("checkpoint-weights").availability is Availability.PUBLIC
    assert open_.get("model-architecture").availability is Availability.PUBLIC
    assert open_.get("fine-tuning-dataset").availability is Availability.UNKNOWN


def test_a_private_repository_shows_nothing():
    assert not repository_evidence(read({**INFO, "private": True}), Link.END_MODEL)


def test_a_quantisers_repository_shows_his_copies_alone():
    tree = [{"type": "file", "path": "m.Q4_K_M.gguf", "size": 9}]
    found = derive("one", repository_evidence(read({**INFO, "gated": False}, tree), Link.QUANTISER))
    held = {
        one.part
        for one in found
        if not one.is_ours and one.availability is not Availability.UNKNOWN
    }
    assert held == {"compressed-weights"}
