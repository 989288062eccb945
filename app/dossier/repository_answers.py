"""The courier's answers in the form in which the Hub gave them, for the reader to read. Knows no Qt."""

from collections.abc import Sequence

import msgspec

from runner.protocol.courier import RemoteFile, Repository


def answer_text(answer: Repository) -> str:
    """Returns the courier's answer in the form in which the Hub gave it, for the reader."""
    tags = list(answer.tags)
    told: dict[str, object] = {
        "sha": answer.commit,
        "gated": answer.gated or False,
        "private": answer.private,
        "downloads": answer.downloads,
        "likes": answer.likes,
        "lastModified": answer.changed or None,
        "tags": tags,
    }
    return msgspec.json.encode(told).decode()


def listing_text(files: Sequence[RemoteFile]) -> str:
    """Returns the courier's listing in the form in which the Hub gave it, for the reader."""
    rows = [
        {
            "type": "file",
            "path": one.path,
            "size": one.size,
            "oid": one.blob,
            **({"lfs": {"oid": one.sha256, "size": one.size}} if one.sha256 else {}),
        }
        for one in files
    ]
    return msgspec.json.encode(rows).decode()
