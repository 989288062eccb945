"""What the verdicts rest on: sentences, places, sources; hostile cards; the real cards and the starter."""

import json
import random
import re
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.words.claims import OWN, claim_texts, claim_words, summary_words
from inspector.claims.case import Maker
from inspector.claims.inputs import Beside, ListedFile
from inspector.claims.numbers import is_rounded_to, number
from inspector.claims.probes import (
    Question,
    first_difference,
    interval,
    keeps,
    probe,
)
from inspector.claims.rules import rule_set, rules
from inspector.claims.text import CardText
from inspector.claims.values import Claim, ClaimReport, Grade, Verdict
from inspector.gguf.model import GgufModel
from tests.inspector.claims.made import TEMPLATE, WITH_PROMPT, claims, model_file
from tests.inspector.claims.test_rules import SAYS, made
from tests.inspector.templates.hostile import CHATML
from tests.support.shared_data import shared

GOLDEN = Path(__file__).parents[2] / "data/claims"
CARDS = {
    "deepseek-r1": "deepseek-r1/README.md",
    "llama-3.2": "llama-3.2/MODEL_CARD.md",
    "pythia": "pythia/README.md",
    "smollm2-pretraining": "smollm2/pretraining-README.md",
    "smollm2-text": "smollm2/text-README.md",
}
SECONDS = 3.0


def test_every_reason_has_a_sentence_that_its_context_fills(tmp_path: Path) -> None:
    """A sentence without its values would show a brace to a person."""
    seen = set()
    for at, (rule, _, asked) in enumerate(SAYS):
        folder = tmp_path / str(at)
        folder.mkdir()
        for one in made(folder, rule, asked):
            told = claim_words(one)
            seen.add((one.rule, one.reason))
            for words in (told.sentence, told.title, told.looks, told.left, told.verdict):
                assert words
                assert "{" not in words
                assert "}" not in words
    texts = claim_texts()
    assert set(texts.rules) == {rule.id for rule in rule_set().rule}
    promised = {(rule, code) for rule, own in texts.rules.items() for code in own.reasons}
    assert seen <= promised


def test_every_reason_in_the_code_has_a_sentence() -> None:
    folder = Path(__file__).parents[3] / "inspector/claims"
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    for rule, own in claim_texts().rules.items():
        for reason in own.reasons:
            if reason != "no_card":
                assert f'"{reason}"' in source, f"{rule}.{reason} is a sentence that nothing says"


def test_words_for_every_verdict_grade_and_group() -> None:
    texts = claim_texts()
    assert set(texts.verdicts) == set(texts.meanings) == {one.value for one in Verdict}
    assert set(texts.grades) == {one.value for one in Grade}
    assert set(texts.groups) == {*rule_set().groups, "own"}
    people = {rule.id for rule in rule_set().rule if rule.by.value != "rule"}
    assert people <= set(texts.instructions)
    assert OWN not in rules()


def test_a_rule_can_not_say_more_than_its_evidence() -> None:
    maker = Maker(rules()["CONTACT"], case=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="CONTACT can't say"):
        maker.claim(Verdict.AGREES, "there", Grade.CARD)


def test_a_claim_has_the_place_in_the_file_with_its_heading(tmp_path: Path) -> None:
    card = (
        "---\nlicense: mit\n---\n\n# Model\n\n## Details\n\nA **context length** of `8k` tokens.\n"
    )
    report = claims(model_file(tmp_path, llama__context_length=4096), card)
    (one,) = report.of("CTX")
    (place,) = one.passages
    assert (place.document, place.line, place.end, place.heading) == ("README.md", 9, 9, "Details")
    assert place.quote == "A context length of 8k tokens."
    assert one.evidence[0].value == 4096
    source = one.evidence[0].source
    assert source is not None
    assert source.where == "llama.context_length"
    assert report.card_sha256
    assert claim_words(one).sentence == (
        "The card says 8,000 tokens; the header says 4,096 and has no keys that stretch it."
    )


def test_code_is_no_claim(tmp_path: Path) -> None:
    card = "```\ncontext length: 128k\n7B parameters\n```\n"
    report = claims(model_file(tmp_path, llama__context_length=4096), card)
    assert report.of("CTX")[0].verdict is Verdict.NOT_STATED


