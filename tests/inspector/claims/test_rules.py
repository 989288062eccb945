"""Each rule with a card and a file that make each of its verdicts come out."""

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.claims.check import CHECKERS
from inspector.claims.inputs import Beside, KnownWeights, ListedFile, RunSeen
from inspector.claims.probes import names as probe_names
from inspector.claims.rules import By, rule_set, rules
from inspector.claims.values import Claim, Verdict, may_say
from tests.inspector.claims.made import TEMPLATE, TOKENS, WITH_PROMPT, claims, model_file

APACHE = (Path(__file__).parents[3] / "LICENSE").read_text()
SHA = "ab" * 32
OTHER = "cd" * 32
HUB = "https://huggingface.co"
FIGURES = """## Evaluation
We used lm-evaluation-harness with 5-shot prompts{precision}.

| Benchmark | Score |
|---|---|
| MMLU | 61.2 |
"""
DATED = "Cutting Knowledge Date: December 2023\n" + TEMPLATE
CUT_OFFS = "Knowledge cutoff: March 2023\n\nKnowledge cutoff: December 2023"
SHOWN = """## Prompt format
```
{first}<|im_start|>user
{{prompt}}<|im_end|>
and so on
```
"""
LISTING = (ListedFile(path="model.gguf", size=1, sha256=SHA), ListedFile(path="README.md"))
RUN = RunSeen(
    template="file",
    template_sha256="0" * 64,
    recorded=("file hash", "engine build", "settings", "seed", "batches"),
    tokens=50,
    decode_tps=20.0,
    threads=2,
)
VOCABULARY: dict[str, Any] = {"tokenizer__ggml__model": "gpt2", "tokenizer__ggml__tokens": TOKENS}
BASE: dict[str, Any] = {
    "general__base_model__count": 1,
    "general__base_model__0__name": "Llama 3.2 1B",
    "general__base_model__0__repo_url": f"{HUB}/meta-llama/Llama-3.2-1B",
}


def dated(card: str, file: str) -> Beside:
    """Returns a listing with these days of the last changes."""
    return Beside(
        listing=(
            ListedFile(path="README.md", changed=card),
            ListedFile(path="model.gguf", changed=file),
        )
    )


def front(text: str) -> str:
    return f"---\n{text}\n---\n# a\n"


SAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("ARCH", "agrees", {"card": "- **Model type:** LlamaForCausalLM"}),
    ("ARCH", "differs", {"card": "It uses the Qwen2 architecture."}),
    ("ARCH", "stated", {"card": "Architecture: a large language model"}),
    ("ARCH", "not stated", {"card": "# a"}),
    ("ARCH", "cannot be checked here", {"card": "Architecture: Llama", "arch": ""}),
    ("ARCH", "unknown", {}),
    ("PARAMS", "agrees", {"card": "It has 10K parameters."}),
    ("PARAMS", "agrees in part", {"card": "It has 10.5K parameters."}),
    ("PARAMS", "differs", {"card": "It has 3 billion parameters."}),
    ("PARAMS", "not stated", {"card": "# a"}),
    ("PARAMS", "cannot be checked here", {"card": "It has 3B parameters.", "tensors": ()}),
    ("PARAMS", "a person must judge", {"card": "In 1B, 3B and 7B parameters."}),
    ("PARAMS", "unknown", {}),
    ("CTX", "agrees", {"card": "A context of 8k tokens.", "llama__context_length": 8192}),
    ("CTX", "agrees in part", {"card": "context length: 4096", "llama__context_length": 8192}),
    ("CTX", "differs", {"card": "128k context window: 128k", "llama__context_length": 32768}),
    ("CTX", "not stated", {"card": "# a", "llama__context_length": 8192}),
    ("CTX", "cannot be checked here", {"card": "A context length of 8k tokens."}),
    (
        "CTX",
        "a person must judge",
        {"card": "Context length: 4k\n\nContext length: 16k", "llama__context_length": 8192},
    ),
    ("CTX", "unknown", {}),
    ("CTXLIVE", "a person must judge", {"llama__context_length": 8192}),
    ("CTXLIVE", "cannot be checked here", {}),
    ("LAYERS", "agrees", {"card": "- **Number of layers:** 3", "llama__block_count": 3}),
    (
        "LAYERS",
        "agrees in part",
        {
            "card": "number of layers: 3\nhidden size: 64",
            "llama__block_count": 3,
            "llama__embedding_length": 100,
        },
    ),
    ("LAYERS", "differs", {"card": "number of layers: 5", "llama__block_count": 3}),
    ("LAYERS", "not stated", {"card": "# a", "llama__block_count": 3}),
    ("LAYERS", "cannot be checked here", {"tensors": (("x.weight", (2, 2)),)}),
    (
        "LAYERS",
        "a person must judge",
        {"card": "|n_layers|\n|---|\n|6|\n|12|", "llama__block_count": 3},
    ),
    ("LAYERS", "unknown", {}),
    ("QUANT", "agrees", {"name": "model-F32.gguf"}),
    ("QUANT", "agrees in part", {"name": "model.Q4_K_M.gguf", "file_type": 15}),
    ("QUANT", "differs", {"name": "model.Q4_0.gguf", "file_type": 7}),
    ("QUANT", "stated", {"file_type": 40}),
    ("QUANT", "not stated", {"file_type": None}),
    ("QUANT", "cannot be checked here", {"tensors": ()}),
    ("BPW", "agrees", {}),
    ("BPW", "agrees in part", {"file_type": 15}),
    ("BPW", "differs", {"card": "| model.gguf | 4.2 GB |"}),
    ("BPW", "stated", {"file_type": 40}),
    ("BPW", "cannot be checked here", {"tensors": ()}),
    ("HASH", "agrees", {"beside": Beside(sha256=SHA, listing=LISTING)}),
    ("HASH", "differs", {"card": f"| model.gguf | {SHA} |", "beside": Beside(sha256=OTHER)}),
    ("HASH", "not stated", {"beside": Beside(listing=())}),
    ("HASH", "cannot be checked here", {"beside": Beside(listing=LISTING)}),
    ("HASH", "unknown", {}),
    (
        "DIGEST",
        "agrees",
        {
            "beside": Beside(
                weights_digest=SHA, known=(KnownWeights(name="model.gguf", digest=SHA),)
            )
        },
    ),
    (
        "DIGEST",
        "differs",
        {"beside": Beside(weights_digest=SHA, known=(KnownWeights(name="mine.gguf", digest=SHA),))},
    ),
    (  # A copy under another name is the same model with the same label.
        "DIGEST",
        "agrees",
        {
            "beside": Beside(
                sha256=OTHER,
                weights_digest=SHA,
                known=(KnownWeights(name="mine.gguf", digest=SHA, sha256=OTHER),),
            )
        },
    ),
    (
        "DIGEST",
        "not stated",
        {"beside": Beside(weights_digest=SHA, known=(KnownWeights(name="x", digest=OTHER),))},
    ),
    ("DIGEST", "cannot be checked here", {}),
    ("DIGEST", "unknown", {"beside": Beside(weights_digest=SHA, known=())}),
    ("LIC-HDR", "agrees", {"card": front("license: mit"), "general__license": "MIT"}),
    ("LIC-HDR", "differs", {"card": front("license: mit"), "general__license": "apache-2.0"}),
    ("LIC-HDR", "stated", {"card": front("license: mit")}),
    ("LIC-HDR", "not stated", {"card": "# a"}),
    (
        "LIC-HDR",
        "a person must judge",
        {"card": front("license: my-own"), "general__license": "mit"},
    ),
    ("LIC-HDR", "unknown", {}),
    ("LIC-TXT", "agrees", {"general__license": "apache-2.0", "documents": {"LICENSE": APACHE}}),
    (
        "LIC-TXT",
        "agrees in part",
        {
            "general__license": "apache-2.0",
            "documents": {
                "LICENSE": APACHE.replace(
                    "irrevocable", "on every rainy Tuesday in May and in June revocable"
                )
            },
        },
    ),
    ("LIC-TXT", "differs", {"general__license": "mit", "documents": {"LICENSE": APACHE}}),
    ("LIC-TXT", "stated", {"general__license": "mit"}),
    ("LIC-TXT", "not stated", {}),
    ("LIC-TXT", "a person must judge", {"documents": {"LICENSE": "Do what you like. " * 40}}),
    ("LIC-BASE", "differs", {"general__license": "mit", **BASE}),
    ("LIC-BASE", "stated", {"general__license": "llama3.2", **BASE}),
    ("LIC-BASE", "not stated", {"card": "# a"}),
    ("LIC-BASE", "cannot be checked here", {"card": front("base_model: someone/else")}),
    ("LIC-BASE", "unknown", {}),
    ("LIC-USE", "a person must judge", {"general__license": "llama3.2"}),
    ("LIC-USE", "not stated", {}),
    ("LIC-USE", "cannot be checked here", {"general__license": "zlib"}),
    ("LIC-DATA", "stated", {"card": front("datasets: [HuggingFaceFW/fineweb, me/mine]")}),
    ("LIC-DATA", "not stated", {"card": "# a"}),
    ("LIC-DATA", "a person must judge", {"card": front("datasets: [tatsu-lab/alpaca]")}),
    ("LIC-DATA", "unknown", {}),
    (
        "PARENT",
        "agrees in part",
        {
            "card": front("base_model: someone/Otter"),
            "general__base_model__count": 1,
            "general__base_model__0__repo_url": f"{HUB}/someone/Otter",
        },
    ),
    (
        "PARENT",
        "differs",
        {
            "card": front("base_model: someone/Otter"),
            "general__base_model__count": 1,
            "general__base_model__0__repo_url": f"{HUB}/someone/Heron",
        },
    ),
    ("PARENT", "stated", {"card": front("base_model: someone/Otter")}),
    ("PARENT", "not stated", {"card": "# a"}),
    ("PARENT", "unknown", {}),
    ("REQUANT", "a person must judge", {"file_type": 15, "general__name": "Otter"}),
    ("REQUANT", "not stated", {"file_type": 1}),
    ("REQUANT", "cannot be checked here", {"file_type": 15}),
    ("DATASETS", "stated", {"card": "## Training data\nPublicly available web data."}),
    ("DATASETS", "not stated", {"card": "# a"}),
    ("DATASETS", "unknown", {}),
    ("DATE", "a person must judge", {"card": "Knowledge cutoff: December 2023"}),
    ("DATE", "agrees", {"card": "Knowledge cutoff: December 2023", "template": DATED}),
    ("DATE", "agrees in part", {"card": CUT_OFFS, "template": DATED}),
    ("DATE", "differs", {"card": "Knowledge cutoff: March 2024", "template": DATED}),
    ("DATE", "stated", {"card": "# a", "template": DATED}),
    ("DATE", "not stated", {"card": "# a"}),
    ("DATE", "unknown", {}),
    ("LANG", "agrees", {"card": front("language: [en, fr]"), "general__languages": ["fr", "en"]}),
    (
        "LANG",
        "agrees in part",
        {"card": front("language: [en]"), "general__languages": ["en", "de"]},
    ),
    ("LANG", "differs", {"card": front("language: [en]"), "general__languages": ["de"]}),
    ("LANG", "stated", {"card": "Supported languages: English and German."}),
    (
        "LANG",
        "a person must judge",
        {"card": front("language: [en]") + "It supports the languages English and Greek."},
    ),
    ("LANG", "not stated", {"card": "# a"}),
    ("LANG", "unknown", {}),
    ("EVAL", "stated", {"card": FIGURES.format(precision=" in bf16")}),
    ("EVAL", "not stated", {"card": "# a"}),
    ("EVAL", "cannot be checked here", {"card": FIGURES.format(precision="")}),
    ("EVAL", "unknown", {}),
    ("EVALQ", "agrees in part", {"card": FIGURES.format(precision=" in fp32")}),
    ("EVALQ", "differs", {"card": FIGURES.format(precision=" in bf16"), "file_type": 15}),
    ("EVALQ", "stated", {"card": FIGURES.format(precision=" for this file"), "file_type": 15}),
    ("EVALQ", "not stated", {"card": "# a"}),
    ("EVALQ", "cannot be checked here", {"card": FIGURES.format(precision="")}),
    ("EVALQ", "a person must judge", {"card": FIGURES.format(precision=" in bf16 and float32")}),
    ("EVALQ", "unknown", {}),
    ("EVALREDO", "a person must judge", {"card": FIGURES.format(precision="")}),
    ("EVALREDO", "not stated", {"card": "# a"}),
    ("EVALREDO", "unknown", {}),
    (
        "TMPL-HUB",
        "agrees",
        {
            "template": TEMPLATE,
            "files": {"tokenizer_config.json": json.dumps({"chat_template": f"  {TEMPLATE}  \n"})},
        },
    ),
    (
        "TMPL-HUB",
        "differs",
        {"template": TEMPLATE, "files": {"chat_template.jinja": WITH_PROMPT}},
    ),
    ("TMPL-HUB", "agrees in part", {"template": TEMPLATE, "card": SHOWN.format(first="")}),
    (
        "TMPL-HUB",
        "a person must judge",
        {"template": TEMPLATE, "card": SHOWN.format(first="[INST]")},
    ),
    ("TMPL-HUB", "not stated", {}),
    ("TMPL-HUB", "unknown", {"template": TEMPLATE}),
    ("TMPL-RISK", "a person must judge", {"template": TEMPLATE}),
    ("TMPL-RISK", "not stated", {}),
    ("TMPL-USED", "agrees", {"template": TEMPLATE, "runs_own": True}),
    ("TMPL-USED", "differs", {"template": TEMPLATE, "beside": Beside(runs=(RUN,))}),
    ("TMPL-USED", "stated", {"beside": Beside(runs=(RunSeen(template="none"),))}),
    ("TMPL-USED", "unknown", {"template": TEMPLATE}),
    (
        "SYS",
        "agrees",
        {
            "template": WITH_PROMPT,
            "card": 'The default system prompt is "You are a quiet and helpful parrot."',
        },
    ),
    (
        "SYS",
        "differs",
        {"template": WITH_PROMPT, "card": "The system prompt is: You are a loud gull at sea."},
    ),
    ("SYS", "stated", {"template": WITH_PROMPT}),
    (
        "SYS",
        "a person must judge",
        {"template": WITH_PROMPT.replace("a quiet", "Qwen, a"), "general__name": "Parrot 1B"},
    ),
    ("SYS", "not stated", {"template": TEMPLATE}),
    ("SYS", "cannot be checked here", {"template": "{% if %}"}),
    ("STOP", "agrees", {"template": TEMPLATE, "tokenizer__ggml__eos_token_id": 2, **VOCABULARY}),
    (
        "STOP",
        "agrees in part",
        {"template": TEMPLATE, "tokenizer__ggml__eos_token_id": 0, **VOCABULARY},
    ),
    (
        "STOP",
        "differs",
        {
            "template": TEMPLATE.replace("im_end", "over_and_out"),
            "tokenizer__ggml__eos_token_id": 0,
            **VOCABULARY,
        },
    ),
    ("STOP", "stated", {"tokenizer__ggml__eos_token_id": 0, **VOCABULARY}),
    ("STOP", "not stated", {"template": TEMPLATE}),
    (
        "STOP",
        "a person must judge",
        {
            "template": "{% for m in messages %}{{ m['content'] }} and {% endfor %}",
            "tokenizer__ggml__eos_token_id": 0,
            **VOCABULARY,
        },
    ),
    ("SAFE-STATE", "stated", {"card": "It was aligned with human preferences by DPO."}),
    ("SAFE-STATE", "not stated", {"card": "# a"}),
    ("SAFE-STATE", "unknown", {}),
    ("SAFE-OVER", "a person must judge", {}),
    ("SAFE-STYLE", "a person must judge", {}),
    ("GUARD", "stated", {"card": "Use it with Llama Guard 3."}),
    ("GUARD", "not stated", {"card": "# a"}),
    ("GUARD", "unknown", {}),
    ("AUP", "stated", {"card": "See the [policy](https://example.com/use-policy)."}),
    ("AUP", "not stated", {"card": "# a"}),
    ("AUP", "unknown", {}),
    ("CONTACT", "stated", {"card": "Write to otter@example.com."}),
    ("CONTACT", "not stated", {"card": "# a"}),
    ("CONTACT", "unknown", {}),
    ("ENV", "stated", {"card": "- **Hardware Type:** a small one\n"}),
    ("ENV", "not stated", {"card": "- **Hardware Type:** [More Information Needed]\n"}),
    ("ENV", "unknown", {}),
    ("LIMITS", "stated", {"card": "## Limitations\nIt can't count beyond twelve.\n"}),
    ("LIMITS", "not stated", {"card": "## Limitations\n[More Information Needed]\n"}),
    ("LIMITS", "unknown", {}),
    ("FILL", "stated", {"card": front("license: mit")}),
    ("FILL", "not stated", {"card": "text"}),
    ("FILL", "unknown", {}),
    ("STALE", "out of date", {"beside": dated("2024-01-01", "2024-06-01")}),
    ("STALE", "stated", {"beside": dated("2024-05-01", "2024-06-01")}),
    ("STALE", "cannot be checked here", {"beside": Beside(listing=LISTING)}),
    ("STALE", "unknown", {}),
    ("REPRO", "stated", {"card": "[training code](https://github.com/a/b)"}),
    ("REPRO", "not stated", {"card": "# a"}),
    ("REPRO", "unknown", {}),
    ("SEEDREC", "agrees", {"beside": Beside(runs=(RunSeen(again=0),))}),
    ("SEEDREC", "differs", {"beside": Beside(runs=(RunSeen(again=7),))}),
    ("SEEDREC", "stated", {"beside": Beside(runs=(RUN,))}),
    ("SEEDREC", "unknown", {}),
    ("SPEED", "a person must judge", {"card": "Runs on a laptop.", "beside": Beside(runs=(RUN,))}),
    ("SPEED", "stated", {"card": "Runs on a laptop."}),
    ("SPEED", "not stated", {"card": "# a"}),
    ("SPEED", "unknown", {}),
    ("IDENT", "a person must judge", {}),
    ("FORMAT", "a person must judge", {"card": "It supports function calling."}),
    ("FORMAT", "not stated", {"card": "# a"}),
    ("FORMAT", "unknown", {}),
]

