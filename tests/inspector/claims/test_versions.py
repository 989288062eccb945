"""A rule's version stands for what it compares by: a check of an older report relies on it."""

import hashlib

from inspector.claims.rules import rules
from resources import data, names

READ_BY = {
    "architectures.toml": ("729b5cfc", {"ARCH": 6}),
    "datasets.toml": ("0da5588a", {"LIC-DATA": 3, "DATASETS": 2}),
    "end_tokens.toml": ("c7f2fe51", {"STOP": 1}),
    "guards.toml": ("4a7a956f", {"GUARD": 2}),
    "languages.toml": ("50aa8b18", {"LANG": 5}),
    "quantisations.toml": ("28fe532d", {"QUANT": 5, "BPW": 1}),
}
"""Each list that rules compare by: how its hash begins, and the versions of the rules that read it.

Whoever changes a list raises those versions and writes both here, or says by the new hash alone that
no verdict can change by it.
"""


NO_LISTS = frozenset({"rules.toml", "probes.toml"})
"""The rules themselves, and questions for a person."""


def test_a_list_changes_with_the_versions_of_the_rules_that_read_it():
    assert {
        file.rpartition("/")[2] for file in names("claims", ".toml")
    } == READ_BY.keys() | NO_LISTS
    for name, (begins, versions) in READ_BY.items():
        assert hashlib.sha256(data(f"claims/{name}")).hexdigest()[:8] == begins, name
        assert {one: rules()[one].version for one in versions} == versions, name