def test_scaling_keys_explain_a_longer_context(tmp_path: Path) -> None:
    path = model_file(tmp_path, llama__context_length=4096, llama__rope__scaling__type="yarn")
    (one,) = claims(path, "A context length of 32k tokens.").of("CTX")
    assert (one.verdict, one.reason) == (Verdict.AGREES_IN_PART, "scaled")


def test_a_card_of_a_family_is_not_held_against_one_of_its_models(tmp_path: Path) -> None:
    path = model_file(tmp_path, llama__context_length=4096)
    report = claims(path, "In 10K, 1B and 3B parameters.\n\nThe context length is 128k tokens.")
    assert report.of("PARAMS")[0].verdict is Verdict.AGREES
    (one,) = report.of("CTX")
    assert (one.verdict, one.reason) == (Verdict.PERSON, "family")


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("- Context Length: Full 131,072 tokens and generation 8192 tokens", 131_072),
        ("total input context of 128K tokens", 128_000),
        ("Released with a 32k context", 32_000),
        ("context window of up to 1M tokens", 1_000_000),
        ("| **Context length** | 8192 |", 8_192),
        ("In the context of 2024 elections, ask in-context 5-shot.", 0),
        ("See section 3 of the context above, 12345 words.", 0),
    ],
)
def test_lengths_as_cards_write_them(tmp_path: Path, line: str, length: int) -> None:
    report = claims(model_file(tmp_path, llama__context_length=4096), f"# a\n{line}\n")
    (one,) = report.of("CTX")
    if length:
        assert one.context["card"] == f"{length:,}"
    else:
        assert one.verdict is Verdict.NOT_STATED


def test_sizes_of_siblings_make_a_family(tmp_path: Path) -> None:
    card = "Total input context of 128K tokens for the 4B, 12B, and 27B sizes."
    report = claims(model_file(tmp_path, llama__context_length=32_768), card)
    assert report.of("CTX")[0].reason == "family"


def test_a_quantisers_table_of_files(tmp_path: Path) -> None:
    path = model_file(tmp_path, "Otter-7B-Q4_K_M.gguf", file_type=15)
    size = path.stat().st_size / 1000
    card = (
        "| Filename | Quant type | File Size |\n|---|---|---|\n"
        "| [Otter-7B-Q8_0.gguf](https://x.example/8) | Q8_0 | 7.7GB |\n"
        f"| [Otter-7B-Q4_K_M.gguf](https://x.example/4) | Q4_K_M | {size:.2f}KB |\n"
    )
    found = {one.id: one for one in claims(path, card).claims}
    assert found["BPW/card"].verdict is Verdict.AGREES
    assert found["BPW/card"].passages[0].line == 4


def test_the_header_is_compared_with_the_tensors_without_any_card(tmp_path: Path) -> None:
    path = model_file(tmp_path, llama__embedding_length=64, general__size_label="3B")
    report = claims(path)
    found = {one.id: one for one in report.claims}
    assert found["LAYERS/header"].verdict is Verdict.DIFFERS
    assert found["PARAMS/label"].verdict is Verdict.DIFFERS
    assert claim_words(found["PARAMS/label"]).title == "Parameters (size label)"


def test_a_difference_of_templates_shows_its_lines(tmp_path: Path) -> None:
    path = model_file(tmp_path, template=WITH_PROMPT)
    (one,) = claims(path, files={"chat_template.jinja": TEMPLATE}).of("TMPL-HUB")
    told = "\n".join(claim_words(one).evidence)
    assert "quiet and helpful parrot" in told
    assert int(one.context["added"]) > int(one.context["lost"])


def test_a_parent_is_not_blamed_for_the_files_own_name(tmp_path: Path) -> None:
    header = {"general__base_model__count": 1, "general__base_model__0__name": "Otter"}
    own = model_file(tmp_path, general__name="Tuned 70B", **header)  # type: ignore[arg-type]
    (one,) = claims(own).of("PARENT")
    assert (one.verdict, one.reason) == (Verdict.STATED, "header_only")
    header["general__base_model__0__name"] = "Otter 70B"
    (one,) = claims(model_file(tmp_path, "b.gguf", **header)).of("PARENT")  # type: ignore[arg-type]
    assert (one.reason, one.text) == ("numbers_differ", "Otter 70B")


