"""PARENT, where the parent's own file is here: its shapes and its vocabulary, from its header."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from inspector.claims.case import Maker
from inspector.claims.numbers import told
from inspector.claims.values import Claim, Grade, Verdict
from inspector.errors import InspectorError
from inspector.facts import Fact
from inspector.gguf.model import GgufModel

MOST_FILES = 2
TOKENS = 4_096
"""So many tokens from the beginning are compared one by one."""

_TOKENS = "tokenizer.ggml.tokens"
_SHAPES = {
    "layers": "block_count",
    "width": "embedding_length",
    "heads": "attention.head_count",
    "shared heads": "attention.head_count_kv",
    "inner width": "feed_forward_length",
}


def parent_files(maker: Maker) -> Iterator[Claim]:
    """Yields a claim for each file of a parent that is here."""
    for path in maker.case.beside.parent_files[:MOST_FILES]:
        try:
            with GgufModel.open(Path(path)) as parent:
                yield _compared(maker, parent)
        except InspectorError:
            # Somebody's file, but no sound one; the inspector says so where it is looked at.
            continue


def _compared(maker: Maker, parent: GgufModel) -> Claim:
    own = maker.case.model
    evidence: list[Fact] = []
    compared, other = [], []
    if own.architecture and parent.architecture:
        compared.append("architecture")
        if own.architecture != parent.architecture:
            other.append("architecture")
    for what, ending in _SHAPES.items():
        ours = own.metadata.number(own.arch_key(ending))
        theirs = parent.metadata.number(parent.arch_key(ending))
        if ours is None or theirs is None:
            continue
        compared.append(what)
        if ours != theirs:
            other.append(f"{what} ({told(float(ours))}, there {told(float(theirs))})")
            evidence.append(maker.case.header(own.arch_key(ending)))
    vocabulary = _vocabulary(own, parent)
    if vocabulary is not None:
        compared.append("vocabulary")
    if other:
        verdict, reason = Verdict.DIFFERS, "file_other"
    elif not compared:
        verdict, reason = Verdict.STATED, "file_says_nothing"
    elif vocabulary:
        # A fine-tune often adds tokens of its own.
        verdict, reason = Verdict.AGREES_IN_PART, "file_vocabulary"
    else:
        verdict, reason = Verdict.AGREES_IN_PART, "file_alike"
    return maker.claim(
        verdict,
        reason,
        Grade.COMPUTED if compared else Grade.HEADER,
        which=f"file {parent.name}",
        text=parent.name,
        evidence=evidence,
        parent=parent.name,
        what=", ".join(other) or vocabulary or ", ".join(compared) or "–",
    )


def _vocabulary(own: GgufModel, parent: GgufModel) -> str | None:
    """Returns how two vocabularies differ, empty where they don't; None where one is missing."""
    if own.metadata.texts(_TOKENS, 1) is None or parent.metadata.texts(_TOKENS, 1) is None:
        return None
    ours, theirs = (one.metadata.page(_TOKENS, 0, 0).total for one in (own, parent))
    pairs = zip(own.metadata.strings(_TOKENS), parent.metadata.strings(_TOKENS), strict=False)
    at = next((n for n, (a, b) in enumerate(islice(pairs, TOKENS)) if a != b), None)
    if at is not None:
        return f"token {at} is another"
    return "" if ours == theirs else f"{told(ours)} tokens, there {told(theirs)}"
