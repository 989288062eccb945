"""What a file, and the card beside it, say of where it comes from and what its templates do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from inspector.cards.read import read_card
from inspector.cards.values import Card
from inspector.gguf.model import GgufModel
from inspector.lineage.graph import lineage
from inspector.lineage.values import Lineage
from inspector.templates.check import check_template
from inspector.templates.rendered import Renderer
from inspector.templates.values import TemplateCheck

SCHEMA = "lightwell.dossier/1"

TEMPLATE_KEY = "tokenizer.chat_template"

MOST_TEMPLATES = 8
"""Templates of one file that are looked at; files with several have two or three."""

LONGEST = 1_048_576

MakeRenderer = Callable[[str], Renderer | None]


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """What was read.

    Attributes:
        templates: the checks of each template in the header.
        templates_left: templates that were not looked at, because there are too many or too long.
        card: the card that lies beside the file; None where none does.
    """

    schema: str = SCHEMA
    lineage: Lineage
    templates: tuple[TemplateCheck, ...]
    templates_left: int = 0
    card: Card | None = None


def dossier(
    model: GgufModel, path: str, card: Path | None = None, renderer: MakeRenderer | None = None
) -> Dossier:
    """Returns the dossier of an open model.

    Args:
        model: the file.
        path: where it lies.
        card: a card beside it.
        renderer: makes what renders conversations with a template; None where nothing does.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    read = read_card(card) if card else None
    templates, left = _templates(model)
    return Dossier(
        lineage=lineage(model, read, path),
        templates=tuple(
            check_template(text, key, renderer(text) if renderer else None)
            for key, text in templates
        ),
        templates_left=left,
        card=read,
    )


def _templates(model: GgufModel) -> tuple[list[tuple[str, str]], int]:
    every = list(_keys(model))
    taken = [
        (key, text)
        for key in every[:MOST_TEMPLATES]
        if model.metadata[key].size <= LONGEST and (text := model.metadata.text(key)) is not None
    ]
    return taken, len(every) - len(taken)


def _keys(model: GgufModel) -> Iterator[str]:
    for key in model.metadata:
        named = key == TEMPLATE_KEY or key.startswith(f"{TEMPLATE_KEY}.")
        if named and model.metadata[key].type.name == "STRING":
            yield key
