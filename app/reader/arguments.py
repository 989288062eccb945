"""What the reader's jobs are asked with. Qt-free and light: both ends import it."""

import msgspec

from inspector.claims.inputs import Beside, KeptText, OtherCard


class Inspect(msgspec.Struct, frozen=True, kw_only=True):
    """Look at a model file; `context` 0 takes what was trained, `free_bytes` None is unknown."""

    path: str
    context: int = 0
    free_bytes: int | None = None


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a listing: of the metadata, or of the tensors."""

    path: str
    start: int
    count: int


class ArrayPage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of one metadata array."""

    path: str
    key: str
    start: int
    count: int


class ArraySearch(msgspec.Struct, frozen=True, kw_only=True):
    """Elements of one metadata array that contain a text, from `start` on."""

    path: str
    key: str
    wanted: str
    start: int
    count: int


class WholeText(msgspec.Struct, frozen=True, kw_only=True):
    """One metadata text, whole."""

    path: str
    key: str


class TensorNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of one tensor; the heat map comes over the bulk channel."""

    path: str
    tensor: str


class ModelFile(msgspec.Struct, frozen=True, kw_only=True):
    """Which model file is meant."""

    path: str


class Hash(msgspec.Struct, frozen=True, kw_only=True):
    """The fingerprints of a model."""

    path: str


class ClaimsOf(msgspec.Struct, frozen=True, kw_only=True):
    """Compare claims with the file; `card` and `documents` lie beside it.

    `other` is the card of another model of the lineage, whose claims are asked for instead.
    """

    path: str
    card: str = ""
    documents: tuple[str, ...] = ()
    beside: Beside = Beside()
    other: OtherCard | None = None


class DocumentFile(msgspec.Struct, frozen=True):
    """Which file's text is wanted."""

    path: str


class CodeText(msgspec.Struct, frozen=True):
    """Which code is to be coloured."""

    code: str
    language: str


class RepositoryAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Read what the Hub said of a repository.

    Attributes:
        info, tree: the Hub's JSON on the model, and of its listing; `tree` empty where none was asked for.
        card: the card's text; empty where there is none.
        texts: licence texts of the repository, by name.
        read_at: when the Hub was asked, as ISO 8601.
        place: the place in the lineage that it was asked for as; empty for the first.
    """

    name: str
    info: str
    tree: str = ""
    card: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    read_at: str
    place: str = ""


class Openness(msgspec.Struct, frozen=True, kw_only=True):
    """Read a model or a release file by the frameworks; `framework` empty means all of them.

    `machine` says what this machine is made of, by the keys of `rules.toml` without `machine.`;
    `card` and `documents` are what lies beside a model: its card, and texts of licences;
    `repositories` is what was kept of where it was fetched from, that one first.
    """

    path: str
    card: str = ""
    documents: tuple[str, ...] = ()
    repositories: tuple[RepositoryAnswers, ...] = ()
    framework: str = ""
    machine: dict[str, str] = {}


class ReportOf(msgspec.Struct, frozen=True, kw_only=True):
    """Read everything for a report on a model; `openness` names what lies beside it.

    `claims` is asked with what anybody can have who checks the report; `here` is that with what only
    this computer knows, None where nothing is kept. `others` are cards of its forebears.
    """

    openness: Openness
    claims: ClaimsOf
    safeguards: "SafeguardsOf"
    here: Beside | None = None
    others: tuple[OtherCard, ...] = ()


class ReportFileOf(msgspec.Struct, frozen=True, kw_only=True):
    """Read a report."""

    path: str


class DossierOf(msgspec.Struct, frozen=True, kw_only=True):
    """Where a model comes from and what its templates do; `card` is a card that lies beside it.

    `kept` are texts of its repository, which are read where none lies beside it.
    """

    path: str
    card: str = ""
    kept: tuple[KeptText, ...] = ()


class Licences(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model's licences; `documents` are the texts that lie beside it.

    `card` is a card that lies beside it, and `policies` use policies; `kept` are texts of its repository,
    which are read where none lies beside it.
    """

    path: str
    card: str = ""
    documents: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    kept: tuple[KeptText, ...] = ()


class CardFile(msgspec.Struct, frozen=True):
    """Which card is wanted."""

    path: str


class CardText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a card that was kept when it was fetched, at a commit of its repository."""

    name: str
    text: str
    commit: str
    fetched: float


class SafeguardsOf(msgspec.Struct, frozen=True, kw_only=True):
    """Which safeguards a model has; `documents` are licence texts, `folder` names of files beside.

    `kept` are texts of its repository, which are read where none lies beside it.
    """

    path: str
    card: str = ""
    documents: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    kept: tuple[KeptText, ...] = ()


class PromptFile(msgspec.Struct, frozen=True):
    """Which file of harmless requests is wanted."""

    path: str


class CardTexts(msgspec.Struct, frozen=True, kw_only=True):
    """Two texts of one card, the earlier one first; the later one may be the file at `path`."""

    before: str
    after: str = ""
    path: str = ""
