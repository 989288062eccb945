"""What a card says by the way, of a part, a plan or another model, is no claim on this file.

The forms are those in which some thousand public cards were read wrongly; the words are ours.
"""

from pathlib import Path

import pytest

from inspector.cards.slots import slots_of
from inspector.lineage.names import family
from tests.inspector.claims.made import claims, model_file

LENGTH = {"llama__context_length": 8_192}
OTTER = {"general__name": "Otter"}


def _verdicts(
    rule: str, says: str, folder: Path, name: str = "otter.gguf", **values: object
) -> list[tuple[str, str]]:
    path = model_file(folder, name, **values)  # type: ignore[arg-type]
    found = claims(path, f"# Otter\n\n{says}\n").of(rule)
    return [(str(one.verdict), one.reason) for one in found if one.id == rule]


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("We tested the model out to 16k context, scaled.", "a person must judge", "aside"),
        ("- attempt: 16k context by stretching", "a person must judge", "aside"),
        ("If you plan to run it at 8192 context, write less.", "a person must judge", "aside"),
        ("12GB cards manage 4k context.", "a person must judge", "aside"),
        ("Set alpha=2.5 for 16K context.", "a person must judge", "aside"),
        ("The base model has 16k context; ours was tuned on less.", "a person must judge", "aside"),
        ("The base model has 8k context; ours was tuned on less.", "agrees", "equal"),
        ("It uses a default context window of 8K.", "agrees", "equal"),
        ("Long texts: we tested it with\na 16k context.", "a person must judge", "aside"),
        ("## Sampler settings\n\nContext size: 8192", "a person must judge", "aside"),
        ("Longer than other 16k context models.", "a person must judge", "aside"),
        ("Use up to an 8k context window. With an NTK alpha of 2.6 try a 16k context window.", "agrees", "equal"),
        ("Native context length is 8192 (original context length was 4096).", "agrees", "equal"),
        ("It supports 8K context, and more by the NTK method.", "agrees", "equal"),
        ("It was trained on test data with a context length of 16k.", "differs", "larger"),
        ("The context length is 16k. The base model has 4k context.", "differs", "larger"),
        ("The context length for this model is 16384 tokens.", "differs", "larger"),
        ("Context window length: 8192 tokens", "agrees", "equal"),
        ("It has a context window size of 8192.", "agrees", "equal"),
        ("Its _context length_ of 8,192 tokens.", "agrees", "equal"),
        ("It has sequence length (sliding window) of 8192", "agrees", "equal"),
        ("| Hyperparameter | Value |\n|---|---|\n| Context length         | 16384       |", "differs", "larger"),
    ],
)  # fmt: skip
def test_a_length_that_somebody_tries_or_sets_is_not_the_models(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    assert _verdicts("CTX", says, tmp_path, **LENGTH) == [(verdict, reason)]


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("A collection ranging from 10 thousand to 70 thousand parameters.", "agrees", "equal"),
        ("A collection ranging from 1K to 2K parameters.", "a person must judge", "several"),
        ("It also comes in a 25K parameter version.", "a person must judge", "beside_another"),
        ("Far better than any 10K parameter model.", "a person must judge", "beside_another"),
        ("It is #1 for 10K parameter models.", "a person must judge", "beside_another"),
        ("Far better than any 25K parameter model. It has 10K parameters.", "agrees", "equal"),
        ("The only model with under 25K parameters that can.", "a person must judge", "beside_another"),
        ("The best among models of <3B parameters.", "a person must judge", "beside_another"),
        ("Welcome to Pike-32B-0414, featuring 32 billion parameters.", "a person must judge", "beside_another"),
        ("Welcome to Pike-Maxi, featuring 32 billion parameters.", "differs", "far"),
        ("A family of models from 10K\nto 70K parameters.", "agrees", "equal"),
        ("> A family of models from 1K\n> to 70K parameters.", "a person must judge", "several"),
        ("- from 1K\n- to 70K parameters", "differs", "far"),
        ("Models with the parameter sizes of 2K(Otter-2K)\nand 10K(Otter-10K).", "a person must judge", "beside_another"),
        ("Models with the parameter sizes of 2K(Otter-2K) and 10K(Otter-10K).", "agrees", "equal"),
        ("- Parameter size: 10K", "agrees", "equal"),
        ("- Parameter size: 25K", "differs", "other"),
        ("With the parameter sizes of 2K and 10K.", "agrees", "equal"),
        ("| | |\n|---|---|\n| Total Parameters      | 10K       |", "agrees", "equal"),
        ("| | |\n|---|---|\n| Total Parameters      | 25K       |", "differs", "other"),
        ("| n_parameters | 25K |", "differs", "other"),
        ("| Parameters | 2,796,431,360 |", "differs", "far"),
        ("| Parameters | Layers |\n|---|---|\n| 2796431360 | 32 |", "differs", "far"),
        ("| Parameters | Layers |\n|---|---|\n| 12 | 32 |", "not stated", "none"),
    ],
)  # fmt: skip
def test_a_size_in_a_range_or_a_comparison_is_not_the_models(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    assert _verdicts("PARAMS", says, tmp_path) == [(verdict, reason)]


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("I deleted the first 10 layers to add 10 layers of another.", "not stated", "none"),
        ("It is merged in chunks of 16 layers.", "not stated", "none"),
        ("We froze the bottom 8 layers.", "not stated", "none"),
        ("Offload 20 layers to the card.", "not stated", "none"),
        ("It is comprised of 4 layers.", "agrees", "equal"),
        ("It was extended to 5 layers.", "differs", "other"),
        ("| Memory layers | 6, 12, 18 |", "not stated", "none"),
        (
            "| Number of layers (dense layer included) | 4 |\n| Number of dense layers | 1 |",
            "agrees",
            "equal",
        ),
        ("## Vision encoder\n\nNumber of layers: 6", "not stated", "none"),
        ("| Perceiver Resampler | Number of layers | 6 |", "not stated", "none"),
        ("| | |\n|---|---|\n| Num. layers        |    4 |", "agrees", "equal"),
        ("| | |\n|---|---|\n| Num. layers        |    5 |", "differs", "other"),
    ],
)
def test_some_of_the_layers_are_not_all_of_them(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    assert _verdicts("LAYERS", says, tmp_path, llama__block_count=4) == [(verdict, reason)]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("otter-1_1m", "agrees"),
        ("otter_2_1m", "agrees"),
        ("otter-v2_1m", "agrees"),
        ("otter-2_5m", "differs"),
        ("otter-chat-1m", ""),
        ("otter-chat-10m", "differs"),
    ],
)
def test_a_files_name_may_write_a_point_as_a_dash_and_a_length_as_a_size(
    name: str, verdict: str, tmp_path: Path
) -> None:
    sizes = {"otter-1_1m": (1_100, 1_000), "otter-chat-1m": (2_000, 2_000)}
    tensors = (("token_embd.weight", sizes.get(name, (1_000, 1_000))),)
    path = model_file(tmp_path, f"{name}.gguf", tensors=tensors)

    found = [one.verdict for one in claims(path, "# Otter\n").of("PARAMS") if one.id != "PARAMS"]
    assert found == [verdict] * bool(verdict)


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("Architecture: GPT-2 model with multi-query attention", "stated", "alike"),
        ("Architecture: GPT-2 style architecture with much else", "stated", "alike"),
        ("Architecture: GPT-2", "differs", "other"),
        ("Architecture: GPT-2, trained with much else", "differs", "other"),
        ("Architecture: Llama with more heads", "agrees", "equal"),
        ("Model type: please refer to the Llama 2 report for the architecture.", "not stated", "none"),
        ("This program is compatible with Llama architecture models.", "not stated", "none"),
        ("The Qwen2 architecture is not supported everywhere.", "not stated", "none"),
        ("Architecture: Llama 3.2 Mini has 10K parameters.", "stated", "product"),
        ("Model type: Otter 13B is a decoder, tuned from Llama2 13B.", "stated", "product"),
        ("Model type: Otter 13B is a decoder, based on the Llama 2 transformer architecture.", "agrees", "equal"),
        ("Model type: Llama2 Mini is a decoder, based on the Qwen2 transformer architecture.", "stated", "not_in_list"),
    ],
)  # fmt: skip
def test_what_an_architecture_is_like_is_not_what_it_is(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    assert _verdicts("ARCH", says, tmp_path) == [(verdict, reason)]


@pytest.mark.parametrize(
    ("bases", "verdict"),
    [
        (["a/Otter-8B"], "differs"),
        (["a/Otter-8B", "b/Otter-8B"], "agrees in part"),
        (["a/Otter-8B", "b/Gemma-2-2B"], "differs"),
    ],
)
def test_what_was_merged_may_be_larger_than_each(
    bases: list[str], verdict: str, tmp_path: Path
) -> None:
    lines = "".join(f"\n- {one}" for one in bases)
    values = {"general__base_model__count": len(bases)}
    values |= {f"general__base_model__{at}__repo_url": f"https://huggingface.co/{one}" for at, one in enumerate(bases)}  # type: ignore[misc]  # fmt: skip
    found = claims(model_file(tmp_path, **values), f"---\nbase_model:{lines}\n---\n# Otter\n")  # type: ignore[arg-type]

    assert found.of("PARENT")[0].verdict == verdict


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("google/gemma-2b-it", ()),
        ("google/gemma-2-2b-it", ("gemma2",)),
        ("a/SmolLM-360M", ()),
        ("a/SmolLM3-3B", ("smollm3",)),
        ("a/Phi-3.5-MoE-instruct", ("phimoe",)),
        ("a/Mistral-7B-v0.1", ("llama",)),
    ],
)
def test_a_size_is_no_number_of_a_family(name: str, belongs: tuple[str, ...]) -> None:
    assert family(name) == belongs