NOT_BY_THE_READER = {("LIC-TXT", "unknown")}
"""Only an asker that looks for no licence text brings it out; ours always looks."""


def made(folder: Path, rule: str, asked: dict[str, Any]) -> tuple[Claim, ...]:
    about = dict(asked)
    card, beside = about.pop("card", None), about.pop("beside", None)
    documents, files = about.pop("documents", None), about.pop("files", None)
    own = about.pop("runs_own", False)
    path = model_file(folder, **about)
    if own:
        import hashlib

        digest = hashlib.sha256(about["template"].encode()).hexdigest()
        beside = Beside(runs=(RunSeen(template="file", template_sha256=digest),))
    report = claims(path, card, beside=beside, documents=documents, files=files)
    assert report.failed == ()
    return report.of(rule)


@pytest.mark.parametrize(
    ("rule", "verdict", "asked"), SAYS, ids=[f"{rule}-{verdict}" for rule, verdict, _ in SAYS]
)
def test_the_verdict_comes_out(
    tmp_path: Path, rule: str, verdict: str, asked: dict[str, Any]
) -> None:
    said = made(tmp_path, rule, asked)
    assert verdict in {one.verdict.value for one in said}
    for one in said:
        assert may_say(one.verdict, one.grade)
        assert one.version == rules()[rule].version


