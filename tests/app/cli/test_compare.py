"""`lightwell compare`, as a person and a program call it: real processes."""

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from app.cli.compare import run
from inspector.comparison import Comparison, How
from runner.errors import RunnerError

ROOT = Path(__file__).parents[3]


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "app", "compare", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_file_and_a_reference_point_as_json_and_picture(starter_model, tmp_path):
    picture = tmp_path / "both.svg"
    done = call(starter_model, "olmo-7b-instruct", "--json", "--svg", picture)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["schema"] == "lightwell.compare/1"
    found = msgspec.convert(printed, Comparison)
    assert found.kinds == ("file", "reference")
    assert found.licences == (("Apache-2.0",), ("Apache-2.0",))
    assert {line.how for line in found.questions} == {How.SAME}
    assert {line.key for line in found.facts} >= {"architecture", "parameters", "file_bytes"}
    assert len(ET.parse(picture).getroot()) == 2
    page = (ROOT / "docs/guide/json.md").read_text()
    told = page.partition("## lightwell.compare/1")[2].partition("\n## ")[0]
    assert all(f"`{name}`" in told for name in printed)


@pytest.mark.parametrize("models", [["bloomz"], ["bloomz"] * 4])
def test_one_is_nothing_to_compare_and_four_are_too_many(models):
    with pytest.raises(RunnerError) as refused:
        run(Namespace(models=models), None)
    assert refused.value.code == "cli.compare_count"


def test_reference_points_in_words():
    done = call("bloomz", "llama-3.1")
    assert done.returncode == 0, done.stderr
    assert "Findings that differ" in done.stdout
    assert "Approved by OSI" in done.stdout
