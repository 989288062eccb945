"""A Hub on loopback with several repositories that were made of each other; anything else isn't found."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
QUANTISED, TUNED, BASE, GATED = (
    "quant/Small-GGUF",
    "maker/Small-Instruct",
    "maker/Small",
    "far/Away",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What the Hub says of one repository."""

    tags: tuple[str, ...] = ()
    files: tuple[tuple[str, int], ...] = ()
    card: str = ""
    gated: str | bool = False


REPOSITORIES = {
    QUANTISED: Repository(
        tags=("gguf", "license:mit", f"base_model:quantized:{TUNED}", f"base_model:{TUNED}"),
        files=(("small.Q4_K_M.gguf", 900),),
        card=f"---\nlicense: mit\nbase_model: {TUNED}\nbase_model_relation: quantized\n---\n# Small-GGUF\nMy copies.\n",
    ),
    TUNED: Repository(
        tags=("license:apache-2.0", f"base_model:finetune:{BASE}", f"base_model:{BASE}", f"base_model:{GATED}"),
        files=(("model.safetensors", 4000), ("modeling_small.py", 10)),
        card=f"---\nlicense: apache-2.0\nbase_model: {BASE}\n---\n# Small-Instruct\nA small model.\n\n"
        "## Evaluation\n\nMMLU 40.\n\n## Training Data\n\nWe do not release our training code.\n",
    ),
    BASE: Repository(
        tags=("license:llama3.2",),
        files=(("model.safetensors", 4000),),
        card="---\nlicense: llama3.2\n---\n# Small\nA base model.\n",
        gated="manual",
    ),
}  # fmt: skip


@dataclass(slots=True)
class RepositoriesHub:
    """The server, with every path that was asked for."""

    repositories: dict[str, Repository] = field(default_factory=lambda: dict(REPOSITORIES))
    paths: list[str] = field(default_factory=list)
    servers: list[ThreadingHTTPServer] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: RepositoriesHub

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.hub.paths.append(path)
        for name, repository in self.hub.repositories.items():
            match path:
                case _ if path == f"/api/models/{name}/revision/main":
                    return self._send(200, json.dumps(_info(name, repository)).encode())
                case _ if path == f"/api/models/{name}/tree/{COMMIT}":
                    return self._send(200, json.dumps(_tree(repository)).encode())
                case _ if path == f"/{name}/resolve/{COMMIT}/README.md" and repository.card:
                    return self._send(200, repository.card.encode(), {"X-Repo-Commit": COMMIT})
            if path.startswith(f"/{name}/resolve/"):
                return self._send(404, b"Entry not found", {"X-Error-Code": "EntryNotFound"})
        return self._send(404, b"Repository not found", {"X-Error-Code": "RepoNotFound"})

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, status: int, body: bytes, fields: dict[str, str] | None = None) -> None:
        self.send_response(status)
        kind = "application/json" if body[:1] in b"[{" else "text/plain"
        told = {"Content-Length": str(len(body)), "Content-Type": kind, **(fields or {})}
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _info(name: str, repository: Repository) -> dict[str, Any]:
    return {
        "_id": "1", "id": name, "modelId": name, "sha": COMMIT, "private": False, "gated": repository.gated,
        "downloads": 7, "likes": 3, "tags": list(repository.tags), "lastModified": "2026-01-02T03:04:05.000Z",
        "siblings": [],
    }  # fmt: skip


def _tree(repository: Repository) -> list[dict[str, Any]]:
    return [
        {"type": "file", "path": path, "size": size, "oid": "a" * 40}
        for path, size in (*repository.files, ("README.md", len(repository.card.encode())))
    ]
