"""The states of the Licence tab that pictures are taken of: a conflict, and a text that was matched."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.model.ref import ModelRef
from app.tabs.licence.tab import LicenceTab
from app.window.application import Parts
from runner.session import SessionState
from tests.inspector.gguf.hostile import U32, number, string, tiny
from tests.support.shared_data import shared

Wait = Callable[[Callable[[], bool], str], None]

PARENT = "https://huggingface.co/meta-llama/Llama-3.2-3B"


def _licence_of(parts: Parts, wait: Wait, folder: Path, **pairs: bytes) -> None:
    models = parts.context.models
    wait(lambda: models.state is SessionState.READY, "the starter model has loaded")
    name = "Llama 3.2 3B Instruct"
    path = folder / "Llama-3.2-3B-Instruct-Q4_K_M.gguf"
    path.write_bytes(tiny(name=string("general.name", name), **pairs).build())
    parts.window.inspector.choose("licence")
    models.inspect(ModelRef(path=path, name=name))
    wait(lambda: _is_told(parts, path), "the licence is there")


def _is_told(parts: Parts, path: Path) -> bool:
    tab = parts.window.findChild(LicenceTab)
    return tab is not None and tab.shows(path)


def conflict(parts: Parts, wait: Wait) -> None:
    """The file says Apache, and the model that it was made from passes its own licence on."""
    _licence_of(
        parts,
        wait,
        Path(tempfile.mkdtemp()),
        licence=string("general.license", "apache-2.0"),
        count=number("general.base_model.count", U32, 1),
        base=string("general.base_model.0.repo_url", PARENT),
    )


def text(parts: Parts, wait: Wait) -> None:
    """A licence's text lies beside the file and is the label's."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(shared("cards/llama-3.2/LICENSE"), folder / "LICENSE")
    _licence_of(parts, wait, folder, licence=string("general.license", "llama3.2"))


LICENCE_STATES = {"licence-conflict": conflict, "licence-text": text}
