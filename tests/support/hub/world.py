"""What the Hub holds: repositories, each with revisions, and files that are small or large."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LARGE = 10_000
"""From this size on a file is kept apart, as the Hub does with binary files."""


def commit_of(name: str) -> str:
    """Returns a commit's name that is always the same for the same word."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Blob:
    """A file's content: bytes, or those of a file on this disk.

    Attributes:
        in_xet: it is kept in the Hub's chunk store besides.
    """

    content: bytes | Path
    in_xet: bool = False

    @cached_property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    @property
    def is_large(self) -> bool:
        return self.size >= LARGE

    @cached_property
    def sha256(self) -> str:
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        with self.content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def git_name(self) -> str:
        """What git calls the content, or the pointer to it where it is kept apart."""
        if self.is_large:
            pointer = (
                "version https://git-lfs.github.com/spec/v1\n"
                f"oid sha256:{self.sha256}\nsize {self.size}\n"
            )
            content = pointer.encode()
        else:
            content = self.read(0, self.size)
        return hashlib.sha1(
            f"blob {len(content)}\0".encode() + content, usedforsecurity=False
        ).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_large else self.git_name

    @property
    def xet(self) -> str:
        return hashlib.sha256(b"xet" + self.sha256.encode()).hexdigest() if self.in_xet else ""

    def read(self, start: int, length: int) -> bytes:
        if isinstance(self.content, bytes):
            return self.content[start : start + length]
        with self.content.open("rb") as file:
            file.seek(start)
            return file.read(length)


@dataclass
class Repo:
    """A repository; its newest revision is the last one that was given it."""

    name: str
    tags: list[str] = field(default_factory=lambda: ["gguf"])
    gated: str = ""
    private: bool = False
    downloads: int = 0
    likes: int = 0
    changed: str = "2026-01-02T03:04:05.000Z"
    revisions: dict[str, dict[str, Blob]] = field(default_factory=dict)
    gguf: dict[str, Any] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    """Tokens of those that the publisher has let in."""

    @property
    def author(self) -> str:
        return self.name.partition("/")[0]

    @property
    def head(self) -> str:
        return list(self.revisions)[-1]

    def commit(self, word: str, files: dict[str, Blob | bytes | str | Path]) -> str:
        """Adds a revision with these files; returns its name."""
        name = commit_of(f"{self.name} {word}")
        self.revisions[name] = {path: _blob(content) for path, content in files.items()}
        return name

    def at(self, revision: str) -> str | None:
        """Returns the commit that a revision means; None for an unknown one."""
        if revision == "main":
            return self.head
        return revision if revision in self.revisions else None


@dataclass
class World:
    """Everything that a Hub holds, and who it knows.

    Attributes:
        tokens: those that are good, with the name of whose they are.
    """

    repos: dict[str, Repo] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def add(self, repo: Repo) -> Repo:
        self.repos[repo.name] = repo
        return repo

    def blob(self, sha256: str) -> Blob | None:
        """Returns a large file by its hash, as the place where they are kept finds it."""
        for repo in self.repos.values():
            for files in repo.revisions.values():
                for blob in files.values():
                    if blob.is_large and blob.sha256 == sha256:
                        return blob
        return None

    def found(self, wanted: Callable[[Repo], bool], order: str) -> list[Repo]:
        """Returns the repositories that a search shows, in its order."""
        keys: dict[str, Callable[[Repo], Any]] = {
            "downloads": lambda repo: repo.downloads,
            "likes": lambda repo: repo.likes,
            "lastModified": lambda repo: repo.changed,
            "createdAt": lambda repo: repo.changed,
            "trendingScore": lambda repo: repo.likes,
        }
        matching = [repo for repo in self.repos.values() if wanted(repo)]
        return sorted(matching, key=keys.get(order, keys["trendingScore"]), reverse=True)


def _blob(content: Blob | bytes | str | Path) -> Blob:
    if isinstance(content, Blob):
        return content
    return Blob(content.encode() if isinstance(content, str) else content)
