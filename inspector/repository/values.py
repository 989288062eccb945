"""A repository as the Hub tells of it."""

from datetime import datetime

import msgspec

from inspector.facts import Fact

SCHEMA = "lightwell.repository/1"


class ListedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of the listing; `sha256` is empty where the Hub keeps it as a small file."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


class Repository(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was read of a repository.

    Attributes:
        name: `owner/name`, as it was asked for.
        commit: that the answers are of; empty where the Hub names none.
        facts: by key: `gated`, `private`, `licence`, `datasets`, `base_models`, `relation`, `tags`,
            `changed`, `created`, `downloads`, `likes`, `pipeline`, `library`, `parameters`, `architecture`,
            `context`; each with its source and date. A key that isn't there was not said.
        files: the listing; `listed` says whether one was read at all.
        left_out: values and files that were too many, too long or no sense, and were not taken.
    """

    schema: str = SCHEMA
    name: str
    commit: str = ""
    read_at: datetime
    facts: dict[str, Fact] = {}
    files: tuple[ListedFile, ...] = ()
    listed: bool = False
    left_out: int = 0

    def text(self, key: str) -> str:
        """Returns a fact as a text; empty where nobody says it."""
        fact = self.facts.get(key)
        return fact.text if fact else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Returns a fact that is a list."""
        fact = self.facts.get(key)
        return fact.value if fact and isinstance(fact.value, tuple) else ()
