"""What the documents name is there: tests, files, folders, decisions, pictures, links, commands."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PACKAGES = ("app", "inspector", "runner")
TOPS = (*PACKAGES, "resources", "packaging", "tests", "docs", "requirements")

TEST = re.compile(r"\btest_\w+(?P<cut>…?)")
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TOPS)})/[\w./*<>-]*[\w*>]")
LINK = re.compile(r"\]\((?!\w+:|#)(?P<to>[^)#\s]+)")
DECISION = re.compile(r"\bdecisions? (?P<numbers>\d{4}(?:(?:, | and | to )\d{4})*)", re.IGNORECASE)
MODULE = re.compile(r"-m (?P<name>(?:app|inspector|runner|tests)[\w.]*)")
PICTURES = {".png", ".svg", ".jpg"}


@cache
def known_tests() -> frozenset[str]:
    """The names of all tests and of their files."""
    names: set[str] = set()
    for file in ROOT.glob("tests/**/*.py"):
        names.add(file.stem)
        names.update(re.findall(r"^ *def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))
    return frozenset(names)


def is_test(found: re.Match[str]) -> bool:
    name = found[0].removesuffix("…")
    return name in known_tests() or (
        (bool(found["cut"]) or name.endswith("_"))
        and any(known.startswith(name) for known in known_tests())
    )


def is_file(name: str) -> bool:
    pattern = re.sub("<[^>]*>", "*", name).replace("**.", "**/*.")
    return any(ROOT.glob(pattern)) or any(ROOT.glob(f"{pattern}.py"))


def named(page: Path) -> list[str]:
    """Returns what a page names that isn't there."""
    text = page.read_text("utf-8")
    decisions = [
        number
        for found in DECISION.finditer(text)
        for number in re.findall(r"\d{4}", found["numbers"])
    ]
    return [
        *(found[0] for found in TEST.finditer(text) if not is_test(found)),
        *(found[0] for found in PATH.finditer(text) if not is_file(found[0])),
        *(found["to"] for found in LINK.finditer(text) if not (page.parent / found["to"]).exists()),
        *(f"decision {one}" for one in decisions if not is_file(f"docs/decisions/{one}-*")),
        *(found[0] for found in MODULE.finditer(text) if not is_file(found["name"].replace(".", "/"))),
    ]  # fmt: skip


def test_all_that_the_pages_name_is_there() -> None:
    missing = {str(page.relative_to(ROOT)): named(page) for page in PAGES}
    assert {page: names for page, names in missing.items() if names} == {}


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [file.name[:4] for file in ROOT.glob("docs/decisions/*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(file.name for file in folder.glob("[0-9]*.md"))


def test_every_picture_is_shown_on_a_page() -> None:
    """Or its folder is, whose pictures are taken anew together."""
    linked = {
        (page.parent / found["to"]).resolve()
        for page in PAGES
        for found in LINK.finditer(page.read_text("utf-8"))
    }
    pictures = [file for file in ROOT.glob("docs/**/*") if file.suffix in PICTURES]
    assert pictures
    assert [one for one in pictures if not {one, one.parent} & linked] == []


def test_the_architecture_names_every_folder() -> None:
    told = (ROOT / "docs/architecture.md").read_text("utf-8")
    tree = told.split("## The folder tree")[1].split("```")[1]
    folders: dict[str, set[str]] = {}
    for line in tree.splitlines():
        if found := re.match(r"(  )?(\w[\w, /]*/)(?= |$)", line):
            if not found[1]:
                top = found[2].rstrip("/")
            folders.setdefault(top, set()).update(
                {one.strip().rstrip("/") for one in found[2].split(",")} if found[1] else set()
            )
    for package in PACKAGES:
        there = {file.parent.name for file in (ROOT / package).glob("*/__init__.py")}
        assert folders[package] == there, package
