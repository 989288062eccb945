"""What a page or tab is told of a model: which file it is, and what it is called."""

from pathlib import Path

import msgspec


class ModelRef(msgspec.Struct, frozen=True, kw_only=True):
    """A model that a person can look at or load: which file, and what it is called.

    Attributes:
        path: the GGUF file, or the first of a split set.
        name: what it is called on screen.
        sha256: of the file, where it has been worked out.
        quantisation: as the library recorded it, such as `Q4_1`; empty where unknown.
        size_bytes: of the file; 0 where unknown.
        licence: as the file states it; empty where it states none or has not been read.
        is_starter: whether this is the model that comes with the app.
        fetched_bytes: of a file on the Hub, how much is here to look into; 0 for whole files.
    """

    path: Path
    name: str
    sha256: str | None = None
    quantisation: str = ""
    size_bytes: int = 0
    licence: str = ""
    is_starter: bool = False
    fetched_bytes: int = 0
