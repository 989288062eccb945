"""What is said of a person's token beside what went wrong. Knows no Qt widgets."""

from app.words.translation import translate
from runner.fetch.token import HubToken
from runner.library.paths import config_folder

AS_WITHOUT = frozenset({"courier.gated", "courier.log_in", "models.search_log_in"})
"""What the Hub says to who brings no token, or one that does not suffice."""


def keyring_words(code: str) -> str:
    """Returns a sentence for who has a token in the keyring and was refused all the same."""
    if code not in AS_WITHOUT or not HubToken(config_folder()).in_keyring:
        return ""
    return translate(
        "Token",
        "Your token lies in this system's keyring. If that stayed locked, the Hub was asked without "
        "it: unlock it, and try again.",
    )
