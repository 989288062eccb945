"""One control for one setting, chosen by the type of its field."""

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QSpinBox

import resources
from app.settings import SettingsFile, Theme
from app.theme.text_size import PERCENTS
from app.widgets.calm_wheel import CalmChoice, CalmNumber
from app.widgets.segments import Segments
from app.words.translation import translate


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A setting's title and one sentence on it."""

    title: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberShape:
    """How a number is asked for.

    Attributes:
        automatic: what the least value is called, because it stands for "the app chooses".
    """

    least: int
    most: int
    step: int
    automatic: str


def field_words(key: str) -> FieldWords:
    """Returns the words for `section.field`."""
    table = resources.table("texts/en/settings.toml", dict[str, FieldWords])
    words: FieldWords = table[key]
    return words


def choice_field(settings: SettingsFile) -> Segments:
    """Returns the choice between the themes."""
    titles = {
        Theme.SYSTEM: translate("Preferences", "As the system"),
        Theme.LIGHT: translate("Preferences", "Light"),
        Theme.DARK: translate("Preferences", "Dark"),
    }
    segments = Segments([(theme.value, title) for theme, title in titles.items()])
    segments.choose(settings.current.appearance.theme)
    segments.chosen.connect(lambda key: settings.change("appearance", theme=key))
    return segments


def scale_field(settings: SettingsFile) -> QComboBox:
    """Returns the choice of a text size, in percent."""
    box = CalmChoice()
    for percent in PERCENTS:
        box.addItem(translate("Preferences", "{percent} %").format(percent=percent), percent / 100)
    now = settings.current.appearance.text_scale
    nearest = min(range(box.count()), key=lambda index: abs(box.itemData(index) - now))
    box.setCurrentIndex(nearest)
    box.activated.connect(
        lambda index: settings.change("appearance", text_scale=box.itemData(index))
    )
    return box


def number_field(settings: SettingsFile, section: str, name: str, shape: NumberShape) -> QSpinBox:
    """Returns a number; its least value is shown as a word."""
    box = CalmNumber()
    box.setRange(shape.least, shape.most)
    box.setSingleStep(shape.step)
    box.setSpecialValueText(shape.automatic)
    box.setGroupSeparatorShown(True)
    box.setValue(getattr(getattr(settings.current, section), name))
    # Not at each keystroke: a half-typed number is no wish.
    box.editingFinished.connect(lambda: settings.change(section, **{name: box.value()}))
    box.valueChanged.connect(
        lambda value: None if box.hasFocus() else settings.change(section, **{name: value})
    )
    return box
