"""The reader's job on safeguards: a header, a card and a licence become papers for the rules."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.reader import arguments
from app.reader.card_lines import card_lines, card_of
from app.reader.licence import licences
from inspector.cards.values import Card
from inspector.claims.reading import is_english, reading_of_prose
from inspector.claims.values import Reading
from inspector.dossier import LONGEST, TEMPLATE_KEY
from inspector.facts import Source, SourceKind, now
from inspector.gguf.model import GgufModel
from inspector.lineage.graph import is_anothers
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
    card = card_of(asked.card, asked.kept)
    if card is not None and is_anothers(model, card, asked.path):
        return safeguards(_papers_of_the_file(model, path, card))
    lines, first = card_lines(asked.card, asked.kept) if card is not None else ((), 1)
    return safeguards(
        Papers(
            document=path.name,
            card=card,
            card_lines=lines,
            card_first=first,
            unread=_unread(lines),
            names=tuple(_names(model, path, card)),
            templates=tuple(_templates(model)),
            licences=licences(model, asked.documents, asked.kept, asked.card, path=asked.path),
            folder=asked.folder,
        )
    )


def _unread(lines: Sequence[str]) -> frozenset[int]:
    """Returns the places of lines that are not English, in a card that does not read as English."""
    if reading_of_prose("\n".join(lines))[0] is not Reading.OTHER:
        return frozenset()
    return frozenset(at for at, line in enumerate(lines) if line.strip() and not is_english(line))


def _papers_of_the_file(model: GgufModel, path: Path, card: Card) -> Papers:
    """Returns what the file alone says, beside another model's card: what lies there came with that card."""
    return Papers(
        document=path.name,
        names=tuple(_names(model, path, None)),
        templates=tuple(_templates(model)),
        licences=licences(model, ()),
        left_out=card.document,
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
