"""The list of good first models: what it says of each, and where that comes from. Knows no Qt."""

from datetime import date

import msgspec

from resources import table


class Rated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody published of a family; it is theirs, and of that date."""

    who: str
    says: str
    date: str
    link: str


class FirstModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"people": "for"}):
    """A model that is good to begin with.

    Attributes:
        bytes: of the file in `quantisation`; 0 where no two sources agree.
        place: where it stands on the spectrum: a key of `first_models.toml`.
        people: for whom: keys of the same file.
        seen: how we know that the repository is there.
    """

    id: str
    name: str
    maker: str
    repository: str
    base: str
    licence: str
    parameters: float
    quantisation: str
    place: str
    people: tuple[str, ...]
    reason: str
    seen: str
    bytes: int = 0
    rated: tuple[Rated, ...] = ()


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    checked: str
    model: tuple[FirstModel, ...]


class FirstTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the list."""

    places: dict[str, str]
    people: dict[str, str]


def first_models() -> tuple[FirstModel, ...]:
    """Returns the list, smallest first."""
    read: _List = table("models/first.toml", _List)
    return tuple(sorted(read.model, key=lambda one: one.parameters))


def checked_on() -> str:
    """Returns the day on which the list was put together, as people write it."""
    read: _List = table("models/first.toml", _List)
    day = date.fromisoformat(read.checked)
    return f"{day.day} {day:%b %Y}"


def first_texts() -> FirstTexts:
    """Returns the words of the list."""
    texts: FirstTexts = table("texts/en/first_models.toml", FirstTexts)
    return texts
