"""Labels as they stand in headers and cards become licences, or stay unknown."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.licences.catalogue import entries, spdx
from inspector.licences.names import How, identify, same_licence, title_of
from tests.support.shared_data import shared


def test_every_identifier_of_the_hub() -> None:
    table = shared("licences/hf_license_ids_to_spdx.csv")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 83
    for row in rows:
        named = identify(row["hf_id"])
        expected = row["spdx_id_case_insensitive_match"]
        if expected:
            assert (named.how, named.id) == (How.IDENTIFIER, expected)
        elif row["hf_id"] in {"unknown", "other"}:
            assert named.how is How.UNTOLD
        elif row["hf_id"] in {"bsd", "cc", "gfdl", "gpl", "lgpl", "openrail"}:
            assert (named.how, named.id) == (How.FAMILY, "")
        else:
            assert named.how is How.IDENTIFIER, row["hf_id"]
            assert named.title, row["hf_id"]


def test_every_spdx_identifier_in_any_case() -> None:
    for one in spdx().licences:
        assert identify(one.id).id == one.id
        assert identify(one.id.upper()).id == one.id


def test_every_name_of_every_reading() -> None:
    for entry in entries():
        for name in (*entry.hub, *entry.names, entry.title):
            assert identify(name).id == entry.id, name
        assert title_of(entry.id) == entry.title


@pytest.mark.parametrize(
    ("label", "licence"),
    [
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The MIT License (MIT)", "MIT"),
        ("llama3.2 community", "LicenseRef-Llama-3.2"),
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT", "LicenseRef-Llama-3.1"),
        ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
        ("cc_by_4.0", "CC-BY-4.0"),
        ("gpl-3", "GPL-3.0"),
        ("nvidia-open-model-license", "LicenseRef-NVIDIA-Open-Model"),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", "GPL-2.0-or-later"),
    ],
)
def test_spellings_in_the_wild(label: str, licence: str) -> None:
    assert identify(label).id == licence


@pytest.mark.parametrize(
    ("label", "joined", "parts"),
    [
        ("MIT OR Apache-2.0", "any", ("MIT", "Apache-2.0")),
        ("apache-2.0,mit", "listed", ("Apache-2.0", "MIT")),
        ("Apache-2.0 AND (MIT OR ISC)", "mixed", ("Apache-2.0", "MIT", "ISC")),
    ],
)
def test_several_licences(label: str, joined: str, parts: tuple[str, ...]) -> None:
    named = identify(label)
    assert (named.id, named.joined) == ("", joined)
    assert sorted(named.parts) == sorted(parts)


@pytest.mark.parametrize(
    "label",
    ["mit-ish", "MIT with changes", "MIT AND house-rules", "license", "3.2", "\u202etim", "mit\n",
     "((((((", "AND", "MIT AND", "x" * 5_000, "(" * 150 + "MIT" + ")" * 150],
)  # fmt: skip
def test_what_means_nothing_to_us_stays_unknown(label: str) -> None:
    assert identify(label).ids in {(), ("MIT",)}
    if label.strip("()") != "MIT":
        assert identify(label).ids == ()


@pytest.mark.parametrize("label", ["", " ", "none", "N/A", "No License"])
def test_nothing_stated(label: str) -> None:
    assert identify(label).how is How.NOTHING


def test_versions_of_a_licence_are_not_one_licence() -> None:
    assert same_licence("GPL-3.0", "GPL-3.0-only")
    assert not same_licence("GPL-2.0", "GPL-3.0")
    assert not same_licence("LicenseRef-Llama-3.1", "LicenseRef-Llama-3.2")


@settings(max_examples=120, deadline=2_000)
@given(st.text(max_size=400) | st.text(alphabet="ANDORWITHmit()- ,.0123456789", max_size=300))
def test_no_label_breaks_it(label: str) -> None:
    named = identify(label)
    assert len(named.text) <= 400
    assert bool(named.id) or not named.ids or len(named.parts) > 1
