"""A person's disagreements with findings, kept in the store. No Qt.

A finding itself is never changed by one. Before version 104 of the database they lay in a file
beside it; the first start with a store takes that file in.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from app.model.ref import ModelRef
from inspector.findings.values import Findings, Review
from inspector.frameworks.profile import Profile, findings_of, profile
from inspector.frameworks.shapes import Framework
from runner.library.paths import data_folder
from runner.store import Store
from runner.store.judged_file import JudgedFile

WORKSHEET = "worksheet/marginal-risk"
"""The part under which the worksheet lies; no part of the stack has such an id."""

OLD_FILE = "reviews.json"
TAKEN_IN = "reviews.taken-in.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAMED = re.compile(r"(.+), (\d+) bytes")


class _OldFile(msgspec.Struct, frozen=True):
    schema: str
    models: dict[str, list[Review]]


class Reviews:
    """Reads and writes the reviews of one store."""

    def __init__(self, store: Store) -> None:
        self._kept = store.reviews

    def of(self, file: JudgedFile) -> tuple[Review, ...]:
        """Returns the reviews of a model, one a part; an entry of a later form is left out.

        Raises:
            RunnerError: the store can't be read.
        """
        return tuple(_readable(self._kept.of(file)))

    def every(self) -> dict[tuple[str, int], list[Review]]:
        """Returns all reviews by the name and size of the file that they are of.

        Raises:
            RunnerError: the store can't be read.
        """
        found: defaultdict[tuple[str, int], list[Review]] = defaultdict(list)
        for file, part, entry in self._kept.every():
            found[file.name, file.size].extend(_readable({part: entry}))
        return found

    def put(self, file: JudgedFile, review: Review) -> "Future[None]":
        """Keeps a review in place of an earlier one of the same part."""
        return self._kept.put(file, review.part, _written(review))

    def take_back(self, file: JudgedFile, part: str) -> "Future[None]":
        """Forgets the review of a part."""
        return self._kept.take_back(file, part)

    def worksheet(self, file: JudgedFile) -> dict[str, str]:
        """Returns the answers to the worksheet on marginal risk.

        Raises:
            RunnerError: the store can't be read.
        """
        try:
            return msgspec.json.decode(
                self._kept.of(file).get(WORKSHEET, "{}"), type=dict[str, str]
            )
        except msgspec.DecodeError:
            return {}

    def put_worksheet(self, file: JudgedFile, answers: dict[str, str]) -> "Future[None]":
        """Keeps the answers; without any the worksheet is forgotten."""
        if not answers:
            return self._kept.take_back(file, WORKSHEET)
        return self._kept.put(file, WORKSHEET, msgspec.json.encode(answers).decode())


def with_reviews(
    read: Profile, reviews: Sequence[Review], *, rule_sets: Sequence[Framework] | None = None
) -> Profile:
    """Returns a profile read with what a reviewer said of its object."""
    if not reviews:
        return read
    found = Findings(read.subject, findings_of(read), reviews)
    return msgspec.structs.replace(
        profile(found, rule_sets=rule_sets), ratings=read.ratings, left_out=read.left_out
    )


def judged_file(ref: ModelRef) -> JudgedFile:
    """Returns which file a review of this model is about."""
    return JudgedFile(name=ref.path.name, size=ref.size_bytes, sha256=ref.sha256 or "")


def judged_repository(name: str) -> JudgedFile:
    """Returns what a review of a repository is about."""
    return JudgedFile(name=name, size=0)


def take_in_old_file(store: Store, folder: Path | None = None) -> int:
    """Takes the reviews of the file beside the database into it; returns how many were taken.

    The file is then renamed, so that nothing is lost and nothing is taken in twice.

    Raises:
        RunnerError: the store can't be written; the file is as it was.
        msgspec.DecodeError: the file is damaged; it is left as it is.
    """
    path = (folder or data_folder()) / OLD_FILE
    if not store.is_kept or not path.is_file():
        return 0
    told = msgspec.json.decode(path.read_bytes(), type=_OldFile)
    entries = [
        (_file_of(key), {one.part: _written(one) for one in reviews})
        for key, reviews in told.models.items()
    ]
    taken = store.reviews.take_in(entries).result()
    path.rename(path.with_name(TAKEN_IN))
    return taken


def _file_of(key: str) -> JudgedFile:
    """Returns the file that a key of the old form means: a hash, or a name and a size."""
    if _SHA256.fullmatch(key):
        return JudgedFile(name="", size=0, sha256=key)
    if found := _NAMED.fullmatch(key):
        return JudgedFile(name=found.group(1), size=int(found.group(2)))
    return JudgedFile(name=key, size=0)


def _readable(entries: dict[str, str]) -> Iterator[Review]:
    for part, entry in entries.items():
        if part == WORKSHEET:
            continue
        try:
            yield msgspec.json.decode(entry, type=Review)
        except msgspec.DecodeError:
            continue


def _written(review: Review) -> str:
    return msgspec.json.encode(review).decode()
