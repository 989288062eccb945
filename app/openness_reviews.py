"""A person's disagreements with findings, kept in one file of the data folder. No Qt.

Reviews are kept by model; a finding itself is never changed by one.
"""

from pathlib import Path

import msgspec

from app.model_ref import ModelRef
from inspector.findings.values import Review
from runner.library.paths import data_folder, make_private
from runner.store.files_written import write_whole


class _File(msgspec.Struct, frozen=True):
    schema: str
    models: dict[str, list[Review]]


SCHEMA = "lightwell.reviews/1"


class Reviews:
    """Reads and writes the reviews.

    Args:
        path: the file; the data folder's own where None.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or data_folder() / "reviews.json"

    def of(self, ref: ModelRef) -> tuple[Review, ...]:
        """Returns the reviews of a model, one a part.

        Raises:
            msgspec.DecodeError: the file was damaged; it is left as it is.
        """
        return tuple(self._read().models.get(_key(ref), ()))

    def put(self, ref: ModelRef, review: Review) -> None:
        """Keeps a review in place of an earlier one of the same part.

        Raises:
            RunnerError: it could not be written.
        """
        kept = [one for one in self.of(ref) if one.part != review.part]
        self._write(ref, [*kept, review])

    def take_back(self, ref: ModelRef, part: str) -> None:
        """Forgets the review of a part.

        Raises:
            RunnerError: it could not be written.
        """
        self._write(ref, [one for one in self.of(ref) if one.part != part])

    def _read(self) -> _File:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File(schema=SCHEMA, models={})

    def _write(self, ref: ModelRef, reviews: list[Review]) -> None:
        models = {**self._read().models, _key(ref): reviews}
        make_private(self._path.parent)
        told = _File(schema=SCHEMA, models={key: kept for key, kept in models.items() if kept})
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(told), indent=1))


def _key(ref: ModelRef) -> str:
    """Names a model by its hash where it has been worked out, else by its file's name and size."""
    return ref.sha256 or f"{ref.path.name}, {ref.size_bytes} bytes"
