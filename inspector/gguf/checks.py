"""Checks what a header's values mean to llama.cpp, against the rules in `resources/gguf/keys.toml`.

Two grades: what stops or crashes its loader is refused; what it repairs by itself, or what is only
odd, becomes an `Oddity` that is shown. So nothing is hidden that could be looked at.
"""

import msgspec

from inspector.errors import InspectorError
from inspector.gguf.header import Entry, Header
from inspector.gguf.limits import Limits
from inspector.gguf.metadata import Metadata
from inspector.gguf.types import ValueType
from inspector.untrusted import shown
from resources import table


class Oddity(msgspec.Struct, frozen=True):
    """Something in a header that a person should know and that stops nobody from reading it.

    Attributes:
        code: names the words in `resources/texts/en/oddities.toml`.
        context: values for those words.
    """

    code: str
    context: dict[str, str | int | float] = {}


class _Vocabulary(msgspec.Struct, frozen=True):
    list: str
    beside: tuple[str, ...]


class _Special(msgspec.Struct, frozen=True):
    types: tuple[str, ...]
    keys: tuple[str, ...]


class _Rules(msgspec.Struct, frozen=True):
    schema: str
    types: dict[str, tuple[str, ...]]
    vocabulary: _Vocabulary
    special: _Special


def check_values(header: Header, metadata: Metadata, size: int, limits: Limits) -> list[Oddity]:
    """Checks the values of a sound header.

    Args:
        header: the header.
        metadata: its values.
        size: length of the file in bytes.
        limits: caps on what values may claim.

    Returns:
        What is odd.

    Raises:
        InspectorError: where llama.cpp's loader would stop or crash.
    """
    rules = table("gguf/keys.toml", _Rules)
    architecture = metadata.text("general.architecture") or ""
    _check_types(rules, metadata, architecture)
    _check_layers(metadata, architecture, limits)
    _check_vocabulary(rules, metadata)
    oddities = _odd_special_tokens(rules, metadata)
    oddities += _odd_heads(metadata, architecture)
    oddities += _odd_layout(header, size)
    if not architecture:
        oddities.append(Oddity("oddity.no_architecture"))
    return oddities


def type_title(entry: Entry) -> str:
    """Returns an entry's type as llama.cpp prints it: `u32`, `arr[str]`."""
    if entry.type is ValueType.ARRAY:
        return f"arr[{entry.element.title}]"
    return entry.type.title


def _check_types(rules: _Rules, metadata: Metadata, architecture: str) -> None:
    """Refuses known keys with a type that llama.cpp reads as something else."""
    wanted = {key.replace("{arch}", architecture): kinds for key, kinds in rules.types.items()}
    wanted |= dict.fromkeys(rules.special.keys, rules.special.types)
    for key, kinds in wanted.items():
        entry = metadata.get(key)
        if entry is not None and type_title(entry) not in kinds:
            raise InspectorError(
                "gguf.key_type",
                key=shown(key),
                found=type_title(entry),
                wanted=" / ".join(kinds),
            )


def _check_layers(metadata: Metadata, architecture: str, limits: Limits) -> None:
    """Refuses more layers than llama.cpp has room for: older builds abort on them."""
    layers = metadata.integer(f"{architecture}.block_count")
    if layers is not None and layers > limits.layers:
        raise InspectorError("gguf.layers", count=layers, limit=limits.layers)


def _check_vocabulary(rules: _Rules, metadata: Metadata) -> None:
    """Refuses arrays beside the vocabulary that are shorter than it."""
    tokens = metadata.get(rules.vocabulary.list)
    if tokens is None:
        return
    for key in rules.vocabulary.beside:
        beside = metadata.get(key)
        if beside is not None and beside.count < tokens.count:
            raise InspectorError(
                "gguf.short_array", key=key, count=beside.count, tokens=tokens.count
            )


def _odd_special_tokens(rules: _Rules, metadata: Metadata) -> list[Oddity]:
    """Notes special tokens outside the vocabulary; llama.cpp falls back to its defaults."""
    tokens = metadata.get(rules.vocabulary.list)
    if tokens is None:
        return []
    oddities = []
    for key in rules.special.keys:
        number = metadata.integer(key)
        # -1 as an unsigned number is how converters write "none".
        if number is not None and number >= tokens.count and number != 2**32 - 1:
            context: dict[str, str | int | float] = {
                "key": key,
                "number": number,
                "tokens": tokens.count,
            }
            oddities.append(Oddity("oddity.special_token", context))
    return oddities


def _odd_heads(metadata: Metadata, architecture: str) -> list[Oddity]:
    """Notes numbers of attention heads that don't divide each other."""
    heads = metadata.integer(f"{architecture}.attention.head_count")
    groups = metadata.integer(f"{architecture}.attention.head_count_kv")
    if heads and groups and (groups > heads or heads % groups):
        return [Oddity("oddity.heads", {"heads": heads, "groups": groups})]
    return []


def _odd_layout(header: Header, size: int) -> list[Oddity]:
    """Notes tensor data that is not laid out as llama.cpp writes it."""
    oddities = []
    if header.gaps:
        oddities.append(Oddity("oddity.gaps", {"count": header.gaps}))
    trailing = size - header.end
    if header.tensors and trailing >= header.alignment:
        oddities.append(Oddity("oddity.trailing", {"bytes": trailing}))
    empty = sum(1 for tensor in header.tensors if tensor.elements == 0)
    if empty:
        oddities.append(Oddity("oddity.empty_tensors", {"count": empty}))
    return oddities
