"""The proxy that a person's network wants everything to go through, and asking it for a tunnel."""

import base64
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
EXCEPTIONS = ("NO_PROXY", "no_proxy")
"""The person's variables, as every other program reads them."""

KINDS = ("https", "socks", "socks4", "socks4a", "socks5", "socks5h")
"""Those that other programs know; only their names are told."""

LONGEST_ANSWER = 16 * 1024
WAIT_S = 20.0
LOGIN, FAILED = 407, 502


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to in plain HTTP; what goes through its tunnel is encrypted.

    Attributes:
        unfit: why it can't be asked; empty where it can. Nothing goes past it for that reason: who
            set a proxy did not want to be seen without it.
        login: name and password, as the field of the request has them; empty for none.
        without: hosts, and with a dot before it every host below it, that are reached without it.
    """

    host: str
    port: int
    login: str = ""
    without: tuple[str, ...] = ()
    unfit: str = ""

    def is_for(self, host: str) -> bool:
        """Says whether a host is to be reached through it."""
        host = host.lower().rstrip(".")
        return not any(
            one == "*" or host == one.lstrip(".") or host.endswith(f".{one.lstrip('.')}")
            for one in self.without
        )

    def ask(self, outer: socket.socket, host: str, port: int) -> tuple[int, str] | None:
        """Asks over an open connection for a tunnel; returns why there is none.

        Raises:
            OSError: the connection broke, or nothing came.
        """
        outer.settimeout(WAIT_S)
        lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
        if self.login:
            lines.append(f"Proxy-Authorization: Basic {self.login}")
        outer.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = b""
        while b"\r\n\r\n" not in answer:
            # No more than the answer: what follows belongs to the tunnel.
            data = outer.recv(1)
            if not data or len(answer) > LONGEST_ANSWER:
                return FAILED, "the proxy gave no answer"
            answer += data
        _, _, status = answer.partition(b" ")
        if status[:1] == b"2":
            return None
        if status[:3] == b"407":
            return LOGIN, "the proxy wants a log-in"
        return FAILED, f"the proxy answered {status[:3].decode('ascii', 'replace')}"


def proxy_of(environment: Mapping[str, str]) -> Proxy | None:
    """Returns the proxy that a person has set; None without one."""
    set_to = next((value for name in VARIABLES if (value := environment.get(name, "").strip())), "")
    if not set_to:
        return None
    named = next((value for name in EXCEPTIONS if (value := environment.get(name, ""))), "")
    without = tuple(one.strip().lower() for one in named.split(",") if one.strip())
    try:
        parts = urlsplit(set_to if "://" in set_to else f"http://{set_to}")
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return Proxy("", 0, without=without, unfit="its address can't be read")
    if parts.scheme != "http":
        kind = parts.scheme if parts.scheme in KINDS else "another"
        return Proxy(host, port, without=without, unfit=f"it is of the kind {kind}")
    if not host or not host.isascii():
        return Proxy("", 0, without=without, unfit="its address can't be read")
    login = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = base64.b64encode(pair.encode()).decode()
    return Proxy(host, port, login, without)
