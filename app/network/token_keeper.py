"""Brings a pasted token into the system's keyring, where there is one; else it stays in its file.

The porter does it: no front end may reach the bus of the keyring. Knows no Qt.
"""

import threading
from typing import TYPE_CHECKING

from runner.fetch.token import HubToken
from runner.reader_client import Deliver

if TYPE_CHECKING:
    from runner.porter.client import PorterClient

PATIENCE_S = 90.0
"""How long a terminal waits: a locked keyring asks the person for its password first."""


class TokenKeeper:
    """Looks where the token lies whenever that may have changed.

    Owned by: the front end. Thread: the one that `post` leads to.

    Args:
        porter: speaks to the keyring.
        token: the person's.
        post: has something done on the front end's thread.
    """

    def __init__(self, porter: "PorterClient", token: HubToken, post: Deliver) -> None:
        self._porter = porter
        self._token = token
        self._post = post
        self._tried = ""
        self._was_in_keyring = token.in_keyring

    def tidy(self) -> None:
        """Moves a token from its file into the keyring, or has the keyring forget one."""
        text, in_keyring = self._token.in_file, self._token.in_keyring
        if self._was_in_keyring and not in_keyring and not text:
            self._porter.keep_secret("")
        self._was_in_keyring = in_keyring
        if text and text != self._tried:
            # Once: where there is no keyring, its file is where it stays.
            self._tried = text
            self._porter.keep_secret(
                text, lambda kept, _: self._post(lambda: self._on_kept(text, kept=kept))
            )

    def _on_kept(self, text: str, *, kept: bool) -> None:
        if kept and self._token.in_file == text:
            self._token.went_to_keyring()
            self._was_in_keyring = True


def keep(porter: "PorterClient", secret: str) -> bool:
    """Has the keyring keep a token, none any more where it is empty; waits for its answer."""
    answered, answers = threading.Event(), [False]

    def hear(kept: bool, _: str) -> None:
        answers[0] = kept
        answered.set()

    porter.keep_secret(secret, hear)
    answered.wait(PATIENCE_S)
    return answers[0]