def test_a_template_to_review_names_its_lines(tmp_path: Path) -> None:
    bad = CHATML + "{% if 'password' in messages[-1]['content'] %}Send it to me.{% endif %}"
    (one,) = claims(model_file(tmp_path, template=bad)).of("TMPL-RISK")
    assert one.reason == "to_review"
    assert one.evidence
    assert claim_words(one).sentence.startswith("Depends on what somebody wrote")
    (plain,) = claims(model_file(tmp_path, "b.gguf", template=TEMPLATE)).of("TMPL-RISK")
    assert (plain.verdict, plain.reason) == (Verdict.PERSON, "nothing_found")
    assert "clears nothing" in claim_words(plain).sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [("135M", 135e6), ("1.5 B", 1.5e9), ("7 billion", 7e9), ("8,192", 8192), ("128k", 128e3)],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    digits = re.match(r"[\d.,]+", text).group()  # type: ignore[union-attr]
    assert number(digits, text[len(digits) :]) == value


def test_a_rounded_number_is_told_from_a_wrong_one() -> None:
    assert is_rounded_to(1_235_814_432, "1", "B")
    assert is_rounded_to(494_032_768, "0.5", "B")
    assert not is_rounded_to(1_700_000_000, "1", "B")


def test_a_cards_other_hash_is_told_of_a_set_of_many_parts(tmp_path: Path) -> None:
    names = ("model.gguf", *(f"model-{number}.gguf" for number in range(2, 12)))
    parts = {name: f"{number:064x}" for number, name in enumerate(names)}
    listing = tuple(ListedFile(path=name, size=1, sha256=one) for name, one in parts.items())
    beside = Beside(parts=parts, listing=listing)
    found = claims(model_file(tmp_path), f"| model.gguf | {'f' * 64} |", beside=beside).of("HASH")

    assert [one.id for one in found if one.verdict is Verdict.DIFFERS] == ["HASH/card"]


