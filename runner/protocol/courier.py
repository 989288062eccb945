"""What the courier is asked and what it answers: arguments and results of its jobs.

It does jobs as the reader does (`runner.protocol.reader`). Each carries the number of its errand,
under which the front end knows why it was asked; the gate tells the ledger so.
"""

import msgspec

MOST_FOUND = 100
MOST_FILES = 10_000
LONGEST_CARD = 1024 * 1024
LONGEST_RANGE = 64 * 1024 * 1024
MOST_CONNECTIONS = 4
"""At once for one file, where several make it come faster; browsers take six for a whole host."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Search the Hub for models with GGUF files.

    Attributes:
        after: what a page said leads on from it; with it the other fields say nothing more.
    """

    errand: int
    words: str
    most: int = 20
    sort: str = "downloads"
    author: str = ""
    after: str = ""
    token: str = ""


class GgufSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What the Hub itself has read of a repository's GGUF files; 0 and empty where it tells none."""

    architecture: str = ""
    parameters: int = 0
    context: int = 0


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A model that a search found, as the Hub tells of it.

    Attributes:
        licence: what the card's front matter names; empty where the Hub tells none.
        base_models: the repositories that it says it was made of.
    """

    repository: str
    downloads: int = 0
    likes: int = 0
    gated: str = ""
    changed: str = ""
    created: str = ""
    private: bool = False
    licence: str = ""
    base_models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    gguf: GgufSaid = GgufSaid()


class FoundPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what a search found.

    Attributes:
        after: leads to the next page; empty where the Hub says that this is the last.
    """

    finds: tuple[Find, ...] = ()
    after: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Ask about a repository; `revision` is a branch or a commit."""

    errand: int
    repository: str
    revision: str = "main"
    token: str = ""


class AskText(Ask, frozen=True, kw_only=True):
    """Ask for a small file of text, such as a licence."""

    path: str


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
    created: str = ""
    licence: str = ""
    base_models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    gguf: GgufSaid = GgufSaid()


class RemoteFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a repository.

    Attributes:
        blob: git's name of what the repository holds: the file, or the pointer to it.
        sha256: of the file; empty where the Hub keeps it as a small file.
        xet: the name under which the Hub's chunk store has it; empty where it does not.
    """

    path: str
    size: int
    blob: str
    sha256: str = ""
    xet: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The card's text as it is; empty where there is none."""

    text: str
    cut: bool = False


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Fetch a part of a file at a commit; the bytes come over the bulk channel.

    Attributes:
        size: of the whole file as it was listed, 0 for unknown; some servers don't say it.
    """

    errand: int
    repository: str
    commit: str
    path: str
    start: int
    length: int
    size: int = 0
    token: str = ""


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


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """Fetch the rest of a file at a commit.

    Attributes:
        size: of the whole file, and `sha256` or `blob`: what it must have.
        part: where it is written; what lies there is gone on with.
        rate: most bytes a second, 0 for as many as come.
        keep_free: how many bytes of the disk stay free.
        connections: how many at once, where several make it come faster.
    """

    errand: int
    repository: str
    commit: str
    path: str
    size: int
    part: str
    sha256: str = ""
    blob: str = ""
    rate: int = 0
    keep_free: int = 0
    connections: int = MOST_CONNECTIONS
    token: str = ""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file is on the disk, with the hash that it must have.

    Attributes:
        received: bytes of the body over this connection, those included that were there already.
        host: that they came from.
    """

    received: int
    size: int
    host: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Read what has come of a file, so that a fetch can go on from there; nothing is sent."""

    part: str
    size: int
    sha256: str = ""
    blob: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """How many bytes are there."""

    length: int
