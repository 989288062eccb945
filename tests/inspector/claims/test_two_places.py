"""What a card says twice, or what its file says again: prompt formats, cut-offs, languages, days."""

from pathlib import Path

import pytest

from inspector.claims.inputs import Beside, ListedFile
from inspector.claims.values import Claim, Verdict
from tests.inspector.claims.made import TEMPLATE, claims, model_file

CHATML = """<|im_start|>system
{system_prompt}<|im_end|>
<|im_start|>user
{prompt}<|im_end|>
<|im_start|>assistant
"""
GEMMA = """<start_of_turn>user
{prompt}<end_of_turn>
<start_of_turn>model
<end_of_turn>
<start_of_turn>model
"""
PHI = "<|system|>\n{system_prompt}<|end|>\n<|user|>\n{prompt}<|end|>\n<|assistant|>\n"
OLDER = "[INST] {prompt} [/INST]"


def shown(format_: str, title: str = "## Prompt format") -> str:
    return f"# A card\n\n{title}\n\n```\n{format_}\n```\n"


def one(found: list[Claim], claim: str) -> Claim | None:
    return next((it for it in found if it.id == claim), None)


@pytest.mark.parametrize(
    ("template", "format_", "verdict"),
    [
        # As quantisers' cards show them, beside the publishers' own templates.
        ("Qwen-Qwen2.5-7B-Instruct", CHATML, Verdict.AGREES),
        ("google-gemma-2-2b-it", GEMMA, Verdict.AGREES_IN_PART),
        ("microsoft-Phi-3.5-mini-instruct", PHI, Verdict.AGREES),
        ("meta-llama-Llama-3.1-8B-Instruct", CHATML, Verdict.DIFFERS),
        ("google-gemma-2-2b-it", CHATML, Verdict.DIFFERS),
        ("Qwen-Qwen2.5-7B-Instruct", CHATML + "<|think|>", Verdict.PERSON),
        # Mistral's own writes no space between mark and words; tokens differ by that.
        ("mistralai-Mistral-Nemo-Instruct-2407", OLDER, Verdict.AGREES_IN_PART),
        ("mistralai-Mistral-Nemo-Instruct-2407", "[INST]{prompt}[/INST]", Verdict.AGREES),
        ("mistralai-Mistral-Nemo-Instruct-2407", OLDER + "<|end|>", Verdict.PERSON),
    ],
)
def test_a_prompt_format_is_compared_with_what_the_template_makes(
    template: str, format_: str, verdict: Verdict, tmp_path: Path, llama_cpp_models: Path
) -> None:
    text = (llama_cpp_models / "templates" / f"{template}.jinja").read_text(encoding="utf-8")
    found = one(
        list(claims(model_file(tmp_path, template=text), shown(format_)).claims), "TMPL-HUB/card"
    )
    assert found is not None
    assert found.verdict is verdict
    assert found.passages[0].line == 6


@pytest.mark.parametrize(
    "card",
    [
        "# a\n\n" + shown(CHATML, "## How to run"),
        shown("from transformers import pipeline\npipe('<|im_start|>user<|im_end|>')"),
        shown("Question: {prompt}\nAnswer:"),
        "# a\n\n## Prompt format\n\n<|im_start|>user and <|im_end|> in a sentence",
        shown("<|im_start|>\n" * 4000),
    ],
    ids=["elsewhere", "program", "no marks", "no block", "too long"],
)
def test_what_is_no_prompt_format_is_left_alone(card: str, tmp_path: Path) -> None:
    found = claims(model_file(tmp_path, template=TEMPLATE), card).of("TMPL-HUB")
    assert [it.id for it in found] == ["TMPL-HUB"]