@pytest.mark.parametrize(
    ("name", "file_type", "verdict"),
    [
        ("otter-bf16.Q4_1", 3, "agrees in part"),
        ("otter-fp16-Q8_0", 3, "differs"),
        ("otter-bf16", 3, "differs"),
        ("otter-Q8_0-Q4_1", 3, "agrees in part"),
        ("otter-F32", 0, "agrees"),
    ],
)
def test_the_floats_in_a_name_are_what_was_quantised(
    name: str, file_type: int, verdict: str, tmp_path: Path
) -> None:
    ((said, _),) = _verdicts("QUANT", "", tmp_path, f"{name}.gguf", file_type=file_type)
    assert said == verdict


@pytest.mark.parametrize(
    ("head", "verdict", "reason"),
    [
        ("someone/pike-13b-fp16", "cannot be checked here", "not_said"),
        ("Otter (fp16)", "differs", "other_file"),
    ],
)
def test_a_precision_in_a_models_name_is_no_word_on_the_figures(
    head: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    table = f"## Results\n\n| Test | {head} |\n|---|---|\n| MMLU | 52.8 |\n| ARC | 40.1 |"
    assert _verdicts("EVALQ", table, tmp_path, file_type=15) == [(verdict, reason)]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("Merged from someone/lora/13b/cutoff-2048", "none"),
        ("Cutoff: 4096 tokens, 2048 for training", "none"),
        ("Knowledge cutoff: August 2023", "to_ask"),
    ],
)
def test_a_length_of_texts_is_no_year(says: str, reason: str, tmp_path: Path) -> None:
    ((_, found),) = _verdicts("DATE", says, tmp_path)
    assert found == reason


