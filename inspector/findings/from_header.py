"""What a GGUF header gives as evidence: the file itself, its claimed licence, and leads.

All of it is about the file, whoever made it. Names of base models and data sets are copied from a
card by a converter; they are leads, and the rules leave what they name unknown.
"""

from collections.abc import Iterator

from inspector.facts import Fact, Source, known
from inspector.findings.evidence import Evidence
from inspector.findings.values import Link
from inspector.gguf.model import GgufModel, ModelKind

_WEIGHTS = frozenset({ModelKind.CHAT, ModelKind.EMBEDDING, ModelKind.ADAPTER, ModelKind.PROJECTOR})
_MOST = 64


def header_evidence(model: GgufModel) -> tuple[Evidence, ...]:
    """Returns what the header of `model` shows."""
    return tuple(Evidence(key=key, fact=fact, link=Link.FILE) for key, fact in _facts(model))


def _facts(model: GgufModel) -> Iterator[tuple[str, Fact]]:
    meta = model.metadata
    if model.kind in _WEIGHTS and model.tensors:
        listed = model.source("tensors")
        yield "file.weights", known(f"{len(model.tensors):,} tensors, {model.size:,} bytes", listed)
    for key, name in (
        ("licence.file", "general.license"),
        ("header.architecture", "general.architecture"),
    ):
        if value := meta.text(name):
            yield key, known(value, model.source(name))
    for key, kind in (("header.base_model", "base_model"), ("header.datasets", "dataset")):
        count = meta.integer(f"general.{kind}.count") or 0
        for number in range(min(count, _MOST)):
            field = f"general.{kind}.{number}"
            sources: list[Source] = []
            texts = []
            for ending in ("organization", "name", "repo_url"):
                if value := meta.text(f"{field}.{ending}"):
                    texts.append(value)
                    sources.append(model.source(f"{field}.{ending}"))
            if texts:
                yield key, known(" · ".join(texts), *sources)
    if old := meta.texts("general.datasets", _MOST):
        yield "header.datasets", known(tuple(old), model.source("general.datasets"))
