"""What holds of every fetch that came whole, and of every error that a person is told."""

import re
from pathlib import Path

from app.words.wording import codes, words
from runner.fetch.names import INCOMING
from runner.store.fetches import Fetch, FetchError, FetchState


def check_whole(fetch: Fetch, content: bytes) -> None:
    assert fetch.state is FetchState.DONE, fetch.error
    assert fetch.path.read_bytes() == content
    assert list(Path(fetch.folder, INCOMING).iterdir()) == []


def check_told(error: FetchError) -> None:
    """A person gets sentences: none without words, with a gap, or with a bare status in it."""
    assert error.code in codes()
    said = words(error.code, **error.context)
    sentences = f"{said.title} {said.meaning} {said.remedy}"
    assert "…" not in sentences
    assert not re.search(r"\b[45]\d\d\b", sentences)
