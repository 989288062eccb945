"""Facts: values together with where each came from and when it was read.

Everything that the inspector tells anybody is a fact; readers make them, judges combine them, and
nobody drops the source on the way. They are msgspec structs, so they cross process boundaries and
lie in reports and the store as plain JSON.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec


class SourceKind(StrEnum):
    """The places that a fact can come from."""

    HEADER = "gguf header"
    FRONT_MATTER = "card front matter"
    CARD_TEXT = "card text"
    REPOSITORY = "repository listing"
    HUB = "Hub answer"
    LICENCE_TEXT = "licence text"
    MEASURED = "measured here"
    REVIEWER = "reviewer"


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a fact came from, exactly enough that another person finds the same place.

    Attributes:
        document: what was read: a file's name, a card's path, a repository.
        where: the place in it: a header key, a front matter field, or how it was measured.
        line: line of a text, from 1; 0 where lines mean nothing.
        offset: byte offset in the document; -1 where unknown.
        revision: commit of the repository that the document is from; empty where unknown.
        quote: the words that the fact rests on, for texts.
        read_at: when it was read, in UTC.
    """

    kind: SourceKind
    document: str = ""
    where: str = ""
    line: int = 0
    offset: int = -1
    revision: str = ""
    quote: str = ""
    read_at: datetime | None = None


Value = bool | int | float | str | tuple[str, ...]
"""What a fact can hold: one plain value, or several texts."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value with its sources; without a value it is unknown, and only that.

    An absent feature is a known fact (`False`, or an empty tuple), never a missing value.

    Attributes:
        value: what is known; None means that nothing we have read says it.
        sources: where the value came from, or what was searched in vain.
        settle: for an unknown value, the code of the words that say what would settle it.
    """

    value: Value | None = None
    sources: tuple[Source, ...] = ()
    settle: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything we have read says it."""
        return self.value is not None

    @property
    def source(self) -> Source | None:
        """The first source: the one to show where there is room for one."""
        return self.sources[0] if self.sources else None

    @property
    def text(self) -> str:
        """The value as a text; empty where it is unknown."""
        if self.value is None:
            return ""
        return ", ".join(self.value) if isinstance(self.value, tuple) else str(self.value)

    @property
    def number(self) -> float | None:
        """The value as a number; None where it is unknown or not one."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return self.value
        return None


def known(value: Value, *sources: Source) -> Fact:
    """Returns the fact that `value` holds, according to `sources`."""
    return Fact(value=value, sources=sources)


def unknown(settle: str, searched: Sequence[Source] = ()) -> Fact:
    """Returns an unknown fact.

    Args:
        settle: the code of the words that say what would settle it.
        searched: what was read without finding it.
    """
    return Fact(sources=tuple(searched), settle=settle)


def now() -> datetime:
    """Returns the present time in UTC, to the second: the `read_at` of what is read now."""
    return datetime.now(UTC).replace(microsecond=0)
