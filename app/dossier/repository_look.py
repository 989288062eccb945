"""Looks at a repository of the Hub, and at those it was made from: asks, has it read, puts it together.

The courier fetches, the reader reads, and nothing here looks into what came. Knows no Qt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.dossier.repository_answers import answer_text, listing_text
from app.reader.arguments import RepositoryAnswers
from app.reader.repository_read import RepositoryRead, parent_of
from inspector.facts import now
from inspector.findings.evidence import Evidence, derive
from inspector.findings.values import Findings, Link
from inspector.repository.read import is_repository
from runner.errors import RunnerError
from runner.protocol.courier import Card, RemoteFile, Repository
from runner.reader_client import ReaderClient, Ticket

if TYPE_CHECKING:
    from runner.courier.client import CourierClient

MOST = 4
"""Repositories of one lineage that are asked for: a copy, its model, and parents of that."""

DEADLINE_S = 20.0
Failed = Callable[[RunnerError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found.

    Attributes:
        read: the repositories, the one that was asked for first.
        unread: what could not be read, with why: parents, and cards as `owner/name/README.md`.
        left: parents beyond the number that is asked for.
    """

    read: tuple[RepositoryRead, ...]
    unread: dict[str, RunnerError]
    left: tuple[str, ...]

    @property
    def name(self) -> str:
        """The repository that was asked for."""
        return self.read[0].repository.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every repository that was read."""
        return tuple(one.repository.name for one in self.read)

    def findings(self, more: tuple[Evidence, ...] = ()) -> Findings:
        """Returns what all of it shows; `more` is evidence from elsewhere, such as this machine."""
        every = tuple(one for read in self.read for one in read.evidence)
        return derive(self.name, (*every, *more))


@dataclass(slots=True)
class _Wanted:
    name: str
    place: Link | None
    answer: Repository | None = None
    files: list[RemoteFile] = field(default_factory=list)


class RepositoryLook:
    """One look; `cancel` ends it. Every callback comes where the clients deliver theirs.

    Args:
        courier: may be used as long as the look lasts.
        why: the reason, for the ledger.
    """

    def __init__(
        self,
        courier: "CourierClient",
        reader: ReaderClient,
        why: str,
        done: Callable[[Looked], None],
        failed: Failed,
    ) -> None:
        self._courier = courier
        self._reader = reader
        self._why = why
        self._done = done
        self._failed = failed
        self._queue: list[_Wanted] = []
        self._seen: set[str] = set()
        self._read: list[RepositoryRead] = []
        self._unread: dict[str, RunnerError] = {}
        self._left: list[str] = []
        self._ticket: Ticket | None = None
        self._is_over = False

    def start(self, name: str) -> None:
        """Begins with this repository."""
        self._want(name, None)
        self._next()

    def cancel(self) -> None:
        """Gives it up; nothing is called any more."""
        self._is_over = True
        if self._ticket is not None:
            self._ticket.cancel()

    # ---- one repository after the other -----------------------------------------------------------

    def _want(self, name: str, place: Link | None) -> None:
        if name in self._seen or not is_repository(name):
            return
        if len(self._seen) == MOST:
            self._left.append(name)
            return
        self._seen.add(name)
        self._queue.append(_Wanted(name, place))

    def _next(self) -> None:
        if self._is_over:
            return
        if not self._queue:
            self._is_over = True
            self._done(
                Looked(read=tuple(self._read), unread=dict(self._unread), left=tuple(self._left))
            )
            return
        wanted = self._queue[0]
        self._ticket = self._courier.repository(
            wanted.name, "main", self._why, self._on_answer, self._on_failed
        )

    def _on_answer(self, answer: Repository) -> None:
        if self._is_over:
            return
        wanted = self._queue[0]
        wanted.answer = answer
        self._ticket = self._courier.files(
            wanted.name, answer.commit, self._why, self._on_files, self._on_failed
        )

    def _on_files(self, files: list[RemoteFile]) -> None:
        if self._is_over:
            return
        wanted = self._queue[0]
        wanted.files = files
        revision = wanted.answer.commit if wanted.answer else "main"
        self._ticket = self._courier.card(
            wanted.name, revision, self._why, self._on_card, self._on_no_card
        )

    def _on_no_card(self, error: RunnerError) -> None:
        """Goes on without the card: what the Hub said of the repository stands without it."""
        if not self._is_over:
            self._unread[f"{self._queue[0].name}/README.md"] = error
            self._on_card(Card(text=""))

    def _on_card(self, card: Card) -> None:
        if self._is_over or (answer := self._queue[0].answer) is None:
            return
        wanted = self._queue[0]
        asked = RepositoryAnswers(
            name=wanted.name,
            info=answer_text(answer),
            tree=listing_text(wanted.files),
            card=card.text,
            read_at=now().isoformat(),
            place=wanted.place.value if wanted.place else "",
        )
        self._ticket = self._reader.ask(
            "repository",
            asked,
            RepositoryRead,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
        )

    def _on_read(self, read: RepositoryRead) -> None:
        if self._is_over:
            return
        self._queue.pop(0)
        self._read.append(read)
        for name in read.repository.texts("base_models"):
            self._want(name, parent_of(read))
        self._next()

    def _on_failed(self, error: RunnerError) -> None:
        if self._is_over:
            return
        wanted = self._queue.pop(0)
        if not self._read:
            self._is_over = True
            self._failed(error)
            return
        # A parent that is gated or gone leaves what was found of the rest as it is.
        self._unread[wanted.name] = error
        self._next()
