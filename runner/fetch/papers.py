"""The papers of a model: card, terms, template and listing of its repository and its base models.

They are fetched before the model, so that what a person gets can be read offline, and told apart
from what the publisher says later. What can't be had is left out: a model does not wait for it.
"""

import re
from collections.abc import Callable, Generator, Iterable
from typing import Any, Protocol

import msgspec

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.protocol.courier import Card, RemoteFile, Repository
from runner.reader_client import Ticket
from runner.store.papers import CARD, LISTING, SAID, Papers

MOST_REPOSITORIES = 6
"""A lineage is rarely longer; a merge of more names them in its card."""

MOST_TEXTS = 7
TEMPLATES = ("chat_template.jinja", "tokenizer_config.json")
"""Where publishers keep the chat template that a file's own is compared with."""

LARGEST_TEXT = 512 * 1024
_TERMS = re.compile(
    r"(?i)(licen[cs]e|copying|unlicense|notice|use[-_]?policy|acceptable[-_]?use|terms)"
    r"([-_.][\w.-]{1,40})?"
)

Answer = Any
Ask = Callable[[Callable[[Answer], None], Callable[[RunnerError], None]], Ticket | None]
Steps = Generator[Ask, Answer, None]


class Queue(Protocol):
    """Runs what is put into it, in order, on one thread."""

    def __call__(self, action: Callable[[], None], /) -> None:
        """Puts something to do."""


class PaperRound:
    """Fetches the papers of one repository and of those that it was made of.

    Thread: the queue's.

    Args:
        courier: asks the Hub; its answers are posted.
        papers: keeps what came.
        why: the reason in words, for the ledger.
        post: puts something to do on the queue's thread.
        done: called once, whatever came of it.
    """

    def __init__(
        self,
        courier: CourierClient,
        papers: Papers,
        why: str,
        post: Queue,
        done: Callable[[], None],
    ) -> None:
        self._courier = courier
        self._papers = papers
        self._why = why
        self._post = post
        self._done = done
        self._ticket: Ticket | None = None
        self._wanted = True

    def begin(self, repository: str, commit: str) -> None:
        """Begins with the repository itself, at the commit that was chosen."""
        self._steps = self._round(repository, commit)
        self._go(None)

    def cancel(self) -> None:
        """Stops; nothing more is told."""
        self._wanted = False
        if self._ticket is not None:
            self._ticket.cancel()

    def _round(self, repository: str, commit: str) -> Steps:
        """Asks for one paper after the other; each `yield` gives the answer, None for a failure."""
        todo, seen = [(repository, commit)], {repository}
        while todo:
            name, revision = todo.pop(0)
            said: Repository | None = yield self._said(name, revision)
            if said is None:
                continue
            new = [base for base in said.base_models if base not in seen]
            for base in new[: MOST_REPOSITORIES - len(seen)]:
                seen.add(base)
                todo.append((base, "main"))
            if LISTING in {paper.name for paper in self._papers.of(name, said.commit)}:
                continue
            listed: list[RemoteFile] | None = yield self._listed(name, said.commit)
            if listed is None:
                continue
            for path in texts_of(listed):
                text: Card | None = yield self._text(name, said.commit, path)
                if text is not None and not text.cut:
                    self._papers.keep(name, said.commit, path, text.text)
            self._keep(name, said.commit, SAID, said)
            # Last: where it is there, so is everything else.
            self._keep(name, said.commit, LISTING, listed)

    def _keep(self, name: str, commit: str, paper: str, value: object) -> None:
        self._papers.keep(name, commit, paper, msgspec.json.encode(value).decode())

    def _said(self, name: str, revision: str) -> Ask:
        return lambda done, failed: self._courier.repository(
            name, revision, self._why, done, failed
        )

    def _listed(self, name: str, commit: str) -> Ask:
        return lambda done, failed: self._courier.files(name, commit, self._why, done, failed)

    def _text(self, name: str, commit: str, path: str) -> Ask:
        return lambda done, failed: self._courier.text(name, commit, path, self._why, done, failed)

    def _go(self, answer: Answer) -> None:
        if not self._wanted:
            return
        try:
            ask = self._steps.send(answer)
        except StopIteration:
            self._wanted = False
            self._done()
            return
        self._ticket = ask(
            lambda given: self._post(lambda: self._go(given)),
            lambda _: self._post(lambda: self._go(None)),
        )


def texts_of(files: Iterable[RemoteFile]) -> list[str]:
    """Returns which files of a repository are its card, its terms and its chat template."""
    named = [
        file.path
        for file in files
        if file.size <= LARGEST_TEXT
        and (file.path in (CARD, *TEMPLATES) or _TERMS.fullmatch(file.path))
    ]
    return sorted(named, key=lambda path: (path != CARD, path in TEMPLATES))[:MOST_TEXTS]