def test_every_verdict_of_every_rule_is_tried() -> None:
    promised = {(rule.id, one.value) for rule in rule_set().rule for one in rule.verdicts}
    assert {(rule, verdict) for rule, verdict, _ in SAYS} == promised - NOT_BY_THE_READER


def test_there_are_42_rules_each_with_a_checker_and_each_person_with_something_to_do() -> None:
    assert len(rule_set().rule) == 42
    assert [rule.id for rule in rule_set().rule] == list(CHECKERS)
    for rule in rule_set().rule:
        assert rule.group in rule_set().groups
        assert not rule.probe or rule.probe in probe_names()
    assert {rule.probe for rule in rule_set().rule if rule.probe} == probe_names()
    assert sum(rule.by is By.PERSON for rule in rule_set().rule) == 8


def test_words_alone_never_agree() -> None:
    for verdict in (Verdict.AGREES, Verdict.AGREES_IN_PART):
        assert not may_say(verdict, None)


@pytest.mark.parametrize(
    ("parent", "reason"),
    [
        ("HuggingFaceTB/SmolLM2-135M", "other_stays_not"),
        ("meta-llama/Llama-3.2-1B", "passes_on"),
    ],
)
def test_what_a_parents_licence_asks_is_told_by_our_reading_of_it(
    tmp_path: Path, parent: str, reason: str
) -> None:
    path = model_file(tmp_path, general__license="mit")
    report = claims(path, front(f"license: mit\nbase_model: {parent}"))
    (claim,) = [one for one in report.claims if one.rule == "LIC-BASE"]
    assert claim.reason == reason


@pytest.mark.parametrize(
    ("field", "parent", "reason"),
    [
        ("license: mit\n", "someone/else", "ours_only"),
        ("", "meta-llama/Llama-3.2-1B", "theirs_only"),
        ("", "someone/else", "not_known"),
    ],
)
def test_whose_licence_is_not_known_is_said(
    tmp_path: Path, field: str, parent: str, reason: str
) -> None:
    report = claims(model_file(tmp_path), front(f"{field}base_model: {parent}"))
    (claim,) = [one for one in report.claims if one.rule == "LIC-BASE"]
    assert (claim.verdict, claim.reason) == (Verdict.CANNOT, reason)
