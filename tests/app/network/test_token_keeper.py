"""Where a pasted token lies: in the keyring once that has it, and in its file until then."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from app.network.token_keeper import TokenKeeper
from runner.fetch.token import HubToken
from runner.reader_client import at_once

TOKEN, ANOTHER = "hf_0123456789", "hf_9876543210"


class Keyring:
    """Stands for the porter: notes what is to be kept, and answers when it is told to."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.answer: Callable[[bool, str], None] = lambda kept, code: None

    def keep_secret(
        self, secret: str, answered: Callable[[bool, str], None] = lambda kept, code: None
    ) -> None:
        self.kept.append(secret)
        self.answer = answered


@pytest.fixture
def token(tmp_path: Path) -> HubToken:
    return HubToken(tmp_path)


def test_a_token_leaves_its_file_once_the_keyring_has_it(token: HubToken) -> None:
    keyring = Keyring()
    keeper = TokenKeeper(cast("Any", keyring), token, at_once)
    token.paste(TOKEN)
    keeper.tidy()
    assert token.in_file == TOKEN, "nobody has answered yet"
    keyring.answer(True, "")
    assert (token.in_file, token.in_keyring) == ("", True)
    token.forget()
    keeper.tidy()
    assert keyring.kept == [TOKEN, ""], "the keyring forgets it, too"


def test_a_keyring_that_refuses_costs_no_token_and_is_not_asked_again(token: HubToken) -> None:
    keyring = Keyring()
    keeper = TokenKeeper(cast("Any", keyring), token, at_once)
    token.paste(TOKEN)
    keeper.tidy()
    keyring.answer(False, "")
    assert (token.in_file, token.in_keyring) == (TOKEN, False)
    keeper.tidy()
    assert keyring.kept == [TOKEN]


def test_a_token_that_was_pasted_meanwhile_is_not_dropped_for_the_one_before(
    token: HubToken,
) -> None:
    keyring = Keyring()
    keeper = TokenKeeper(cast("Any", keyring), token, at_once)
    token.paste(TOKEN)
    keeper.tidy()
    token.paste(ANOTHER)
    keyring.answer(True, "")
    assert token.in_file == ANOTHER
    keeper.tidy()
    assert keyring.kept == [TOKEN, ANOTHER]
