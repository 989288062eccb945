"""Summaries and sources in words."""

from pathlib import Path

import pytest

from app.words.facts import fact_sources, fact_texts, oddity_words, settle_words, source_words
from app.words.summary import parameters_in_words, summary_rows
from inspector.facts import Source, SourceKind, known, now, unknown
from inspector.gguf.model import GgufModel, ModelKind
from inspector.inspection import inspect_file, inspect_model
from resources import table
from tests.inspector.gguf.corpus import cases
from tests.inspector.gguf.hostile import U32, number, string, tiny
from tests.inspector.gguf.memory import Memory


def rows(model: GgufModel) -> dict:
    groups = summary_rows(inspect_model(model, 0, 1000))
    return {row.key: row for rows in groups.values() for row in rows}


def test_every_kind_of_source_has_words():
    for kind in SourceKind:
        source = Source(kind=kind, document="a.gguf", where="general.name", read_at=now())
        told = source_words(source)
        assert told
        assert "general.name" in told
    assert set(fact_texts().purposes) == {kind.value for kind in ModelKind}


def test_every_row_has_a_source_or_says_what_would_settle_it(starter_model: Path):
    for heading, told in summary_rows(inspect_file(starter_model, 0, 10**9)).items():
        assert heading
        for row in told:
            assert row.value
            assert row.source, row.key
            if not row.is_known:
                assert row.value == "unknown"
                assert "settle" in row.source


def test_every_unknown_fact_says_what_would_settle_it():
    bare = GgufModel([Memory(tiny(name=None, architecture=None).build())])
    for key, row in rows(bare).items():
        assert row.source, key
    sentences = table("texts/en/settle.toml", dict[str, str])
    for code in sentences:
        assert settle_words(code).endswith(".")


def test_every_oddity_has_a_sentence():
    seen = set()
    for case in cases():
        if case.oddities:
            for oddity in GgufModel([Memory(case.data)]).oddities:
                assert oddity_words(oddity).endswith(".")
                seen.add(oddity.code)
    assert seen == set(table("texts/en/oddities.toml", dict[str, str]))


def test_base_models_are_lines():
    file = tiny()
    file.pairs += [
        number("general.base_model.count", U32, 2),
        string("general.base_model.0.name", "One"),
        string("general.base_model.0.organization", "Org"),
        string("general.base_model.1.repo_url", "https://example.org/two"),
    ]
    row = rows(GgufModel([Memory(file.build())]))["base_models"]
    assert row.value == "Org · One\nhttps://example.org/two"
    assert "general.base_model.0.name" in row.source


def test_too_little_memory_is_said():
    row = rows(GgufModel([Memory(tiny().build())]))["free"]
    assert "less than is needed" in row.value


def test_a_files_words_lose_what_acts():
    row = rows(GgufModel([Memory(tiny(name=string("general.name", "a\x1b[2J\u202e")).build())]))
    assert row["name"].value == "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (999_999, "999,999"), (134_515_008, "134.5 M"), (7_615_616_512, "7.62 B")],
)
def test_parameters_are_said_as_people_say_them(count: int, words: str):
    assert parameters_in_words(count).replace("\u00a0", " ") == words


def test_a_tip_has_each_source_once():
    source = Source(kind=SourceKind.HEADER, document="a.gguf", where="k", offset=5)
    assert fact_sources(known(1, source), known(2, source)).count("\n") == 0
    assert "tokenizer" in fact_sources(unknown("settle.tokenizer"))
