"""Named colours and sizes, read from a theme file. Knows no Qt."""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

import resources

_GROUNDS = ("window", "surface", "raised", "field", "sunken", "tooltip", "shadow")
_WORDS = ("text", "soft", "faint", "disabled", "on_accent", "on_selection", "on_tooltip")
_EDGES = ("line", "edge", "focus")
_STATES = ("hover", "pressed", "selection")
_ACCENTS = ("accent", "accent_hover", "accent_pressed", "accent_soft")
_SIGNS = ("alert", "alert_soft", "warning", "warning_soft", "note", "note_soft")
_FINDINGS = ("open", "restricted", "closed", "named", "unknown", "not_applicable")
_CODE = (
    "code",
    *(f"code_{part}" for part in ("text", "keyword", "string", "number", "comment", "name")),
)
ROLES = frozenset(_GROUNDS + _WORDS + _EDGES + _STATES + _ACCENTS + _SIGNS + _FINDINGS + _CODE)
"""What a theme has to give a colour to; a file with more or fewer is refused."""

_MIX = re.compile(r"(\w+) over (\w+) (\d{1,3})%")
_HEX = re.compile(r"#[0-9a-f]{6}")

_SIZES: Mapping[str, float] = {
    "hair": 1,
    "stroke": 2,
    "space_half": 4,
    "space_1": 8,
    "space_2": 16,
    "space_3": 24,
    "space_4": 32,
    "space_6": 48,
    "radius": 6,
    "radius_large": 12,
    "control": 32,
    "icon": 18,
    "icon_small": 14,
    "rail": 80,
    "bar": 56,
    "scroll": 10,
    "reading": 760,
    "list": 264,
    "inspector": 424,
    "text_small": 12,
    "text_body": 14,
    "text_reading": 15,
    "text_heading": 15,
    "text_title": 20,
    "text_mono": 13,
}
"""Sizes in pixels at a text size of 100 %, on a grid of eight; all grow with the text."""

_FIXED = frozenset({"hair", "stroke"})


class Scheme(StrEnum):
    """Whether a theme is light on dark or dark on light."""

    LIGHT = "light"
    DARK = "dark"


class ThemeError(ValueError):
    """A theme file that cannot be used, with the place in its message."""


class _Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    scheme: Scheme


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meta: _Meta
    base: dict[str, str]
    role: dict[str, str]


class Tokens(msgspec.Struct, frozen=True):
    """Everything that a look is made of, ready for the style sheet.

    Attributes:
        colours: role → `#rrggbb`.
        sizes: name → pixels at this text scale.
    """

    scheme: Scheme
    scale: float
    colours: Mapping[str, str]
    sizes: Mapping[str, int]

    def as_fields(self) -> dict[str, str]:
        """Returns the fields for a style sheet template; sizes carry their unit."""
        return {**self.colours, **{name: f"{size}px" for name, size in self.sizes.items()}}


def load_tokens(scheme: Scheme, scale: float = 1.0) -> Tokens:
    """Returns the tokens of the theme for `scheme` at a text scale of `scale`.

    Raises:
        ThemeError: the file names a colour that isn't there, or misses a role.
    """
    file = resources.table(f"themes/{scheme}.toml", _File)
    if missing := ROLES - file.role.keys():
        raise ThemeError(f"{scheme}: no colour for {', '.join(sorted(missing))}")
    if unknown := file.role.keys() - ROLES:
        raise ThemeError(f"{scheme}: nothing is drawn as {', '.join(sorted(unknown))}")
    colours = {role: _colour(file.base, role, told) for role, told in file.role.items()}
    sizes = {name: round(size if name in _FIXED else size * scale) for name, size in _SIZES.items()}
    return Tokens(scheme=file.meta.scheme, scale=scale, colours=colours, sizes=sizes)


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(top: str, bottom: str, share: float) -> str:
    """Returns `top` mixed into `bottom`, of which `share` is the top's part."""
    pairs = zip(_channels(top), _channels(bottom), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _colour(base: Mapping[str, str], role: str, told: str) -> str:
    if match := _MIX.fullmatch(told):
        top, bottom, share = match.groups()
        return mixed(_named(base, role, top), _named(base, role, bottom), int(share) / 100)
    return _named(base, role, told)


def _named(base: Mapping[str, str], role: str, name: str) -> str:
    value = base.get(name, "")
    if not _HEX.fullmatch(value):
        raise ThemeError(f"{role}: {name!r} is not a colour of [base] written as #rrggbb")
    return value


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
