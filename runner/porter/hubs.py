"""Which Hub the gate and the courier are started for. Standard library only.

A front end may name another one than the person's own variable does, such as a mirror. What is asked
of it, and where a token may go, is no choice of a window that may have been taken over: the porter
asks the person itself, once in each run for each address.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from runner.hub_address import LOOPBACK, VARIABLE
from runner.porter.address import checked
from runner.porter.wire import Refused

HUB = "hub"
"""The option that names another Hub's address."""

TOKEN, TOKEN_VARIABLE = "token", "LIGHTWELL_HUB_TOKEN"
"""The option by which a courier gets the token of the keyring, and the variable it finds it in."""

ABOUT = "hub+"
"""Stands before the address in the question to the person, who is asked of no page then."""


class Hubs:
    """The addresses that the person agreed to.

    Thread: the porter's.

    Args:
        environment: the porter's own; a Hub that it names needs no further word.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._agreed = {environment.get(VARIABLE, "").rstrip("/"), ""}

    def to_ask(self, options: Mapping[str, str]) -> str:
        """Returns what the person must be asked about first; empty where nothing.

        Raises:
            Refused: it is no address of a Hub.
        """
        address = wanted(options)
        return "" if address in self._agreed else f"{ABOUT}{address}"

    def agree(self, asked: str) -> None:
        """Takes note that the person agreed to what was asked."""
        self._agreed.add(asked.removeprefix(ABOUT))

    def variables(self, options: Mapping[str, str]) -> dict[str, str]:
        """Returns the variables that a process of these options gets besides."""
        address = wanted(options)
        return {VARIABLE: address} if address else {}


def wanted(options: Mapping[str, str]) -> str:
    """Returns the address that the options name, as it is compared and shown.

    Raises:
        Refused: it is no address of a Hub.
    """
    address = options.get(HUB, "").rstrip("/")
    if not address:
        return ""
    parts = urlsplit(checked(address))
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise Refused("porter.bad_address", "only a Hub on this computer may do without encryption")
    if parts.query or parts.fragment:
        raise Refused("porter.bad_address", "a Hub's address has no query")
    return address
