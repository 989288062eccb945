"""Which hosts the gate lets through: a list kept as data, and the one that a person has set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import msgspec

from resources import table
from runner.gate.proxy import Proxy, proxy_of
from runner.hub_address import LOOPBACK, VARIABLE

FIRST_OPEN_PORT = 1024
"""Below it listen the services of the system, which are no part of a Hub on this computer."""


class Host(msgspec.Struct, frozen=True):
    """A host, or with a dot before it every host below it, and what is there."""

    name: str
    why: str


class _File(msgspec.Struct, frozen=True):
    host: tuple[Host, ...]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Decides where a connection may lead.

    Attributes:
        names: exact names, and endings that begin with a dot; these take encrypted connections
            to port 443.
        endpoint: another Hub's host and port; None where there is none.
        plain: the endpoint takes unencrypted requests, which only this computer may.
        proxy: that encrypted connections go through; None for none.
    """

    names: tuple[str, ...]
    endpoint: tuple[str, int] | None = None
    plain: bool = False
    proxy: Proxy | None = None

    def way(self, host: str, *, encrypted: bool) -> Proxy | None:
        """Returns the proxy that leads to a host; None where the way is straight."""
        if self.proxy is None or not encrypted or host.lower() in LOOPBACK:
            return None
        return self.proxy if self.proxy.is_for(host) else None

    def refusal(self, host: str, port: int, *, encrypted: bool) -> str:
        """Returns why a connection may not be made; empty where it may."""
        host = host.lower().rstrip(".")
        if (host, port) == self.endpoint:
            if encrypted is not self.plain:
                return ""
            return "the endpoint was set with another scheme"
        if encrypted and self._is_below_the_endpoint(host, port):
            return ""
        if not encrypted:
            return "" if self._is_of_the_hub_here(host, port) else "not encrypted"
        if not any(host.endswith(n) if n.startswith(".") else host == n for n in self.names):
            return "the host is not on the list"
        return "" if port == 443 else "only port 443 is used"

    def _is_below_the_endpoint(self, host: str, port: int) -> bool:
        """Whether a mirror may keep its large files there: at a name below its own."""
        if self.endpoint is None or self.plain or port != 443:
            return False
        return host.endswith(f".{self.endpoint[0]}")

    def _is_of_the_hub_here(self, host: str, port: int) -> bool:
        """Whether a Hub on this computer may keep its files there: at a port beside its own."""
        return self.plain and host in LOOPBACK and port >= FIRST_OPEN_PORT


def hosts(environment: Mapping[str, str]) -> Hosts:
    """Returns the list with the endpoint that a person has set, if it is one we take."""
    names = tuple(host.name for host in table("network/hosts.toml", _File).host)
    found = endpoint_of(environment.get(VARIABLE, ""), names)
    return replace(found, proxy=proxy_of(environment))


def endpoint_of(url: str, names: tuple[str, ...]) -> Hosts:
    """Returns the list with an endpoint; one that cannot be taken is left out."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return Hosts(names)
    if parts.scheme == "https" and host:
        return Hosts(names, (host, port or 443))
    if parts.scheme == "http" and host in LOOPBACK:
        return Hosts(names, (host, port or 80), plain=True)
    return Hosts(names)
