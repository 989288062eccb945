"""Addresses are shown letter by letter, and only plain web addresses can be opened."""

import pytest

from app.chat.links.addresses import looked_at


def test_a_plain_address() -> None:
    found = looked_at("https://example.org/a?b=c#d")
    assert found.host == found.ascii_host == "example.org"
    assert found.to_open == "https://example.org/a?b=c#d"


def test_letters_that_look_like_others_are_told() -> None:
    found = looked_at("https://аpple.com/")
    assert found.ascii_host == "xn--pple-43d.com"
    assert found.has_other_letters
    assert found.to_open == "https://xn--pple-43d.com/"
    assert looked_at("https://xn--pple-43d.com/").has_other_letters


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "//host/share", "data:text/html,x", "http://",
     "https://user:pw@example.org/", "http://[bad", "https://a\\b.org/", "https://a\u202eb.org/",
     "mailto:x@y.z", "", "vscode://x", "https://a\nb.org"],
)  # fmt: skip
def test_what_is_never_opened(address: str) -> None:
    assert looked_at(address).to_open == ""


def test_what_is_hidden_is_shown() -> None:
    assert looked_at("https://a.org/\u202egpj").written == "https://a.org/⟦U+202E⟧gpj"


def test_other_letters_in_a_path_are_escaped() -> None:
    assert looked_at("https://a.org/ä b").to_open == "https://a.org/%C3%A4%20b"
