"""Has the reader look at the models that are to stand beside each other, and puts them there."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.compare.subjects import Subject
from app.context import AppContext
from app.dossier.openness import openness_asked
from app.reader.arguments import Openness
from app.review.openness import Reviews, with_reviews
from app.words.openness import machine_parts
from inspector.comparison import Side, reference_side
from inspector.findings.values import Review
from runner.errors import RunnerError
from runner.reader_client import Ticket
from runner.store.judged_file import JudgedFile

DEADLINE_S = 30.0


class CompareDesk(QObject):
    """Reads one choice at a time; another one gives it up.

    Owned by: the Compare page. Thread: GUI.
    """

    ready = Signal()
    """All sides were read."""
    failed = Signal(str, RunnerError)
    """One could not be read: what it is called, and why."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._chosen: tuple[Subject, ...] = ()
        self._read: dict[str, Side] = {}
        self._reviews: dict[str, tuple[Review, ...]] = {}
        self._tickets: list[Ticket] = []

    def read(self, chosen: Sequence[Subject]) -> None:
        """Reads these; `ready` or `failed` follows, unless something else is chosen first."""
        self.stop()
        self._chosen, self._read, self._reviews = tuple(chosen), {}, {}
        files: list[tuple[Subject, Openness]] = []
        readable: list[Path] = []
        for subject in dict.fromkeys(chosen):
            if subject.point is not None:
                self._read[subject.key] = reference_side(subject.point)
            elif subject.path is not None:
                try:
                    asked, paths = openness_asked(
                        self._context.store, subject.path, machine=machine_parts()
                    )
                except RunnerError as error:
                    self._on_failed(subject, error)
                    return
                files.append((subject, asked))
                readable += paths
        for subject, asked in files:
            # One reader for all of them: each may read what any of them needs.
            self._tickets.append(
                self._context.reader.ask(
                    "side",
                    asked,
                    Side,
                    partial(self._on_read, subject),
                    partial(self._on_failed, subject),
                    deadline_s=DEADLINE_S,
                    readable=tuple(readable),
                )
            )
        self._tell()

    @property
    def is_read(self) -> bool:
        """Whether all sides are there."""
        return bool(self._chosen) and all(one.key in self._read for one in self._chosen)

    @property
    def has_reviews(self) -> bool:
        """Whether a reviewer disagreed on any of them."""
        return any(self._reviews.values())

    def sides(self, *, with_reviewer: bool) -> tuple[Side, ...]:
        """Returns what was read, with or without the reviewer's word."""
        every = (self._read[one.key] for one in self._chosen)
        if not with_reviewer:
            return tuple(every)
        return tuple(
            msgspec.structs.replace(
                side, profile=with_reviews(side.profile, self._reviews.get(one.key, ()))
            )
            for one, side in zip(self._chosen, every, strict=True)
        )

    def stop(self) -> None:
        """Gives up what is being read."""
        for ticket in self._tickets:
            ticket.cancel()
        self._tickets.clear()

    def _on_read(self, subject: Subject, read: Side) -> None:
        try:
            reviews = Reviews(self._context.store).of(
                JudgedFile(
                    name=subject.path.name if subject.path else "",
                    size=subject.size,
                    sha256=subject.sha256,
                )
            )
        except RunnerError as error:
            self._on_failed(subject, error)
            return
        self._reviews[subject.key] = reviews
        self._read[subject.key] = msgspec.structs.replace(read, name=subject.name)
        self._tell()

    def _on_failed(self, subject: Subject, error: RunnerError) -> None:
        self.stop()
        self.failed.emit(subject.name, error)

    def _tell(self) -> None:
        if self.is_read:
            self._tickets.clear()
            self.ready.emit()
