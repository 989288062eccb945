"""Where a choice of a repository stands: neither here nor on its way, on its way, or here."""

from pathlib import Path

import msgspec


class Standing(msgspec.Struct, frozen=True):
    """What is said of a choice.

    Attributes:
        words: in one line; empty where there is nothing to say.
        is_listed: it is among the downloads, where more can be done about it.
        path: of the file, or of the first of a set, where it is on this computer.
        quantisation: as the header of that file states it; empty where it was not read.
    """

    words: str = ""
    is_listed: bool = False
    path: Path | None = None
    quantisation: str = ""
