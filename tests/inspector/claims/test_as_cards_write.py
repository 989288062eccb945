"""What 115 cards that nobody had tuned to wrote, made small: rounded, loose, beside other models."""

from pathlib import Path

import pytest

from app.words.claims import claim_words
from inspector.claims.values import Verdict
from tests.inspector.claims.made import WITH_PROMPT, claims, model_file

VARIANTS = "| Variant | Parameters | Context window |\n|---|---|---|\n| small | 10K | {} tokens |\n"


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("33K", 32_768),
        ("32K", 32_768),
        ("41K", 40_960),
        ("66K", 65_536),
        ("131K", 131_072),
        ("128k", 131_072),
        ("524K", 524_288),
        ("1M", 1_048_576),
        ("up to 8K", 8_192),
    ],
)
def test_a_rounded_length_is_the_headers(written: str, held: int, tmp_path: Path) -> None:
    path = model_file(tmp_path, llama__context_length=held)
    (context,) = claims(path, VARIANTS.format(written)).of("CTX")

    assert context.verdict is Verdict.AGREES


def test_a_wrong_length_still_differs(tmp_path: Path) -> None:
    path = model_file(tmp_path, llama__context_length=32_768)
    (context,) = claims(path, VARIANTS.format("34K")).of("CTX")

    assert context.verdict is Verdict.DIFFERS


@pytest.mark.parametrize(
    ("rule", "verdict", "reason", "name", "card", "values"),
    [
        ("PARAMS", "agrees", "equal", "m", "Three models with 2, 10 and 72 thousand parameters.", {}),
        ("PARAMS", "a person must judge", "beside_another", "m", "We also show results of GPT-J, a 6B parameter model.", {}),
        ("PARAMS", "differs", "far", "m", "A 6B parameter model.", {}),
        ("PARAMS", "differs", "other", "m", "A 14 thousand parameter model.", {}),
        ("PARAMS", "a person must judge", "active", "m", "It has 2K active parameters and 16 experts.", {}),
        ("PARAMS", "a person must judge", "active", "m", "It has 2K parameters.", {"llama__expert_count": 8}),
        ("ARCH", "agrees", "equal", "m", "| Architecture | Gemma 3n |\n|---|---|\n", {"arch": "gemma3n"}),
        ("ARCH", "agrees", "equal", "m", "Architecture: seed_oss", {"arch": "seed_oss"}),
        ("ARCH", "stated", "family", "m", "Architecture: Gemma", {"arch": "gemma3"}),
        ("ARCH", "stated", "not_in_list", "m", "Architecture: based on Idefics2; vision by SigLIP; the text part is Granite", {}),
        ("ARCH", "stated", "product", "m", "**Model Architecture:** Llama 3.2 is an auto-regressive language model.", {}),
        ("ARCH", "agrees", "equal", "m", "Architecture: Llama 3.2", {}),
        ("ARCH", "differs", "other", "m", "Architecture: Qwen2 is a decoder.", {}),
        ("CONTACT", "stated", "there", "m", "There is an [output mechanism](https://example.com/x_output_feedback).", {}),
        ("CONTACT", "stated", "there", "m", "Tell us [here](https://example.com/report/?of=m).", {}),
        ("CONTACT", "not stated", "none", "m", "See our [paper](https://example.com/report.pdf), of a [series](https://example.com/reports/2024).", {}),
        ("CONTACT", "stated", "there", "m", "And a [bounty](https://www.example.com/whitehat).", {}),
        ("EVAL", "not stated", "none", "m", "## Results\n\n| Test | \\# Shots |\n|---|---|\n| MMLU | 5 |\n", {}),
        ("LAYERS", "agrees in part", "padded", "m", "A vocabulary of 50,257.", {"llama__vocab_size": 50_304}),
        ("LAYERS", "a person must judge", "beside_another", "m", "It is similar to BERT (12-layer).", {"llama__block_count": 30}),
        ("QUANT", "agrees in part", "own_label", "m-UD-Q4_K_XL", "", {"file_type": 15}),
        ("QUANT", "differs", "name_and_header", "m-Q4_K_M", "", {"file_type": 14}),
        ("LANG", "stated", "named_in_text", "m", "Languages: Japanese and Basque.", {"general__languages": ["en"]}),
        ("LANG", "differs", "other", "m", "---\nlanguage: [ja]\n---\n", {"general__languages": ["en"]}),
        ("LANG", "differs", "beyond", "m", "---\nlanguage: [en, fr, es]\n---\n", {"general__languages": ["en"]}),
        ("LANG", "agrees in part", "some", "m", "---\nlanguage: en\n---\n", {"general__languages": ["en", "fr"]}),
        ("LANG", "agrees", "equal", "m", "---\nlanguage: [eng, fra, code, multilingual]\n---\n", {"general__languages": ["en", "fr"]}),
        ("LANG", "agrees", "equal", "m", "---\nlanguage: [zh-Hans, pt-BR, sr_Latn, es-419]\n---\n", {"general__languages": ["zh", "pt", "sr", "es"]}),
        ("LANG", "agrees", "equal", "m", "---\nlanguage: en, de\n---\n", {"general__languages": ["en", "de"]}),
        ("LANG", "agrees", "equal", "m", "---\nlanguage: [nb, iw]\n---\n", {"general__languages": ["no", "he"]}),
        ("LANG", "agrees", "equal", "m", "---\nlanguage: [en, many, multi, 30+ languages]\n---\n", {"general__languages": ["en"]}),
        ("LANG", "agrees in part", "some", "m", "---\nlanguage: [en, de]\n---\n", {"general__languages": ["en", "multilingual"]}),
        ("LANG", "stated", "header_only", "m", "---\nlanguage: multilingual\n---\n", {"general__languages": ["en"]}),
        ("LANG", "a person must judge", "text_beyond", "m", "Supported languages: English and Greek.", {"general__languages": ["en"]}),
        ("EVAL", "not stated", "none", "m", "## Evaluation\n\n| Setting | Value |\n|---|---|\n| hidden size | 2560 |\n| Number of layers | 32 |\n| Learning rate | 0.1 |\n", {}),
    ],
)  # fmt: skip
def test_what_is_written_is_held_against_what_is_there(
    rule: str,
    verdict: str,
    reason: str,
    name: str,
    card: str,
    values: dict[str, object],
    tmp_path: Path,
) -> None:
    path = model_file(tmp_path, f"{name}.gguf", **values)  # type: ignore[arg-type]
    found = [one for one in claims(path, card or "# Card\n").of(rule) if one.id == rule]

    assert [(one.verdict, one.reason) for one in found] == [(verdict, reason)]


