"""What the courier is asked and what it answers: arguments and results of its jobs.

It does jobs as the reader does (`runner.protocol.reader`). Each carries the number of its errand,
under which the front end knows why it was asked; the gate tells the ledger so.
"""

import msgspec

MOST_FOUND = 100
MOST_FILES = 10_000
LONGEST_CARD = 1024 * 1024
LONGEST_RANGE = 64 * 1024 * 1024


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Search the Hub for models with GGUF files."""

    errand: int
    words: str
    most: int = 20
    sort: str = "downloads"


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A model that a search found, as the Hub tells of it."""

    repository: str
    downloads: int = 0
    likes: int = 0
    gated: str = ""
    changed: str = ""
    tags: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Ask about a repository; `revision` is a branch or a commit."""

    errand: int
    repository: str
    revision: str = "main"


class Repository(msgspec.Struct, frozen=True, kw_only=True):
    """What the Hub says of a repository.

    Attributes:
        commit: of the revision that was asked for.
        gated: empty, or how access is given, such as `auto` or `manual`.
    """

    repository: str
    commit: str
    downloads: int = 0
    likes: int = 0
    gated: str = ""
    private: bool = False
    changed: str = ""
    tags: tuple[str, ...] = ()


class RemoteFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a repository; `sha256` is empty where the Hub keeps it as a small file."""

    path: str
    size: int
    blob: str
    sha256: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The card's text as it is; empty where there is none."""

    text: str
    cut: bool = False


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Fetch a part of a file at a commit; the bytes come over the bulk channel."""

    errand: int
    repository: str
    commit: str
    path: str
    start: int
    length: int


class Ranged(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a range.

    Attributes:
        received: how many bytes came.
        size: of the whole file.
        commit: which the Hub says the bytes are of.
        etag: the Hub's; of a large file its SHA-256.
        host: that the bytes came from.
    """

    received: int
    size: int
    commit: str = ""
    etag: str = ""
    host: str = ""
