"""The form of what is known of a model's licences: label, text, notice, terms, answers, findings."""

from enum import StrEnum

import msgspec

from inspector.facts import Fact, Source, unknown
from inspector.licences.catalogue import Licence
from inspector.licences.documents import LicenceText, Notice
from inspector.licences.names import Named
from inspector.licences.parts import Part
from inspector.licences.policy import PolicyText
from inspector.licences.questions import Answer

SCHEMA = "lightwell.licence/1"


class Basis(StrEnum):
    """What the licence that is told of was taken from."""

    LABEL_AND_TEXT = "label and text"
    TEXT = "text"
    LABEL = "label"
    NOTHING = "nothing"


class Label(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one place states as the licence of one part.

    Attributes:
        stated: the value of the licence field.
        name: the value of the field beside it that names a licence which has no identifier.
        link: where the text is said to be.
    """

    part: Part = Part.WEIGHTS
    stated: Fact = unknown("settle.licence")
    name: Fact = unknown("settle.licence")
    link: Fact = unknown("settle.licence")


class Relative(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another model of the lineage, and what it states.

    Attributes:
        model: its repository, or its name where that is all we have.
        relation: how ours comes from it: `base`, `fine-tuned`, `quantised`, `merged`, `adapter`.
        stated: what its own card or header says of the licence.
    """

    model: str
    relation: str = "base"
    stated: Fact = unknown("settle.base_licence")


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model of the lineage with its licence.

    Attributes:
        named: what it states; None where nothing was read of it.
        listed: the licence that our list has for its repository's name, where nothing was read.
        listed_on: the day of that list.
    """

    model: str
    relation: str
    stated: Fact
    named: Named | None = None
    listed: str = ""
    listed_on: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a person should look at.

    Attributes:
        code: of the words that tell it.
        context: what the words name.
        sources: what was compared.
        disagrees: whether two places contradict each other.
    """

    code: str
    context: dict[str, str] = {}
    sources: tuple[Source, ...] = ()
    disagrees: bool = False


class PartReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one part's licence.

    Attributes:
        named: what the label means.
        basis: what `licences` were taken from.
        licences: ids of those that are told of.
        assessed: our readings of them; a licence without one is not assessed.
        texts: names of the licence texts that are for this part, the one that counts first.
    """

    part: Part
    label: Label
    named: Named
    basis: Basis
    licences: tuple[str, ...] = ()
    assessed: tuple[Licence, ...] = ()
    answers: tuple[Answer, ...]
    texts: tuple[str, ...] = ()


class LicenceReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything on the licences of one model.

    Attributes:
        schema: name and version of this form.
        texts: the licence texts that were found, the weights' first; `notice` likewise.
        policies: use policies that were found, with their lists as they stand.
        looked_for_texts: whether anybody looked where they would lie.
    """

    schema: str
    parts: tuple[PartReport, ...]
    texts: tuple[LicenceText, ...] = ()
    notice: Notice | None = None
    policies: tuple[PolicyText, ...] = ()
    looked_for_texts: bool = False
    lineage: tuple[Link, ...] = ()
    findings: tuple[Finding, ...] = ()

    def part(self, part: Part) -> PartReport:
        """Returns what is known of one part."""
        return next(one for one in self.parts if one.part is part)

    def texts_of(self, part: Part) -> tuple[LicenceText, ...]:
        """Returns the licence texts that are for one part, the one that counts first."""
        if part is Part.WEIGHTS and not any(one.texts for one in self.parts):
            # A report from before texts had parts: all of them were taken for the weights'.
            return self.texts
        names = self.part(part).texts
        return tuple(one for one in self.texts if one.source.document in names)
