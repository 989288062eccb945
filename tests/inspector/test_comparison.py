"""Models beside each other: what differs, what is the same, and what an unknown leaves open."""

import re
from xml.etree import ElementTree as ET

import pytest

from inspector.comparison import How, Side, compare, of_values, reference_side
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import findings_of, profile
from inspector.frameworks.published import reference_points
from inspector.licences.assess import assess
from tests.inspector.frameworks.made import everything, finding, findings

POINTS = {point.id: point for point in reference_points()}


def side(name, *found):
    return Side(name=name, kind="file", profile=profile(findings(*found)), licence=assess(()))


def parts(*sides):
    return {line.part: line.how for line in compare(sides).parts}


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ([1, 1], How.SAME),
        ([1, 2], How.DIFFERS),
        ([1, None], How.UNSETTLED),
        ([None, None], How.UNKNOWN),
        ([1, None, 2], How.DIFFERS),
        ([1, None, 1], How.UNSETTLED),
    ],
)
def test_an_unknown_is_no_difference(values, how):
    assert of_values(values) is how


def test_each_value_of_a_finding_is_compared_apart():
    told = parts(
        side(
            "one",
            finding("base-weights", "public", "MIT"),
            finding("training-code", "public", "MIT"),
            finding("model-architecture", "public", "MIT"),
            finding("inference-code", "public", None),
        ),
        side(
            "two",
            finding("base-weights", "gated", "MIT"),
            finding("training-code", "public", "MIT"),
            finding("model-architecture", "public", "llama3"),
            finding("inference-code", "public", "MIT"),
        ),
    )
    assert told["base-weights"] is How.DIFFERS
    assert told["training-code"] is How.SAME
    assert told["model-architecture"] is How.DIFFERS
    assert told["inference-code"] is How.UNSETTLED
    assert told["pretraining-dataset"] is How.UNKNOWN


def test_the_apps_and_the_machines_rows_are_nobodys_difference():
    told = parts(side("one"), reference_side(POINTS["olmo-7b-instruct"]))
    assert set(told) < {part.id for part in stack().part}
    assert "chips" not in told
    assert "telemetry" not in told


def test_verdicts_differ_only_where_no_unknown_could_make_them_agree():
    whole = side("open", *everything())
    none = side("closed", *everything(availability="not_released"))
    dark = side("unknown")
    settled = {line.framework: line for line in compare((whole, none)).verdicts}
    assert set(settled) == {one.id for one in frameworks()}
    assert settled["mof-1.1"].how is How.DIFFERS
    assert How.DIFFERS not in {line.how for line in compare((whole, dark)).verdicts}
    assert {line.how for line in compare((dark, dark)).verdicts} == {How.SAME}


def test_what_a_framework_reads_of_one_alone_is_beside_nothing():
    system, model = POINTS["lightwell"], POINTS["olmo-7b-instruct"]
    assert compare([reference_side(model), reference_side(system)]).verdicts == ()
    three = compare([reference_side(one) for one in (model, system, model)])
    assert {line.how for line in three.verdicts} == {How.SAME}
    assert {line.readings[1].reading for line in three.verdicts} == {""}


def test_three_can_stand_beside_each_other_and_licences_are_asked_of_each():
    every = [reference_side(POINTS[key]) for key in ("olmo-7b-instruct", "bloomz", "llama-3.1")]
    found = compare(every)
    assert len(found.names) == 3
    assert all(len(line.answers) == 3 for line in found.questions)
    asked = {line.question: line.how for line in found.questions}
    assert asked["osi"] is How.DIFFERS
    assert found.licences[0] == ("Apache-2.0",)


def test_pictures_stand_side_by_side_in_one_file():
    every = [reference_side(POINTS[key]) for key in ("olmo-7b-instruct", "bloomz")]
    text = fingerprint.svg_beside(
        [findings_of(one.profile, with_items=False) for one in every], ["<one>", "two"]
    )
    root = ET.fromstring(text)
    inner = [one for one in root if one.get("class") == "fingerprint"]
    assert [one.findtext("{http://www.w3.org/2000/svg}title") for one in inner] == ["<one>", "two"]
    assert not list(root.iter("{http://www.w3.org/2000/svg}svg"))[1:]
    lefts = [float(re.findall(r"translate\((\d+) 0\)", one.get("transform"))[0]) for one in inner]
    width = float(root.get("viewBox").split()[2])
    assert lefts == [0, width / 2]
