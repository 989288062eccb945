"""What the Hub's library hands over, as values of our own."""

from typing import Any

from runner.protocol.courier import Find, GgufSaid, RemoteFile


def find(model: Any) -> Find:
    """Returns a model as a search or a look tells of it."""
    tags = tuple(map(str, model.tags or ()))
    return Find(
        repository=model.id,
        downloads=model.downloads or 0,
        likes=model.likes or 0,
        gated=str(model.gated or ""),
        changed=model.last_modified.isoformat() if model.last_modified else "",
        created=model.created_at.isoformat() if model.created_at else "",
        private=bool(model.private),
        licence=next(iter(_tagged(tags, "license:")), ""),
        base_models=_base_models(tags),
        tags=tags,
        gguf=_gguf(model.gguf),
    )


def _tagged(tags: tuple[str, ...], beginning: str) -> list[str]:
    return [tag.removeprefix(beginning) for tag in tags if tag.startswith(beginning)]


def _base_models(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the repositories named by tags such as `base_model:quantized:owner/name`."""
    named = [tag.rpartition(":")[2] for tag in _tagged(tags, "base_model:")]
    return tuple(dict.fromkeys(named))


def _gguf(said: Any) -> GgufSaid:
    found = said if isinstance(said, dict) else {}
    total, context = found.get("total"), found.get("context_length")
    return GgufSaid(
        architecture=str(found.get("architecture") or ""),
        parameters=total if isinstance(total, int) else 0,
        context=context if isinstance(context, int) else 0,
    )


def file(entry: Any) -> RemoteFile:
    """Returns a file as a listing tells of it."""
    return RemoteFile(
        path=entry.path,
        size=entry.lfs.size if entry.lfs else entry.size,
        blob=entry.blob_id,
        sha256=entry.lfs.sha256 if entry.lfs else "",
        xet=entry.xet_hash or "",
    )
