"""What the Hub answers, request by request, as its own library understands it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from tests.support.hub.world import Blob, Repo, World

STORE = "/store/"
"""Where large files lie; on the real Hub this is another host."""

CACHE = "/api/resolve-cache/models/"
PAGE = 100
TREE_PAGE = 1000

_INFO = re.compile(r"/api/models/([^/]+/[^/]+)(?:/revision/([^/]+))?")
_TREE = re.compile(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)(?:/(.*))?")
_RESOLVE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    fields: dict[str, str]
    endpoint: str = ""

    def first(self, name: str, usual: str = "") -> str:
        return self.query.get(name, [usual])[0]

    @property
    def token(self) -> str:
        return self.fields.get("authorization", "").removeprefix("Bearer ")


@dataclass
class Answer:
    """What goes back: a body, or a stretch of a file."""

    status: int
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    blob: Blob | None = None
    start: int = 0
    length: int = 0


def answer(world: World, asked: Asked) -> Answer:
    """Answers a request."""
    if asked.method not in ("GET", "HEAD"):
        return _error(405, "", "Method not allowed")
    if asked.path.startswith(STORE):
        return _store(world, asked)
    if asked.token and asked.token not in world.tokens:
        return _error(401, "", "Invalid credentials in Authorization header")
    if asked.path == "/api/models":
        return _search(world, asked)
    if asked.path == "/api/whoami-v2":
        name = world.tokens.get(asked.token)
        return _json({"name": name, "type": "user"}) if name else _error(401, "", "Unauthorized")
    if asked.path.startswith(CACHE):
        owner, name, commit, path = asked.path.removeprefix(CACHE).split("/", 3)
        told = {"x-repo-commit": commit}
        return _file(world.repos[f"{owner}/{name}"].revisions[commit][path], told)
    for pattern, give in ((_TREE, _tree), (_INFO, _info), (_RESOLVE, _resolve)):
        if found := pattern.fullmatch(asked.path):
            name, revision, *rest = found.groups()
            repo_or_refusal = _repo(world, asked, name)
            if isinstance(repo_or_refusal, Answer):
                return repo_or_refusal
            repo = repo_or_refusal
            commit = repo.at(revision or "main")
            if commit is None:
                return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return give(repo, commit, asked, *rest)
    return _error(404, "", "Sorry, we can't find the page you are looking for.")


def _repo(world: World, asked: Asked, name: str) -> Repo | Answer:
    repo = world.repos.get(name)
    hidden = repo is not None and repo.private and asked.token not in repo.members
    if repo is None or hidden:
        # Who is logged in is told; to others the Hub does not even say that it is there.
        if asked.token:
            return _error(404, "RepoNotFound", "Repository not found")
        return _error(401, "", "Invalid username or password.")
    return repo


def _search(world: World, asked: Asked) -> Answer:
    words, author = asked.first("search").lower(), asked.first("author")
    filters = asked.query.get("filter", [])

    def wanted(repo: Repo) -> bool:
        return (
            words in repo.name.lower()
            and author in ("", repo.author)
            and all(tag in repo.tags for tag in filters)
            and (not repo.private or asked.token in repo.members)
        )

    found = world.found(wanted, asked.first("sort"))
    limit = min(int(asked.first("limit", str(PAGE))), PAGE)
    start = int(asked.first("cursor", "0"))
    fields = {}
    if start + limit < len(found):
        query = {**asked.query, "cursor": [str(start + limit)]}
        link = f"{asked.endpoint}/api/models?{urlencode(query, doseq=True)}"
        fields["link"] = f'<{link}>; rel="next"'
    shown = [_told(repo, asked, always=("tags", "downloads", "likes", "private")) for repo in found]
    return _json(shown[start : start + limit], fields)


def _info(repo: Repo, commit: str, asked: Asked) -> Answer:
    return _json(_told(repo, asked, commit, always=()))


def _told(
    repo: Repo, asked: Asked, commit: str = "", *, always: Iterable[str] = ()
) -> dict[str, Any]:
    """Returns what is told of a repository: all, or what was asked for by `expand`."""
    commit = commit or repo.head
    everything: dict[str, Any] = {
        "author": repo.author,
        "sha": commit,
        "private": repo.private,
        "gated": repo.gated or False,
        "downloads": repo.downloads,
        "likes": repo.likes,
        "tags": repo.tags,
        "lastModified": repo.changed,
        "createdAt": repo.changed,
        "gguf": repo.gguf or None,
        "siblings": [{"rfilename": path} for path in repo.revisions[commit]],
    }
    if expand := asked.query.get("expand"):
        told = {name: everything[name] for name in expand if everything.get(name) is not None}
    elif commit and not always:
        told = {name: value for name, value in everything.items() if value is not None}
    else:
        wanted = set(always) | (
            {"siblings", "lastModified", "gated"} if "full" in asked.query else set()
        )
        told = {name: everything[name] for name in wanted | {"createdAt"}}
    return {"_id": "1", "id": repo.name, "modelId": repo.name, **told}


def _tree(repo: Repo, commit: str, asked: Asked, below: str | None) -> Answer:
    files = repo.revisions[commit]
    start = int(asked.first("cursor", "0"))
    entries = [_entry(path, blob) for path, blob in files.items() if path.startswith(below or "")]
    if asked.first("recursive").lower() not in ("true", "1"):
        entries = [entry for entry in entries if "/" not in entry["path"]]
    fields = {}
    if start + TREE_PAGE < len(entries):
        query = {**asked.query, "cursor": [str(start + TREE_PAGE)]}
        fields["link"] = (
            f'<{asked.endpoint}{asked.path}?{urlencode(query, doseq=True)}>; rel="next"'
        )
    return _json(entries[start : start + TREE_PAGE], fields)


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "oid": blob.git_name, "size": blob.size, "path": path}
    if blob.is_large:
        entry["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": 134}
    if blob.in_xet:
        entry["xetHash"] = blob.xet
    return entry


def _resolve(repo: Repo, commit: str, asked: Asked, path: str) -> Answer:
    told = {"x-repo-commit": commit, "accept-ranges": "bytes", "cache-control": "no-store"}
    if repo.gated and path != "README.md" and asked.token not in repo.members:
        page = f"{asked.endpoint}/{repo.name}"
        why = (
            f"Access to model {repo.name} is restricted and you are not in the authorized list. "
            f"Visit {page} to ask for access."
            if asked.token
            else f"Access to model {repo.name} is restricted. You must have access to it and be "
            "authenticated to access it. Please log in."
        )
        return _error(403 if asked.token else 401, "GatedRepo", why)
    blob = repo.revisions[commit].get(path)
    if blob is None:
        return _error(404, "EntryNotFound", "Entry not found", told)
    if not blob.is_large:
        # A small file comes from a cache below the same host, by a relative address.
        where = f"{CACHE}{repo.name}/{commit}/{quote(path)}"
        return Answer(307, {**told, "etag": f'"{blob.etag}"', "location": where})
    told |= {"x-linked-size": str(blob.size), "x-linked-etag": f'"{blob.sha256}"'}
    if blob.in_xet:
        token = f"{asked.endpoint}/api/models/{repo.name}/xet-read-token/{commit}"
        told |= {"x-xet-hash": blob.xet, "link": f'<{token}>; rel="xet-auth"'}
    signed = urlencode({"X-Amz-Signature": "abc", "X-Amz-Expires": "3600", "commit": commit})
    return Answer(
        302, {**told, "location": f"{asked.endpoint}{STORE}{blob.sha256}?{signed}"}, b"Found."
    )


def _store(world: World, asked: Asked) -> Answer:
    blob = world.blob(asked.path.removeprefix(STORE))
    if blob is None or asked.first("X-Amz-Signature") != "abc":
        return _error(403, "", "AccessDenied")
    # On another host nobody would ask for these; here the Hub's library takes it for the same one,
    # follows a redirect when it asks for a head, and wants them in the last answer.
    told = {
        "x-repo-commit": asked.first("commit"),
        "x-linked-etag": f'"{blob.sha256}"',
        "x-linked-size": str(blob.size),
    }
    head = told if asked.method == "HEAD" else {}
    return _file(blob, {"etag": f'"{blob.sha256[:32]}"', **head})


def _file(blob: Blob, fields: dict[str, str]) -> Answer:
    kind = {"content-type": "binary/octet-stream", "accept-ranges": "bytes"}
    return Answer(200, {"etag": f'"{blob.etag}"', **kind, **fields}, blob=blob, length=blob.size)


def _json(value: object, fields: dict[str, str] | None = None) -> Answer:
    kind = {"content-type": "application/json; charset=utf-8"}
    return Answer(200, {**kind, **(fields or {})}, json.dumps(value).encode())


def _error(status: int, code: str, message: str, fields: dict[str, str] | None = None) -> Answer:
    told = {"x-error-message": message, **({"x-error-code": code} if code else {})}
    kind = {"content-type": "application/json; charset=utf-8"}
    body = json.dumps({"error": message}).encode()
    return Answer(status, {**kind, **told, **(fields or {})}, body)
