"""Reads the Hub's JSON: the information on a model, and the tree of its files.

The forms are those of `/api/models/<name>/revision/<revision>` and `/api/models/<name>/tree/<commit>`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from inspector.errors import InspectorError
from inspector.facts import Fact, Source, SourceKind, known
from inspector.repository.values import ListedFile, Repository

LARGEST = 8 * 1024 * 1024
"""Bytes of one answer that are looked at; the longest listing that we know of has a fifth."""

MOST_FILES = 10_000
MOST_VALUES = 500
LONGEST = 300
LONGEST_PATH = 1_000
_BIGGEST = 2**53
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PREFIX = re.compile(r"^(license|base_model|dataset|arxiv):(.+)$")
_RELATIONS = ("quantized", "finetune", "merge", "adapter")

Json = Mapping[str, object]


def read_repository(name: str, info: bytes, tree: bytes | None, read_at: datetime) -> Repository:
    """Returns what the Hub says of a repository.

    Args:
        name: the repository that was asked for.
        info: its answer about the model.
        tree: its listing of the files; None where it was not asked for.
        read_at: when the Hub was asked.

    Raises:
        InspectorError: `repository.not_json` or `repository.too_large`.
    """
    reading = _Reading(name, read_at)
    said = _decoded(info, name)
    if not isinstance(said, dict):
        raise InspectorError("repository.not_json", "not an object", name=name)
    reading.information(said)
    if tree is not None:
        listing = _decoded(tree, name)
        if not isinstance(listing, list):
            raise InspectorError("repository.not_json", "not a list", name=name)
        reading.tree(listing)
    return reading.repository(listed=tree is not None)


def _decoded(raw: bytes, name: str) -> object:
    if len(raw) > LARGEST:
        raise InspectorError("repository.too_large", name=name, size=len(raw) // 1024)
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InspectorError("repository.not_json", str(error)[:200], name=name) from error


class _Reading:
    """Takes values one by one; what makes no sense is counted and left."""

    def __init__(self, name: str, read_at: datetime) -> None:
        self._name = name
        self._read_at = read_at
        self._commit = ""
        self._facts: dict[str, Fact] = {}
        self._files: list[ListedFile] = []
        self._left_out = 0

    def repository(self, *, listed: bool) -> Repository:
        """Returns what was taken."""
        return Repository(
            name=self._name,
            commit=self._commit,
            read_at=self._read_at,
            facts=self._facts,
            files=tuple(self._files),
            listed=listed,
            left_out=self._left_out,
        )

    # ---- the answer on the model ------------------------------------------------------------------

    def information(self, said: Json) -> None:
        """Takes the answer on the model."""
        commit = said.get("sha")
        self._commit = commit if isinstance(commit, str) and _COMMIT.fullmatch(commit) else ""
        self._gate(said.get("gated"))
        if isinstance(private := said.get("private"), bool):
            self._keep("private", private, "private")
        for key, field in (
            ("changed", "lastModified"),
            ("created", "createdAt"),
            ("pipeline", "pipeline_tag"),
            ("library", "library_name"),
        ):
            if text := self._text(said.get(field)):
                self._keep(key, text, field)
        for key in ("downloads", "likes"):
            if (number := _number(said.get(key))) is not None:
                self._keep(key, number, key)
        self._tags(said.get("tags"))
        self._card_data(said.get("cardData"))
        self._weights(said)

    def _gate(self, gated: object) -> None:
        if gated is False or gated in ("auto", "manual"):
            self._keep("gated", str(gated or "false"), "gated")
        elif gated is True:
            self._keep("gated", "true", "gated")

    def _tags(self, tags: object) -> None:
        kept = tuple(self._texts(tags))
        if kept:
            self._keep("tags", kept, "tags")
        found: dict[str, list[str]] = {}
        for tag in kept:
            if match := _PREFIX.match(tag):
                found.setdefault(match.group(1), []).append(match.group(2))
        if licences := found.get("license"):
            self._keep("licence", ", ".join(licences[:8]), "tags: license:")
        if datasets := found.get("dataset"):
            self._keep("datasets", tuple(datasets), "tags: dataset:")
        self._base_tags(found.get("base_model", []))

    def _base_tags(self, values: list[str]) -> None:
        """Takes `owner/name` and `quantized:owner/name`; the Hub shows both."""
        names: dict[str, None] = {}
        for value in values:
            relation, _, rest = value.partition(":")
            if relation in _RELATIONS:
                self._facts.setdefault(
                    "relation", self._fact(relation, f"tags: base_model:{relation}:")
                )
            names[rest or value] = None
        kept = tuple(name for name in names if is_repository(name))
        if kept:
            self._keep("base_models", kept, "tags: base_model:")

    def _card_data(self, data: object) -> None:
        """Takes the card's front matter as the Hub has read it, where the tags said nothing."""
        if not isinstance(data, dict):
            return
        for key, field in (("licence", "license"), ("licence_name", "license_name")):
            if key not in self._facts and (texts := tuple(self._texts(data.get(field)))):
                self._keep(key, ", ".join(texts[:8]), f"cardData.{field}")
        bases = tuple(one for one in self._texts(data.get("base_model")) if is_repository(one))
        if "base_models" not in self._facts and bases:
            self._keep("base_models", bases, "cardData.base_model")
        relation = data.get("base_model_relation")
        if "relation" not in self._facts and relation in _RELATIONS:
            self._keep("relation", str(relation), "cardData.base_model_relation")
        if "datasets" not in self._facts and (sets := tuple(self._texts(data.get("datasets")))):
            self._keep("datasets", sets, "cardData.datasets")

    def _weights(self, said: Json) -> None:
        gguf, tensors = said.get("gguf"), said.get("safetensors")
        if isinstance(gguf, dict):
            if text := self._text(gguf.get("architecture")):
                self._keep("architecture", text, "gguf.architecture")
            for key, field in (("parameters", "total"), ("context", "context_length")):
                if (number := _number(gguf.get(field))) is not None:
                    self._keep(key, number, f"gguf.{field}")
        if isinstance(tensors, dict) and (total := _number(tensors.get("total"))) is not None:
            self._keep("parameters", total, "safetensors.total")

    # ---- the listing --------------------------------------------------------------------------------

    def tree(self, entries: list[object]) -> None:
        """Takes the listing."""
        self._left_out += max(0, len(entries) - MOST_FILES)
        for entry in entries[:MOST_FILES]:
            if not isinstance(entry, dict) or entry.get("type", "file") != "file":
                continue
            path, size = entry.get("path"), _number(entry.get("size"))
            if not isinstance(path, str) or not _is_path(path) or size is None:
                self._left_out += 1
                continue
            lfs = entry.get("lfs")
            large = lfs.get("oid") if isinstance(lfs, dict) else None
            self._files.append(
                ListedFile(
                    path=path,
                    size=size,
                    sha256=_hexadecimal(large, _SHA256),
                    blob=_hexadecimal(entry.get("oid"), _COMMIT),
                )
            )

    # ---- pieces ---------------------------------------------------------------------------------------

    def _keep(self, key: str, value: bool | int | str | tuple[str, ...], where: str) -> None:
        self._facts[key] = self._fact(value, where)

    def _fact(self, value: bool | int | str | tuple[str, ...], where: str) -> Fact:
        return known(
            value,
            Source(
                kind=SourceKind.HUB,
                document=self._name,
                where=where,
                revision=self._commit,
                read_at=self._read_at,
            ),
        )

    def _text(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable():
            return value
        self._left_out += 1
        return ""

    def _texts(self, value: object) -> Iterator[str]:
        """Yields the texts of a list, or the one text that stands in its place."""
        if value is None:
            return
        every = value if isinstance(value, list) else [value]
        self._left_out += max(0, len(every) - MOST_VALUES)
        for one in every[:MOST_VALUES]:
            if text := self._text(one):
                yield text


def file_source(repository: Repository, path: str = "") -> Source:
    """Returns a place in a repository's listing."""
    return Source(
        kind=SourceKind.REPOSITORY,
        document=repository.name,
        where=path,
        revision=repository.commit,
        read_at=repository.read_at,
    )


_PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
is_repository: Callable[[str], object] = re.compile(rf"{_PART}/{_PART}").fullmatch


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _BIGGEST else None


def _is_path(path: str) -> bool:
    """Whether a path stays below its repository and can be shown as it is."""
    parts = path.split("/")
    return (
        0 < len(path) <= LONGEST_PATH
        and path.isprintable()
        and "\\" not in path
        and not any(part in {"", ".", ".."} for part in parts)
    )


def _hexadecimal(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""