def test_another_month_than_the_templates_differs(tmp_path: Path, llama_cpp_models: Path) -> None:
    path = llama_cpp_models / "templates" / "meta-llama-Llama-3.2-3B-Instruct.jinja"
    file = model_file(tmp_path, template=path.read_text(encoding="utf-8"))
    for said, verdict in (
        ("a cutoff of December 2023", Verdict.AGREES),
        ("knowledge cutoff: 2023", Verdict.AGREES),
        ("a cutoff of March 2023", Verdict.DIFFERS),
        ("a cutoff of December 2024", Verdict.DIFFERS),
    ):
        (found,) = claims(file, f"# a\n\nThe data has {said}.").of("DATE")
        assert found.verdict is verdict, said


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ("2024-02-01", Verdict.DIFFERS),
        ("2024-03-01", Verdict.PERSON),
        ("2025-01-01", Verdict.PERSON),
        ("", Verdict.PERSON),
    ],
)
def test_nobody_knows_what_came_after_the_last_change(
    changed: str, verdict: Verdict, tmp_path: Path
) -> None:
    card = "# a\n\nKnowledge cutoff date: March 5, 2024"
    (found,) = claims(model_file(tmp_path), card, beside=Beside(changed=changed)).of("DATE")
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("created", "changed", "told"),
    [
        ("2024-05-01", "2024-05-09", (Verdict.STATED, "within")),
        ("2024-05-01", "2025-05-09", (Verdict.CANNOT, "too_far_apart")),
        ("2024-05-01", "2024-04-09", (Verdict.CANNOT, "no_dates")),
        ("yesterday", "2024-04-09", (Verdict.CANNOT, "no_dates")),
    ],
)
def test_the_days_of_a_repository_say_how_far_card_and_file_are_apart(
    created: str, changed: str, told: tuple[Verdict, str], tmp_path: Path
) -> None:
    listing = (ListedFile(path="README.md"), ListedFile(path="model.gguf"))
    beside = Beside(listing=listing, created=created, changed=changed)
    (found,) = claims(model_file(tmp_path), "# a", beside=beside).of("STALE")
    assert (found.verdict, found.reason) == told


LISTED = "---\nlanguage: [en, zh]\n---\n# a\n\n"


@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ("It supports over 29 languages, including Chinese and French.", {"text", "count"}),
        ("It supports the languages English and Chinese.", set()),
        ("Supported languages: Greek.", {"text"}),
        ("Tools for natural language processing in Greek.", set()),
        ("A Greek language model by somebody.", set()),
        ("XNLI holds sentence pairs in 15 languages, among them Greek.", set()),
        ("Training data in 46 languages and 13 programming languages.", set()),
    ],
)
def test_sentences_on_languages_are_compared_with_the_front_matter(
    says: str, wanted: set[str], tmp_path: Path
) -> None:
    found = claims(model_file(tmp_path), LISTED + says).of("LANG")
    assert {it.id.partition("/")[2] for it in found} - {""} == wanted
    assert all(it.verdict is Verdict.PERSON for it in found if "/" in it.id)


def test_beyond_a_list_that_says_multilingual_there_is_nothing_to_ask(tmp_path: Path) -> None:
    open_list = LISTED.replace("zh", "multilingual")
    says = "It supports over 29 languages, including Chinese and French."
    found = claims(model_file(tmp_path), open_list + says).of("LANG")
    assert [it.id for it in found] == ["LANG"]


def test_a_promise_of_tools_says_whether_the_template_takes_any(
    tmp_path: Path, llama_cpp_models: Path
) -> None:
    card = "# a\n\nIt supports function calling."
    takes = llama_cpp_models / "templates" / "Qwen-Qwen2.5-7B-Instruct.jinja"
    for template, reason in (
        (takes.read_text(encoding="utf-8"), "takes_tools"),
        (TEMPLATE, "takes_no_tools"),
        ("", "to_ask"),
    ):
        (found,) = claims(model_file(tmp_path, template=template), card).of("FORMAT")
        assert (found.verdict, found.reason) == (Verdict.PERSON, reason)
