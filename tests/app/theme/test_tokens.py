"""Colours and sizes: every pair that is drawn can be read, and nothing is drawn without a token."""

import re

import pytest

import resources
from app.theme.looks import Look
from app.theme.stylesheet import make_stylesheet
from app.theme.tokens import Scheme, contrast, load_tokens, mixed

TEXT = 4.5
GLYPH = 3.0

GROUNDS = ("window", "surface", "raised", "field")
WORDS = ("text", "soft", "faint", "accent", "alert", "warning", "note")
FINDINGS = ("open", "restricted", "closed", "named", "unknown", "not_applicable")
CODE = ("code_text", "code_keyword", "code_string", "code_number", "code_comment", "code_name")
TEXT_PAIRS = [
    *((word, ground) for word in WORDS for ground in GROUNDS),
    *((word, "code") for word in CODE),
    *((word, "sunken") for word in ("text", "soft")),
    *((word, "accent_soft") for word in ("text", "accent")),
    *((word, "hover") for word in ("text", "soft")),
    *(("text", ground) for ground in ("pressed", "alert_soft", "warning_soft", "note_soft")),
    ("soft", "alert_soft"),
    *(("faint", ground) for ground in ("accent_soft", "warning_soft", "note_soft", "hover")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_selection", "selection"),
    ("on_tooltip", "tooltip"),
]
GLYPH_PAIRS = [
    *((glyph, ground) for glyph in (*FINDINGS, "edge", "focus") for ground in GROUNDS),
    ("alert", "alert_soft"),
    ("warning", "warning_soft"),
    ("note", "note_soft"),
]


@pytest.mark.parametrize("scheme", Scheme)
def test_words_can_be_read_on_every_ground(scheme: Scheme) -> None:
    colours = load_tokens(scheme).colours
    pale = {
        f"{word} on {ground}": round(contrast(colours[word], colours[ground]), 2)
        for word, ground in TEXT_PAIRS
        if contrast(colours[word], colours[ground]) < TEXT
    }
    assert not pale


@pytest.mark.parametrize("scheme", Scheme)
def test_glyph_edges_can_be_seen_on_every_ground(scheme: Scheme) -> None:
    colours = load_tokens(scheme).colours
    pale = {
        f"{glyph} on {ground}": round(contrast(colours[glyph], colours[ground]), 2)
        for glyph, ground in GLYPH_PAIRS
        if contrast(colours[glyph], colours[ground]) < GLYPH
    }
    assert not pale


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_role_can_be_a_mixture() -> None:
    assert mixed("#000000", "#ffffff", 0.25) == "#bfbfbf"


def test_sizes_grow_with_the_text_and_hairlines_do_not() -> None:
    usual, double = load_tokens(Scheme.LIGHT), load_tokens(Scheme.LIGHT, 2.0)
    assert double.sizes["text_body"] == 2 * usual.sizes["text_body"]
    assert double.sizes["space_2"] == 2 * usual.sizes["space_2"]
    assert double.sizes["hair"] == usual.sizes["hair"] == 1


def test_both_themes_give_a_colour_to_the_same_roles() -> None:
    light, dark = (load_tokens(scheme).colours for scheme in Scheme)
    assert light.keys() == dark.keys()


@pytest.mark.parametrize("scheme", Scheme)
def test_every_field_of_the_style_sheet_is_filled(scheme: Scheme) -> None:
    sheet = make_stylesheet(load_tokens(scheme))
    assert "$" not in sheet


def test_the_style_sheet_uses_tokens_only() -> None:
    for name in resources.names("qss", ".qss"):
        written = re.findall(
            r"#[0-9a-fA-F]{3,8}\b|\b\d+(?:px|pt|em)\b|rgba?\(", resources.text(name)
        )
        assert not written, f"{name}: {written}"


def test_every_look_is_drawn_and_every_drawn_look_exists() -> None:
    sheet = "\n".join(resources.text(name) for name in resources.names("qss", ".qss"))
    drawn = set(re.findall(r'\[look="([^"]+)"\]', sheet))
    assert drawn == {look.value for look in Look}


def test_no_code_of_the_window_writes_a_colour() -> None:
    written = {
        str(file): found
        for folder in ("window", "widgets", "preferences", "chat", "tabs")
        for file in (resources.resource("").parent / "app" / folder).rglob("*.py")  # type: ignore[attr-defined]
        if (found := re.findall(r"[\"']#[0-9a-fA-F]{6}[\"']", file.read_text()))
    }
    assert not written
