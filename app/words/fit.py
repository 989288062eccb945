"""Words for how a model fits into memory: the level, and the sum behind it. Knows no Qt."""

from collections.abc import Sequence

import msgspec

from app.models_page.fit import Fit, Need, Room
from app.words.quantities import bytes_in_words, count_in_words
from inspector.untrusted import shown
from resources import table
from runner.store.memory import MemoryUse


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    levels: dict[str, str]
    icons: dict[str, str]
    roles: dict[str, str]
    said: dict[str, str]


def fit_texts() -> _Texts:
    """Returns the file `fit.toml`."""
    texts: _Texts = table("texts/en/fit.toml", _Texts)
    return texts


def fit_words(fit: Fit) -> str:
    """Returns the level in words: `fits easily`, `fits`, `tight`, `does not fit`."""
    return fit_texts().levels[fit.value]


def fit_icon(fit: Fit) -> tuple[str, str]:
    """Returns the level's icon and the role of its colour."""
    texts = fit_texts()
    return texts.icons[fit.value], texts.roles[fit.value]


def seen_words(uses: Sequence[MemoryUse]) -> str:
    """Returns what a model was seen to take on this machine, beside what was worked out; or nothing."""
    said = fit_texts().said
    return "\n".join(
        said["seen"].format(
            most=bytes_in_words(use.most),
            predicted=bytes_in_words(use.predicted),
            context=count_in_words(use.context),
            share=f"{100 * use.most / use.predicted:.0f}" if use.predicted else "?",
        )
        for use in uses[:3]
    )


def sum_words(need: Need | None, room: Room | None) -> str:
    """Returns the whole sum in sentences, for a tooltip and for the repository page."""
    said = fit_texts().said
    if need is None:
        return said["no_size"]
    parts = {
        "weights": bytes_in_words(need.weights),
        "total": bytes_in_words(need.total),
        "rest": bytes_in_words(need.rest),
        "cache": bytes_in_words(need.cache or 0),
        "compute": bytes_in_words(need.compute or 0),
        "context": count_in_words(need.context),
    }
    if need.is_guess:
        key = "guessed"
    elif need.is_whole:
        key = "whole"
    else:
        key = "weights_only"
    sentences = [said[key].format(**parts)]
    if need.is_whole:
        sentences.append(said["cache_kind"])
    if room is None:
        sentences.append(said["no_memory"])
    else:
        free = {
            "free": bytes_in_words(room.free),
            "given_back": bytes_in_words(room.given_back),
            "room": bytes_in_words(room.total),
        }
        sentences.append(said["free_after" if room.given_back else "free"].format(**free))
        for device in room.devices:
            sizes = {"free": bytes_in_words(device.free), "total": bytes_in_words(device.total)}
            sentences.append(said["device"].format(name=shown(device.name, 80), **sizes))
    return "\n".join(sentences)