@pytest.mark.parametrize(
    ("says", "licence", "verdict", "reason"),
    [
        ("The code is released under the MIT License.", "apache-2.0", "a person must judge", "text_aside"),
        ("The code is released under the MIT License.", "mit", "a person must judge", "text_aside"),
        ("The data set is distributed under ODC-By.", "mit", "a person must judge", "text_aside"),
        ("The training data is released under CC-BY-4.0.", "mit", "a person must judge", "text_aside"),
        ("The base model is released under the MIT license.", "mit", "a person must judge", "text_aside"),
        ("Llama 2 is licensed under the Llama 2 Community License.", "mit", "a person must judge", "text_aside"),
        ("It was formerly released under the Llama 2 license.", "mit", "a person must judge", "text_aside"),
        ("This repository is licensed under MIT, the weights are subject to our terms.", "mit", "a person must judge", "text_aside"),
        ("The code is licensed under MIT. The weights are licensed under Apache 2.0.", "apache-2.0", "agrees", "text_equal"),
        ("The code is licensed under MIT. The weights are licensed under Apache 2.0.", "mit", "differs", "text_other"),
        ("Code and weights are released under the MIT license.", "apache-2.0", "differs", "text_other"),
        ("Otter Mini is licensed under the MIT license.", "apache-2.0", "differs", "text_other"),
        ("This work is released under CC-BY-4.0.", "mit", "differs", "text_other"),
        ("Licensed under the Apache License, Version 2.0.", "apache-2.0", "agrees", "text_equal"),
        ("License: Apache-2.0 (commercial use too)", "mit", "differs", "text_other"),
    ],
)  # fmt: skip
def test_the_licence_of_a_part_is_not_the_weights(
    says: str, licence: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    found = _verdicts("LIC-HDR", says, tmp_path, general__license=licence, **OTTER)
    assert found == [(verdict, reason)]


LEADERBOARD = "https://huggingface.co/datasets/board/details_otter"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (f"## Leaderboard\n\nThey can be found [here]({LEADERBOARD}).", "none"),
        (f"Detailed [results]({LEADERBOARD}) are kept.", "none"),
        ("## Benchmarks\n\n- [it](https://huggingface.co/datasets/a/feedback)", "none"),
        ("Evaluated on C4.", "none"),
        ("## Evaluation\n\nTrained on C4.", "named"),
        ("## Training\n\nOn [it](https://huggingface.co/datasets/a/feedback).", "named"),
        ("It saw [it](https://huggingface.co/datasets/a/feedback).", "named"),
    ],
)
def test_what_a_model_was_tested_on_is_not_what_it_was_trained_on(
    says: str, reason: str, tmp_path: Path
) -> None:
    ((_, found),) = _verdicts("DATASETS", says, tmp_path)
    ((_, licences),) = _verdicts("LIC-DATA", says, tmp_path)

    assert found == reason
    assert (licences == "none") == (reason == "none")


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("It was evaluated with benchmarks, human preference and a judge.", "none"),
        ("You agree to indemnify us and hold us harmless.", "none"),
        ("I am no lawyer and refuse to interpret this.", "none"),
        ("Made with https://example.com/otter-no-rlhf-test.", "none"),
        ("| Heron | 13B | RLHF | 6.6 |", "none"),
        ("It has not been aligned to human preferences.", "denied"),
        ("It was not tuned to be safe and harmless.", "denied"),
        ("Trained on filtered data, to reduce refusals.", "denied"),
        ("Refusals were removed from the data.", "denied"),
        ("It can be tuned further, by RLHF or else.", "denied"),
        ("You can apply further training, e.g., SFT and RLHF, to it.", "denied"),
        ("- [ ] Tune it further by RLHF", "denied"),
        ("Its weights were changed to inhibit the model's ability to express refusal.", "denied"),
        ("Small files seem to have refusal issues.", "none"),
        ("It can be used in chats and was trained by RLHF.", "partly"),
        ("It went through more alignment steps. It can be tuned on by RLHF.", "partly"),
        ("It is aligned with human values.", "asserted"),
        ("It was not trained for long. It is aligned with human values.", "asserted"),
        ("It is aligned with human values by DPO.", "partly"),
        ("It is aligned with human values. On TruthfulQA it has 50.", "asserted"),
    ],
)  # fmt: skip
def test_a_word_on_safety_training_may_say_that_there_was_none(
    says: str, reason: str, tmp_path: Path
) -> None:
    ((_, found),) = _verdicts("SAFE-STATE", says, tmp_path)
    assert found == reason


