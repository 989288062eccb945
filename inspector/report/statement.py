"""One thing that a report says, and what must be at hand to look at it again."""

from enum import StrEnum

import msgspec


class Area(StrEnum):
    """What part of a report a statement is of, in the order to show them."""

    FILES = "files"
    FACTS = "facts"
    METADATA = "metadata"
    DOCUMENTS = "documents"
    LINEAGE = "lineage"
    TEMPLATES = "templates"
    LICENCE = "licence"
    CLAIMS = "claims"
    SAFEGUARDS = "safeguards"
    FINDINGS = "findings"
    VERDICTS = "verdicts"
    REVIEWS = "reviews"
    RUNS = "runs"
    BENCH = "bench"


class Basis(StrEnum):
    """What must be at hand to check a statement again."""

    HEADER = "header"
    BYTES = "bytes"
    DOCUMENT = "document"
    NETWORK = "network"
    PERSON = "person"
    RUN = "run"
    SET = "set"
    """A person's own file of requests."""

    REPORT = "report"
    """Nothing but the report: what it says can be counted again from what else it says."""


_ABOUT = 120


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a report says.

    Attributes:
        id: names it in every report on the same model.
        about: what it is of, for people: a key, a part, a framework.
        says: what it says, such that equal texts mean the same.
        rules: the rule set that it follows; empty where it is a plain fact.
        rule: the single rule of that set with its version, where its rules are counted singly.
        document: the document that it rests on.
        papers: whether the papers beside the file bear on it besides: with another folder around the
            same file it can say something else.
        listing: whether what the Hub listed of the file bears on it.
    """

    id: str
    area: Area
    about: str
    says: str
    basis: Basis
    rules: str = ""
    rule: str = ""
    document: str = ""
    papers: bool = False
    listing: bool = False


def statement(
    key: str, area: Area, about: str, says: str, basis: Basis, rules: str = "", document: str = ""
) -> Statement:
    """Returns a statement."""
    return Statement(
        id=key, area=area, about=about, says=says, basis=basis, rules=rules, document=document
    )
