"""The readings are whole, honest about what was read, and the machine-made files fit them."""

import csv
import re

import pytest

from inspector.licences.catalogue import (
    Licence,
    ReadHow,
    Sign,
    Topic,
    entries,
    licence_of_parent,
    reading_of,
    spdx,
)
from inspector.licences.names import identify
from resources import names, table
from tests.support.packaging import module
from tests.support.shared_data import shared

READINGS = [entry.id for entry in entries()]


def read(licence: str) -> Licence:
    found = reading_of(licence)
    assert found is not None
    return found


@pytest.mark.parametrize("licence", READINGS)
def test_a_reading_answers_every_topic(licence: str) -> None:
    found = read(licence)
    assert set(found.statements) == set(Topic)
    for said in found.statements.values():
        assert said.says.endswith(".")
        assert not re.search(r"\b(safe|clean|exempt)\b", said.says)


@pytest.mark.parametrize("licence", READINGS)
def test_a_clause_stands_only_where_the_text_was_read(licence: str) -> None:
    found = read(licence)
    for topic, said in found.statements.items():
        if found.reading.how is ReadHow.TEXT and said.sign is not Sign.NOT_SAID:
            assert said.clause, topic
        if found.reading.how is not ReadHow.TEXT:
            assert not said.clause, topic
            assert not found.passes_on


def test_all_readings_but_one_rest_on_the_text() -> None:
    unread = {licence for licence in READINGS if read(licence).reading.how is not ReadHow.TEXT}
    assert unread == {"LicenseRef-Jamba-Open-Model"}
    policies = [policy for one in READINGS if (policy := read(one).policy) is not None]
    assert sum(one.how is not ReadHow.TEXT for one in policies) == 2


def test_research_licences_of_one_maker_are_kept_apart() -> None:
    """The one of 2023 forbids what the one of 2024 allows if it is said."""
    older, newer = (
        read(identify(label).id) for label in ("tongyi-qianwen-research", "qwen-research")
    )
    assert older.statements[Topic.OUTPUTS].sign is Sign.FORBIDDEN
    assert newer.statements[Topic.OUTPUTS].sign is Sign.CONDITIONAL
    assert "2026" in newer.reading.note, "there is a later release of the same name"


@pytest.mark.parametrize("licence", READINGS)
def test_a_list_of_uses_is_told_only_where_it_was_read(licence: str) -> None:
    policy = read(licence).policy
    if policy is not None and policy.how is not ReadHow.TEXT:
        assert all(group.clause for group in policy.groups), "only what the licence itself says"


def test_the_licences_of_the_table_are_all_there() -> None:
    path = shared("licences/terms.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 38
    for row in rows:
        for name in re.split(r" / |/(?=MNPL)", row["id"]):
            label = {"Mistral-MRL": "mrl", "MNPL": "mnpl"}.get(name, name)
            found = reading_of(identify(label).id)
            assert found is not None, name
            recalled = not re.search("text read|SPDX", row["evidence"])
            if found.reading.how is not ReadHow.TEXT:
                assert recalled or name == "OpenMDW-1.1", name


def test_the_table_and_the_readings_agree() -> None:
    with shared("licences/terms.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    for name, row in rows.items():
        found = reading_of(identify(name.partition(" / ")[0].partition("/")[0]).id)
        if found is None:
            continue
        commercial = found.statements[Topic.COMMERCIAL].sign
        if row["commercial_use"] == "no":
            assert commercial is Sign.FORBIDDEN, name
        elif row["commercial_use"].startswith("yes"):
            assert commercial in {Sign.ALLOWED, Sign.CONDITIONAL}, name
        if re.search(r"M MAU|USD", row["scale_threshold"]):
            assert found.statements[Topic.SCALE].sign is Sign.CONDITIONAL, name
        if row["territorial_limit"] == "none":
            assert found.statements[Topic.TERRITORY].sign in {Sign.ALLOWED, Sign.NOT_SAID}, name


def test_the_index_is_what_the_script_makes() -> None:
    script = module("licence_data")
    assert table("licences/index.json", dict[str, object]) == script.index(script.HOME)


def test_every_file_of_the_folder_is_read_by_somebody() -> None:
    others = {"hub.toml", "matched.toml", "other.toml", "parents.toml"}
    files = {name.rpartition("/")[2] for name in names("licences", ".toml")}
    assert files - others == {entry.file for entry in entries()}


def test_the_spdx_list_says_which_release_it_is() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", spdx().source.release)
    flags = {one.id: one for one in spdx().licences}
    assert flags["Apache-2.0"].osi
    assert not flags["OpenMDW-1.0"].osi
    assert not flags["CC-BY-NC-4.0"].fsf


def test_a_parent_is_found_by_the_longest_start() -> None:
    assert licence_of_parent("Qwen/Qwen2.5-3B-Instruct")[0] == "LicenseRef-Qwen-Research"
    assert licence_of_parent("https://huggingface.co/meta-llama/Llama-3.2-1B")[0] == (
        "LicenseRef-Llama-3.2"
    )
    assert licence_of_parent("Qwen/Qwen2.5-7B") == ("", "2026-11-21")
    assert licence_of_parent("someone/llama-3.2-1b")[0] == ""
    assert licence_of_parent("deepseek-ai/DeepSeek-R1")[0] == "MIT"
    assert licence_of_parent("deepseek-ai/DeepSeek-R1-Distill-Llama-8B")[0] == ""


def test_the_list_of_parents_names_licences_that_we_read() -> None:
    rows = table("licences/parents.toml", dict[str, object])["parent"]
    assert isinstance(rows, list)
    for row in rows:
        assert row["start"] == row["start"].casefold()
        assert not row["licence"] or reading_of(row["licence"]) is not None
