"""An engine with the starter model, shared by a module's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.llama.engine import LlamaEngine
from runner.protocol.engine import Load
from tests.support.engine import Recorder
from tests.support.random_model import write_model


class Bench:
    """The process's one engine, with the model that was loaded last."""

    def __init__(self) -> None:
        self.engine = LlamaEngine()
        self._loaded: tuple[Path, int] | None = None

    def load(self, path: Path, context: int = 0) -> LlamaEngine:
        """Loads a model unless it is the present one."""
        if self._loaded != (path, context):
            self._loaded = None
            self.engine.load(Load(run=1, path=str(path), context=context), Recorder())
            self._loaded = (path, context)
        return self.engine

    def forget(self) -> LlamaEngine:
        """The engine for tests that load and unload by themselves."""
        self._loaded = None
        return self.engine


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.engine.close()


@pytest.fixture
def starter(bench: Bench, starter_model: Path) -> LlamaEngine:
    """The engine with the starter model in a context of 2,048 tokens."""
    return bench.load(starter_model, context=2048)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of 460 KB with random weights and no chat template."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture
def tiny(bench: Bench, tiny_model: Path) -> LlamaEngine:
    return bench.load(tiny_model)
