"""Words for a download: how far it is, how fast, how long, and what holds it up. Knows no Qt."""

import msgspec

from app.words.quantities import bytes_in_words
from app.words.wording import words
from resources import table
from runner.fetch.queue import FetchProgress
from runner.store.fetches import FetchState


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    states: dict[str, str]
    said: dict[str, str]


class FetchWords(msgspec.Struct, frozen=True):
    """What is said of a download.

    Attributes:
        state: in one line.
        trouble: the three sentences of what went wrong; empty where nothing did.
    """

    state: str
    trouble: str = ""


def fetch_texts() -> _Texts:
    """Returns the file `fetches.toml`."""
    texts: _Texts = table("texts/en/fetches.toml", _Texts)
    return texts


def fetch_words(progress: FetchProgress, *, goes_on: bool) -> FetchWords:
    """Returns what is said of a download now.

    Args:
        progress: of the download.
        goes_on: the queue may run, so that who waits does so for their turn.
    """
    texts, fetch = fetch_texts(), progress.fetch
    parts = [_state(progress, goes_on)]
    if fetch.state is not FetchState.DONE:
        parts.append(
            texts.said["of"].format(
                done=bytes_in_words(fetch.done), size=bytes_in_words(fetch.size)
            )
        )
    if fetch.state is FetchState.RUNNING and not progress.checking:
        if (speed := int(progress.bytes_per_s)) > 0:
            parts.append(texts.said["speed"].format(speed=bytes_in_words(speed)))
        if progress.seconds_left is not None:
            parts.append(_left(progress.seconds_left))
    trouble = ""
    if fetch.state is FetchState.STALLED and not fetch.error.code:
        trouble = texts.said["silent_meaning"]
    if fetch.error.code:
        said = words(fetch.error.code, **fetch.error.context)
        trouble = " ".join(part for part in (said.title, said.meaning, said.remedy) if part)
    return FetchWords(" · ".join(parts), trouble)


def _state(progress: FetchProgress, goes_on: bool) -> str:
    texts, fetch = fetch_texts(), progress.fetch
    if progress.retry_in_s is not None:
        return texts.said["again_in"].format(seconds=max(1, round(progress.retry_in_s)))
    if fetch.state is FetchState.STALLED:
        return texts.said["silent"].format(seconds=round(progress.silent_s))
    if progress.checking:
        return texts.said["checking"]
    if fetch.state is FetchState.WAITING:
        return texts.said["its_turn" if goes_on else "offline"]
    return texts.states[fetch.state.value]


def _left(seconds: float) -> str:
    said = fetch_texts().said
    if seconds < 90:
        return said["seconds_left"].format(count=max(5, 5 * round(seconds / 5)))
    if seconds < 5400:
        return said["minutes_left"].format(count=round(seconds / 60))
    return said["hours_left"].format(count=f"{seconds / 3600:.1f}")
