"""Narrows search results. What is unknown is a value of its own, never a no. Knows no Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.models_page.find.hub_tags import LicenceKind, Named, Said
from app.models_page.fit import Fit

ANY = ""
OPENED = "open:"
"""Stands before a group of the stack, of which something is to be open."""
DATA = "datasets"
"""The group of the training data."""
BILLION = 1e9


class Access(StrEnum):
    """Who gets the files of a repository."""

    PUBLIC = "public"
    GATED = "gated"


class Size(StrEnum):
    """Sorts of size, by the number of parameters."""

    TINY = "tiny"
    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"
    UNKNOWN = "unknown"


BORDERS = ((1 * BILLION, Size.TINY), (4 * BILLION, Size.SMALL), (15 * BILLION, Size.MIDDLE))
"""Below these numbers of parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the filters look at.

    Attributes:
        opened: groups of the stack of which something is open, where its card was looked at.
    """

    said: Said
    gated: str
    fit: Fit
    parameters: float | None
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person has narrowed to; an empty text is any.

    Attributes:
        fits: whether to leave out what does not fit; what is unknown stays.
        language: a code, or `unknown` for repositories that name none.
    """

    fits: bool = False
    licence: str = ANY
    access: str = ANY
    size: str = ANY
    language: str = ANY
    openness: str = ANY

    @property
    def is_any(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Filters()

    def passes(self, one: Candidate) -> bool:
        """Whether a result is shown."""
        checks: tuple[Callable[[Candidate], bool], ...] = (
            lambda one: not self.fits or one.fit is not Fit.NOT,
            lambda one: self.licence in {ANY, one.said.licence_kind},
            lambda one: self.access in {ANY, Access.GATED if one.gated else Access.PUBLIC},
            lambda one: self.size in {ANY, size_of(one.parameters)},
            self._is_open,
            self._speaks,
        )
        return all(check(one) for check in checks)

    def _is_open(self, one: Candidate) -> bool:
        """Whether what a card in reach opens is what is asked for; unknown is its own value."""
        if self.openness.startswith(OPENED):
            return self.openness.removeprefix(OPENED) in one.opened
        is_named = one.said.openness is Named.DATA or DATA in one.opened
        known = Named.DATA if is_named else Named.UNKNOWN
        return self.openness in {ANY, known}

    def _speaks(self, one: Candidate) -> bool:
        if self.language == ANY:
            return True
        if self.language == UNKNOWN_LANGUAGE:
            return not one.said.languages
        return self.language in one.said.languages


UNKNOWN_LANGUAGE = "unknown"


def size_of(parameters: float | None) -> Size:
    """Returns the sort of size of a number of parameters."""
    if not parameters:
        return Size.UNKNOWN
    return next((size for border, size in BORDERS if parameters < border), Size.LARGE)


__all__ = [
    "ANY",
    "OPENED",
    "UNKNOWN_LANGUAGE",
    "Access",
    "Candidate",
    "Filters",
    "LicenceKind",
    "Named",
    "Size",
    "size_of",
]
