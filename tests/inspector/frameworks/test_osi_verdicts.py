"""The twelve verdicts of the Open Source Initiative, from components that were entered by hand.

Its volunteers judged with drafts of the definition, and their sheets are not at hand: what is
checked is that our reading of the rule comes out as theirs does, as far as the sources reach.
"""

import tomllib
from pathlib import Path

import msgspec
import pytest

from inspector.findings.values import Availability, Finding, Findings, Terms
from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.load import frameworks
from inspector.frameworks.published import all_ratings
from tests.inspector.frameworks.made import finding

FILE = Path(__file__).parents[2] / "data/osi-verdicts/twelve.toml"
SYSTEMS = tomllib.loads(FILE.read_text())["system"]
OSAID = next(one for one in frameworks() if one.id == "osaid-1.0")
MET, PERSON, NOT_MET, NOT_SHOWN = (
    OSAID.texts[key] for key in ("met", "person", "not_met", "not_shown")
)
PUBLISHED = {
    "complies": "complies (validation phase)",
    "other terms": "would probably comply with other terms",
    "fails": "doesn't comply",
}
FALCON = "Falcon"


def findings(system, *, relicensed=False):
    found = [
        finding(one["part"], one["availability"], one.get("licence")) for one in system["parts"]
    ]
    if relicensed:
        found = [_relicensed(one) for one in found]
    return Findings(system["name"], found)


def _relicensed(one: Finding) -> Finding:
    """The same, had its makers chosen approved terms; what isn't there doesn't come by that."""
    if one.terms is Terms.OPEN or one.availability is Availability.NOT_RELEASED:
        return one
    return msgspec.structs.replace(one, licence="Apache-2.0", terms=Terms.OPEN)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: one["name"])
def test_what_is_entered_is_what_was_published(system):
    rated = {
        one.object: one.value
        for one in all_ratings()
        if one.framework == OSAID.id and one.author == "Open Source Initiative"
    }
    assert rated[system["name"]].startswith(PUBLISHED[system["outcome"]])
    assert len(rated) == len(SYSTEMS) == 12
    assert all(part["from"] for part in system["parts"])


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: one["name"])
def test_the_rule_comes_out_as_published(system):
    verdict = evaluate(OSAID, findings(system))
    changed = evaluate(OSAID, findings(system, relicensed=True))
    match system["outcome"]:
        case "complies":
            # A person judged the data information, and sources are silent on a library or two.
            assert verdict.reading in {MET, PERSON, NOT_SHOWN}
            assert verdict.best in {MET, PERSON}
        case "other terms" if system["name"] == FALCON:
            # Not reproduced: public sources find no training code, which other terms don't supply.
            assert verdict.reading == changed.reading == NOT_MET
        case "other terms":
            assert verdict.reading == NOT_MET
            assert changed.best in {MET, PERSON}
        case "fails":
            assert verdict.reading == NOT_MET
            assert changed.reading == NOT_MET
