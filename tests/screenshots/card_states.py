"""The states of the Card, Safeguards and Summary tabs that pictures are taken of."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.model_ref import ModelRef
from app.window.application import Parts
from runner.session import SessionState
from tests.inspector.gguf.hostile import string, tiny
from tests.support.shared_data import shared

Wait = Callable[[Callable[[], bool], str], None]


def _pause(wait: Wait, seconds: float) -> None:
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > seconds, "a moment has passed")


def _chatting(parts: Parts, wait: Wait) -> None:
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")


def beside(key: str, card: str, *, width: int = 0) -> Callable[[Parts, Wait], None]:
    """A tab on a small file with one of the real cards beside it."""

    def state(parts: Parts, wait: Wait) -> None:
        _chatting(parts, wait)
        folder = Path(tempfile.mkdtemp())
        made = tiny(
            name=string("general.name", "Llama 3.2 1B Instruct"),
            licence=string("general.license", "llama3.2"),
        )
        path = folder / "Llama-3.2-1B-Instruct-Q4_K_M.gguf"
        path.write_bytes(made.build())
        if card:
            shutil.copy(shared(card), folder / "README.md")
        parts.window.inspector.choose(key)
        if width:
            parts.window._body._width = width
            parts.window._body._arrange()
        if parts.window._body.is_overlay:
            parts.window._body.set_open(True)
        parts.context.models.inspect(ModelRef(path=path, name="Llama 3.2 1B Instruct"))
        _pause(wait, 2.5)

    return state


CARD_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "card": beside("card", "cards/llama-3.2/MODEL_CARD.md"),
    "card-wide": beside("card", "cards/llama-3.2/MODEL_CARD.md", width=900),
    "card-html": beside("card", "cards/deepseek-r1/README.md"),
    "card-none": beside("card", ""),
}
