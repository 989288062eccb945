"""The reader's job on origin and templates; it introduces the inspector to who can render."""

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.reader.kept import kept_card, raw_of
from inspector.cards.read import card_from_bytes
from inspector.claims.inputs import KeptText
from inspector.dossier import Dossier, dossier
from inspector.gguf.model import GgufModel
from inspector.lineage.graph import lineage
from inspector.templates.rendered import GaveUp, Refused, Renderer
from runner.engine.template import ChatTemplate
from runner.errors import RunnerError
from runner.protocol.engine import Role, Said

TRIES_S = 2.0
"""Time for all tries of one template together; honest ones take a tenth of it."""

_TOO_MUCH = {
    "engine.template_too_slow": "not done after 2 s",
    "engine.template_too_big": "more text than 8 MB, or deeper than Python goes",
}


def read_dossier(model: GgufModel, path: str, card: str, kept: Sequence[KeptText] = ()) -> Dossier:
    """Returns the dossier of an open model, with its templates tried in the engine's box.

    Raises:
        InspectorError: `card.missing` or `card.too_large`.
    """
    read = dossier(model, path, Path(card) if card else None, renderer)
    paper = None if card else kept_card(kept)
    if paper is None:
        return read
    from_kept = card_from_bytes(raw_of(paper), paper.name, paper.revision)
    return msgspec.structs.replace(read, card=from_kept, lineage=lineage(model, from_kept, path))


def renderer(text: str) -> Renderer | None:
    """Returns what renders with a template; None where it does not compile."""
    try:
        template = ChatTemplate(text, bos="<s>", eos="</s>")
    except RunnerError:
        return None
    return _Tries(template)


class _Tries:
    """Renders until the time for tries is over, or the template itself is too slow."""

    def __init__(self, template: ChatTemplate) -> None:
        self._template = template
        self._until = time.monotonic() + TRIES_S

    def __call__(self, said: Sequence[tuple[str, str]], now: dt.datetime) -> str:
        if time.monotonic() > self._until:
            raise GaveUp("time is over", by_template=False)
        try:
            return self._template.render(
                [Said(role=Role(who), text=text) for who, text in said], now
            )
        except RunnerError as error:
            if error.code in _TOO_MUCH:
                raise GaveUp(_TOO_MUCH[error.code], by_template=True) from error
            raise Refused(error.code) from error
