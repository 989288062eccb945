"""What a file is, in facts: the first thing that a person wants to know of a model.

Only what the header says and what can be counted from it. A licence here is what the file states,
not what is true; judging it is for others.
"""

from collections import Counter

import msgspec

from inspector.facts import Fact, Source, SourceKind, known, unknown
from inspector.gguf.memory import MemoryNeed, memory_need
from inspector.gguf.model import GgufModel
from inspector.gguf.types import tensor_types
from resources import table

MOST_RELATIVES = 64
"""Base models that are read of a header; merges have a dozen."""


class TypeShare(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a model is stored as one tensor type."""

    type: str
    tensors: int
    elements: int
    bytes: int
    bits_per_weight: float


class Relative(msgspec.Struct, frozen=True, kw_only=True):
    """A base model or dataset as the header names it.

    Attributes:
        index: its number in the header's list.
    """

    index: int
    name: Fact
    organisation: Fact
    version: Fact
    repository: Fact


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is, in facts.

    Attributes:
        kind: what the file is for: `model`, `vocabulary only`, `projector`, ….
        quantisation: the quantisation's name as the header states it.
        types: the real mix of tensor types, the largest first.
        bits_per_weight: over all tensors.
        template: whether the file brings a chat template.
    """

    kind: Fact
    name: Fact
    architecture: Fact
    size_label: Fact
    parameters: Fact
    quantisation: Fact
    types: tuple[TypeShare, ...]
    bits_per_weight: Fact
    file_bytes: Fact
    context_trained: Fact
    vocabulary: Fact
    tokenizer: Fact
    template: Fact
    licence: Fact
    licence_name: Fact
    licence_link: Fact
    languages: Fact
    tags: Fact
    organisation: Fact
    author: Fact
    quantised_by: Fact
    repository: Fact
    base_models: tuple[Relative, ...]
    datasets: tuple[Relative, ...]
    memory: MemoryNeed


class _FileTypes(msgspec.Struct, frozen=True):
    schema: str
    types: dict[str, str]


def summarise(model: GgufModel, context: int = 0, free_bytes: int | None = None) -> Summary:
    """Returns what `model` is.

    Args:
        model: the open model.
        context: tokens of context to work out the memory for; 0 takes what was trained.
        free_bytes: memory free now, if somebody measured it.
    """
    reading = _Reading(model)
    weights = sum(tensor.size for tensor in model.tensors)
    parameters = sum(tensor.elements for tensor in model.tensors)
    counted = reading.counted(f"summed over {len(model.tensors)} tensors")
    has_tensors = bool(parameters)
    return Summary(
        kind=reading.kind(),
        name=reading.text("general.name", settle="settle.name"),
        architecture=reading.text("general.architecture", settle="settle.architecture"),
        size_label=reading.text("general.size_label", settle="settle.size_label"),
        parameters=known(parameters, counted) if has_tensors else unknown("settle.parameters"),
        quantisation=reading.quantisation(),
        types=_type_shares(model),
        bits_per_weight=known(8 * weights / parameters, counted)
        if has_tensors
        else unknown("settle.quantisation"),
        file_bytes=known(model.size, reading.counted("length on disk")),
        context_trained=reading.integer(model.arch_key("context_length"), "settle.context"),
        vocabulary=reading.vocabulary(),
        tokenizer=reading.text("tokenizer.ggml.model", settle="settle.tokenizer"),
        template=known(
            "tokenizer.chat_template" in model.metadata, reading.at("tokenizer.chat_template")
        ),
        licence=reading.text("general.license", settle="settle.licence"),
        licence_name=reading.text("general.license.name", settle="settle.licence"),
        licence_link=reading.text("general.license.link", settle="settle.licence"),
        languages=reading.texts("general.languages", "settle.languages"),
        tags=reading.texts("general.tags", "settle.languages"),
        organisation=reading.text("general.organization", settle="settle.organisation"),
        author=reading.text("general.author", settle="settle.organisation"),
        quantised_by=reading.text("general.quantized_by", settle="settle.quantised_by"),
        repository=reading.text(
            "general.repo_url",
            "general.url",
            "general.source.repo_url",
            "general.source.url",
            settle="settle.repository",
        ),
        base_models=reading.relatives("general.base_model"),
        datasets=reading.relatives("general.dataset"),
        memory=memory_need(model, context, free_bytes),
    )


def _type_shares(model: GgufModel) -> tuple[TypeShare, ...]:
    """Returns the mix of tensor types by bytes, the largest first."""
    numbers: Counter[int] = Counter()
    elements: Counter[int] = Counter()
    sizes: Counter[int] = Counter()
    for tensor in model.tensors:
        numbers[tensor.type_id] += 1
        elements[tensor.type_id] += tensor.elements
        sizes[tensor.type_id] += tensor.size
    kinds = tensor_types()
    return tuple(
        TypeShare(
            type=kinds[number].name,
            tensors=numbers[number],
            elements=elements[number],
            bytes=size,
            bits_per_weight=kinds[number].bits_per_weight,
        )
        for number, size in sizes.most_common()
    )


class _Reading:
    """Turns header values into facts."""

    def __init__(self, model: GgufModel) -> None:
        self._model = model

    def at(self, key: str) -> Source:
        """Returns the place of `key` in the header."""
        return self._model.source(key)

    def counted(self, how: str) -> Source:
        """Returns the source of what was counted here."""
        return Source(
            kind=SourceKind.MEASURED,
            document=self._model.name,
            where=how,
            read_at=self._model.read_at,
        )

    def kind(self) -> Fact:
        """Returns what the file is for, with the keys that say so."""
        keys = ("general.type", "adapter.type", "general.architecture")
        said = [self.at(key) for key in keys if key in self._model.metadata]
        counted = self.counted(f"{len(self._model.tensors)} tensors")
        return known(self._model.kind.value, *said, counted)

    def text(self, *keys: str, settle: str) -> Fact:
        """Returns the first of `keys` that holds a text; an empty text says nothing."""
        for key in keys:
            value = self._model.metadata.text(key)
            if value and value.strip():
                return known(value.strip(), self.at(key))
        return unknown(settle, [self.at(key) for key in keys])

    def texts(self, key: str, settle: str) -> Fact:
        """Returns the list of texts at `key`; one text counts as a list of one."""
        values = self._model.metadata.texts(key)
        if values is None:
            one = self._model.metadata.text(key)
            values = (one,) if one else None
        return known(values, self.at(key)) if values else unknown(settle, [self.at(key)])

    def integer(self, key: str, settle: str) -> Fact:
        """Returns the whole number at `key`."""
        value = self._model.metadata.integer(key)
        return unknown(settle, [self.at(key)]) if value is None else known(value, self.at(key))

    def vocabulary(self) -> Fact:
        """Returns how many tokens the file lists, or says that it has."""
        tokens = self._model.metadata.get("tokenizer.ggml.tokens")
        if tokens is not None:
            return known(tokens.count, self.at("tokenizer.ggml.tokens"))
        return self.integer(self._model.arch_key("vocab_size"), "settle.vocabulary")

    def quantisation(self) -> Fact:
        """Returns the name of the quantisation that the header states."""
        number = self._model.metadata.integer("general.file_type")
        names = table("gguf/file_types.toml", _FileTypes).types
        # Some writers add 1024 to a type that they only guessed.
        name = None if number is None else names.get(str(number & 0x3FF))
        if name is not None:
            return known(name, self.at("general.file_type"))
        shares = _type_shares(self._model)
        if shares:
            return known(shares[0].type, self.counted("the type with the most bytes"))
        return unknown("settle.quantisation", [self.at("general.file_type")])

    def relatives(self, prefix: str) -> tuple[Relative, ...]:
        """Returns the base models or datasets that the header lists."""
        count = self._model.metadata.integer(f"{prefix}.count") or 0
        relatives = []
        for index in range(min(count, MOST_RELATIVES)):
            key = f"{prefix}.{index}"
            relatives.append(
                Relative(
                    index=index,
                    name=self.text(f"{key}.name", settle="settle.base_models"),
                    organisation=self.text(
                        f"{key}.organization", f"{key}.author", settle="settle.base_models"
                    ),
                    version=self.text(f"{key}.version", settle="settle.base_models"),
                    repository=self.text(
                        f"{key}.repo_url", f"{key}.url", settle="settle.base_models"
                    ),
                )
            )
        return tuple(relatives)
