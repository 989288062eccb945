"""What samplings are called, and where their values come from."""

import msgspec

import resources
from app.words.translation import translate


class _PresetWords(msgspec.Struct, frozen=True):
    title: str
    meaning: str


def preset_title(name: str) -> str:
    """Returns what a preset is called; a person's own are called what they named it."""
    words = resources.table("texts/en/presets.toml", dict[str, _PresetWords])
    return words[name].title if name in words else name


def source_words(source: str) -> str:
    """Returns where a value comes from, for people."""
    kind, _, name = source.partition(":")
    if kind == "preset":
        return translate("Options", "preset {}").format(preset_title(name))
    if kind == "chat":
        return translate("Options", "set in this chat")
    if kind == "app":
        return translate("Options", "the app's default")
    return translate("Options", "from the file: {}").format(source)
