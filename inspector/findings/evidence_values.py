"""A piece of evidence: a fact, and what it is about."""

import msgspec

from inspector.facts import Fact
from inspector.findings.values import Link


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with what it is about.

    Attributes:
        key: what was found, in the words of `rules.toml`, such as `card.present`.
        link: the place in the lineage that it belongs to.
    """

    key: str
    fact: Fact
    link: Link
