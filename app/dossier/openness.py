"""What the reader is asked about a model's openness: the file, what lies beside it, what was kept of its origin.

Both front ends ask through this. Knows no Qt.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from app.dossier.repository_answers import answer_text, listing_text
from app.model.files import papers_of
from app.reader.arguments import Openness, RepositoryAnswers
from runner.protocol.courier import RemoteFile, Repository
from runner.store import Store
from runner.store.files import FileState
from runner.store.papers import CARD, LISTING, SAID, Paper

T = TypeVar("T")

MOST = 6
"""Repositories of one lineage that are handed over; no more are kept of one."""


def openness_asked(
    store: Store | None,
    path: Path,
    *,
    framework: str = "",
    machine: dict[str, str] | None = None,
) -> tuple[Openness, tuple[Path, ...]]:
    """Returns what the reader is asked for the model at `path`, and the files that it needs.

    Args:
        store: holds what was fetched with the model; None where there is none.
        path: the model's file.
        framework: the one to read by; all where empty.
        machine: what this machine is made of.

    Raises:
        RunnerError: the store could not be read.
    """
    card, documents, readable = papers_of(path)
    asked = Openness(
        path=str(path),
        card=card,
        documents=documents,
        repositories=tuple(kept_repositories(store, path)) if store else (),
        framework=framework,
        machine=machine or {},
    )
    return asked, readable


def kept_repositories(store: Store, path: Path) -> Iterator[RepositoryAnswers]:
    """Yields what was kept of the repository that a file is from, and of those it was made of."""
    file = store.files.at(path)
    source = store.sources.of(file.id) if file and file.state() is FileState.SAME else None
    if source is None:
        return
    todo, seen = [(source.repository, source.commit)], {source.repository}
    while todo and len(seen) <= MOST:
        name, commit = todo.pop(0)
        papers = {one.name: one for one in reversed(store.papers.of(name, commit))}
        said = _decoded(papers.get(SAID), Repository)
        if said is None:
            continue
        listing = _decoded(papers.get(LISTING), list[RemoteFile])
        yield RepositoryAnswers(
            name=name,
            info=answer_text(said),
            tree=listing_text(listing) if listing is not None else "",
            card=papers[CARD].text if CARD in papers else "",
            texts=tuple(
                (one.name, one.text)
                for one in papers.values()
                if one.name not in {CARD, SAID, LISTING}
            ),
            read_at=datetime.fromtimestamp(papers[SAID].fetched, UTC)
            .replace(microsecond=0)
            .isoformat(),
        )
        for parent in said.base_models:
            if parent not in seen:
                seen.add(parent)
                todo.append((parent, ""))


def _decoded(paper: Paper | None, shape: type[T]) -> T | None:
    """Returns a kept answer; None where there is none, or a later version keeps it otherwise."""
    try:
        return msgspec.json.decode(paper.text, type=shape) if paper else None
    except msgspec.DecodeError:
        return None
