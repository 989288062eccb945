"""What a person typed or pasted into the search field: words, an author, a repository or a file.

Knows no Qt. Whatever comes in is untrusted: a link may come from another program.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST = 2_000
HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co"})
SCHEME = "lightwell"
PLACE = "huggingface"
"""What stands after the scheme of a deep link: `lightwell://huggingface/OWNER/NAME?file=FILE`."""

_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,95})")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_QUANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AUTHOR = re.compile(r"(?:author:|@)\s*(\S+)", re.IGNORECASE)
_NO_REPOSITORY = frozenset(
    {"datasets", "spaces", "docs", "models", "papers", "collections", "blog", "join", "settings"}
)
_PLACE_HERE = re.compile(
    r"/|~[^/ ]*/|\\\\|\.{1,2}[/\\]|[A-Za-z]:[/\\]|[^/:]+/[^/:]+\.gguf$", re.IGNORECASE
)
"""How a file or folder of this computer is written; of a repository nobody calls the name itself `.gguf`."""

_VIEWS = frozenset({"tree", "blob", "resolve", "raw"})


class Kind(StrEnum):
    """What is meant."""

    NOTHING = "nothing"
    WORDS = "words"
    AUTHOR = "author"
    REPOSITORY = "repository"
    FILE = "file"
    FOREIGN = "foreign"
    """An address of another place than the Hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants to see.

    Attributes:
        words: to search for.
        author: whose models.
        repository: `owner/name`.
        revision: branch, tag or commit; empty where none is named.
        file: path inside the repository.
        quantisation: such as `Q4_K_M`, as in `owner/name:Q4_K_M`.
    """

    kind: Kind
    words: str = ""
    author: str = ""
    repository: str = ""
    revision: str = ""
    file: str = ""
    quantisation: str = ""


NOTHING = Wish(kind=Kind.NOTHING)
FOREIGN = Wish(kind=Kind.FOREIGN)


def read(text: str, mirrors: frozenset[str] = frozenset()) -> Wish:
    """Returns what `text` means.

    Args:
        text: as it was typed or pasted.
        mirrors: hosts that stand for the Hub besides its own.
    """
    plain = " ".join(text.split())[:LONGEST]
    if not plain:
        return NOTHING
    if found := _AUTHOR.fullmatch(plain):
        return _author(found.group(1))
    if _PLACE_HERE.match(plain):
        return FOREIGN  # what somebody's files are called is nobody's business elsewhere
    if _looks_like_an_address(plain, mirrors):
        return _address(plain, mirrors)
    name, _, quant = plain.partition(":")
    owner, slash, rest = name.partition("/")
    if slash and " " not in plain:
        return _path(f"{owner}/{rest}", quant)
    return Wish(kind=Kind.WORDS, words=plain)


def _looks_like_an_address(text: str, mirrors: frozenset[str]) -> bool:
    if " " in text:
        return False
    return "://" in text or text.partition("/")[0].lower() in HOSTS | mirrors


def _address(text: str, mirrors: frozenset[str]) -> Wish:
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return FOREIGN
    path = unquote(parts.path).strip("/")
    if parts.scheme == SCHEME:
        return _deep_link(host, path, parts.query)
    if parts.scheme == "hf":
        return _path(f"{host_as_written(text)}/{path}", "")
    if parts.scheme not in {"https", "http"} or host not in HOSTS | mirrors:
        return FOREIGN
    if not path:
        return NOTHING
    path, _, quant = path.partition(":")
    return _path(path, quant)


def host_as_written(text: str) -> str:
    """Returns the first part of an address after its scheme, its case kept: names have one."""
    return text.partition("://")[2].partition("/")[0]


def _deep_link(host: str, path: str, query: str) -> Wish:
    if host != PLACE:
        return FOREIGN
    asked = parse_qs(query)
    wish = _path(path, asked.get("quant", [""])[0])
    file = asked.get("file", [""])[0]
    revision = asked.get("revision", [""])[0]
    if wish.kind is not Kind.REPOSITORY:
        return wish if wish.kind is Kind.AUTHOR else FOREIGN
    return _whole(wish.repository, revision, file, wish.quantisation)


def _path(path: str, quant: str) -> Wish:
    """Reads `owner`, `owner/name`, `owner/name/file` or `owner/name/blob/revision/file`."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        return NOTHING
    owner, *rest = parts
    if owner.lower() in _NO_REPOSITORY and rest:
        return FOREIGN
    if not rest:
        return _author(owner)
    name, *below = rest
    revision = ""
    if below and below[0] in _VIEWS:
        revision = below[1] if len(below) > 1 else ""
        below = below[2:]
    return _whole(f"{owner}/{name}", revision, "/".join(below), quant)


def _whole(repository: str, revision: str, file: str, quant: str) -> Wish:
    owner, _, name = repository.partition("/")
    if not _PART.fullmatch(owner) or not _PART.fullmatch(name):
        return FOREIGN
    if revision and not _REVISION.fullmatch(revision):
        return FOREIGN
    if file and not _is_inside(file):
        return FOREIGN
    return Wish(
        kind=Kind.FILE if file else Kind.REPOSITORY,
        repository=repository,
        revision=revision,
        file=file,
        quantisation=quant if _QUANT.fullmatch(quant) else "",
    )


def _author(text: str) -> Wish:
    name = text.strip("/@")
    if not _PART.fullmatch(name):
        return FOREIGN
    return Wish(kind=Kind.AUTHOR, author=name)


def _is_inside(path: str) -> bool:
    """Whether a path stays in its repository and holds nothing that acts."""
    parts = path.split("/")
    return (
        len(path) <= 1_000 and path.isprintable() and all(p not in {"", ".", ".."} for p in parts)
    )
