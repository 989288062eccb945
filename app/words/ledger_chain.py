"""What a check of the ledger's chain found, in words. Knows no Qt."""

import time
from pathlib import Path

import msgspec

from app.words.ledger import ledger_words
from runner.store.ledger_lines import Check, Head

LARGEST_EXPORT = 512 * 1024 * 1024


class _Export(msgspec.Struct, frozen=True):
    head: Head


def head_of_export(path: Path) -> Head | None:
    """Returns the head in an export; None where the file is none."""
    try:
        if path.stat().st_size > LARGEST_EXPORT:
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Export).head
    except (OSError, msgspec.DecodeError):
        return None


def verdict(check: Check, at: float, *, kept: Head | None, earlier: Head | None = None) -> str:
    """Says what a check found.

    Args:
        check: what was found.
        at: when, in seconds since the epoch.
        kept: the head that is kept beside the database, None where it could not be read.
        earlier: a head that a person brought.
    """
    words = ledger_words()
    if check.problems:
        faults = [words.fault[found.fault].format(number=found.number) for found in check.problems]
        return " ".join(faults)
    if check.head.count == 0:
        return words.said["nothing"]
    fields = {
        "at": time.strftime("%H:%M:%S", time.localtime(at)),
        "count": check.head.count,
        "earlier": earlier.count if earlier else 0,
    }
    told = words.said["whole_against" if earlier else "whole"].format(**fields)
    if kept is None:
        return f"{words.said['no_head']} {told if earlier else ''}".strip()
    if kept.count < check.head.count:
        behind = words.said["behind"].format(kept=kept.count, **fields)
        return f"{behind} {told if earlier else ''}".strip()
    return told
