"""What the Hub says of models and files, as values of our own.

It is read from the answers themselves: mirrors leave out fields and write dates in their own way,
which the Hub's library takes for a mistake. What is missing is empty here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from runner.protocol.courier import Ask, Find, GgufSaid, RemoteFile, Repository

Said = Mapping[str, Any]


def find(said: Said) -> Find:
    """Returns a model as a search or a look tells of it."""
    told = said.get("tags")
    tags = tuple(map(str, told)) if isinstance(told, list) else ()
    return Find(
        repository=_text(said, "id") or _text(said, "modelId"),
        downloads=_count(said.get("downloads")),
        likes=_count(said.get("likes")),
        gated=_gated(said.get("gated")),
        changed=_when(said, "lastModified"),
        created=_when(said, "createdAt"),
        private=said.get("private") is True,
        licence=next(iter(_tagged(tags, "license:")), ""),
        base_models=_base_models(tags),
        tags=tags,
        gguf=_gguf(said.get("gguf")),
    )


def repository(said: Said, asked: Ask) -> Repository:
    """Returns what the Hub says of a repository; what it leaves out is as it was asked for."""
    one = find(said)
    return Repository(
        repository=one.repository or asked.repository,
        commit=_text(said, "sha") or asked.revision,
        downloads=one.downloads,
        likes=one.likes,
        gated=one.gated,
        private=one.private,
        changed=one.changed,
        created=one.created,
        licence=one.licence,
        base_models=one.base_models,
        tags=one.tags,
        gguf=one.gguf,
    )


def file(entry: Said) -> RemoteFile | None:
    """Returns a file as a listing tells of it; None for what is none."""
    path = _text(entry, "path")
    if entry.get("type", "file") != "file" or not path:
        return None
    told = entry.get("lfs")
    lfs = told if isinstance(told, dict) else {}
    # A folder's listing calls the hash of a large file its object's name, other answers its SHA-256.
    sha256 = (_text(lfs, "oid") or _text(lfs, "sha256")).removeprefix("sha256:")
    return RemoteFile(
        path=path,
        size=_count(lfs.get("size")) or _count(entry.get("size")),
        blob=_text(entry, "oid"),
        sha256=sha256,
        xet=_text(entry, "xetHash"),
    )


def _text(said: Said, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _when(said: Said, name: str) -> str:
    """Returns a moment in the one form that is kept; empty for what is none."""
    try:
        return datetime.fromisoformat(_text(said, name)).isoformat()
    except ValueError:
        return ""


def _count(value: object) -> int:
    return value if type(value) is int and value >= 0 else 0


def _gated(value: object) -> str:
    """Returns how access is given; `True` is told by mirrors that do not know how."""
    if isinstance(value, str):
        return "" if value.lower() == "false" else value
    return "true" if value is True else ""


def _tagged(tags: tuple[str, ...], beginning: str) -> list[str]:
    return [tag.removeprefix(beginning) for tag in tags if tag.startswith(beginning)]


def _base_models(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the repositories named by tags such as `base_model:quantized:owner/name`."""
    named = [tag.rpartition(":")[2] for tag in _tagged(tags, "base_model:")]
    return tuple(dict.fromkeys(named))


def _gguf(said: object) -> GgufSaid:
    found = said if isinstance(said, dict) else {}
    return GgufSaid(
        architecture=str(found.get("architecture") or ""),
        parameters=_count(found.get("total")),
        context=_count(found.get("context_length")),
    )
