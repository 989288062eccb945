"""The reader's job on safeguards: a header, a card and a licence become papers for the rules."""

from collections.abc import Iterator
from pathlib import Path

from app.reader import arguments
from app.reader.card import as_read
from app.reader.kept import kept_card, raw_of
from app.reader.licence import licences
from inspector.cards.front_matter import split
from inspector.cards.read import LARGEST, card_from_bytes
from inspector.cards.values import Card
from inspector.dossier import LONGEST, TEMPLATE_KEY
from inspector.errors import InspectorError
from inspector.facts import Source, SourceKind, now
from inspector.gguf.model import GgufModel
from inspector.safeguards.derive import safeguards
from inspector.safeguards.evidence import Papers
from inspector.safeguards.values import SafeguardReport

MOST_TEMPLATES = 8
MOST_PARENTS = 8
NAME_KEYS = (
    "general.name",
    "general.basename",
    "general.finetune",
    "general.description",
    *(
        f"general.base_model.{number}.{field}"
        for number in range(MOST_PARENTS)
        for field in ("name", "repo_url")
    ),
)
TAGS = "general.tags"
MOST_TAGS = 100


def read_safeguards(model: GgufModel, asked: arguments.SafeguardsOf) -> SafeguardReport:
    """Returns what is known of the safeguards of an open model.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    path = Path(asked.path)
    card, lines, first = _card_of(asked)
    return safeguards(
        Papers(
            document=path.name,
            card=card,
            card_lines=lines,
            card_first=first,
            names=tuple(_names(model, path, card)),
            templates=tuple(_templates(model)),
            licences=licences(model, asked.documents, asked.kept),
            folder=asked.folder,
        )
    )


def _card_of(asked: arguments.SafeguardsOf) -> tuple[Card | None, tuple[str, ...], int]:
    """Returns the card, its lines after the fields, and the number of the first of these."""
    if asked.card:
        return _taken_apart(_raw(Path(asked.card)), Path(asked.card).name)
    if (paper := kept_card(asked.kept)) is not None:
        return _taken_apart(raw_of(paper), paper.name, paper.revision)
    return None, (), 1


def _raw(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InspectorError("card.too_large", name=path.name, size=size // 1024)
        return path.read_bytes()[:LARGEST]
    except OSError as error:
        raise InspectorError("card.missing", str(error), name=path.name) from error


def _taken_apart(raw: bytes, name: str, revision: str = "") -> tuple[Card, tuple[str, ...], int]:
    text = as_read(raw)
    _, at, _ = split(text)
    return (
        card_from_bytes(raw, name, revision),
        tuple(text[at:].split("\n")),
        text.count("\n", 0, at) + 1,
    )


def _names(model: GgufModel, path: Path, card: Card | None) -> Iterator[tuple[Source, str]]:
    """Yields what the model is called, and the tags it has, each with its place."""
    when = now()
    yield Source(kind=SourceKind.REPOSITORY, document=path.name, read_at=when), path.name
    for key in NAME_KEYS:
        if text := model.metadata.text(key):
            yield _in_header(path, key), text
    for tag in model.metadata.texts(TAGS, MOST_TAGS) or ():
        yield _in_header(path, TAGS), tag
    if card is None:
        return
    for key in ("tags", "base_model", "model_name"):
        for field in card.front.all(key):
            where = Source(
                kind=SourceKind.FRONT_MATTER,
                document=card.document,
                where=key,
                line=field.line,
                read_at=when,
            )
            yield where, str(field.value)
    for section in card.sections[:1]:
        where = Source(
            kind=SourceKind.CARD_TEXT, document=card.document, line=section.line, read_at=when
        )
        yield where, section.heading


def _in_header(path: Path, key: str) -> Source:
    return Source(kind=SourceKind.HEADER, document=path.name, where=key, read_at=now())


def _templates(model: GgufModel) -> Iterator[tuple[str, str]]:
    keys = [
        key for key in model.metadata if key == TEMPLATE_KEY or key.startswith(f"{TEMPLATE_KEY}.")
    ]
    for key in keys[:MOST_TEMPLATES]:
        entry = model.metadata[key]
        if entry.type.name == "STRING" and entry.size <= LONGEST:
            yield key, model.metadata.text(key) or ""
