"""`lightwell openness`, as a person and a program call it: real processes."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from app.cli.openness import reviewed
from app.review.openness import Reviews
from inspector.findings.evidence import derive
from inspector.findings.values import Availability, Finding, Review
from inspector.frameworks.profile import Profile, profile
from inspector.frameworks.published import Rating
from inspector.frameworks.verdict import Verdict
from runner.library.paths import database_file
from runner.store import Store
from runner.store.judged_file import JudgedFile
from tests.support import reports
from tests.support.repositories_hub import QUANTISED, RepositoriesHub

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/data/mof-golden"


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "app", "openness", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(("start", "klass"), [("Class2R", 2), ("Minimal", 0)])
def test_a_release_file_has_its_class_in_json(start, klass):
    file = next(GOLDEN.glob(f"{start}*.yml"))
    done = call(file, "--framework", "mof", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["schema"] == "lightwell.openness/1"
    assert told["class"] == klass
    assert [one["class"] for one in told["verdicts"]] == [klass]
    assert told["exact"]["class"] == klass
    msgspec.convert(told, Profile)


def test_a_model_is_read_by_every_framework(starter_model, tmp_path):
    picture = tmp_path / "fingerprint.svg"
    release = tmp_path / "mof.json"
    done = call(starter_model, "--svg", picture, "--mof", release)
    assert done.returncode == 0, done.stderr
    assert "not shown to meet Class III" in done.stdout
    assert "[this app]" in done.stdout
    assert "Model Openness Framework" in done.stdout
    assert "Open Source AI Definition" in done.stdout
    assert json.loads(release.read_text())["release"]["components"] == []
    assert ET.parse(picture).getroot().tag.endswith("svg")


def test_an_unknown_framework_is_told_with_those_there_are(starter_model):
    done = call(starter_model, "--framework", "nobody")
    assert done.returncode == 1
    assert "mof-1.1" in done.stderr


@pytest.mark.parametrize("content", [b"\x00\xff\xfe", b"release: ["])
def test_other_files_end_with_words(tmp_path, content):
    file = tmp_path / "other.yml"
    file.write_bytes(content)
    done = call(file)
    assert done.returncode == 1
    assert "release file" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_about_json_names_every_field():
    page = (ROOT / "docs/guide/json.md").read_text().partition("## lightwell.openness/1")[2]
    for shape in (Profile, Verdict, Finding, Rating):
        for field in msgspec.structs.fields(shape):
            if not (shape is Rating and field.name == "names"):
                assert f"`{field.encode_name}`" in page, (shape.__name__, field.encode_name)


def test_a_repository_is_read_with_its_origin_once_a_person_lets_it(monkeypatch):
    with RepositoriesHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        done = call(QUANTISED, "--online", "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
    assert told["subject"] == QUANTISED
    tiles = {row["part"]: (row["tile"], row["finding"].get("link")) for row in told["rows"]}
    assert tiles["training-code"] == ("closed", "end_model")
    assert tiles["base-weights"] == ("restricted", "base_model")


def test_a_reviewers_word_is_read_and_can_be_left_out(tmp_path):
    file = reports.model(tmp_path)
    judged = JudgedFile(name=file.name, size=file.stat().st_size)
    review = Review(
        part="base-weights",
        availability=Availability.NOT_RELEASED,
        reason="I asked.",
        source="a letter",
    )
    with Store.open(database_file()) as store:
        Reviews(store).put(judged, review).result()
    done = call(file, "--framework", "solaiman")
    assert done.returncode == 0, done.stderr
    assert "I asked." in done.stdout
    read = reviewed(profile(derive("tiny", ())), judged, "")
    assert read.reviewed
    assert next(row.tile for row in read.rows if row.part == "base-weights") == "closed"