def test_languages_that_the_header_does_not_name_are_told_by_name(tmp_path: Path) -> None:
    path = model_file(tmp_path, general__languages=["en"])
    (found,) = claims(path, "---\nlanguage: [en, fr, es]\n---\n").of("LANG")

    assert claim_words(found).sentence.startswith(
        "Not in the header, which names English: French, Spanish. The card lists them."
    )


OF_THREE_SIZES = "One of a family of three sizes: 135M, 360M, and 1.7B parameters.\n\n"


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("Long documents: the model has a context length of 32,768 tokens.", "differs", "larger"),
        ("This model supports a context window of 32k.", "differs", "larger"),
        ("The context length of this model is up to 32k tokens.", "differs", "larger"),
        ("The context length is 32k tokens.", "a person must judge", "family"),
        ("The 1.7B: the model has a context length of 32k.", "a person must judge", "family"),
        ("- 1.7B\n  - the model has a context length of 32k", "a person must judge", "family"),
        ("| a | the model has a context length of 32k |", "a person must judge", "family"),
        ("The model family has a context length of 32k.", "a person must judge", "family"),
        ("Compared with it, the model has a context length of 32k.", "a person must judge", "family"),
        ("The model has a context length of 8k. Its siblings: context length of 32k.", "agrees in part", "one_of_several"),
    ],
)  # fmt: skip
def test_a_sentence_on_the_model_is_on_this_one_though_its_card_tells_of_a_family(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, llama__context_length=8_192)
    (found,) = claims(path, OF_THREE_SIZES + says).of("CTX")

    assert (found.verdict, found.reason) == (verdict, reason)


