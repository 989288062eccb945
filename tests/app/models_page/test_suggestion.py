"""Which quantisation is pointed at first: a middling one that fits easily, else the smallest."""

import pytest

from app.models_page.fit import Room
from app.models_page.repository.choice_rows import Known
from app.models_page.repository.grouping import choices
from app.models_page.repository.suggestion import best_of, bits_of
from runner.protocol.courier import RemoteFile

GB = 10**9
SIZES = {"Q2_K": 2 * GB, "Q4_K_M": 4 * GB, "Q5_K_M": 5 * GB, "Q8_0": 8 * GB, "F16": 15 * GB}
FILES = choices(
    [RemoteFile(path=f"m-{name}.gguf", size=size, blob="b") for name, size in SIZES.items()]
)


@pytest.mark.parametrize(
    ("free", "quantisation"),
    [(64 * GB, "Q5_K_M"), (9 * GB, "Q4_K_M"), (5 * GB, "Q2_K"), (GB, "Q2_K")],
)
def test_the_largest_of_up_to_five_bits_that_fits_easily(free: int, quantisation: str) -> None:
    best = best_of(FILES, Known(), Room(free=free))
    assert best is not None
    assert best.quantisation == quantisation


def test_where_memory_is_unknown_it_is_the_smallest() -> None:
    best = best_of(FILES, Known(), None)
    assert best is not None
    assert best.quantisation == "Q2_K"


def test_what_nobody_can_talk_to_is_never_suggested() -> None:
    others = choices([RemoteFile(path="mmproj-F16.gguf", size=GB, blob="b")])
    assert best_of(others, Known(), Room(free=64 * GB)) is None


@pytest.mark.parametrize(
    ("name", "bits"), [("Q4_K_M", 4), ("IQ2_XXS", 2), ("BF16", 16), ("MXFP4", 4), ("", 0)]
)
def test_the_number_in_a_name(name: str, bits: int) -> None:
    assert bits_of(name) == bits
