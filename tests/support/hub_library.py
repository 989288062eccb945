"""The Hub's own library, asked what our courier asks: prints its answers as JSON.

A process of its own: the library reads its variables when it is imported.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_download, hf_hub_url


def tried(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Exception as error:
        return type(error).__name__


def main() -> None:
    asked = json.load(sys.stdin)
    endpoint, folder = asked["endpoint"], Path(asked["folder"])
    api = HfApi(endpoint=endpoint, token=asked["token"] or False)

    def search(words: str, sort: Any, most: int) -> list[str]:
        return [m.id for m in api.list_models(search=words, filter="gguf", sort=sort, limit=most)]

    def info(name: str) -> list[Any]:
        said = api.model_info(name)
        return [said.sha, said.downloads, said.likes, str(said.gated or ""), said.tags]

    def files(name: str) -> list[Any]:
        tree = api.list_repo_tree(name, recursive=True)
        return [
            [f.path, f.size, f.blob_id, f.lfs.sha256 if f.lfs else "", f.xet_hash or ""]  # type: ignore[union-attr]
            for f in tree
        ]

    def whole(name: str, path: str) -> list[Any]:
        url = hf_hub_url(name, path, endpoint=endpoint)
        told = get_hf_file_metadata(url, token=asked["token"] or False)
        place = Path(
            hf_hub_download(
                name, path, endpoint=endpoint, cache_dir=folder, token=asked["token"] or False
            )
        )
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        return [told.commit_hash, told.etag, told.size, digest, place.relative_to(folder).parts[0]]

    json.dump(
        {
            "search": tried(lambda: search(*asked["search"])),
            "info": {name: tried(lambda name=name: info(name)) for name in asked["info"]},
            "files": {name: tried(lambda name=name: files(name)) for name in asked["files"]},
            "whole": [tried(lambda one=one: whole(*one)) for one in asked["whole"]],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