TWO_MODELS = """# Otter Mini Instruct

## Evaluation

{says}

| Benchmark | {ours} | {theirs} |
|---|---|---|
| HellaSwag | 61.4 | 40.9 |
| MMLU | 52.8 | 29.3 |
"""


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("All figures are of this file, measured with lighteval.", "stated", "said_of_file"),
        ("This GGUF was evaluated with lighteval.", "stated", "said_of_file"),
        ("Scores of this file at Q4_K_M.", "agrees in part", "same_type"),
        ("All figures are of this file, in bf16.", "differs", "other_file"),
        ("The figures are not of this file.", "cannot be checked here", "not_said"),
        ("Results of the original; this file was not evaluated.", "cannot be checked here", "not_said"),
        ("Measured with lighteval.", "cannot be checked here", "not_said"),
        ("We will publish results of this file.", "cannot be checked here", "not_said"),
        ("Results for these quants are pending.", "cannot be checked here", "not_said"),
        ("To evaluate this file yourself, run lighteval.", "cannot be checked here", "not_said"),
        ("This file has yet to be evaluated.", "cannot be checked here", "not_said"),
    ],
)  # fmt: skip
def test_a_sentence_may_say_whose_the_figures_are(
    says: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, file_type=15)
    card = TWO_MODELS.format(says=says, ours="Score", theirs="Stderr")
    (found,) = claims(path, card).of("EVALQ")

    assert (found.verdict, found.reason, found.context["count"]) == (verdict, reason, 4)
    assert (5 in [place.line for place in found.passages]) == (reason != "not_said")


@pytest.mark.parametrize(
    ("ours", "theirs", "counted"),
    [
        ("Otter Mini", "Fish-1B", (2, 2)),
        ("Otter Mini Instruct", "Otter Mini Base", (2, 2)),
        ("This model", "Fish-1B", (2, 2)),
        ("Otter Mini", "Stderr", (4, 0)),
        ("Score", "Fish", (2, 2)),
        ("Fish", "Fish", (4, 0)),
        ("Perch", "Pike", (4, 0)),
        ("Fish", "Pike", (4, 0)),
    ],
)
def test_another_models_column_is_not_this_files(
    ours: str, theirs: str, counted: tuple[int, int], tmp_path: Path
) -> None:
    path = model_file(tmp_path, file_type=15)
    table = TWO_MODELS.format(says="Measured.", ours=ours, theirs=theirs)
    found = {one.id: one for one in claims(path, "---\nbase_model: a/Fish\n---\n" + table).claims}

    assert found["EVALQ"].context["count"] == found["EVALREDO"].context["count"] == counted[0]
    beside = found.get("EVALQ/beside")
    assert (beside.context["count"] if beside else 0) == counted[1]
    assert beside is None or beside.context["named"] == theirs


OF_ROWS = """# Otter Mini Instruct

## Evaluation

| Model | MMLU | ARC |
|---|---|---|
| {first} | 61.4 | 40.9 |
| {second} | 52.8 | 29.3 |
"""


@pytest.mark.parametrize(
    ("first", "second", "others"),
    [
        ("Pike-7B", "Otter Mini Instruct", "Pike-7B"),
        ("GPT-4", "Otter Mini (this model)", "GPT-4"),
        ("Otter Mini Instruct (original)", "Pike", "Pike"),
        ("Something-new (ours)", "Pike", "Pike"),
        ("Pike-7B", "Pike-13B", ""),
        ("5-shot", "Otter Mini Instruct", ""),
    ],
)
def test_another_models_row_is_not_this_files(
    first: str, second: str, others: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, file_type=15)
    found = {one.id: one for one in claims(path, OF_ROWS.format(first=first, second=second)).claims}

    assert found["EVALQ"].context["count"] == (2 if others else 4)
    beside = found.get("EVALQ/beside")
    assert (beside.context["named"] if beside else "") == others


