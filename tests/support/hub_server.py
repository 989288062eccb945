"""A strict Hub on loopback: answers exactly the requests that are expected, and keeps them all.

True to the protocol as far as the courier uses it: search, information, tree with LFS hashes, and
resolve with its headers (commit, linked etag and size), a redirect to where the file lies, and
ranges. Any other request is answered with 500 and shows in `strangers`.
"""

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "somebody/small-GGUF"
CARD = "---\nlicense: apache-2.0\n---\n# Small\nA card with ünïcode.\n"
BODY = b"GGUF" + bytes(range(256)) * 512


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    fields: dict[str, str]


@dataclass(slots=True)
class FakeHub:
    """The Hub, which keeps its large files itself, under another path."""

    requests: list[Request] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    servers: list[ThreadingHTTPServer] = field(default_factory=list)
    elsewhere: str = ""
    """Where large files are said to be, instead of here."""
    delay_s: float = 0.0
    """How long a request waits for its answer."""

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        server = _Server(("127.0.0.1", 0), handler)
        self.servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.delay_s = 0.0
        for server in self.servers:
            server.shutdown()
            server.server_close()

    @property
    def port(self) -> int:
        return self.servers[0].server_address[1]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[tuple[str, str]]:
        return [(request.method, request.path) for request in self.requests]


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone, which is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: FakeHub

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            parts.path,
            parse_qs(parts.query),
            {name.lower(): value for name, value in self.headers.items()},
        )
        self.hub.requests.append(request)
        time.sleep(self.hub.delay_s)
        if self.headers.get("Host") != f"127.0.0.1:{self.server.server_address[1]}":
            self._stranger("another host")
        elif request.path.startswith("/store/"):
            self._body(request)
        else:
            self._hub(request)

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - the names that the server looks for

    def log_message(self, *_: object) -> None:
        pass

    def _hub(self, request: Request) -> None:
        info: dict[str, Any] = {
            "_id": "1",
            "id": REPOSITORY,
            "modelId": REPOSITORY,
            "sha": COMMIT,
            "private": False,
            "gated": False,
            "downloads": 7,
            "likes": 3,
            "tags": ["gguf"],
            "lastModified": "2026-01-02T03:04:05.000Z",
            "siblings": [],
        }
        tree = [
            {"type": "file", "path": "README.md", "size": len(CARD.encode()), "oid": "a" * 40},
            {
                "type": "file",
                "path": "small.gguf",
                "size": len(BODY),
                "oid": "b" * 40,
                "lfs": {"oid": sha256(), "size": len(BODY), "pointerSize": 130},
            },
        ]
        match (request.method, request.path):
            case ("GET", "/api/models"):
                self._json([info])
            case ("GET", path) if path == f"/api/models/{REPOSITORY}/revision/main":
                self._json(info)
            case ("GET", path) if path == f"/api/models/{REPOSITORY}/tree/{COMMIT}":
                self._json(tree)
            case ("GET", path) if path == f"/{REPOSITORY}/resolve/{COMMIT}/README.md":
                self._send(200, CARD.encode(), {"X-Repo-Commit": COMMIT, "ETag": '"aaa"'})
            case ("GET", path) if path == f"/{REPOSITORY}/resolve/{COMMIT}/small.gguf":
                where = self.hub.elsewhere or self.hub.endpoint
                self._send(
                    302,
                    b"",
                    {
                        "Location": f"{where}/store/{sha256()}?signature=1",
                        "X-Repo-Commit": COMMIT,
                        "X-Linked-Etag": f'"{sha256()}"',
                        "X-Linked-Size": str(len(BODY)),
                    },
                )
            case _:
                self._stranger("not expected")

    def _body(self, request: Request) -> None:
        wanted = request.fields.get("range", "")
        if request.path != f"/store/{sha256()}" or not wanted.startswith("bytes="):
            self._stranger("not expected at the files' server")
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last), len(BODY) - 1)
        fields = {"Content-Range": f"bytes {start}-{end}/{len(BODY)}", "ETag": '"store"'}
        self._send(206, BODY[start : end + 1], fields)

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _stranger(self, why: str) -> None:
        self.hub.strangers.append(f"{self.command} {self.path}: {why}")
        self._send(500, why.encode(), {})

    def _send(self, status: int, body: bytes, fields: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def sha256() -> str:
    """Returns the SHA-256 of the large file."""
    return hashlib.sha256(BODY).hexdigest()