@pytest.mark.parametrize(
    "heading",
    ["#### Limitations & Biases:", "## Biases and limitations", "## Current limitations"],
)
def test_a_heading_names_its_parts_in_any_order(heading: str, tmp_path: Path) -> None:
    says = f"{heading}\n\nIt may well produce inaccurate words, so check what it tells you."
    assert _verdicts("LIMITS", says, tmp_path) == [("stated", "own_words")]


@pytest.mark.parametrize(("size", "verdict"), [("32", "differs"), ("2", "a person must judge")])
def test_a_size_in_the_models_own_name_is_its_own(size: str, verdict: str, tmp_path: Path) -> None:
    says = f"Welcome to Otter-{size}B-0414, featuring {size} billion parameters."
    ((found, _),) = _verdicts("PARAMS", says, tmp_path, name="otter-32b.gguf")

    assert found == verdict


def test_a_vocabulary_that_was_filled_up_is_so_beside_another_models_too(tmp_path: Path) -> None:
    says = "Based on the method of Pike, with a vocabulary size of 50,257."
    found = _verdicts("LAYERS", says, tmp_path, llama__vocab_size=50_304)

    assert found == [("agrees in part", "padded")]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("The toxicity score from Perspective API was low.", "none"),
        ("Aegis is an evaluation dataset for safety.", "none"),
        ("Deploy it with Llama Guard 3.", "with_version"),
        ("We evaluated systems with Llama Guard.", "without_version"),
    ],
)
def test_what_measures_a_text_guards_no_model(says: str, reason: str, tmp_path: Path) -> None:
    ((_, found),) = _verdicts("GUARD", says, tmp_path)
    assert found == reason


