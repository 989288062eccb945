"""Another address in the Hub's place: who decides, who is named, and where a token goes."""

from pathlib import Path

import pytest

from app.network import mirror
from app.network.purposes import hub_host
from app.settings import SettingsFile
from runner.errors import RunnerError
from runner.fetch.token import HubToken
from runner.library.paths import config_folder

MIRROR = "https://mirror.example/hub"


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.toml")


def test_a_setting_names_the_host_and_goes_again(settings: SettingsFile) -> None:
    environment: dict[str, str] = {}
    mirror.follow(settings, environment)
    assert (mirror.to_ask_about(environment), hub_host(environment)) == ("", "huggingface.co")
    settings.change("network", mirror=MIRROR)
    assert (mirror.to_ask_about(environment), hub_host(environment)) == (MIRROR, "mirror.example")
    settings.change("network", mirror="")
    assert environment == {}


def test_the_persons_own_variable_wins(settings: SettingsFile) -> None:
    environment = {"HF_ENDPOINT": "https://own.example"}
    settings.change("network", mirror=MIRROR)
    mirror.follow(settings, environment)
    assert mirror.to_ask_about(environment) == ""
    settings.change("network", mirror="")
    assert environment == {"HF_ENDPOINT": "https://own.example"}


@pytest.mark.parametrize(
    ("address", "goes_along"),
    [
        ("", True),
        ("https://huggingface.co", True),
        ("http://127.0.0.1:8080", True),
        (MIRROR, False),
        ("https://huggingface.co.example", False),
        ("https://nothuggingface.co", False),
    ],
)
def test_a_token_goes_to_a_mirror_only_when_the_person_says_so(
    settings: SettingsFile, address: str, *, goes_along: bool
) -> None:
    HubToken(config_folder()).paste("hf_0123456789")
    environment = {"HF_ENDPOINT": address} if address else {}
    mirror.follow(settings, environment)
    assert bool(mirror.token(environment)) is goes_along
    settings.change("network", token_to_mirror=True)
    assert mirror.token(environment) == "hf_0123456789"
    # One in the keyring is the porter's to give: then it is the courier that is asked with it.
    HubToken(config_folder()).went_to_keyring()
    assert mirror.token(environment) == ""
    assert mirror.to_ask_the_porter(environment)["token"] == "keyring"
    settings.change("network", token_to_mirror=False)
    assert ("token" in mirror.to_ask_the_porter(environment)) is goes_along
    assert mirror.sends_token(environment) is goes_along


@pytest.mark.parametrize(
    "address",
    ["http://mirror.example", "mirror.example", "https://a@mirror.example", "https://m.example/?x"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RunnerError, match=r"network\.bad_mirror"):
        mirror.checked(address)
    assert mirror.checked(f" {MIRROR}/ ") == MIRROR
