"""An address that a model wrote, as a person should see it before it is opened. Knows no Qt."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from app.markdown.neutral import visible

_KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Address:
    """What can be said of an address.

    Attributes:
        written: as the text has it, nothing hidden.
        host: the name of the machine as its own letters; empty where there is none.
        ascii_host: the same as the network knows it; differs where the name has other letters.
        to_open: what a browser would be given; empty where it cannot be opened.
    """

    written: str
    host: str = ""
    ascii_host: str = ""
    to_open: str = ""

    @property
    def has_other_letters(self) -> bool:
        """Whether the host has letters that may look like others."""
        return self.host != self.ascii_host


def looked_at(untrusted_address: str) -> Address:
    """Returns what can be said of an address; it is only openable where it is plain http(s)."""
    written = visible(untrusted_address).replace("\n", "⟦U+000A⟧").replace("\t", "⟦U+0009⟧")
    try:
        parts = urlsplit(untrusted_address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Address(written)
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return Address(written)
    if written != untrusted_address or "\\" in untrusted_address:
        return Address(written, visible(host), visible(host))
    ascii_host = _ascii(host)
    if not ascii_host:
        return Address(written, visible(host), visible(host))
    own = f"{ascii_host}:{port}" if port else ascii_host
    rest = [quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)]
    return Address(written, _letters(host), ascii_host, urlunsplit((parts.scheme, own, *rest)))


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _letters(host: str) -> str:
    """Returns a host with its punycode turned into letters."""
    try:
        return host.encode("ascii").decode("idna") if host.isascii() else host
    except UnicodeError:
        return host
