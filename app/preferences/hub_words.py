"""Sentences on how the Hub is asked: as whom, and by what way. Knows no widgets."""

from collections.abc import Mapping

from app.words.translation import translate
from inspector.untrusted import shown
from runner.fetch.token import HubToken
from runner.gate.proxy import proxy_of
from runner.porter.first import WAY_AROUND, WAY_OUT


def token_words(token: HubToken) -> str:
    """Returns which token goes with what is asked, and where it is kept."""
    if token.in_keyring:
        return translate(
            "Preferences",
            "The one that you gave is sent with everything that is asked of the Hub, which so learns "
            "which account asks. It lies in this system's keyring.",
        )
    if token.is_pasted:
        return translate(
            "Preferences",
            "The one that you gave is sent with everything that is asked of the Hub, which so learns "
            "which account asks. It lies in a file that only you can read, as long as no keyring of this "
            "system takes it over.",
        )
    if token.uses_the_hubs:
        return translate(
            "Preferences",
            "The one that the Hub's own tools keep is sent with everything that is asked of the Hub, "
            "which so learns which account asks. It is read anew each time and stays where it is.",
        )
    return translate(
        "Preferences",
        "None is sent. Models whose publishers ask who you are need one; all others don't.",
    )


def variable_words(address: str) -> str:
    """Returns who is asked in the Hub's place because a variable of this session says so."""
    text = translate(
        "Preferences",
        "{address} is asked, as HF_ENDPOINT says. Another one takes effect when Lightwell is started "
        "with it, or without any.",
    )
    return text.format(address=shown(address, 200))


def proxy_words(environment: Mapping[str, str]) -> str:
    """Returns by what way the Hub is reached, as the porter tells: a window is given no proxy itself."""
    named, _, rest = environment.get(WAY_OUT, "").partition(" ")
    address, _, login = rest.partition(" ")
    proxy = proxy_of({"HTTPS_PROXY": address, "NO_PROXY": environment.get(WAY_AROUND, "")})
    if not named:
        return translate(
            "Preferences",
            "None: the Hub is reached straight. Where a network wants one, set HTTPS_PROXY and start "
            "Lightwell again; its name and password go to nobody but the proxy.",
        )
    if proxy is None or proxy.unfit:
        text = translate(
            "Preferences",
            "{variable} names one that can't be used here: it is spoken to over TLS or SOCKS, or its "
            "address can't be read. Nothing goes past it, so the Hub can't be reached. A plain one, such "
            "as http://proxy:3128, would be used.",
        )
        return text.format(variable=named)
    text = translate(
        "Preferences",
        "The Hub is reached through {host}:{port}, as {variable} says; what is sent is encrypted to "
        "the Hub. Another one takes effect when Lightwell is started with it.",
    )
    text = text.format(host=shown(proxy.host, 200), port=proxy.port, variable=named)
    if login == "login":
        text += " " + translate(
            "Preferences", "It is given the name and password that stand there."
        )
    if proxy.without:
        hosts = ", ".join(shown(one, 80) for one in proxy.without[:6])
        without = translate("Preferences", "Reached without it: {hosts}.")
        text += " " + without.format(hosts=hosts)
    return text
