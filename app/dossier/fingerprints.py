"""The event that a file's fingerprints are on record now, through the mailbox. Knows no Qt."""

from pathlib import Path

import msgspec


class FingerprintsKept(msgspec.Struct, frozen=True):
    """What rests on fingerprints of the file at `path` can be read again."""

    path: Path
