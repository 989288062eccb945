"""A reviewer's name and conclusion on a model, kept beside their reviews. Knows no Qt."""

from concurrent.futures import Future

import msgspec

from inspector.report.values import Conclusion
from runner.store import Store
from runner.store.judged_file import JudgedFile

PART = "report/conclusion"
"""The part under which it lies; no part of the stack has such an id."""

LONGEST_NAME, LONGEST_TEXT = 200, 20_000


def conclusion(reviewer: str, text: str) -> Conclusion | None:
    """Returns what a person says of a model, cut to what is kept; None where they say nothing."""
    name = " ".join(reviewer.split())[:LONGEST_NAME]
    said = text.strip()[:LONGEST_TEXT]
    return Conclusion(reviewer=name, text=said) if name or said else None


def kept_conclusion(store: Store, file: JudgedFile) -> Conclusion | None:
    """Returns what was kept for a model; None where nothing was, or a later version wrote it.

    Raises:
        RunnerError: the store can't be read.
    """
    entry = store.reviews.of(file).get(PART)
    try:
        return msgspec.json.decode(entry, type=Conclusion) if entry is not None else None
    except msgspec.DecodeError:
        return None


def keep_conclusion(store: Store, file: JudgedFile, said: Conclusion | None) -> "Future[None]":
    """Keeps what a person says in place of what was kept; None forgets it."""
    if said is None:
        return store.reviews.take_back(file, PART)
    return store.reviews.put(file, PART, msgspec.json.encode(said).decode())
