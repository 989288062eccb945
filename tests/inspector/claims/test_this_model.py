"""What a card says of this model and this file counts before what it says of others."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from app.words.claims import claim_words
from inspector.claims.values import Grade, Verdict
from tests.inspector.claims.made import claims, model_file

OF_THREE_SIZES = "It comes in three sizes: 10K, 25K, and 72K parameters.\n\n"
MANY = "| File | Type |\n|---|---|\n| m-Q4_0.gguf | Q4_0 |\n| m-Q8_0.gguf | Q8_0 |\n\n"


@pytest.mark.parametrize(
    "says",
    [
        "Northwind Mini is a 25K parameter instruction-tuned decoder, based on another.",
        "This model has about 25K parameters.",
        "Small as it is. The model is a decoder with ~25K parameters.",
        "The language model has 25K parameters.",
        "This chat model has 25K parameters.",
        "The final model has 25K parameters.",
        "It is quick. Northwind Mini is a small, instruction-tuned model of 25 thousand parameters.",
    ],
)
def test_the_size_of_this_model_counts_before_a_familys(says: str, tmp_path: Path) -> None:
    card = f"# Northwind Mini GGUF\n\n{OF_THREE_SIZES}{says}\n"
    (found,) = claims(model_file(tmp_path), card).of("PARAMS")

    assert (found.verdict, found.reason) == (Verdict.DIFFERS, "own_other")
    assert [one.line for one in found.passages] == [5, 3], "its own sentence, then the family's"
    assert claim_words(found).sentence.startswith("Of this model the card says 25")


@pytest.mark.parametrize(
    ("says", "is_own"),
    [
        ("otter-mini-chat is a 25K parameter model based on another.", True),
        ("Otter Mini is a 25K parameter model that outperforms others.", True),
        ("Otter Mini is a 25K parameter model initialized from otter-base.", True),
        ("Pike is a 25K parameter model that outperforms others.", False),
        ("Otter Maxi is a 25K parameter model based on another.", False),
    ],
)
def test_the_headers_name_tells_a_model_where_no_title_does(
    says: str, is_own: bool, tmp_path: Path
) -> None:
    path = model_file(tmp_path, general__name="Otter Mini Chat")
    (found,) = claims(path, f"## Summary\n\n{says}\n").of("PARAMS")

    assert found.verdict is (Verdict.DIFFERS if is_own else Verdict.PERSON)


@pytest.mark.parametrize(
    "says",
    [
        "Northwind Mini is a 10K parameter decoder.",
        "This model outperforms a 25K parameter model.",
        "This model is distilled from a 25K parameter model.",
        "This model is a smaller version of a 25K parameter model.",
        "Northwind Large is a 25K parameter decoder.",
        "Northwind Mini has 10K, 25K and 72K parameters.",
        "- 25K: the model has 25K parameters.",
        "## Mini-25M\n\nThis model has 25K parameters.",
        "The models have 25K parameters.",
        "The base model has 25K parameters.",
        "The reward model is a 25K parameter decoder.",
        "The largest model has 25K parameters.",
        "This model has 2K active parameters and 10K in all.",
        "This model has 2K trainable parameters.",
    ],
)
def test_a_size_of_another_model_is_none_of_this_one(says: str, tmp_path: Path) -> None:
    card = f"# Northwind Mini\n\n{OF_THREE_SIZES}{says}\n"
    (found,) = claims(model_file(tmp_path), card).of("PARAMS")

    assert found.verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("The weights in this repository are quantised to Q8_0.", "differs", "card_other"),
        ("This GGUF file is Q8_0.", "differs", "card_other"),
        ("This repository has the GGUF weights, which are F16.", "differs", "card_other"),
        ("This is the file for everybody: this file is BF16.", "differs", "card_other"),
        ("It is small. This is a Q8_0 quantization of Otter, made from F16.", "differs", "card_other"),
        ("Quantised to Q8_0 with the usual tool.", "differs", "card_other"),
        ("This repository provides the Q8_0 file.", "differs", "card_other"),
        ("**Quantization:** Q8_0", "differs", "card_other"),
        ("The model is quantised to 8 bits.", "differs", "card_other"),
        ("The quantised model is Q8_0.", "differs", "card_other"),
        ("The weights in this repository are quantised to Q4_1.", "agrees in part", "card_mixed"),
        ("This file was quantised from BF16 to Q4_1.", "agrees in part", "card_mixed"),
        ("These weights are 4-bit.", "agrees in part", "card_loose"),
        (f"{MANY}This file is Q8_0.", "differs", "card_other"),
    ],
)  # fmt: skip
def test_the_type_that_a_card_gives_this_file_is_the_headers(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "m-Q4_1.gguf", file_type=3)
    file, card = claims(path, f"# Otter\n\n{says}\n").of("QUANT")

    assert (file.id, card.id) == ("QUANT", "QUANT/card")
    assert (card.verdict, card.reason) == (verdict, reason)
    assert card.grade is Grade.COMPUTED
    assert card.passages
    assert all(one.line >= 3 for one in card.passages)
    assert any(fact.text == "Q4_1" for fact in card.evidence)


def test_a_cards_type_agrees_with_header_and_bytes_alone(tmp_path: Path) -> None:
    every = claims(model_file(tmp_path), "# Otter\n\nThis file is FP32.\n").of("QUANT")

    assert [(one.id, one.verdict) for one in every] == [
        ("QUANT", Verdict.AGREES),
        ("QUANT/card", Verdict.AGREES),
    ]


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("This file is Q4_K_M.", "agrees", "card_bytes"),
        ("This file is Q4_K.", "agrees", "card_bytes"),
        ("This file is 4-bit.", "agrees in part", "card_loose"),
        ("This file is Q8_0.", "differs", "card_other"),
    ],
)
def test_without_a_type_in_the_header_a_card_is_held_against_the_bytes_alone(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    block = np.zeros((1, 144), np.uint8)
    writer.add_tensor("token_embd.weight", block, raw_dtype=gguf.GGMLQuantizationType.Q4_K)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    card = claims(path, f"# Otter\n\n{says}\n").of("QUANT")[1]

    assert (card.verdict, card.reason) == (verdict, reason)
    assert "header and bytes" not in claim_words(card).sentence


@pytest.mark.parametrize(
    "says",
    [
        MANY,
        f"{MANY}The weights in this repository are quantised to Q8_0.",
        "This repository contains Q4_0, Q5_K_M and Q8_0 files.",
        "The model was trained in BF16.",
        "The model is in BF16.",
        "The weights are stored in BF16.",
        "This checkpoint is in FP16.",
        "This repository contains the BF16 weights.",
        "This is a merge in FP16 of two models.",
        "This model can be quantised to Q8_0.",
        "The teacher model was quantised to 8 bits.",
        "These files are better than Q8_0.",
        "With this file the KV cache is Q8_0.",
        "Get the Q8_0 if this file is too small.",
        "This file is not Q8_0.",
        "The weights were evaluated as Q8_0.",
        "This model has a context of 8 bits and pieces.",
        "Load the model in 8-bit",
        "The weights are made for vision and have been optimized for 8-bit.",
    ],
)
def test_a_card_on_several_files_or_another_claims_no_type_of_this_one(
    says: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "m-Q4_1.gguf", file_type=3)

    assert [one.id for one in claims(path, f"# Otter\n\n{says}\n").of("QUANT")] == ["QUANT"]


@pytest.mark.parametrize(
    ("name", "file_type", "reason", "begins"),
    [
        ("m-F32.gguf", 0, "equal", "The file's name and header both say F32"),
        ("m.gguf", 0, "equal_header", "The header says F32"),
        ("m-F32.gguf", None, "equal_name", "The file's name says F32"),
    ],
)
def test_what_agrees_without_the_card_says_what_was_compared(
    name: str, file_type: int | None, reason: str, begins: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, name, file_type=file_type)
    (found,) = claims(path, "# Otter\n").of("QUANT")

    assert (found.verdict, found.reason) == (Verdict.AGREES, reason)
    assert claim_words(found).sentence.startswith(begins)
