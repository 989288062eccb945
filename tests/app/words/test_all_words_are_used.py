"""No word stands in resources/texts that nothing says, and no error that nothing raises."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXTS = ROOT / "resources/texts/en"
WORD = re.compile(r"""["'](?P<text>[\w.]+)["']""")
FORM = re.compile(r"""\bf["'](?P<text>[\w.]*(?:\{[^}]*\}[\w.]*)+)["']""")
HOLE = re.compile(r"\{[^}]*\}")
FEWEST_LETTERS = 3


@cache
def said() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The strings of the code, and patterns of those that it puts together."""
    strings: set[str] = set()
    forms: set[str] = set()
    for package in ("app", "inspector", "runner"):
        for file in (ROOT / package).rglob("*.py"):
            code = file.read_text("utf-8")
            strings.update(found["text"] for found in WORD.finditer(code))
            for found in FORM.finditer(code):
                fixed = HOLE.split(found["text"])
                # Of `{area}.{name}` anything could come: that says nothing of a sentence.
                if sum(map(str.isalpha, "".join(fixed))) >= FEWEST_LETTERS:
                    forms.add(".+".join(map(re.escape, fixed)))
    return frozenset(strings), tuple(re.compile(form) for form in forms)


def is_said(key: str) -> bool:
    strings, forms = said()
    return key in strings or any(form.fullmatch(key) for form in forms)


@pytest.mark.parametrize("file", sorted(TEXTS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_sentence_is_said_somewhere(file: Path) -> None:
    sentences = tomllib.loads(file.read_text("utf-8")).get("said", {})
    assert [key for key in sentences if not is_said(key)] == []


def test_every_error_with_words_can_come() -> None:
    codes = [
        code
        for file in TEXTS.glob("errors/*.toml")
        for code in tomllib.loads(file.read_text("utf-8"))
    ]
    assert codes
    assert [code for code in codes if not is_said(code)] == []
