"""Another address in the Hub's place: the person's own variable, or a setting that the porter asks about.

The variable wins: whoever sets it has said so before the app began. The setting is put among this
process's own variables, so that every sentence names the host that is asked; what gate and courier
are started with is the porter's to decide (`runner.porter.hubs`).
"""

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING

from app.settings import Network, SettingsFile
from runner.errors import RunnerError
from runner.hub_address import LOOPBACK, VARIABLE

if TYPE_CHECKING:
    from runner.fetch.token import HubToken

MARK = "LIGHTWELL_MIRROR"
"""Set to the address where it came from the settings, and not from the person's variable."""

WITH_TOKEN = "LIGHTWELL_TOKEN_TO_MIRROR"  # noqa: S105 - a name
OF_THE_HUB = ("huggingface.co", "hf.co")

Environment = MutableMapping[str, str]


def follow(settings: SettingsFile, environment: Environment = os.environ) -> None:
    """Holds to the settings from now on, and whenever they change."""
    put_in_force(settings.current.network, environment)
    settings.listen(lambda new: put_in_force(new.network, environment))


def put_in_force(network: Network, environment: Environment = os.environ) -> None:
    """Takes over what the settings say."""
    if environment.get(MARK):
        environment.pop(VARIABLE, None)
    environment.pop(MARK, None)
    if network.mirror and not environment.get(VARIABLE):
        environment[VARIABLE] = environment[MARK] = network.mirror
    environment.pop(WITH_TOKEN, None)
    if network.token_to_mirror:
        environment[WITH_TOKEN] = "1"


def to_ask_about(environment: Environment = os.environ) -> str:
    """Returns the address that the porter is to ask the person about; empty for none."""
    return environment.get(MARK, "")


def to_ask_the_porter(environment: Environment = os.environ) -> dict[str, str]:
    """Returns what gate and courier are to be started with: another Hub, the keyring's token."""
    asked = {}
    if address := to_ask_about(environment):
        asked["hub"] = address
    if may_have_token(environment) and _kept().in_keyring:
        asked["token"] = "keyring"  # noqa: S105 - where it lies
    return asked


def sends_token(environment: Environment = os.environ) -> bool:
    """Whether requests carry a token of the person's, from wherever it lies."""
    kept = _kept()
    return may_have_token(environment) and (kept.in_keyring or bool(kept.current()))


def token(environment: Environment = os.environ) -> str:
    """Returns the token that goes along with an errand: none to a mirror, unless the person said so.

    One that lies in the keyring is the porter's to give: see `to_ask_the_porter`.
    """
    return _kept().current() if may_have_token(environment) else ""


def may_have_token(environment: Environment = os.environ) -> bool:
    """Whether whoever is asked may be given the person's token."""
    from urllib.parse import urlsplit

    host = (urlsplit(environment.get(VARIABLE, "")).hostname or OF_THE_HUB[0]).lower()
    is_the_hub = any(host == name or host.endswith(f".{name}") for name in OF_THE_HUB)
    return is_the_hub or host in LOOPBACK or bool(environment.get(WITH_TOKEN))


def _kept() -> "HubToken":
    # Late, here and below: a start that stays offline has no use for it.
    from runner.fetch.token import HubToken
    from runner.library.paths import config_folder

    return HubToken(config_folder())


def checked(address: str) -> str:
    """Returns an address as the settings keep it; empty for none.

    Raises:
        RunnerError: `network.bad_mirror`.
    """
    from urllib.parse import urlsplit

    from runner.gate.hosts import endpoint_of

    address = address.strip().rstrip("/")
    if not address:
        return ""
    parts = urlsplit(address)
    if (
        endpoint_of(address, ()).endpoint is None
        or not (address.isascii() and address.isprintable())
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise RunnerError("network.bad_mirror", address=address)
    return address
