"""Which file something was said of, and how entries about it are found again."""

import msgspec

from runner.store.rows import storable

LARGEST_ENTRY = 512 * 1024
"""Characters of one entry: a dozen long answers as evidence, and no more."""

WHICH = """
((? <> '' AND file_sha256 = ?)
 OR (file_name = ? AND file_size = ? AND (file_sha256 = '' OR ? = '')))
"""
"""Says with the values of `which` whether a row is of a file.

A hash decides where both sides have one; a file that was hashed meanwhile keeps its rows.
"""


class JudgedFile(msgspec.Struct, frozen=True, kw_only=True):
    """Which file an entry is about: its bytes by hash, else by name and size."""

    name: str
    size: int
    sha256: str = ""


def which(file: JudgedFile) -> tuple[str, str, str, int, str]:
    """Returns the values that `WHICH` asks for."""
    return (file.sha256, file.sha256, storable(file.name), file.size, file.sha256)


def entry_text(entry: str, most: int = LARGEST_ENTRY) -> str:
    """Returns an entry as the database can keep it.

    Raises:
        ValueError: it is too long.
    """
    if len(entry) > most:
        raise ValueError(f"an entry of {len(entry)} characters")
    return storable(entry)
