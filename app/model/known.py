"""What the library knows of models, as the app speaks of them. Knows no Qt."""

from pathlib import Path

from app.model.ref import ModelRef
from runner.errors import RunnerError
from runner.library.library import Library
from runner.library.paths import is_file
from runner.store.files import FileState, KnownFile, Origin


class KnownModels:
    """Names models by what the library has of them.

    Owned by: OpenModels. Thread: GUI.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def all(self) -> list[ModelRef]:
        """Returns the models that are on this machine, the latest used first; always the starter."""
        starter = self._library.starter.path()
        refs = [self.ref(file) for file in self._library.list() if is_file(Path(file.path))]
        if starter is not None and all(ref.path != starter for ref in refs):
            refs.append(self._starter(starter))
        return refs

    def ref(self, file: KnownFile) -> ModelRef:
        """Returns what a file is to the app."""
        path = Path(file.path)
        if file.origin is Origin.STARTER:
            return self._starter(path, file.sha256 or None)
        return ModelRef(
            path=path,
            name=path.stem if file.name == path.name else file.name,
            sha256=file.sha256 or None,
            size_bytes=file.look.size,
            is_starter=path == self._library.starter.path(),
        )

    def digest_of(self, path: Path) -> str:
        """Returns the SHA-256 of a file that is still as it was measured; empty where unknown."""
        try:
            known = self._library.at(path)
        except RunnerError:
            return ""
        same = known is not None and known.state() is FileState.SAME
        return known.sha256 if known is not None and same else ""

    def _starter(self, path: Path, sha256: str | None = None) -> ModelRef:
        starter = self._library.starter
        return ModelRef(
            path=path,
            name=starter.name,
            sha256=sha256,
            quantisation=path.stem.rpartition(".")[2],
            size_bytes=starter.size,
            licence=starter.licence,
            is_starter=True,
        )
