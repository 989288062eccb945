"""What a front end hands to the rules beside the file itself. Light: both ends import it."""

import msgspec


class ListedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a repository's listing, as it was kept at the download.

    Attributes:
        sha256: empty where the listing gives none.
        changed: day of the last change, as `2024-11-05`; empty where the listing does not say.
    """

    path: str
    size: int = 0
    sha256: str = ""
    changed: str = ""


class KnownWeights(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another file that this app has fingerprinted before.

    Attributes:
        digest: of its weights, and `sha256` of the whole file where that is known.
        licence: empty where nobody knows it here.
    """

    name: str
    digest: str
    sha256: str = ""
    licence: str = ""


class RunSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer that this file gave here, as its recipe records it.

    Attributes:
        recorded: names of the recipe's parts that are filled.
        machine: processor and memory, in words.
        again: for an answer that was asked for twice with the same settings and seed: the first
            token that differed, from 1; 0 where none did; -1 where nobody asked twice.
    """

    template: str = ""
    template_sha256: str = ""
    recorded: tuple[str, ...] = ()
    tokens: int = 0
    decode_tps: float = 0.0
    devices: tuple[str, ...] = ()
    threads: int = 0
    machine: str = ""
    again: int = -1


class KeptText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text of the repository, as it was kept at the download.

    Attributes:
        revision: the commit that it is of.
    """

    name: str
    text: str
    revision: str = ""


class OtherCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The card of another model of the lineage: a file, or a text that was kept.

    Attributes:
        name: the model's repository, or what it is called.
        place: which step of the lineage it is.
    """

    name: str
    place: str
    path: str = ""
    text: KeptText | None = None


class ParentSaid(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the Hub said of a parent when this model was downloaded."""

    repository: str
    licence: str
    revision: str = ""


class Beside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything beside the file.

    Attributes:
        sha256, weights_digest: of the file, where they have been worked out.
        parts: SHA-256 of each file of a set by its name; empty for a model in one file.
        listing: the repository's files; None where no listing was kept.
        created, changed: days on which the Hub says that the repository was made and last changed,
            as of the download; empty where it did not.
        known: other files with a digest; None where nobody looked.
        runs: answers of this file, the newest first.
        publisher: paths of the publisher's own template files beside it.
        policies: names of use policies that lie beside it.
        kept: card and licence texts of the repository; what lies beside the file goes before them.
        templates: the publishers' template files that were kept, of the repository and its parents.
        parents: what the Hub said of the parents' licences.
        parent_files: paths of files on this computer that a declared parent's name fits.
    """

    sha256: str = ""
    weights_digest: str = ""
    parts: dict[str, str] = {}
    listing: tuple[ListedFile, ...] | None = None
    created: str = ""
    changed: str = ""
    known: tuple[KnownWeights, ...] | None = None
    runs: tuple[RunSeen, ...] = ()
    publisher: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    kept: tuple[KeptText, ...] = ()
    templates: tuple[KeptText, ...] = ()
    parents: tuple[ParentSaid, ...] = ()
    parent_files: tuple[str, ...] = ()
