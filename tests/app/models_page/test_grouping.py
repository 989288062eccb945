"""The files of a repository, as a person chooses among them."""

import pytest

from app.models_page.repository.grouping import choices, chosen_by, quantisation_of
from runner.protocol.courier import RemoteFile


def files(*paths: str) -> list[RemoteFile]:
    return [
        RemoteFile(path=path, size=1_000 * number, blob="b")
        for number, path in enumerate(paths, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "quantisation"),
    [
        ("Llama-3.2-3B-Instruct-Q4_K_M", "Q4_K_M"),
        ("SmolLM2-135M-Instruct.Q4_1", "Q4_1"),
        ("x-IQ2_XXS", "IQ2_XXS"),
        ("x-UD-Q4_K_XL", "UD-Q4_K_XL"),
        ("gpt-oss-20b-mxfp4", "MXFP4"),
        ("qwen2.5-0.5b-instruct-fp16", "F16"),
        ("model.BF16", "BF16"),
        ("x-TQ1_0", "TQ1_0"),
        ("Qwen3-8B", ""),
    ],
)
def test_the_quantisation_that_a_name_states(name: str, quantisation: str) -> None:
    assert quantisation_of(name) == quantisation


def test_a_split_set_is_one_choice() -> None:
    found = choices(files("m-Q8_0-00002-of-00002.gguf", "m-Q8_0-00001-of-00002.gguf"))
    assert len(found) == 1
    assert [file.path for file in found[0].files] == [
        "m-Q8_0-00001-of-00002.gguf",
        "m-Q8_0-00002-of-00002.gguf",
    ]
    assert (found[0].name, found[0].size, found[0].missing) == ("m-Q8_0", 3_000, 0)


def test_a_split_set_with_holes_says_so() -> None:
    (found,) = choices(files("m-Q8_0-00001-of-00003.gguf"))
    assert found.missing == 2


def test_models_come_first_and_projectors_are_marked() -> None:
    found = choices(
        files("mmproj-F16.gguf", "README.md", "m-imatrix.gguf", "m-Q8_0.gguf", "m-Q4_0.gguf")
    )
    assert [one.name for one in found] == ["m-Q8_0", "m-Q4_0", "mmproj-F16", "m-imatrix"]
    assert [one.is_model for one in found] == [True, True, False, False]
    assert found[2].is_projector
    assert found[3].is_matrix


def test_a_folder_names_the_quantisation_where_the_file_does_not() -> None:
    (found,) = choices(files("Q4_K_M/model-00001-of-00001.gguf"))
    assert found.quantisation == "Q4_K_M"


def test_bits_a_weight_need_the_parameters() -> None:
    (found,) = choices(files("m-Q8_0.gguf"))
    assert found.bits_per_weight(None) is None
    assert found.bits_per_weight(1_000) == pytest.approx(8.0)


def test_a_wish_finds_its_file_by_path_or_quantisation() -> None:
    found = choices(files("m-Q8_0.gguf", "m-Q4_0.gguf"))
    assert chosen_by("m-Q4_0.gguf", found) is found[1]
    assert chosen_by("q8_0", found) is found[0]
    assert chosen_by("Q2_K", found) is None