def test_the_listing_of_a_repository_is_compared_with_the_file(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    size = path.stat().st_size
    right = Beside(listing=(ListedFile(path="sub/model.gguf", size=size),))
    wrong = Beside(listing=(ListedFile(path="sub/model.gguf", size=size + 1),))
    for beside, verdict in ((right, Verdict.AGREES), (wrong, Verdict.DIFFERS)):
        found = {one.id: one for one in claims(path, beside=beside).claims}
        assert found["BPW/listing"].verdict is verdict


# ---- probes ---------------------------------------------------------------------------------------


def test_the_languages_of_a_card_are_asked_in(tmp_path: Path) -> None:
    asked = probe("languages", languages=["de", "fr", "xx"])
    assert [one.about for one in asked.ask] == ["German", "French"]
    assert probe("languages").ask[0].about == "English"


@pytest.mark.parametrize("context", [0, 2048, 8192])
def test_the_long_text_fits_and_hides_its_sentence_at_three_depths(context: int) -> None:
    asked = probe("far-back", context=context)
    texts = {question.text.rpartition("\n\n")[0] for question in asked.ask}
    assert len(texts) == 1, "the text is evaluated once, whatever is asked of it"
    for question, depth in zip(asked.ask, (0.25, 0.5, 0.9), strict=True):
        assert len(question.text) < 0.75 * 3.2 * (context or 2048) + 200
        at = question.text.index(f"is {question.contains[0]}") / len(question.text)
        assert abs(at - depth) < 0.06
        assert keeps(question, f"It is the {question.contains[0].upper()}.")
        assert not keeps(question, "I don't know.")


def test_what_can_be_counted_in_an_answer() -> None:
    assert keeps(Question(text="?"), "anything") is None
    as_json = Question(text="?", json=("name", "legs"))
    assert keeps(as_json, 'Here: {"name": "Rex", "legs": 4}')
    assert not keeps(as_json, '{"name": "Rex"')
    assert not keeps(as_json, "{" * 5000)
    rules_kept = {
        "ITS BLUE.": "What a capital",
        "Ahoy! A whale.": "Ahoy",
        "Autumn": "one word",
        "- apple\n- pear\n- plum": "three fruits",
        "Eine Woche hat sieben Tage.": "German",
    }
    asked = probe("house-rules").ask
    for question, answer in zip(asked, rules_kept, strict=True):
        assert keeps(question, answer), question.text
        assert not keeps(question, "well, let me think about that for a while")


@pytest.mark.parametrize(
    ("answer", "is_kept"),
    [
        # As a small model said it: nonsense, and German.
        ("Wenn ich erhalten auf der Zeit kam, ich kann auf der Zeit erhält als 2.000 Zeit.", True),
        ("Das sind 7.", True),
        ("There are seven days in a week; Germans say sieben Tage.", False),
        ("Une semaine compte sept jours, et le dimanche est le dernier.", False),
        # Too little to tell a language by: a person must look.
        ("7", None),
        ("Sieben.", None),
    ],
)
def test_whether_an_answer_is_in_a_language_is_told_by_the_language(
    answer: str, is_kept: bool | None
) -> None:
    """It was told by three words that a right answer has, so German without them was no German."""
    german = next(one for one in probe("house-rules").ask if one.language)
    assert keeps(german, answer) is is_kept


def test_an_interval_is_as_wide_as_it_should_be() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(10, 10)
    assert (round(low, 3), round(high, 3)) == (0.722, 1.0)
    low, high = interval(50, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)


@pytest.mark.parametrize(
    ("one", "other", "at"), [([1, 2], [1, 2], 0), ([1, 2], [1, 3], 2), ([1], [1, 2], 2)]
)
def test_the_first_difference_of_two_answers(one: list[int], other: list[int], at: int) -> None:
    assert first_difference(one, other) == at


# ---- hostile --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_file(tmp_path_factory.mktemp("plain"), llama__context_length=4096)


HOSTILE = {
    "long line": "context " * 40_000,
    "numbers": "1,000," * 40_000,
    "parameters": "9" * 250_000 + "B parameters",
    "languages": "languages: " + "English, " * 30_000,
    "at signs": "@" * 200_000,
    "mails": "a.b-c+d@" * 30_000,
    "addresses": "https://github.com/" * 12_000,
    "spaces": "context" + " " * 200_000 + "length",
    "headings": "# a\n" * 60_000,
    "numbered heading": "# " + "9" * 300 + "x\n",
    "tables": "| params | context |\n|---|---|\n" + "| 1B | 8k |\n" * 8_000,
    "licences": "licensed under " * 15_000,
    "open links": "[" * 120_000 + "](" * 60_000,
    "tags": "<" * 200_000,
    "fences": "```\n~~~\n" * 30_000,
    "cut-offs": "cutoff " * 30_000,
    "bytes": bytes(range(256)) * 1_000,
    "precision": "## Evaluation\n" + "bf16 q4_k_m 8-bit " * 14_000,
    "slashes": "135M / 360M and " * 14_000 + "parameters",
    "hidden": "context length 8k\u202e\u200b\n" * 8_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_card_makes_the_rules_slow_or_fall(plain_model: Path, name: str) -> None:
    text = HOSTILE[name]
    raw = text if isinstance(text, bytes) else text.encode()
    began = time.perf_counter()
    CardText(raw, "README.md")
    report = claims(plain_model, raw)
    assert time.perf_counter() - began < SECONDS
    assert report.failed == ()
    assert len(msgspec.json.encode(report)) < 200_000
    for one in report.claims:
        assert claim_words(one).text.isprintable()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=80),
            st.sampled_from(
                [
                    "context length of 128k",
                    "| params | 1B |",
                    "|---|---|",
                    "---",
                    "license: [",
                    "[training code](https://github.com/a/b)",
                    "languages: English",
                    "## Evaluation",
                    "MMLU | 50 |",
                    "1B, 3B and 7B parameters",
                    "cutoff of May 2024",
                ]
            ),
        ),
        max_size=30,
    )
)
def test_any_card_has_an_answer_from_every_rule(plain_model: Path, lines: list[str]) -> None:
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    report = claims(plain_model, raw)
    assert report.failed == ()
    assert {one.rule for one in report.claims} == set(rules())
    for one in report.claims:
        for place in one.passages:
            assert place.line <= place.end or not place.end
            assert place.line <= raw.count(b"\n") + raw.count(b"\r") + 1
        claim_words(one)


