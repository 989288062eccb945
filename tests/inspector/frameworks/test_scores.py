"""Indices: the published sums, and the range of what isn't known."""

import csv
from pathlib import Path

import pytest

from inspector.frameworks.evaluate import evaluate
from inspector.frameworks.kinds.score import total
from inspector.frameworks.load import frameworks
from tests.inspector.frameworks.made import everything, finding, findings

TABLE = Path(__file__).parents[2] / "data/opening-up-chatgpt/df.csv"
BY_ID = {one.id: one for one in frameworks()}
SUM = BY_ID["opening-up-chatgpt-2023"]
MEAN = BY_ID["osai-index-2026"]


def systems():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_system_of_the_table_is_there():
    assert len(systems()) == 46  # the 47th record, of a tool, has no row in the table


@pytest.mark.parametrize("system", systems(), ids=lambda one: one["source.file"])
def test_the_sum_is_the_published_one(system):
    values = {one.id: system[f"{one.id}.class"].strip() for one in SUM.criterion}
    assert total(SUM, values) == float(system["openness"])


def test_a_mean_is_over_all_criteria_and_a_missing_one_counts_nothing():
    values = {one.id: "open" for one in MEAN.criterion}
    assert total(MEAN, values) == 1.0
    values.pop("paper")
    assert total(MEAN, values) == pytest.approx(11 / 12)
    values["paper"] = "partial"
    assert total(MEAN, values) == pytest.approx(11.5 / 12)


@pytest.mark.parametrize("index", [SUM, MEAN], ids=lambda one: one.id)
def test_nothing_known_is_the_whole_range_and_no_figure(index):
    verdict = evaluate(index, findings())
    assert verdict.score_range == (0.0, verdict.score_most)
    assert verdict.score.__class__.__name__ == "UnsetType"


def test_all_closed_leaves_only_what_nothing_here_can_show():
    verdict = evaluate(SUM, findings(*everything(availability="not_released")))
    low, high = verdict.score_range
    beyond = [one for one in SUM.criterion if not one.open and not one.partial]
    assert (low, high) == (0.0, float(len(beyond)))


def test_gated_weights_are_partial():
    verdict = evaluate(
        MEAN, findings(finding("base-weights", "gated"), finding("adapted-weights", "gated"))
    )
    values = {line.id: line.value for line in verdict.decided}
    assert values["weights_basemodel"] == values["weights_endmodel"] == "partial"
