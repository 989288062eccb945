"""Licence strings as they are found in the wild, and what the frameworks make of them."""

import csv
import os
from pathlib import Path

import pytest

from inspector.findings.values import Terms
from inspector.frameworks.licences import licences
from inspector.licences.catalogue import entries


@pytest.mark.parametrize(
    ("text", "identifier", "terms"),
    [
        ("apache-2.0", "Apache-2.0", Terms.OPEN),
        ("Apache 2.0", "Apache-2.0", Terms.OPEN),
        ("mit", "MIT", Terms.OPEN),
        ("cc-by-4.0", "CC-BY-4.0", Terms.OPEN),
        ("cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0", Terms.RESTRICTED),
        ("cc-by-nd-4.0", "CC-BY-ND-4.0", Terms.RESTRICTED),
        ("llama3.1", "LicenseRef-Llama-3.1", Terms.RESTRICTED),
        ("Llama 3.1 Community License", "LicenseRef-Llama-3.1", Terms.RESTRICTED),
        ("gemma", "LicenseRef-Gemma", Terms.RESTRICTED),
        ("openmdw-1.1", "LicenseRef-OpenMDW-1.1", Terms.OPEN),
        ("odc-by", "ODC-By-1.0", Terms.OPEN),
        ("gpl", "LicenseRef-GPL-family", Terms.OPEN),
        ("MIT OR llama2", "MIT", Terms.OPEN),
        ("MIT AND llama2", "LicenseRef-Llama-2", Terms.RESTRICTED),
        ("mit, llama2", "LicenseRef-Llama-2", Terms.RESTRICTED),
        ("GPL-3.0-only WITH Classpath-exception-2.0", "GPL-3.0-only", Terms.OPEN),
        ("somebody's own", "somebody's own", Terms.UNKNOWN),
        ("other", "other", Terms.UNKNOWN),
        ("unlicensed", "unlicensed", Terms.NONE_STATED),
        ("", "", Terms.NONE_STATED),
    ],
)
def test_strings_become_identifiers_and_terms(text, identifier, terms):
    assert licences().find(text).id == identifier
    assert licences().terms(text) is terms


def test_nothing_looked_for_is_unknown():
    assert licences().terms(None) is Terms.UNKNOWN


def test_every_reading_agrees_with_itself():
    for name in ("llama2", "qwen", "deepseek", "bigcode-openrail-m", "exaone", "jamba-open-model"):
        found = licences().find(name)
        assert not found.open
        assert found.limits
        assert found.eu in {"no", "contested"}


def test_the_tool_counts_case_and_we_do_not():
    assert licences().exact("MIT")[0]
    assert not licences().exact("mit")[0]
    assert not licences().exact("PDDL-1.0")[0]
    assert licences().exact("ODC-PDDL-1.0")[0]
    assert licences().find("PDDL-1.0").open


def test_the_hubs_identifiers_are_nearly_all_known():
    """Reads the Hub's list where it lies beside this repository; its ids that are no licence aside."""
    table = Path(__file__).parents[4] / "shared/data/licences/hf_license_ids_to_spdx.csv"
    if not table.is_file():
        told = "the Hub's list of licences isn't beside this repository"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with table.open(encoding="utf-8", newline="") as file:
        identifiers = [row["hf_id"] for row in csv.DictReader(file)]
    vague = {"unknown", "other", "bsd", "cc", "gfdl"}
    strange = {one for one in identifiers if not licences().find(one).recognised} - vague
    assert len(strange) <= 5, strange


def test_every_reading_says_what_the_frameworks_ask():
    """One source: what a file of a licence says is what every rule reads."""
    for entry in entries():
        found = licences().find(entry.id)
        assert found.recognised, entry.id
        assert found.limits >= set(entry.frameworks.limits), entry.id
        assert found.eu != "unknown", entry.id
        assert found.terms is not Terms.UNKNOWN, entry.id
