"""Has the reader look at models that a list shows, one after the other, and keeps their fingerprints.

What is kept comes back at the next start without reading a file again; what has changed since, or
was read by other rules, is read anew.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from app.context import AppContext
from app.dossier.openness import openness_asked
from app.model.list_desk import ListDesk
from app.reader.arguments import Openness, RepositoryAnswers
from app.reader.openness import Fingerprint
from app.review.openness import Reviews
from app.words.openness import machine_parts
from inspector.findings import fingerprint
from inspector.findings.fingerprint import looks, rules_stamp
from inspector.findings.stack import stack
from inspector.findings.values import Review, tile
from inspector.frameworks.profile import Profile, findings_of
from runner.errors import RunnerError
from runner.store.files import Look
from runner.store.fingerprints import KeptFingerprint

log = logging.getLogger(__name__)

DEADLINE_S = 20.0
AT_ONCE = 64
"""Models that one reader process may look at before the next one starts."""

TELL_MS = 150
WAIT_MS = 150
"""How long the last batch waits for what else the list may want."""

Ask = Callable[[], tuple[Openness, tuple[Path, ...]]]


class _Wanted(msgspec.Struct, frozen=True):
    """A subject whose fingerprint is to be read; `ask` says what the reader is asked."""

    subject: str
    made_of: str
    ask: Ask


class FingerprintDesk(ListDesk):
    """Knows the fingerprints of files and repositories, or has them read.

    Owned by: the Models page. Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(context, TELL_MS, parent)
        self._machine = machine_parts()
        self._kept: dict[str, KeptFingerprint] = {}
        self._made_of: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._reviews: dict[tuple[str, int], list[Review]] = {}
        self._todo: deque[_Wanted] = deque()
        # One model a turn of the event loop: what the store and the disk say of a hundred of them
        # would take longer than a frame.
        self._turns = QTimer(self)
        self._turns.timeout.connect(self._gather)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.setInterval(WAIT_MS)
        self._last.timeout.connect(self._hand_over)
        self._batch: list[tuple[_Wanted, Openness, tuple[Path, ...]]] = []
        self._is_read = False

    # ---- what is known ---------------------------------------------------------------------------

    def of_file(self, path: Path, size: int) -> str | None:
        """Returns the letters of a file's fingerprint with its reviewer's word.

        None where it has not been looked at yet; empty where it could not be read.
        """
        letters = self._known(_of_file(path))
        if not letters:
            return letters
        return _reviewed(letters, self._reviews.get((path.name, size), []))

    def of_repository(self, name: str) -> str | None:
        """Returns the letters of a repository's fingerprint; None where nothing is known of it."""
        return self._known(_of_repository(name))

    def _known(self, subject: str) -> str | None:
        kept = self._kept.get(subject)
        if kept is None or kept.rules != rules_stamp():
            return None
        return kept.letters if kept.made_of == self._made_of.get(subject) else None

    # ---- what is wanted --------------------------------------------------------------------------

    def want_files(self, files: Iterable[tuple[Path, Look, str]]) -> None:
        """Has those files read that are not known: their paths, looks, and commits where known."""
        self._begin()
        try:
            self._reviews = Reviews(self._context.store).every()
        except RunnerError as error:
            log.warning("reviewers' words are not at hand: %s", error)
        for path, look, commit in files:
            ask = partial(openness_asked, self._context.store, path, machine=self._machine)
            self._want(_Wanted(_of_file(path), _made_of(path, look, commit), ask))

    def want_repository(self, answers: RepositoryAnswers) -> None:
        """Has what the Hub said of a repository read, unless it is known."""
        self._begin()
        asked = Openness(path="", repositories=(answers,), machine=self._machine)
        made_of = f"{len(answers.info)}:{len(answers.tree)}:{len(answers.card)}:{answers.read_at}"
        self._want(_Wanted(_of_repository(answers.name), made_of, lambda: (asked, ())))

    def take(self, path: Path, read: Profile) -> None:
        """Takes note of a file that was read for something else."""
        subject = _of_file(path)
        if made_of := self._made_of.get(subject):
            letters = fingerprint.letters(findings_of(read, with_items=False))
            self._take(_Wanted(subject, made_of, lambda: (Openness(path=""), ())), letters)

    def close(self) -> None:
        """Begins nothing more, and ends the reader."""
        self._todo.clear()
        self._turns.stop()
        self._last.stop()
        super().close()

    def _begin(self) -> None:
        """Reads what is kept, once."""
        if self._is_read:
            return
        self._is_read = True
        try:
            self._kept = self._context.store.fingerprints.every()
        except RunnerError as error:
            # A list without pictures is a list all the same; the store's own trouble is told of.
            log.warning("fingerprints are not at hand: %s", error)

    def _want(self, wanted: _Wanted) -> None:
        self._made_of[wanted.subject] = wanted.made_of
        if self._known(wanted.subject) is not None:
            return
        if self._asked.get(wanted.subject) != wanted.made_of:
            self._asked[wanted.subject] = wanted.made_of
            self._todo.append(wanted)
            self._turns.start()

    def _gather(self) -> None:
        """Works out what the reader is asked for one model; hands a batch over when it is full."""
        if self._todo:
            wanted = self._todo.popleft()
            try:
                self._batch.append((wanted, *wanted.ask()))
            except RunnerError as error:
                self._on_failed(wanted, error)
        if not self._todo:
            self._turns.stop()
            # A list that fills up wants a few at a time, and each batch needs a process of its own.
            self._last.start()
        if len(self._batch) >= AT_ONCE:
            self._hand_over()

    def _hand_over(self) -> None:
        batch, self._batch = self._batch, []
        readable = tuple(dict.fromkeys(path for _, _, paths in batch for path in paths))
        for wanted, asked, _ in batch:
            self._reader.ask(
                "fingerprint",
                asked,
                Fingerprint,
                partial(self._on_read, wanted),
                partial(self._on_failed, wanted),
                deadline_s=DEADLINE_S,
                readable=readable,
            )

    def _on_read(self, wanted: _Wanted, read: Fingerprint) -> None:
        self._take(wanted, read.letters)

    def _on_failed(self, wanted: _Wanted, error: RunnerError) -> None:
        if error.code.startswith(("reader.", "store.", "process.")):
            # It says something of us, not of the file: asked again with the next list.
            self._asked.pop(wanted.subject, None)
        else:
            self._take(wanted, "")

    def _take(self, wanted: _Wanted, letters: str) -> None:
        self._asked.pop(wanted.subject, None)
        new = KeptFingerprint(
            subject=wanted.subject, made_of=wanted.made_of, rules=rules_stamp(), letters=letters
        )
        if self._kept.get(wanted.subject) == new:
            return
        self._kept[wanted.subject] = new
        self._context.store.fingerprints.keep(new)
        self._tell_soon()


def _of_file(path: Path) -> str:
    return f"file:{path}"


def _of_repository(name: str) -> str:
    return f"repository:{name}"


def _made_of(path: Path, look: Look, commit: str) -> str:
    """Returns what tells of a change in the file, or of a paper that was put beside it."""
    try:
        folder = path.parent.stat().st_mtime_ns
    except OSError:
        folder = 0
    return f"{look.size}:{look.mtime_ns}:{folder}:{commit}"


def _reviewed(letters: str, reviews: Iterable[Review]) -> str:
    """Returns the letters as the reviewer sees the parts that he disagreed on."""
    places = {part.id: at for at, part in enumerate(stack().part)}
    seen = list(letters)
    for review in reviews:
        if (at := places.get(review.part)) is not None:
            seen[at] = looks()[tile(review.availability, review.terms)].letter
    return "".join(seen)