def test_our_test_set_is_no_model_of_ours(tmp_path: Path) -> None:
    table = TWO_MODELS.format(says="", ours="Our Test Set", theirs="Toxic")
    assert claims(model_file(tmp_path, file_type=15), table).of("EVALQ")[0].context["count"] == 4


AT_LENGTH = (
    "## Limitations\n\nIt makes up facts, is weak in arithmetic and knows nothing of what came after "
    "March. It reproduces what its data is biased to.\n\n"
)


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("## Safety\n\nIt is very safe indeed.\n\nLimitations: None known.\n", "none_known"),
        ("## Limitations\n\nNone known.\n", "none_known"),
        ("**Limitations:** none reported\n", "none_known"),
        ("There are no known limitations.\n", "none_known"),
        ("## Safety\n\nIt is very safe indeed.\n", "elsewhere"),
        ("## Limitations\n\nNone of the tests was on code.\n", "own_words"),
        ("## Limitations\n\nIt can't count.\n\n## Data\n\nNone.\n", "own_words"),
        (f"{AT_LENGTH}## Known issues\n\nNone.\n", "own_words"),
        (f"## Bias\n\nNone.\n\n{AT_LENGTH}", "own_words"),
        (f"{AT_LENGTH}There are no known limitations on prompts.\n", "own_words"),
        ("## Limitations\n\nThere are no known limitations. Please tell us.\n", "none_known"),
    ],
)
def test_limits_that_a_card_denies_are_told_as_its_word(
    card: str, reason: str, tmp_path: Path
) -> None:
    (found,) = claims(model_file(tmp_path), card).of("LIMITS")
    assert found.reason == reason


@pytest.mark.parametrize(
    ("prompt", "name", "called"),
    [
        ("You are Qwen, created by Alibaba Cloud.", "Parrot 1B", "Qwen"),
        ("You are Qwen, created by Alibaba Cloud.", "Qwen2.5 7B Instruct", ""),
        (
            "You are a helpful AI assistant named SmolLM, trained here.",
            "Smollm2 135M 8k Lc100K",
            "",
        ),
        ("You are a helpful AI assistant named SmolLM, trained here.", "Llama 3", "SmolLM"),
        ("You are a quiet and helpful parrot.", "Llama 3", ""),
    ],
)
def test_a_name_in_the_templates_own_prompt_is_for_a_person(
    prompt: str, name: str, called: str, tmp_path: Path
) -> None:
    template = WITH_PROMPT.replace("You are a quiet and helpful parrot.", prompt)
    every = claims(model_file(tmp_path, template=template, general__name=name)).of("SYS")
    noted = [one for one in every if one.id == "SYS/called"]
    assert [(one.text, one.verdict) for one in noted] == (
        [(called, Verdict.PERSON)] if called else []
    )
    assert len(every) == 1 + len(noted), "what it says is told as before"


def test_a_word_for_a_scale_stands_apart(tmp_path: Path) -> None:
    (found,) = claims(model_file(tmp_path), "It has 360 million parameters.\n").of("PARAMS")
    assert found.context["card"] == "360 million"


@pytest.mark.parametrize(
    ("front", "reason", "named"),
    [
        ("# a\n", "to_redo_called", "Otter 2"),
        ("---\nbase_model: a/Fish\n---\n# a\n", "to_redo_base", "a/Fish"),
        (
            "---\nbase_model: a/Fish\nbase_model_relation: quantized\n---\n# a\n",
            "to_redo",
            "a/Fish",
        ),
    ],
)
def test_what_a_header_calls_the_file_is_not_its_parent(
    front: str, reason: str, named: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path, file_type=15, general__name="Otter 2")
    (found,) = claims(path, front).of("REQUANT")

    assert (found.reason, found.text) == (reason, named)
    assert "{" not in claim_words(found).sentence


def test_a_data_set_at_a_sentences_end_is_the_one_of_the_front_matter(tmp_path: Path) -> None:
    card = "---\ndatasets: [a/one]\n---\n# M\n\nSee https://huggingface.co/datasets/a/one.\n"
    report = claims(model_file(tmp_path), card)
    for rule in ("DATASETS", "LIC-DATA"):
        assert report.of(rule)[0].context["count"] == 1, rule
