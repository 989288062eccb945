"""Whatever a card is, it is read as evidence in bounds, and nothing is closed but by a statement."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.cards.read import card_from_bytes
from inspector.findings.evidence import derive
from inspector.findings.from_card import card_evidence, place_of_card
from inspector.findings.from_licences import licence_evidence
from inspector.findings.values import Link, Tile

PIECES = st.sampled_from(
    [
        "---\n", "license: mit\n", "base_model: a/b\n", "base_model_relation: quantized\n", "tags: [gguf]\n",
        "datasets:\n- a/b\n", "# Model\n", "## Training Data\n", "## License\n", "**License:** MIT\n",
        "We do not release the training data.\n", "[paper](https://arxiv.org/abs/1)\n", "[x](", ")", "|a|b|\n|-|-|\n",
        "red team\n", "Licensed under the Apache License 2.0.\n", "\u202e", "\x00", "```\n", "<!--", "governed by the ",
        "training data " * 30, "not " * 50, "\n\n",
    ]
)  # fmt: skip


def read(raw):
    card = card_from_bytes(raw, "README.md")
    link = place_of_card(card, ("Model-7B",))
    return link, (*card_evidence(card, link, ("Model-7B",)), *licence_evidence(card, (), link))


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=400))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_card_is_read(text):
    link, evidence = read(text.encode("utf-8", "replace"))
    found = derive("one", evidence)
    closed = {one.part for one in found if one.tile is Tile.CLOSED}
    stated = {one.fact.text for one in evidence if one.key == "statement.not_released"}
    assert closed <= stated
    if link in {Link.QUANTISER, Link.UNKNOWN}:
        assert not closed


@pytest.mark.parametrize(
    "text",
    [
        "training data " + "a " * 120_000,
        "do not " * 40_000,
        "# M\n\n" + "[paper](https://arxiv.org/abs/1) " * 8_000,
        "## License\n\n" + "licensed under the " * 12_000,
        "## License\n\n" + "governed by " + "the " * 60_000,
        "models, data, and code " * 10_000,
        "---\nlicense: [" + "a, " * 20_000 + "]\n---\n# M\n",
    ],
)
def test_a_card_made_to_hold_the_reader_takes_no_time(text):
    before = time.process_time()
    read(f"---\nlicense: mit\n---\n{text}".encode())
    assert time.process_time() - before < 1.5
