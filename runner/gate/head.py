"""The head of a request to the gate: where it wants to go, and what is passed on of it."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_HEAD = 32 * 1024
LONGEST_TARGET = 8 * 1024
LONGEST_LENGTH = 15
"""So many digits a body's length may have; a longer number can't even be read."""

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What a field may be called. A line end in it, which some servers heed, would hide a request."""

OWN = (
    "proxy-connection",
    "proxy-authorization",
    "connection",
    "keep-alive",
    "te",
    "upgrade",
    "host",
)
"""Fields between the courier and the gate, which go no further. The gate says itself which host it
asks: by another name in that field, a server could answer for a host that the ledger does not name."""


class BadRequest(Exception):  # noqa: N818 - the name that the protocol gives it
    """What came is no request that the gate carries out."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a request wants to go.

    Attributes:
        encrypted: it asks for a tunnel; what goes through cannot be seen.
        path: with its query; empty in a tunnel.
        passed_on: the head as the server gets it; empty in a tunnel.
        body_bytes: how many bytes follow the head.
    """

    method: str
    host: str
    port: int
    encrypted: bool
    path: str = ""
    passed_on: bytes = b""
    body_bytes: int = 0


def parse(head: bytes) -> Head:
    """Reads a head, up to and with its empty line.

    Raises:
        BadRequest: where it is none, or of a kind that nothing here sends.
    """
    try:
        first, *fields = head.decode("ascii").split("\r\n")[:-2]
        method, target, version = first.split(" ")
    except (UnicodeDecodeError, ValueError) as error:
        raise BadRequest("not a request") from error
    if version != "HTTP/1.1" or not method.isalpha() or not method.isupper():
        raise BadRequest("not a request of HTTP/1.1")
    if len(target) > LONGEST_TARGET or not target.isprintable():
        raise BadRequest("a target that is too long or not printable")
    if method == "CONNECT":
        host, port = _authority(f"//{target}", 0)
        return Head(method, host, port, encrypted=True)
    if not target.startswith("http://"):
        raise BadRequest("not an address for a gate")
    host, port = _authority(target, 80)
    kept, body_bytes = _fields(fields)
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    where = urlsplit(_with_brackets(target)).netloc
    lines = [f"{method} {path} HTTP/1.1", f"Host: {where}", *kept, "Connection: close", "", ""]
    return Head(method, host, port, False, path, "\r\n".join(lines).encode(), body_bytes)


def _authority(url: str, usual: int) -> tuple[str, int]:
    url = _with_brackets(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or usual
    except ValueError as error:
        raise BadRequest("not an address") from error
    if not host or not port or parts.username is not None:
        raise BadRequest("not a host and a port")
    return host, port


def _with_brackets(url: str) -> str:
    """Returns an address whose host, where it is one of IPv6, can be told from its port.

    The library that the courier speaks through leaves the brackets out.
    """
    scheme, slashes, rest = url.partition("//")
    authority, slash, path = rest.partition("/")
    host, _, port = authority.rpartition(":")
    try:
        return f"{scheme}{slashes}[{ipaddress.IPv6Address(host)}]:{port}{slash}{path}"
    except ValueError:
        return url


def _fields(fields: list[str]) -> tuple[list[str], int]:
    kept: list[str] = []
    lengths: list[str] = []
    for field in fields:
        name, colon, value = field.partition(":")
        if not colon or not NAME.fullmatch(name) or not value.isprintable():
            raise BadRequest("a field that is none")
        match name.lower():
            case "transfer-encoding":
                raise BadRequest("a body of unknown length")
            case "content-length":
                lengths.append(value.strip())
            case known if known in OWN:
                continue
        kept.append(field)
    length, *others = lengths or ["0"]
    if others or not length.isdecimal() or len(length) > LONGEST_LENGTH:
        # Of two, each side could go by another one.
        raise BadRequest("a length that is none")
    return kept, int(length)