def test_a_rule_that_falls_costs_only_its_own_claims(
    plain_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspector.claims import check

    def falls(_maker: Maker) -> Any:
        raise ValueError("a bug of ours")

    monkeypatch.setitem(check.CHECKERS, "CTX", falls)
    report = claims(plain_model, "# a")
    assert report.failed == ("CTX",)
    assert len({one.rule for one in report.claims}) == 41


# ---- the real ones --------------------------------------------------------------------------------


def told(report: ClaimReport) -> dict[str, list[Any]]:
    return {
        one.id: [one.verdict.value, one.grade.value if one.grade else None, one.reason,
                 [place.line for place in one.passages]]
        for one in report.claims
    }  # fmt: skip


def compare(name: str, report: ClaimReport) -> None:
    """Compares with what a person has read through and found right."""
    path = GOLDEN / f"{name}.json"
    wanted = json.loads(path.read_text()) if path.exists() else {}
    assert told(report) == wanted, f"read through and write anew: {path}"


def test_the_starter_model(starter_model: Path) -> None:
    compare("starter", claims(starter_model))


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_real_cards_beside_the_starter(name: str, starter_model: Path, tmp_path: Path) -> None:
    """Most are cards of other models: what differs must differ for that reason and no other."""
    link = tmp_path / starter_model.name
    link.symlink_to(starter_model)
    raw = (shared("cards") / CARDS[name]).read_bytes()
    compare(name, claims(link, raw))


def test_the_claims_of_the_starter_take_a_tenth_of_a_second(starter_model: Path) -> None:
    """The whole dossier has 300 ms; a loaded machine gets the benefit of the best of five."""
    from app.reader.dossier import read_dossier, renderer
    from app.reader.licence import licences
    from inspector.claims.case import Case
    from inspector.claims.check import check_claims
    from inspector.summary import summarise

    seconds = []
    with GgufModel.open(starter_model) as model:
        origin, licence = read_dossier(model, str(starter_model), ""), licences(model, ())
        for _ in range(5):
            began = time.perf_counter()
            check_claims(
                Case(
                    model=model,
                    summary=summarise(model),
                    lineage=origin.lineage,
                    licence=licence,
                    templates=origin.templates,
                    renderer=renderer,
                )
            )
            seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.1


def test_the_summary_counts_words_and_gives_no_score(plain_model: Path) -> None:
    report = claims(plain_model, "# a")
    words = summary_words(report.claims)
    assert words.startswith(f"{len(report.claims)} claims: ")
    assert "%" not in words
    shuffled = list(report.claims)
    random.Random(1).shuffle(shuffled)
    assert summary_words(shuffled) == words


def test_a_claim_survives_its_way_between_processes(plain_model: Path) -> None:
    report = claims(plain_model, "A context length of 8k tokens.")
    again = msgspec.json.decode(msgspec.json.encode(report), type=ClaimReport)
    assert again == report
    assert all(isinstance(one, Claim) for one in again.claims)


def test_the_end_marks_of_real_vocabularies_are_known(llama_cpp_models: Path) -> None:
    """Their headers have another end token than their templates use; the engine knows the marks."""
    for name in ("phi-3", "qwen2", "gemma-4"):
        (one,) = claims(llama_cpp_models / f"ggml-vocab-{name}.gguf").of("STOP")
        assert (one.verdict, one.reason) == (Verdict.AGREES_IN_PART, "by_name"), name


def test_the_default_prompts_of_real_templates_are_quoted(
    llama_cpp_models: Path, tmp_path: Path
) -> None:
    begins = {
        "Qwen-Qwen2.5-7B-Instruct": "You are Qwen, created by Alibaba Cloud.",
        "moonshotai-Kimi-K2": "You are a helpful assistant",
        "openai-gpt-oss-120b": "You are ChatGPT",
        "Qwen-Qwen3-0.6B": "",
        "google-gemma-2-2b-it": "",
    }
    for name, words in begins.items():
        template = (llama_cpp_models / f"templates/{name}.jinja").read_text()
        (one,) = claims(model_file(tmp_path, f"{name}.gguf", template=template)).of("SYS")
        assert one.text.startswith(words) if words else one.verdict is Verdict.NOT_STATED, name
