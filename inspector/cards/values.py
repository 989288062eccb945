"""A card as it was read."""

from datetime import datetime

import msgspec

from inspector.cards.front_matter import FrontMatter

SCHEMA = "lightwell.card/1"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading and what stands below it, up to the next heading of any depth.

    Attributes:
        heading: as the author wrote it; empty for what comes before the first.
        level: 1 to 6; 0 for what comes before the first heading.
        line, end: first line, and the line after the last.
        slots: ids of the standard template's slots that the heading stands for.
        text: plain words below it, capped; see `lines`.
        is_empty: whether nothing of the author's own stands there.
        lines: where each line of `text` stands in the card.
    """

    heading: str
    level: int
    line: int
    end: int
    slots: tuple[str, ...] = ()
    text: str = ""
    is_empty: bool = False
    lines: tuple[int, ...] = ()

    def line_at(self, offset: int) -> int:
        """Returns the card's line in which a place of `text` stands."""
        number = self.text.count("\n", 0, offset)
        return self.lines[number] if number < len(self.lines) else self.line


class Label(msgspec.Struct, frozen=True):
    """A bold word with a colon, and what follows it: `**Developed by:** somebody`."""

    label: str
    text: str
    line: int
    slots: tuple[str, ...]
    is_empty: bool


class Table(msgspec.Struct, frozen=True):
    """A table; rows are capped, `rows_total` is not.

    Attributes:
        lines: where each row begins, of one that is written in HTML; those of Markdown follow the
            header and the line below it, one line each.
    """

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rows_total: int
    section: str = ""
    lines: tuple[int, ...] = ()

    def line_of(self, row: int) -> int:
        """Returns the line in which a row stands."""
        return self.lines[row] if row < len(self.lines) else self.line + 2 + row


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number that a card states of an evaluation.

    Attributes:
        what: the test, as the card names it.
        of: the column, or the model, that the number belongs to.
        value: the number as written.
        where: a front matter path, or the section of the table.
    """

    what: str
    of: str
    value: str
    line: int
    where: str


class CardLink(msgspec.Struct, frozen=True):
    """A link of a card; `is_picture` where it is a picture's address. Nobody follows either."""

    text: str
    address: str
    line: int
    is_picture: bool = False


class Slot(msgspec.Struct, frozen=True):
    """One slot of the standard template.

    Attributes:
        filled: whether the card has own words for it.
        line: where; 0 where nothing was found.
        where: the heading, label or field that was found.
        placeholder: whether something stands there that says nothing.
    """

    id: str
    filled: bool
    line: int = 0
    where: str = ""
    placeholder: bool = False


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A model card.

    Attributes:
        document: the file's name.
        revision: commit of the repository it is from; empty where unknown.
        cut: whether the file was longer than what was read.
        more: sections, tables or links left out because there were too many.
    """

    schema: str = SCHEMA
    document: str
    sha256: str
    bytes: int
    read_at: datetime
    revision: str = ""
    cut: bool = False
    more: int = 0
    front: FrontMatter
    sections: tuple[Section, ...]
    labels: tuple[Label, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    links: tuple[CardLink, ...]
    slots: tuple[Slot, ...]

    @property
    def filled(self) -> int:
        """How many slots have own words."""
        return sum(slot.filled for slot in self.slots)
