"""The file of a declared parent, where it is on this computer."""

from pathlib import Path

import pytest

from inspector.claims.inputs import Beside
from inspector.claims.values import Claim, Verdict
from tests.inspector.claims.made import TOKENS, claims, model_file

CARD = "---\nbase_model: maker/Otter\nbase_model_relation: finetune\n---\n# Tuned\n"
SHAPES = {"llama__block_count": 2, "llama__embedding_length": 64}


def compared(folder: Path, ours: dict[str, object], theirs: dict[str, object]) -> Claim:
    own = model_file(folder, "tuned.gguf", **ours)  # type: ignore[arg-type]
    parent = model_file(folder, "Otter-F16.gguf", **theirs)  # type: ignore[arg-type]
    (claim,) = [
        one
        for one in claims(own, CARD, beside=Beside(parent_files=(str(parent),))).of("PARENT")
        if one.id.startswith("PARENT/file")
    ]
    return claim


@pytest.mark.parametrize(
    ("theirs", "verdict", "reason", "told"),
    [
        ({}, Verdict.AGREES_IN_PART, "file_alike", "layers, width, vocabulary"),
        ({"llama__block_count": 3}, Verdict.DIFFERS, "file_other", "layers (2, there 3)"),
        ({"tokenizer__ggml__tokens": TOKENS[:-1]}, Verdict.AGREES_IN_PART, "file_vocabulary", "4 tokens, there 3"),
        ({"tokenizer__ggml__tokens": [*TOKENS[:-1], "b"]}, Verdict.AGREES_IN_PART, "file_vocabulary", "token 3 is another"),
        ({"arch": "gemma3"}, Verdict.DIFFERS, "file_other", "architecture"),
    ],
)  # fmt: skip
def test_shapes_and_vocabulary_of_a_parents_file(
    theirs: dict[str, object], verdict: Verdict, reason: str, told: str, tmp_path: Path
) -> None:
    ours: dict[str, object] = {**SHAPES, "tokenizer__ggml__tokens": TOKENS}
    claim = compared(tmp_path, ours, {**ours, **theirs})

    assert (claim.verdict, claim.reason) == (verdict, reason)
    assert told in str(claim.context["what"])


def test_a_file_that_is_no_model_says_nothing(tmp_path: Path) -> None:
    own, broken = model_file(tmp_path), tmp_path / "Otter.gguf"
    broken.write_bytes(b"GGUF" + b"\xff" * 200)
    report = claims(own, CARD, beside=Beside(parent_files=(str(broken), str(tmp_path / "none"))))

    assert [one.id for one in report.of("PARENT")] == ["PARENT"]
    assert report.failed == ()
