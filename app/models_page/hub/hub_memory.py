"""What the Hub has said, kept with its date, so that a page without network shows what is known.

Knows no Qt. It is data that must not stand in the way: a damaged file is begun anew, and one that
can't be written costs the memory and nothing else.
"""

import logging
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.dossier.repository_answers import answer_text, listing_text
from app.reader.arguments import RepositoryAnswers
from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.protocol.courier import Find, RemoteFile, Repository
from runner.store.files_written import write_whole

log = logging.getLogger(__name__)

FILE = "hub-memory.json"
CARD = "README.md"
MOST_FOUND = 2_000
MOST_LISTED = 100
LONGEST_TEXT = 256 * 1024
"""Characters of a card that are remembered; the longest that we know of has a quarter of this."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A repository as a search told of it; `seen` is when."""

    find: Find
    seen: float


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A repository's page: what it is, its files at a commit, its texts; `seen` is when.

    Attributes:
        texts: the card and licence texts by their paths, as they are.
    """

    repository: Repository
    files: tuple[RemoteFile, ...]
    seen: float
    texts: dict[str, str] = {}

    @property
    def card(self) -> str:
        """The card; empty where there is none, or where it was not given out."""
        return self.texts.get(CARD, "")

    @property
    def licences(self) -> dict[str, str]:
        """The licence texts by their paths."""
        return {path: text for path, text in self.texts.items() if path != CARD}


class _Memory(msgspec.Struct, kw_only=True):
    schema: int = 1
    found: dict[str, Seen] = {}
    listed: dict[str, Listed] = {}


def answers_of(listed: Listed) -> RepositoryAnswers:
    """Returns a page in the form in which the reader reads a repository."""
    return RepositoryAnswers(
        name=listed.repository.repository,
        info=answer_text(listed.repository),
        tree=listing_text(listed.files),
        card=listed.card,
        texts=tuple(listed.licences.items()),
        read_at=datetime.fromtimestamp(listed.seen, UTC).replace(microsecond=0).isoformat(),
    )


class HubMemory:
    """Repositories that the Hub told of. Owned by: the Models page. Thread: one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._memory = _read(self._file)
        self._writing = threading.Lock()
        self._unwritten: _Memory | None = None

    def note_found(self, finds: Iterable[Find], now: float) -> None:
        """Keeps the results of a search."""
        found = self._memory.found
        for find in finds:
            found.pop(find.repository, None)
            found[find.repository] = Seen(find=find, seen=now)
        _keep_newest(found, MOST_FOUND)
        self._write()

    def note_listed(self, listed: Listed) -> None:
        """Keeps a repository's page."""
        name = listed.repository.repository
        short = {path: text for path, text in listed.texts.items() if len(text) <= LONGEST_TEXT}
        self._memory.listed.pop(name, None)
        self._memory.listed[name] = msgspec.structs.replace(listed, texts=short)
        _keep_newest(self._memory.listed, MOST_LISTED)
        self._write()

    def listed(self, name: str) -> Listed | None:
        """Returns the page of a repository as it was last seen."""
        return self._memory.listed.get(name)

    def find(self, words: str, author: str = "") -> list[Seen]:
        """Returns what is known of repositories whose names or tags hold every word."""
        wanted = words.casefold().split()
        return [
            seen
            for seen in reversed(list(self._memory.found.values()))
            if _matches(seen.find, wanted, author.casefold())
        ]

    def _write(self) -> None:
        # Copied here, where it changes; encoding takes longer than the window should wait, and the
        # disk takes its time with making it last.
        self._unwritten = _Memory(found=dict(self._memory.found), listed=dict(self._memory.listed))
        threading.Thread(target=self._put, name="hub memory").start()

    def _put(self) -> None:
        with self._writing:
            # The newest, whichever thread comes first; a later one finds nothing left to do.
            memory, self._unwritten = self._unwritten, None
            if memory is None:
                return
            try:
                make_private(self._file.parent)
                write_whole(self._file, msgspec.json.encode(memory))
            except (OSError, RunnerError) as error:
                log.warning("what the Hub said is not kept: %s", error)


def _matches(find: Find, wanted: list[str], author: str) -> bool:
    if author and find.repository.partition("/")[0].casefold() != author:
        return False
    text = " ".join((find.repository, *find.tags)).casefold()
    return all(word in text for word in wanted)


def _keep_newest(kept: dict[str, Seen] | dict[str, Listed], most: int) -> None:
    for name in list(kept)[: max(0, len(kept) - most)]:
        del kept[name]


def _read(file: Path) -> _Memory:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Memory)
    except FileNotFoundError:
        pass
    except (OSError, msgspec.DecodeError) as error:
        log.warning("what the Hub said before can't be read: %s", error)
    return _Memory()
