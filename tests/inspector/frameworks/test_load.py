"""The framework files: checked on load, and the only place that names a framework."""

import re
import shutil

import pytest

import resources
from inspector.errors import InspectorError
from inspector.findings.evidence import own_rows, rules
from inspector.findings.stack import stack
from inspector.frameworks import load
from inspector.frameworks.profile import choose, profile
from inspector.frameworks.published import all_ratings, reference_points
from inspector.frameworks.reasons import marginal_risk, reasons
from tests.inspector.frameworks.made import finding, findings

MADE_UP = """
schema = 1
id = "made-up-1"
title = "A made-up framework"
short = "Made up"
version = "1"
date = "2026-01-01"
kind = "gradient"
about = "Shows that a framework is one file."
[source]
title = "Nobody"
url = "https://example.org/made-up"
retrieved = "2026-01-02"
[texts]
not_shown = "nothing shown"
at_least = "at least {level}"
[[row]]
id = "telling"
title = "Telling"
[[row.level]]
id = "silent"
title = "silent"
[[row.level]]
id = "told"
title = "told"
needs = [{ parts = ["model-cards"] }]
"""


def test_every_framework_of_the_design_is_there():
    every = load.frameworks()
    assert {one.kind.value for one in every} == {
        "class", "binary", "score", "gradient", "badge", "coverage", "checklist",
    }  # fmt: skip
    for one in every:
        assert one.source.url.startswith("https://")
        assert one.version
        assert re.match(r"\d{4}", one.date)
        assert one.about.endswith(".")
        assert one.glossary


def test_no_file_finds_in_favour_of_anybody():
    for name in resources.names("frameworks", ".toml"):
        for word in ("safe", "clean", "exempt"):
            assert not re.search(rf"\b{word}\b", resources.text(name).lower()), (name, word)


def test_a_new_framework_is_one_file_and_shows_everywhere(tmp_path):
    (tmp_path / "made-up.toml").write_text(MADE_UP)
    every = load.with_folder(tmp_path)
    assert len(every) == len(load.frameworks()) + 1
    shown = profile(findings(finding("model-cards")), rule_sets=every)
    verdict = next(one for one in shown.verdicts if one.framework == "made-up-1")
    assert verdict.reading == "told"
    assert profile(findings(), rule_sets=every).verdicts[-1].reading == "nothing shown"


def test_a_file_put_among_the_apps_own_is_found(tmp_path, monkeypatch):
    own = tmp_path / "resources"
    for folder in ("frameworks", "stack"):
        shutil.copytree(str(resources.resource(folder)), own / folder)
    (own / "frameworks/made-up.toml").write_text(MADE_UP)
    monkeypatch.setattr(resources, "_FOLDER", own)
    read = load.ordered(
        load.read(resources.text(name), name) for name in resources.names("frameworks", ".toml")
    )
    assert "made-up-1" in {one.id for one in read}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('"model-cards"', "no part"),
        ('id = "told"\ntitle', "twice"),
        ("https://example.org", "https"),
        ("[texts]\nnot_shown", "texts"),
        ('kind = "gradient"', "kind"),
        ('schema = 1\nid = "made', "schema"),
        ('version = "1"', "unknown field"),
    ],
)
def test_a_broken_file_says_what_is_wrong(wrong, says):
    spoilt = {
        '"model-cards"': ('"model-cards"', '"model-card"'),
        'id = "told"\ntitle': ('id = "told"', 'id = "silent"'),
        "https://example.org": ("https://", "http://"),
        "[texts]\nnot_shown": ("not_shown =", "else ="),
        'kind = "gradient"': ("gradient", "feeling"),
        'schema = 1\nid = "made': ("schema = 1", "schema = 2"),
        'version = "1"': ('version = "1"', 'version = "1"\nstars = 5'),
    }[wrong]
    if says == "twice":
        text = MADE_UP.replace(
            "[[row]]",
            '[[row]]\nid = "telling"\ntitle = "x"\n[[row.level]]\nid = "y"\ntitle = "y"\n[[row]]',
        )
    else:
        text = MADE_UP.replace(*spoilt)
    with pytest.raises(InspectorError) as caught:
        load.read(text, "made-up.toml")
    assert caught.value.code == "framework.broken"
    assert caught.value.context["file"] == "made-up.toml"


def test_one_identifier_is_one_framework(tmp_path):
    (tmp_path / "again.toml").write_text(MADE_UP.replace("made-up-1", "mof-1.1"))
    with pytest.raises(InspectorError) as caught:
        load.with_folder(tmp_path)
    assert caught.value.code == "framework.twice"


def test_choosing_by_beginning_and_by_short_name():
    assert [one.id for one in choose("mof")] == ["mof-1.1"]
    assert len(choose("fmti")) == 3
    with pytest.raises(InspectorError):
        choose("nobody")


def test_the_other_data_files_fit_the_stack():
    assert len(stack().of("component")) + len(stack().of("attribute")) == len(stack().part)
    assert {number for part in stack().part for number in part.mof} == set(range(1, 18))
    assert rules()
    assert {one.part for one in own_rows()} <= stack().keys
    known = {one.id for one in load.frameworks()} | {""}
    for rating in all_ratings():
        assert rating.framework in known
        assert rating.link.startswith("https://")
        assert rating.names == tuple(name.lower() for name in rating.names)
    points = reference_points()
    assert points[0].id == "lightwell"
    assert {one.place for one in points} == {
        "system", "fully_open", "open_weights", "restricted", "hosted_only",
    }  # fmt: skip
    for point in points:
        assert {one.part for one in point.finding} <= stack().keys


def test_the_reasons_and_the_worksheet_fit_the_stack():
    told = reasons()
    assert len(told.benefits) == 15
    assert {number for part in stack().part for number in part.benefits} <= set(
        map(int, told.benefits)
    )
    assert {one.group for one in told.group} <= {group.id for group in stack().group}
    assert len(marginal_risk().step) == 6
