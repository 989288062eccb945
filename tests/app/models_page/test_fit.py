"""Whether a model fits: the sum, and the word for it."""

from pathlib import Path

import pytest

import resources
from app.models_page.fit import (
    LEAST_ALLOWANCE,
    DeviceRoom,
    Fit,
    Need,
    Room,
    judge,
    need_of_header,
    need_of_parameters,
    need_of_size,
)
from app.words.fit import fit_icon, fit_words, sum_words
from inspector.gguf.memory import memory_need
from inspector.gguf.model import GgufModel

GB = 10**9


def room(free: int, given_back: int = 0) -> Room:
    return Room(free=free, given_back=given_back)


@pytest.mark.parametrize(
    ("free", "fit"),
    [(10 * GB, Fit.EASILY), (7 * GB, Fit.FITS), (5 * GB, Fit.TIGHT), (4 * GB, Fit.NOT)],
)
def test_levels_by_the_share_of_free_memory(free: int, fit: Fit) -> None:
    need = Need(weights=4 * GB, cache=GB // 2, compute=GB // 4, context=8192)
    assert need.total == 4_750_000_000
    assert judge(need, room(free)) is fit


def test_the_loaded_model_gives_its_memory_back() -> None:
    need = need_of_size(4 * GB)
    assert judge(need, room(4 * GB)) is Fit.NOT
    assert judge(need, room(4 * GB, given_back=6 * GB)) is Fit.EASILY


def test_without_a_side_it_is_unknown() -> None:
    assert judge(None, room(GB)) is Fit.UNKNOWN
    assert judge(need_of_size(GB), None) is Fit.UNKNOWN
    assert judge(need_of_size(0), room(GB)) is Fit.UNKNOWN


def test_an_unread_header_costs_a_stated_allowance() -> None:
    assert need_of_size(10 * GB).total == 12 * GB
    assert need_of_size(1).rest == LEAST_ALLOWANCE
    assert not need_of_size(GB).is_whole
    assert need_of_parameters(8e9).is_guess


def test_another_quantisation_has_the_same_cache() -> None:
    one = Need(weights=4 * GB, cache=GB, compute=GB, context=8192)
    other = one.with_weights(8 * GB)
    assert (other.total, other.rest, other.context) == (10 * GB, one.rest, 8192)


def test_the_starter_models_sum_is_the_inspectors(starter_model: Path) -> None:
    with GgufModel.open(starter_model) as model:
        need = need_of_header(memory_need(model, 2048))
    # 30 layers, 3 groups of keys and of values, 64 numbers each, 2 bytes a number.
    assert need.cache == 30 * 3 * (64 + 64) * 2048 * 2
    assert need.is_whole
    assert need.weights < starter_model.stat().st_size
    assert "2,048 tokens" in sum_words(need, room(GB))


@pytest.mark.parametrize("fit", list(Fit))
def test_each_level_has_words_a_shape_and_a_colour(fit: Fit) -> None:
    icon, role = fit_icon(fit)
    assert fit_words(fit)
    assert role
    assert "<svg" in resources.text(f"icons/{icon}.svg")


def test_shapes_differ() -> None:
    assert len({resources.text(f"icons/{fit_icon(fit)[0]}.svg") for fit in Fit}) == len(Fit)


def test_the_sum_says_what_it_does_not_know() -> None:
    assert "Unknown" in sum_words(None, None)
    assert "guessed" in sum_words(need_of_parameters(1e9), room(GB))
    assert "Looking inside" in sum_words(need_of_size(GB), room(GB))
    assert "put away" in sum_words(need_of_size(GB), room(GB, GB))


def test_a_graphics_device_is_named_beside_the_sum_and_is_no_part_of_the_word() -> None:
    need = Need(weights=4 * GB, cache=GB // 2, compute=GB // 4, context=8192)
    card = DeviceRoom(name="A card", free=20 * GB, total=24 * GB)
    small = Room(free=4 * GB, devices=(card,))
    assert judge(need, small) is Fit.NOT
    said = sum_words(need, small)
    assert "A card has 20" in said
    assert "main memory alone" in said
    assert "no smaller one" in said
    assert "A card" not in sum_words(need, room(4 * GB))
