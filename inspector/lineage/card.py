"""What a card says of its model's parents."""

import msgspec

from inspector.cards.front_matter import Field
from inspector.cards.values import Card
from inspector.facts import Source, SourceKind, known, unknown
from inspector.lineage.header import Named
from inspector.lineage.names import repository
from inspector.lineage.values import Relation

_RELATIONS = {
    "quantized": Relation.QUANTISED,
    "finetune": Relation.FINETUNED,
    "merge": Relation.MERGED,
    "adapter": Relation.ADAPTER,
}


class CardParents(msgspec.Struct, frozen=True, kw_only=True):
    """The parents that a card names, and what it says made its model of them."""

    parents: tuple[Named, ...]
    relation: Relation
    datasets: tuple[Named, ...]
    tags: tuple[str, ...]


def source(card: Card, field: Field) -> Source:
    """Returns where a front matter field stands."""
    return Source(
        kind=SourceKind.FRONT_MATTER,
        document=card.document,
        where=field.path,
        line=field.line,
        revision=card.revision,
        read_at=card.read_at,
    )


def card_parents(card: Card) -> CardParents:
    """Returns what the front matter names."""
    relation = card.front.first("base_model_relation")
    stated = _RELATIONS.get(str(relation.value).strip().lower()) if relation else None
    tags = tuple(str(one.value) for one in card.front.all("tags"))
    return CardParents(
        parents=tuple(_named(card, one) for one in card.front.all("base_model") if one.value),
        relation=stated or Relation.UNKNOWN,
        datasets=tuple(_named(card, one) for one in card.front.all("datasets") if one.value),
        tags=tags,
    )


def _named(card: Card, field: Field) -> Named:
    place = source(card, field)
    text = str(field.value)
    found = repository(text)
    return Named(
        name=known(text, place) if text.strip() else unknown("settle.name", (place,)),
        facts={"repository": known(found, place)} if found else {},
        sources=(place,),
    )
