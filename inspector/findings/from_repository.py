"""What a repository's listing and the Hub's answer give as evidence, and whose repository it is."""

import re
from collections.abc import Iterator

from inspector.facts import Fact, known
from inspector.findings.evidence import Evidence
from inspector.findings.values import Link
from inspector.repository.read import file_source
from inspector.repository.values import ListedFile, Repository

_WEIGHTS = re.compile(r"(?:^|/)[^/]+\.(?:safetensors|pth|pt|bin|msgpack|h5)$")
_NOT_WEIGHTS = re.compile(
    r"(?:^|/)(?:training_args|optimizer|scheduler|rng_state)[^/]*$|^(?:onnx|coreml|openvino)/"
)
_STEPS = re.compile(r"^(?:checkpoint|step|global_step)[-_]?\d+/")
_CODE = re.compile(r"(?:^|/)modeling_[A-Za-z0-9_]+\.py$")
_STATES = re.compile(
    r"(?:^|/)(?:training_args\.bin|optimizer[^/]*\.(?:pt|bin)|trainer_state\.json)$"
)
_RESULTS = re.compile(r"^\.eval_results/[^/]+\.ya?ml$")
_GGUF = re.compile(r"\.gguf$", re.IGNORECASE)
_MOST_NAMED = 20


def place_of_repository(repository: Repository) -> Link:
    """Returns whose repository it is: a quantiser's, or that of a model as it was trained.

    A repository that holds GGUF files and no others, and names one model that it was made of, is a
    quantiser's even where nobody says so.
    """
    relation = repository.text("relation")
    if relation:
        return Link.QUANTISER if relation == "quantized" else Link.END_MODEL
    holds_gguf = any(_GGUF.search(one.path) for one in repository.files)
    parents = repository.texts("base_models")
    if "gguf" in repository.texts("tags") or holds_gguf:
        return (
            Link.QUANTISER if len(parents) == 1 and not weights_of(repository) else Link.END_MODEL
        )
    return Link.END_MODEL


def weights_of(repository: Repository) -> tuple[ListedFile, ...]:
    """Returns the files of numbers as they were trained; quantised copies are another thing."""
    return tuple(
        one
        for one in repository.files
        if _WEIGHTS.search(one.path)
        and not _NOT_WEIGHTS.search(one.path)
        and not _STEPS.search(one.path)
    )


def repository_evidence(repository: Repository, link: Link) -> tuple[Evidence, ...]:
    """Returns what a repository shows of the place in the lineage that it belongs to.

    A private repository shows nothing: whoever asked may see it, and others may not.
    """
    if repository.facts.get("private", known(value=False)).value is True:
        return ()
    every = [*_answers(repository), *_files(repository, link)]
    return tuple(Evidence(key=key, fact=fact, link=link) for key, fact in every)


def _answers(repository: Repository) -> Iterator[tuple[str, Fact]]:
    if gated := repository.facts.get("gated"):
        yield "repository.gated", gated
    if datasets := repository.facts.get("datasets"):
        yield "card.datasets", datasets
    if repository.commit:
        source = file_source(repository)
        yield "repository.history", known(f"commit {repository.commit}", source)


def _files(repository: Repository, link: Link) -> Iterator[tuple[str, Fact]]:
    weights = weights_of(repository)
    quantised = [one for one in repository.files if _GGUF.search(one.path)]
    if weights or (quantised and link is not Link.QUANTISER):
        yield "repository.weights", _listed(repository, weights or quantised)
    if quantised:
        yield "repository.quantised", _listed(repository, quantised)
    for key, form in (
        ("repository.checkpoints", _STEPS),
        ("repository.states", _STATES),
        ("code.architecture", _CODE),
        ("card.evaluation", _RESULTS),
    ):
        if found := [one for one in repository.files if form.search(one.path)]:
            yield key, _listed(repository, found)


def _listed(repository: Repository, files: "tuple[ListedFile, ...] | list[ListedFile]") -> Fact:
    total = sum(one.size for one in files)
    counted = "1 file" if len(files) == 1 else f"{len(files):,} files"
    sources = (file_source(repository, one.path) for one in files[:_MOST_NAMED])
    return known(f"{counted}, {total:,} bytes", *sources)
