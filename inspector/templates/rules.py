"""The rules' names and limits, from `resources/template_rules/rules.toml`."""

import msgspec

from resources import table

FILE = "template_rules/rules.toml"


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names that lead out of a template."""

    attributes: frozenset[str]
    names: frozenset[str]
    makers: frozenset[str]
    maker_attributes: frozenset[str]
    calls: frozenset[str]
    filters: frozenset[str]
    words: tuple[str, ...]


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is somebody's words, and what is the form of a message."""

    keys: frozenset[str]
    structure: frozenset[str]
    switches: tuple[str, ...]
    short_length: int
    turns: int
    prose_words: int
    form_tests: frozenset[str]


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a template gets the time from."""

    functions: frozenset[str]
    words: frozenset[str]


class Links(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a link is."""

    standards: frozenset[str]
    endings: tuple[str, ...]
    endings_with_path: tuple[str, ...]
    sending: str


class Encoded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long hidden text must be to count."""

    readable: int
    any: int
    escapes: int
    numbers: int


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is too large."""

    characters: int
    parsed: int
    repeats: int
    width: int
    nesting: int
    nodes: int
    message_loops: int


class Instructions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences that ask a model to hide something."""

    patterns: tuple[str, ...]
    other_languages: tuple[str, ...]


class Most(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many findings are shown: of each rule, and of all."""

    each: int
    all: int


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: int
    rules: dict[str, str]
    code: Code
    content: Content
    date: Dates
    links: Links
    encoded: Encoded
    sizes: Sizes
    instructions: Instructions
    findings: Most


def rules() -> Rules:
    """Returns the rules; read once."""
    read: Rules = table(FILE, Rules)
    return read
