"""How answers are told apart, and what of a request goes along when it is sent on."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from runner.courier.answers import named_failures, of_status, of_transport
from runner.courier.heads import content_range, plain_etag
from runner.errors import RunnerError


def answer(status: int, scheme: str = "https", **fields: str) -> httpx2.Response:
    request = httpx2.Request("GET", f"{scheme}://hub.example/a/b?X-Amz-Signature=abc")
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return httpx2.Response(status, headers=headers, request=request)


def test_a_server_says_nothing_in_the_gates_name() -> None:
    """Over an encrypted connection the gate says nothing: what has its field there is a server's."""
    assert of_status(answer(403, "https", x_gate="the host is not on the list")) is None
    refused = of_status(answer(403, "http", x_gate="the host is not on the list"))
    assert refused is not None
    assert refused.code == "courier.refused"


@pytest.mark.parametrize(
    ("fields", "least", "most"),
    [
        ({"retry_after": "7"}, 7, 7),
        ({"ratelimit": '"api";r=0;t=55'}, 55, 55),
        ({"retry_after": "soon"}, 60, 60),
        ({}, 60, 60),
        ({"retry_after": "9" * 30}, 86_400, 86_400),
    ],
)
def test_how_long_to_wait(fields: dict[str, str], least: int, most: int) -> None:
    error = of_status(answer(429, **fields))
    assert error is not None
    assert error.code == "courier.rate_limited"
    assert least <= error.context["seconds"] <= most
    assert "abc" not in error.detail


@pytest.mark.parametrize(("ahead", "least", "most"), [(50, 30, 50), (-50, 1, 1)])
def test_how_long_to_wait_until_a_date(ahead: int, least: int, most: int) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead))
    error = of_status(answer(429, retry_after=at))
    assert error is not None
    assert least <= error.context["seconds"] <= most


@pytest.mark.parametrize("status", [200, 206, 302, 401, 404, 416])
def test_what_the_library_may_see(status: int) -> None:
    assert of_status(answer(status)) is None


def test_a_certificate_is_found_behind_other_errors() -> None:
    inner = ssl.SSLCertVerificationError("self-signed certificate")
    outer = httpx2.ConnectError("no")
    outer.__cause__ = ValueError("between")
    outer.__cause__.__context__ = inner
    assert of_transport(outer).code == "courier.tls"
    assert of_transport(httpx2.ConnectError("no")).code == "courier.not_reached"
    assert of_transport(httpx2.ReadError("reset")).code == "courier.cut_off"
    assert of_transport(httpx2.ReadTimeout("slow")).code == "courier.stalled"


def test_the_words_of_a_failure_hold_no_signature() -> None:
    failure = httpx2.ConnectError("no way to https://cdn.example/x?X-Amz-Signature=abc now")
    with pytest.raises(RunnerError) as raised, named_failures("a/b"):
        raise failure
    assert "https://cdn.example/x now" in raised.value.detail


@pytest.mark.parametrize(
    ("to", "goes_along"),
    [
        ("https://hub.example/elsewhere", True),
        ("https://cdn.hub.example/x", False),
        ("https://hub.example:8443/x", False),
        ("http://hub.example/x", False),
    ],
)
def test_a_token_goes_no_further_than_the_hub(to: str, *, goes_along: bool) -> None:
    # The library's own rule, on which the courier relies.
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if len(seen) == 1:
            return httpx2.Response(302, headers={"location": to})
        return httpx2.Response(200)

    with httpx2.Client(transport=httpx2.MockTransport(handle), follow_redirects=True) as client:
        client.get("https://hub.example/a", headers={"authorization": "Bearer hf_x"})
    assert ("authorization" in seen[1].headers) is goes_along


@pytest.mark.parametrize(
    ("status", "fields", "listed", "told"),
    [
        (206, {"content-range": "bytes 3-9/20"}, 0, (3, 9, 20)),
        (206, {"content-range": "bytes 3-9/*"}, 20, (3, 9, 20)),
        (206, {"content-range": "bytes 3-9/*"}, 0, None),
        (206, {"content-range": "3-9/20"}, 20, None),
        (206, {}, 20, None),
        (200, {"content-length": "20"}, 30, (0, 19, 20)),
        (200, {}, 20, (0, 19, 20)),
        (200, {}, 0, None),
    ],
)
def test_which_part_of_a_file_came(
    status: int, fields: dict[str, str], listed: int, told: tuple[int, int, int] | None
) -> None:
    response = httpx2.Response(status, headers=fields)
    if told is not None:
        assert content_range(response, listed) == told
        return
    with pytest.raises(RunnerError) as raised:
        content_range(response, listed)
    assert raised.value.code == "courier.wrong_range"


@pytest.mark.parametrize("said", ['"AB12"', 'W/"ab12"', "ab12"])
def test_an_entity_tag_is_what_stands_in_its_quotes(said: str) -> None:
    assert plain_etag(said) == "ab12"