def _scores(heading: str, says: str = "") -> str:
    return (
        f"{heading}\n\n{says}\n\n| Test | Score |\n|---|---|\n| MMLU | 52.8 |\n| ARC | 40.1 |\n\n"
    )


@pytest.mark.parametrize(
    ("card", "verdict", "reason"),
    [
        (_scores("## Results", "Measured in bf16."), "differs", "other_file"),
        (_scores("## Results\n\n### English") + "## Evaluation setup\n\nAll in bf16.", "differs", "other_file"),
        ("## Results\n\nAll in bf16.\n\n" + _scores("### English") + _scores("### French"), "differs", "other_file"),
        (_scores("## Results") + _scores("## Results of the int4 version", "At int4."), "a person must judge", "some"),
        (_scores("## Results") + _scores("## Scores of the quantised one", "Q4_K_M"), "a person must judge", "some"),
        (_scores("## Results", "Measured in bf16.") + _scores("### French"), "differs", "other_file"),
    ],
)  # fmt: skip
def test_a_precision_counts_for_the_figures_that_it_stands_with(
    card: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    assert _verdicts("EVALQ", card, tmp_path, file_type=15) == [(verdict, reason)]


@pytest.mark.parametrize("bullet", ["", "- ", "* ", "+ ", "1. "])
def test_a_sentence_goes_on_below_any_bullet(bullet: str, tmp_path: Path) -> None:
    said = f"{bullet}The code is\n  released under the MIT license."
    ((verdict, reason),) = _verdicts("LIC-HDR", said, tmp_path, general__license="apache-2.0")
    assert (verdict, reason) == ("a person must judge", "text_aside")


@pytest.mark.parametrize("heading", ["Potential issues", "Current issues", "Known issue"])
def test_a_single_word_of_a_heading_names_no_part(heading: str) -> None:
    assert "contact" not in slots_of(heading)
