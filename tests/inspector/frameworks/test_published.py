"""Published ratings: found by whole words, told with author and object, and never ours."""

import pytest

from inspector.frameworks.published import all_ratings, published_ratings

OSI = "Open Source Initiative"


def objects(name, author=""):
    return {one.object for one in published_ratings(name) if author in one.author}


@pytest.mark.parametrize(
    ("name", "object_"),
    [
        ("EleutherAI/pythia-410m", "Pythia"),
        ("OLMo-2-1124-7B", "OLMo"),
        ("AmberChat", None),
        ("amber", "Amber"),
        ("CrystalCoder.Q4_K_M.gguf", "CrystalCoder"),
        ("t5-small", "T5"),
        ("bloom-560m", "BLOOM"),
        ("starcoder2-3b", "StarCoder2"),
        ("tiiuae/falcon-7b", "Falcon"),
        ("Llama-2-7b-chat", "Llama 2"),
        ("Llama_2 7B", "Llama 2"),
        ("meta-llama/Meta-Llama2-13b", "Llama 2"),
        ("grok-1", "Grok"),
        ("phi-2.gguf", "Phi-2"),
        ("Mixtral-8x7B-v0.1", "Mixtral"),
        ("OLMoE-1B-7B", None),
        ("Phi-2.5", None),
        ("bloomz-7b1", None),
        ("Grokking", None),
        ("T5Gemma-2b", None),
        ("CodeLlama-7b", None),
        ("llama-20b", None),
        ("my-llama-2", None),
        ("", None),
    ],
)
def test_the_initiatives_verdicts_are_found_by_whole_words(name, object_):
    assert objects(name, OSI) == ({object_} if object_ else set())


def test_the_initiatives_twelve_verdicts_are_ratings_by_their_author():
    told = {one.object: one.value for one in all_ratings() if one.author == OSI}
    assert len(told) == 12
    assert all(one.framework == "osaid-1.0" for one in all_ratings() if one.author == OSI)
    assert {value for value in told.values() if value.startswith("complies")}
    assert sum(value.startswith("complies") for value in told.values()) == 5


def test_every_rating_can_be_found_by_its_own_names():
    for one in all_ratings():
        for name in one.names:
            assert one in published_ratings(name), (one.object, name)
        assert one.link.startswith("https://"), one.object
        assert one.date, one.object
